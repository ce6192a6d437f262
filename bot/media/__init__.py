"""Pictures as bytes: sniffed, cleaned, fitted. The only package that imports Pillow."""
