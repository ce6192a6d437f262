"""Servers that stand in for the real ones, for the demo and the tests."""
