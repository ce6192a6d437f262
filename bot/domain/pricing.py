"""Money, in whole micro-dollars (`usd_micros`). A part of a micro-dollar rounds up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """What a route charges: by the call, or by tokens. All in micro-dollars."""

    call_usd_micros: int = 0
    input_usd_micros_per_million: int = 0
    output_usd_micros_per_million: int = 0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one call used. `None` in `Drawn.tokens` means that the provider did not say."""

    input: int
    output: int


def cost_usd_micros(price: Price, tokens: Tokens) -> int:
    """The price of one call, its sum rounded up to a whole micro-dollar."""
    by_tokens = (
        tokens.input * price.input_usd_micros_per_million
        + tokens.output * price.output_usd_micros_per_million
    )
    return price.call_usd_micros - (-by_tokens // 1_000_000)


def dollars(usd_micros: int) -> str:
    """An amount as people read it: `$0.0387`, four decimals, rounded up."""
    return f"${-(-usd_micros // 100) / 10_000:.4f}"
