"""Tests of the pure values and decisions."""
