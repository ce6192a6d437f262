"""Tests, mirroring `bot` and `cogs`."""
