"""What is shipped: lock files, the wheel, the scripts that set up, the image's ingredients."""

from __future__ import annotations

import asyncio
import fcntl
import importlib.metadata
import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.standins.provider import ProviderServer
from tests.test_rules import imported, sources

ROOT = Path(__file__).parents[1]
SHIPPED = ("bot", "cogs", "migrations")
LOCKS = ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock")
PINNED = re.compile(
    r"^([\w.-]+(?:\[[\w, -]+\])?==\S+(?: ; [^\\]+)?) \\\n"
    r"((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def locked(name: str) -> dict[str, Requirement]:
    """The requirements of a lock file. Fails when anything else is in it."""
    text = (ROOT / name).read_text("utf-8")
    found: dict[str, Requirement] = {}
    while text:
        match = PINNED.match(text)
        assert match is not None, f"{name} has something besides pins and hashes: {text[:80]}"
        requirement = Requirement(match[1])
        found[canonicalize_name(requirement.name)] = requirement
        text = text[match.end() :]
    return found


@pytest.mark.parametrize("name", [*LOCKS, "requirements-build.lock"])
def test_lock_is_pins_with_hashes_and_nothing_else(name: str) -> None:
    assert len(locked(name)) > 3


def test_each_lock_holds_the_smaller_one() -> None:
    for smaller, larger in [*itertools.pairwise(LOCKS), ("requirements-build.lock", LOCKS[1])]:
        all_of_it = locked(larger)
        for name, pin in locked(smaller).items():
            assert pin.specifier == all_of_it[name].specifier, name
            assert pin.marker == all_of_it[name].marker, name
            assert pin.extras <= all_of_it[name].extras, name


def test_pins_name_the_extras_that_others_ask_for() -> None:
    # pip before 23.3, as Python 3.11 brings it, takes the newest release of the others.
    asked = 0
    for lock in LOCKS:
        pins = locked(lock)
        for name, pin in pins.items():
            if pin.marker is not None and not pin.marker.evaluate():
                continue
            for line in importlib.metadata.requires(name) or ():
                wanted = Requirement(line)
                marker = wanted.marker
                extras = [{"extra": extra} for extra in ("", *pin.extras)]
                if wanted.extras and (marker is None or any(map(marker.evaluate, extras))):
                    asked += 1
                    assert wanted.extras <= pins[canonicalize_name(wanted.name)].extras, line
    assert asked


def test_locks_answer_to_the_project() -> None:
    table = project()["project"]
    groups = project()["dependency-groups"]
    asked = {
        "requirements.lock": table["dependencies"],
        "requirements-demo.lock": table["optional-dependencies"]["demo"],
        "requirements-build.lock": groups["build"],
        "requirements-dev.lock": [one for one in groups["dev"] if isinstance(one, str)],
    }
    for name, requirements in asked.items():
        pins = locked(name)
        for requirement in map(Requirement, requirements):
            (pin,) = pins[canonicalize_name(requirement.name)].specifier
            assert requirement.specifier.contains(pin.version), f"{requirement} in {name}"


def outside(paths: Iterable[Path]) -> set[str]:
    """The distributions that these files import from."""
    owners = importlib.metadata.packages_distributions()
    names = set[str]().union(*map(imported, paths)) - sys.stdlib_module_names - {*SHIPPED, ""}
    return {canonicalize_name(owners[name][0]) for name in names}


def test_what_is_imported_is_declared() -> None:
    table = project()["project"]
    declared = {canonicalize_name(Requirement(one).name) for one in table["dependencies"]}
    demo = {
        canonicalize_name(Requirement(one).name) for one in table["optional-dependencies"]["demo"]
    }
    needed = outside(
        path for path in sources(*SHIPPED) if path.stem != "demo" and "standins" not in path.parts
    )
    assert needed == declared
    assert outside(sources(*SHIPPED)) <= declared | demo


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_has_every_file_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    files = {
        path.relative_to(ROOT).as_posix()
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == files


async def test_wheel_alone_gives_the_same_command(wheel: Path, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("EASEL_", "DISCORD_"))}
    environ |= {"PYTHONPATH": str(site), "EASEL_API_KEY": "k-1234"}

    async def run(*command: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=empty,
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, out.decode()
        return out.decode()

    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    await run(*install, "--target", str(site), str(wheel))
    where = await run(sys.executable, "-c", "import bot, cogs, migrations; print(bot.__file__)")
    assert where.startswith(str(site))
    easel = str(site / "bin" / "easel")
    assert "0001" in await run(easel, "migrate")
    assert (empty / "data" / "easel.db").is_file()
    async with ProviderServer() as server:
        environ |= {"EASEL_API_BASE": server.base, "EASEL_ALLOWED_HOSTS": server.file_host}
        await run(easel, "draw", "a red kite", "-o", "kite.png")
        assert (empty / "kite.png").read_bytes() == server.said[0].pictures[0].data


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the scripts need, in a folder with a space in its name."""
    folder = tmp_path / "a clone"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    for name in (*LOCKS, "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def module(clone: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", clone / "scripts" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def offline(**more: str) -> dict[str, str]:
    """An environment in which pip finds no packages, and knows that at once."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    nowhere = "http://127.0.0.1:9/"
    return {**clean, "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", **more} | {
        "PIP_INDEX" + "_URL": nowhere
    }


def installed(clone: Path, lock: str) -> None:
    """Make the folder look as if `lock` were installed there."""
    bin_folder = clone / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    (clone / ".venv" / "installed.txt").write_text(module(clone).wanted(lock))


def test_second_start_does_nothing(clone: Path) -> None:
    installed(clone, "requirements-dev.lock")
    for lock in ("requirements-dev.lock", "requirements-demo.lock"):
        command = [sys.executable, str(clone / "scripts" / "install.py"), lock]
        done = subprocess.run(command, env=offline(), capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_installed_is_known(clone: Path) -> None:
    dev, demo = "requirements-dev.lock", "requirements-demo.lock"
    installed(clone, demo)
    install = module(clone)
    assert install.holds(demo)
    assert not install.holds(dev), "the smaller one does not hold the larger"
    with (clone / demo).open("a") as file:
        file.write("\n")
    assert not install.holds(demo), "another lock file"
    install.NOTE.write_text(install.wanted(demo))
    assert install.holds(demo)
    moved = clone.rename(clone.with_name("moved"))
    assert not module(moved).holds(demo), "another folder"


def test_missing_network_is_one_sentence_and_two_starts_take_turns(clone: Path) -> None:
    with (clone / ".venv.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [str(clone / "scripts" / "test")],
            cwd="/",
            env=offline(),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert process.stderr.readline() == "Waiting for another script that is setting up\n"
        fcntl.flock(turn, fcntl.LOCK_UN)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Making .venv" in err
    assert "the network seems to be missing" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert not (clone / ".venv" / "installed.txt").exists()


@pytest.mark.parametrize(("version", "phrase"), [("3.9.18", "found: 3.9.18"), ("", "found: none")])
def test_python_that_is_too_old_or_missing_is_one_sentence(
    clone: Path, tmp_path: Path, version: str, phrase: str
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname"):
        (programs / name).symlink_to(shutil.which(name) or name)
    if version:
        python = programs / "python3"
        python.write_text(f"#!/bin/sh\ncase $2 in *platform*) echo {version};; *) exit 1;; esac\n")
        python.chmod(0o755)
    command = [str(clone / "scripts" / "demo")]
    done = subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Easel needs Python 3.11 or newer" in done.stderr
    assert phrase in done.stderr
    assert done.stderr.count("\n") == 1


def test_image_is_built_from_what_is_there() -> None:
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied: set[str] = set()
    for line in re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    ):
        copied.update(line.split())
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert set(SHIPPED) <= copied
