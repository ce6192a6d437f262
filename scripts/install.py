"""Make `.venv` hold exactly what a lock file lists, and the project itself, editable.

Called by the scripts beside it: `python scripts/install.py requirements-dev.lock`. Standard
library only, since nothing is installed yet. A note in `.venv` says which lock file it holds; where
that still fits, this returns at once. Two of these at a time wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NOTE = VENV / "installed.txt"
LARGEST = "requirements-dev.lock"  # holds all that the other lock files hold

NO_NETWORK = re.compile(
    r"Failed to establish|NewConnectionError|NameResolutionError|name resolution|timed out"
    r"|Network is unreachable|ConnectionError|Max retries|ProxyError|\(from versions: none\)",
    re.IGNORECASE,
)


class InstallError(Exception):
    """Something is missing. The message is a sentence for the person at the terminal."""


def say(text: str) -> None:
    """A line of progress. Standard error, so that a script's own output stays its own."""
    print(text, file=sys.stderr, flush=True)


def wanted(lock: str) -> str:
    """What the note says once `lock` is installed here by a Python like this one."""
    digest = hashlib.sha256()
    for name in (lock, "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    # The folder counts: an editable install points to it, and folders get moved.
    return f"{lock} {digest.hexdigest()} {sys.version_info[:2]} {ROOT}\n"


def holds(lock: str) -> bool:
    """Whether `.venv` already has what `lock` lists."""
    try:
        note = NOTE.read_text()
    except OSError:
        return False
    return PYTHON.exists() and note in {wanted(lock), wanted(LARGEST)}


def make_venv() -> None:
    """A fresh `.venv`, unless the Python that runs this already is the one in there."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    say(f"Making .venv with Python {sys.version.split()[0]}")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        say(made.stdout + made.stderr)
        raise InstallError(
            "Python could not make a virtual environment"
            " (on Debian and Ubuntu the package python3-venv is needed)."
        )


def pip(*arguments: str, steps: int = 0) -> None:
    """Run pip in `.venv`, showing each package of `steps` as it comes."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    # Settings that would put the packages elsewhere than into .venv.
    clean = {
        k: v for k, v in os.environ.items() if k not in {"PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    }
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env=clean,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output: list[str] = []
    seen = 0
    assert process.stdout is not None
    for line in process.stdout:
        output.append(line)
        if match := re.match(
            r"(?:Collecting|Processing|Requirement already satisfied:) (\S+)", line
        ):
            seen += 1
            say(f"  {seen:3} of {steps}  {match[1].rpartition('/')[2]}")
        elif line.startswith("Installing collected") and steps:
            say("  unpacking")
    if process.wait():
        if NO_NETWORK.search("".join(output)):
            raise InstallError(
                "The packages could not be fetched: the network seems to be missing."
                " Connect and start this again; it goes on where it stopped."
            )
        say("".join(output[-12:]))
        raise InstallError("pip could not install the packages; its last words are above.")


def install(lock: str) -> None:
    """Make the environment and note what it holds."""
    make_venv()
    NOTE.unlink(missing_ok=True)
    listed = re.findall(r"^[\w.-]+(?:\[.*\])?==", (ROOT / lock).read_text(), re.MULTILINE)
    say(f"Installing {len(listed)} packages from {lock} (only the first time; a minute or two)")
    pip("--require-hashes", "-r", lock, steps=len(listed))
    pip("--no-deps", "--no-build-isolation", "--quiet", "-e", ".")
    NOTE.write_text(wanted(lock))
    say("Ready")


def main() -> int:
    """Install the lock file named on the command line, unless that is done."""
    (lock,) = sys.argv[1:]
    if holds(lock):
        return 0
    with (ROOT / ".venv.lock").open("w") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another script that is setting up")
            fcntl.flock(turn, fcntl.LOCK_EX)
        if not holds(lock):
            install(lock)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InstallError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
