"""Easel: a Discord bot for community art channels."""
