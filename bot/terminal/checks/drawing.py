"""Each route that is set up: what is known of it for nothing, and one picture where it is paid."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.domain.pricing import dollars
from bot.domain.routes import DrawRequest, InputForm, Route
from bot.errors import EaselError
from bot.media.sample import sample
from bot.providers.base import Provider
from bot.providers.support import Support
from bot.storage.lately import Lately
from bot.terminal.checks import Finding, Level, fail, ok, warn
from bot.terminal.checks.provider import Checked
from bot.terminal.checks.trouble import billed, label, of_provider
from bot.terminal.files import as_stored
from bot.terminal.routes import price_usd_micros, told
from bot.terminal.tools import Tools

DRAW = "A red kite over a calm sea, flat colours."
EDIT = "Make the disc blue."
SAY = "Say in one short sentence what a kite is."
BOOKS_S = 5.0
"""How long is waited for the provider's own figure."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What a paid check found and cost; `unclear` calls may have cost something besides."""

    finding: Finding
    usd_micros: int = 0
    unclear: int = 0


def free(route: Route, provider: Provider, checked: Checked, lately: Lately | None) -> Finding:
    """What is known without paying."""
    name, who = f"route {route.name}", label(provider)
    if not checked.well:
        return fail(name, f"{who} does not work, as said above.", "As above.")
    for_model = any("{model}" in path for path in provider.free_paths)
    call = (
        "its free call answered"
        if for_model
        else f"no free call of its own, {who}'s answered"
        if provider.free_paths
        else "no free call"
    )
    past = f"; lately {told(lately)}" if lately else ""
    said = f"{dollars(price_usd_micros(route))}; {call}{past}"
    if lately is not None and lately.failure:
        return warn(name, said, f"`easel doctor --pay` or `easel draw --route {route.name}`.")
    return ok(name, said)


async def paid(route: Route, tools: Tools, timeout_s: float) -> Paid:
    """One picture, or one sentence of a route that only answers in words."""
    name, provider = f"paid {route.name}", tools.providers[route.provider]
    began = time.monotonic()
    try:
        what, cost, request_id = await _ask(route, tools, timeout_s)
    except EaselError as error:
        found = of_provider(name, error, provider)
        if not billed(error):
            return Paid(found)
        return Paid(Finding(name, Level.FAIL, f"{found.said} It may be billed.", found.fix), 0, 1)
    took = f"{time.monotonic() - began:.1f} s"
    uploads = not route.draws and route.inputs[:1] == (InputForm.UPLOAD,)
    uploaded = provider.upload_usd_micros if uploads else 0
    support = Support(tools.transport, route.profile, timeout_s=BOOKS_S)
    try:
        books = await support.cost(provider, request_id)
    except EaselError:
        books = None  # it is a figure more, not what was asked
    if books is None:
        return Paid(ok(name, f"{what}; {took}, {dollars(cost)} by the catalogue"), cost)
    spent = books.usd_micros + uploaded
    whose = f"by {label(provider)}'s books" + (", with the upload" if uploaded else "")
    return Paid(ok(name, f"{what}; {took}, {dollars(spent)} {whose}"), spent)


async def _ask(route: Route, tools: Tools, timeout_s: float) -> tuple[str, int, str]:
    """What came, what it cost and the provider's name for the call."""
    if not (route.draws or route.edits):
        said = await tools.painter.say(route, DrawRequest(SAY, in_words=True), timeout_s=timeout_s)
        return f"answered in {len(said.words)} characters", said.cost_usd_micros, said.request_id
    if route.draws:
        request, files = DrawRequest(DRAW), []
    else:
        picture = await tools.media.clean(
            await tools.workers.run(sample),
            max_side_px=route.profile.max_input_side_px,
            max_bytes=route.profile.max_input_bytes,
        )
        request = DrawRequest(EDIT, as_stored([picture]))
        files = [(picture.media_type, picture.data)]
    result = await tools.painter.draw(route, request, files, timeout_s=timeout_s)
    media_type, width_px, height_px = await tools.media.probe(result.picture.source)
    what = f"drew {width_px} × {height_px} {media_type}"
    return what, result.cost_usd_micros, result.request_id
