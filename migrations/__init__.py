"""Alembic: forward only, one transaction each."""
