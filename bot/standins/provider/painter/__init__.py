"""Draws the pictures of the demo and the tests: made from the words and the input pictures."""

from bot.standins.provider.painter.paint import paint

__all__ = ["paint"]
