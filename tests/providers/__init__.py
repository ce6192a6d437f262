"""Tests of the picture providers: real HTTP on the loopback, no account, no network."""
