"""What a provider's free calls say of the key, the account and the model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.pricing import dollars
from bot.domain.routes import Route
from bot.errors import EaselError, ModelWithdrawn, ProviderRejected
from bot.providers.base import Provider
from bot.providers.support import Support
from bot.providers.transport import Transport
from bot.terminal.checks import Finding, Level, fail, ok, warn
from bot.terminal.checks.trouble import label, of_provider
from bot.terminal.routes import price_usd_micros

FEW_PICTURES = 20
"""An account that pays for fewer is low."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, and by how many seconds our clock is ahead of the provider's."""

    findings: list[Finding]
    clock_ahead_s: float | None = None

    @property
    def well(self) -> bool:
        """Whether nothing found keeps a route from drawing."""
        return all(finding.level is not Level.FAIL for finding in self.findings)


async def check(
    transport: Transport, provider: Provider, routes: Sequence[Route], timeout_s: float
) -> Checked:
    """Key, balance and model of one provider, for those of its routes that are set up."""
    support = Support(transport, routes[0].profile, timeout_s=timeout_s)
    model, account = await asyncio.gather(
        _model(support, provider, routes[0]), _balance(support, provider, routes)
    )
    if not model.well:  # that is said once, and the balance of a wrong key means nothing
        account = [one for one in account if one.level is Level.OK]
    return Checked([*model.findings, *account], model.clock_ahead_s)


async def _model(support: Support, provider: Provider, route: Route) -> Checked:
    """The key, and the model as this provider spells it."""
    key, name, who = f"{provider.name} key", f"{provider.name} model", label(provider)
    if not provider.free_paths:
        return Checked([warn(key, f"{who} has no free call; --pay draws a picture.")])
    try:
        known = await support.knows(provider, route.model)
    except ModelWithdrawn as error:
        return Checked([ok(key, f"{who} accepts it"), of_provider(name, error, provider)])
    except EaselError as error:
        if provider.name == "openai-compatible" and _missing(error):
            return Checked([warn(key, f"{who} lists no models; --pay draws a picture.")])
        return Checked([of_provider(key, error, provider)])
    accepted = ok(key, f"{who} accepts it" if provider.key else f"{who} answers without a key")
    return Checked([accepted, _listed(name, who, route, known)], _ahead_s(support))


def _listed(name: str, who: str, route: Route, known: bool | None) -> Finding:  # noqa: FBT001 -- three answers, handed on
    if known:
        return ok(name, f"{who} serves {route.model}")
    said = (
        f"{who} does not tell which models it serves."
        if known is None
        else f"{route.model} is not on the list of {who}; image models may be missing from it."
    )
    successors = ", ".join(route.profile.successors)
    fix = "`easel doctor --pay` finds out."
    return warn(name, said, f"{fix} Its successors: {successors}." if successors else fix)


async def _balance(support: Support, provider: Provider, routes: Sequence[Route]) -> list[Finding]:
    if not provider.balance_path:
        return []
    name = f"{provider.name} balance"
    try:
        left = await support.balance_usd_micros(provider)
    except ProviderRejected:
        fix = "Give it the permission there, or look at the account yourself."
        return [warn(name, "This key may not read the balance.", fix)]
    except EaselError as error:
        found = of_provider(name, error, provider)
        return [warn(name, found.said, found.fix)]
    if left is None:
        return [warn(name, "The answer has no balance that can be read.")]
    drawing = [route for route in routes if route.draws or route.edits] or routes
    price = max(price_usd_micros(route) for route in drawing)
    pictures = left // max(1, price)
    said = f"{dollars(left)}, about {pictures:,} pictures"
    fix = "Top the account up."
    if pictures < 1:
        return [fail(name, f"The account is empty: {dollars(left)}.", fix)]
    return [warn(name, f"{said}.", fix) if pictures < FEW_PICTURES else ok(name, said)]


def _missing(error: EaselError) -> bool:
    return getattr(error, "key", "") in {"provider_address", "answer_not_json"}


def _ahead_s(support: Support) -> float | None:
    """A date has whole seconds, cut off."""
    if support.answered_at is None:
        return None
    return time.time() - support.answered_at.timestamp() - 0.5
