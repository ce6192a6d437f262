"""The house's rules that no other tool checks."""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from discord import app_commands

from bot import config
from bot.compose import opened

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
MOST_LINES = 400
MEDIAN_LINES = 150
NINTH_DECILE_LINES = 300

ELSEWHERE = re.compile(
    "|".join(
        [
            r"https?://\S+/(?:simple|packages)\b",
            r"https?://\S+\.(?:whl|tgz)\b",
            r"py" r"pi\.org|python" r"hosted|registry\.npm",
            r"--(?:extra-)?index" r"-url|--find" r"-links",
            r"/(?:home|Users)/\w+/|/root" r"/",
            re.escape(f"{ROOT.parent}/"),
        ]
    )
)
"""Package registries, and folders of the machine that somebody worked on."""


def tracked() -> list[Path]:
    """The project's files, those not committed yet too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def sources(*folders: str) -> Iterable[Path]:
    return (path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_files_are_short() -> None:
    sizes = {path: lines(path) for path in sources("bot", "cogs", "migrations", "scripts", "bench")}
    real = sorted(size for size in sizes.values() if size > 3)
    assert statistics.median(real) <= MEDIAN_LINES
    assert real[int(len(real) * 0.9)] <= NINTH_DECILE_LINES
    sizes.update({path: lines(path) for path in sources("tests")})
    long = {str(path.relative_to(ROOT)): n for path, n in sizes.items() if n > MOST_LINES}
    assert long == {}


def test_no_file_names_a_registry_or_a_machine() -> None:
    found: list[str] = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        if path != Path(__file__):
            found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in ELSEWHERE.finditer(text)]
    assert found == []


def shown(default: object) -> str:
    match default:
        case None | "":
            return ""
        case bool():
            return f"`{str(default).lower()}`"
        case tuple():
            words = " ".join(cast("tuple[str, ...]", default))
            return f"`{words}`" if words else ""
        case _:
            return f"`{default}`"


def test_readme_has_every_setting() -> None:
    table = "\n".join(
        f"| `{field.alias}` | {shown(field.get_default())} | {field.description} |"
        for field in config.Config.model_fields.values()
    )
    assert table in README, f"README's table of settings should be:\n{table}"


async def test_readme_has_every_command_and_option(tmp_path: Path) -> None:
    settings = {"EASEL_API_KEY": "none", "EASEL_DATA_DIR": str(tmp_path)}
    async with opened(config.load(settings, None)) as easel:
        for cog in easel.bot._features(easel.bot):
            await easel.bot.add_cog(cog)
        commands = list(easel.bot.tree.walk_commands())
        menus = [
            *easel.bot.tree.walk_commands(type=discord.AppCommandType.message),
            *easel.bot.tree.walk_commands(type=discord.AppCommandType.user),
        ]
    rows = [line for line in README.splitlines() if line.startswith("| ")]
    documented = [
        *([f"«{menu.name}»"] for menu in menus),
        *(
            [f"`/{command.qualified_name}`", *(f"`{one.name}`" for one in command.parameters)]
            for command in commands
            if isinstance(command, app_commands.Command)
        ),
    ]
    assert len(documented) >= 4
    missing = [
        words for words in documented if not any(all(word in row for word in words) for row in rows)
    ]
    assert missing == []


def imported(path: Path) -> set[str]:
    """The top-level names of what a file imports anywhere."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def test_domain_needs_nothing_installed() -> None:
    strange = {
        path.name: others
        for path in sources("bot/domain")
        if (others := imported(path) - sys.stdlib_module_names - {"bot"})
    }
    assert strange == {}


def test_every_part_has_its_layer() -> None:
    contracts = contract_table()
    layers = {name for layer in contracts[0]["layers"] for name in layer.split(" | ")}
    parts = {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    } - {"bot.__init__"}
    assert layers - parts == {"cogs", "migrations"}
    assert parts <= layers


def contract_table() -> list[Mapping[str, Any]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["tool"]["importlinter"]["contracts"]


def test_only_the_command_line_starts_a_loop() -> None:
    starts = [
        path.relative_to(ROOT).as_posix()
        for path in sources("bot", "cogs", "migrations")
        if "standins" not in path.parts  # a process of its own
        and re.search(r"\basyncio\.run\(", path.read_text("utf-8"))
    ]
    assert starts == ["bot/cli.py"]


def test_scripts_are_short_and_start_anywhere() -> None:
    for name in ("demo", "test", "check", "lock", "../.ci/run"):
        path = ROOT / "scripts" / name
        assert path.read_text("utf-8").startswith("#!/bin/sh\n"), name
        assert os.access(path, os.X_OK), name
        assert lines(path) <= 40, name


def test_ci_calls_what_people_call() -> None:
    steps = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert [step.split()[0] for step in steps if step.startswith("scripts/")] == [
        "scripts/check",
        "scripts/test",
        "scripts/test",
    ]
