"""`easel doctor`: looks at everything that Easel needs, one line a check.

All servers are asked at the same time and none is waited for longer than `TIMEOUT_S`, so that
one that does not answer holds up nothing. Nothing is written, and a bot may be running.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from rich.console import Console

from bot.config import Config
from bot.domain.pricing import dollars
from bot.domain.routes import Route
from bot.errors import ConfigError
from bot.logs import REDACTED
from bot.providers import keys
from bot.providers.registry import Catalogue
from bot.terminal import past
from bot.terminal.checks import (
    Finding,
    Level,
    application,
    drawing,
    fail,
    machine,
    ok,
    provider,
    warn,
)
from bot.terminal.checks.drawing import Paid
from bot.terminal.checks.provider import Checked
from bot.terminal.routes import price_usd_micros
from bot.terminal.saying import facts, say
from bot.terminal.tools import Tools, catalogue_of, opened

TIMEOUT_S = 10.0
NAME_WIDTH = 22
COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}

T = TypeVar("T")


async def doctor(
    config: Config | ConfigError, *, pay: bool = False, timeout_s: float = TIMEOUT_S
) -> bool:
    """Print what is found; whether nothing failed. With `pay`, each route draws a picture.

    `config` may be the reason why there are no settings. `timeout_s` is for one server.
    """
    sheet = Sheet(() if isinstance(config, ConfigError) else config.secrets())
    try:
        if isinstance(config, ConfigError):
            raise config
        catalogue = catalogue_of(config)
    except ConfigError as error:
        sheet.add(fail("settings", str(error), machine.CORRECT))
        sheet.add(warn("the rest", "Not looked at: it needs settings that can be read."))
        return False
    async with opened(config, catalogue) as tools:
        routes = _routes(catalogue, config)
        checked = await _look(sheet, config, catalogue, tools, timeout_s)
        if pay:
            await _pay(sheet, config, tools, routes, checked)
    return not sheet.failed


class Sheet:
    """What is printed, a line for each finding, without secrets."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.failed = False
        self._secrets = secrets
        self._console = Console(highlight=False)

    def add(self, *findings: Finding) -> None:
        """Print findings."""
        for one in findings:
            self.failed = self.failed or one.level is Level.FAIL
            text = f"{one.name:<{NAME_WIDTH}} {one.said}" + (f" → {one.fix}" if one.fix else "")
            for secret in self._secrets:
                text = text.replace(secret, REDACTED)
            self._console.print(f"{one.level:<4}", style=COLOURS[one.level], end=" ")
            say(self._console, text.replace("\n", " "))


async def _look(
    sheet: Sheet, config: Config, catalogue: Catalogue, tools: Tools, timeout_s: float
) -> Mapping[str, Checked]:
    """Everything that costs nothing; what was found of each provider, by its name."""
    routes = _routes(catalogue, config)

    async with asyncio.TaskGroup() as group:

        def ask(work: Coroutine[Any, Any, T], late: T) -> asyncio.Task[T]:
            return group.create_task(_within(work, timeout_s, late))

        folder = ask(tools.workers.run(machine.folder, config), [_silent("data folder")])
        database = ask(machine.database(config), [_silent("database")])
        recent = ask(past.by_route(config), {})
        discord = ask(application.check(config), ([_silent("discord")], None))
        asked = {
            name: ask(
                provider.check(tools.transport, one, mine, timeout_s),
                Checked([_silent(f"{name} key")]),
            )
            for name, one in tools.providers.items()
            if (mine := [route for route in routes if route.provider == name])
        }
        sheet.add(*machine.settings(catalogue, config))
        sheet.add(*await folder)
        sheet.add(*await database)
        findings, ahead_s = await discord
        sheet.add(*findings)
        checked = {name: await task for name, task in asked.items()}
        clocks = [ahead_s, *(one.clock_ahead_s for one in checked.values())]
        sheet.add(application.clock(next((one for one in clocks if one is not None), None)))
        for one in checked.values():
            sheet.add(*one.findings)
        lately = await recent
        for route in routes:
            where = tools.providers[route.provider]
            found = checked[route.provider]
            sheet.add(drawing.free(route, where, found, lately.get(route.name)))
    return checked


async def _pay(
    sheet: Sheet,
    config: Config,
    tools: Tools,
    routes: Sequence[Route],
    checked: Mapping[str, Checked],
) -> None:
    """One picture by each route, a few at a time."""
    able = [route for route in routes if checked[route.provider].well]
    likely = sum(price_usd_micros(route) for route in able)
    say(facts(), f"Asking {len(able)} routes, for about {dollars(likely)} in all.")
    free = asyncio.Semaphore(config.concurrency)

    async def draw(route: Route) -> Paid:
        async with free:
            return await drawing.paid(route, tools, config.timeout_s)

    spent = unclear = 0
    async with asyncio.TaskGroup() as group:
        for task in [group.create_task(draw(route)) for route in able]:
            one = await task
            spent, unclear = spent + one.usd_micros, unclear + one.unclear
            sheet.add(one.finding)
    if unclear:
        sheet.add(warn("paid", f"{dollars(spent)}; {unclear} more calls may be billed."))
    else:
        sheet.add(ok("paid", dollars(spent)))


async def _within(work: Coroutine[Any, Any, T], timeout_s: float, late: T) -> T:
    try:
        async with asyncio.timeout(timeout_s):
            return await work
    except TimeoutError:
        return late


def _silent(name: str) -> Finding:
    return fail(name, "There was no answer in time.", "Check the network, and the address.")


def _routes(catalogue: Catalogue, config: Config) -> list[Route]:
    """The routes that are set up: those of `EASEL_ROUTES`, then those that answer in words."""
    try:
        routes = list(keys.for_pictures(catalogue, config).routes)
    except ConfigError:
        routes = []  # said by the check of the settings
    return [
        *routes,
        *(one for one in keys.for_words(catalogue, config).routes if one not in routes),
    ]
