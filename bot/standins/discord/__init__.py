"""A stand-in for Discord over real HTTP and WebSocket: SimCord's backend, for other processes."""

from bot.standins.discord.faults import Fault, Faults, Hold
from bot.standins.discord.rest import Call
from bot.standins.discord.server import DiscordServer

__all__ = ["Call", "DiscordServer", "Fault", "Faults", "Hold"]
