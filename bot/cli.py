"""The command line. Each command imports what it needs when it runs, so that help is instant.

Exit status: 0 done, 1 it did not work, 2 the command or a setting is wrong, 130 Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from bot.errors import CommandError, ConfigError, EaselError

if TYPE_CHECKING:  # help does not wait for pydantic
    from bot.config import Config

T = TypeVar("T")

app = typer.Typer(
    name="easel",
    help="Pictures in conversation: a Discord bot for community art channels.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its boxes show values, and a value may be a key
)


def main() -> None:
    """Run a command and end the process; every error becomes one sentence."""
    try:
        app(prog_name="easel")
    except ConfigError as error:
        _end(str(error), 2)
    except EaselError as error:
        _end(_sentence(error), 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:  # nothing is above this, and the log leaves secrets out
        import logging

        logging.getLogger(__name__).exception("stopped by an error nobody foresaw")
        sys.exit(1)


@app.command()
def run() -> None:
    """Run the bot on Discord until it is stopped (Ctrl-C or SIGTERM)."""
    config = _settings()
    config.require_token()
    from bot import process

    _run(process.run(config))


@app.command()
def demo(
    *,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The page's port; else a free one.")
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Try the bot on a page that looks like Discord: no account, no key, no network."""
    from bot import demo, logs

    logs.setup("WARNING")
    _run(demo.run(port, open_browser=open_browser))


@app.command()
def draw(
    *,
    prompt: Annotated[str, typer.Argument(help="What the picture shows, in your own words.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    image: Annotated[
        list[Path] | None,
        typer.Option("--image", "-i", help="A picture to work from; may be repeated."),
    ] = None,
    aspect: Annotated[str | None, typer.Option(help="The picture's shape, such as 16:9.")] = None,
    size: Annotated[
        str | None, typer.Option(help="Its size, such as 2K, where the model has a choice.")
    ] = None,
    route: Annotated[
        str | None, typer.Option(help="The way to draw it; else as EASEL_ROUTES says.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Draw one picture into a file, exactly the bytes that the provider gave."""
    config = _settings(quiet=True)
    from bot.terminal import drawing

    order = drawing.Order(prompt, tuple(image or ()), aspect, size, route, output, force)
    _run(drawing.draw(config, order))


@app.command()
def describe(
    *,
    picture: Annotated[Path, typer.Argument(help="The picture's file.", metavar="FILE")],
    route: Annotated[str | None, typer.Option(help="The way to ask; else the first open.")] = None,
) -> None:
    """Put a picture into words: four prompts that would draw one like it, one a line."""
    config = _settings(quiet=True)
    from bot.terminal import describing

    _run(describing.describe(config, picture, route))


@app.command()
def routes() -> None:
    """Show the ways to a picture: what each can do, its price, and how it has done lately."""
    config = _settings(quiet=True)
    from bot.terminal import routes

    _run(routes.show(config))


@app.command()
def doctor(
    *,
    pay: Annotated[
        bool, typer.Option("--pay", help="Also draw a picture by each route, which costs.")
    ] = False,
) -> None:
    """Check settings, folders, database, Discord, keys, account, model, routes and clock."""
    config: Config | ConfigError
    try:
        config = _settings(quiet=True)
    except ConfigError as error:
        config = error
    from bot.terminal.doctor import doctor

    if not _run(doctor(config, pay=pay)):
        raise typer.Exit(1)


@app.command()
def audit() -> None:
    """Recompute all counters from the ledger's entries; status 1 where they differ."""
    config = _settings(quiet=True)
    from bot.terminal import auditing

    if not _run(auditing.books(config)):
        raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema; `easel run` does it by itself."""
    url = _settings().database_url
    from bot.storage import schema
    from bot.storage.database import Database

    async def work() -> tuple[str, ...]:
        database = await Database.open(url)  # not while a bot has it
        try:
            missing = await schema.pending(url)
            await schema.migrate(url)
        finally:
            await database.close()
        return missing

    typer.echo(f"Applied: {', '.join(_run(work())) or 'nothing, the database is up to date'}.")


def _settings(*, quiet: bool = False) -> Config:
    """Read the settings and start the log. Raises ConfigError."""
    import os

    from bot import logs
    from bot.config import load

    config = load(os.environ)
    level = "WARNING" if quiet and config.log_level == "INFO" else config.log_level
    logs.setup(level, config.secrets())
    return config


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    return asyncio.run(work)


def _sentence(error: EaselError) -> str:
    """What the person at the terminal is told."""
    if isinstance(error, CommandError):
        return str(error)
    from bot.terminal.saying import sentence

    return sentence(error)


def _end(sentence: str, status: int) -> NoReturn:
    sys.stderr.write(f"easel: {sentence}\n")
    sys.exit(status)
