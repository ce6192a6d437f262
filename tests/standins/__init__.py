"""Tests of the servers that stand in for the real ones."""
