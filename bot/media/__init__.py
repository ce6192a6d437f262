"""Pictures as bytes: sniffed, cleaned, fitted, drawn. The only package that imports Pillow."""
