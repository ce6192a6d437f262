"""Alembic: forward only; all that are pending apply in one transaction, or none does."""
