"""Frozen values and pure decisions; the standard library only."""
