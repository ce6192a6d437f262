"""A stand-in for 302.AI over real HTTP: draws offline, strict on requests, fails on command."""

from bot.standins.provider.asks import Shape
from bot.standins.provider.calls import Call, Painted, Said
from bot.standins.provider.faults import Fault, Faults, Kind
from bot.standins.provider.pictures import Received
from bot.standins.provider.server import ProviderServer

__all__ = [
    "Call",
    "Fault",
    "Faults",
    "Kind",
    "Painted",
    "ProviderServer",
    "Received",
    "Said",
    "Shape",
]
