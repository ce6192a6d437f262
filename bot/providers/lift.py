"""Reading JSON that holds pictures, holding each picture once.

A picture is a base64 string of megabytes inside an answer of a few hundred bytes. Read whole,
the body, its text, the string in it and the decoded bytes would lie in memory side by side,
and decoding would stop everything else for as long as it takes. So a `Lifter` is fed the
answer as it arrives: long base64 runs are decoded piece by piece, into the files of a
`bot.spool.Spool`, and replaced by a short marker; what is left is small, and is parsed as JSON
in the end.

JSON may escape the `/`, and base64 may be broken into lines. Such runs are short, stay in
the text, and are decoded from there: slower, with more memory, but right.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import pybase64

from bot.errors import BadAnswer
from bot.providers.base import HttpAnswer
from bot.spool import Received

_LONG = 4096
"""Shorter runs are not worth a marker: base64 characters, 3 KiB of picture."""

# A run begins behind a character that is none of its own. Without that the search would start
# anew at each character of a run that is too short: quadratic time on a hostile body.
_RUN = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{%d,}+|[A-Za-z0-9+/]++\Z)" % _LONG  # or cut off here
)

_PIECE = 1 << 16
"""Decoded at a time, a multiple of four. More would be new pages for each: twice the time."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

_MARK = "EASELrun{:08d}"
_MARKED = re.compile(r"EASELrun(\d{8})")

_MAX_PIECES = 200_000
"""No answer has so many values; as objects they would take a hundred times their bytes."""


class Lifter:
    """Takes long base64 runs out of a body while it is read; `opened` gives room for the next."""

    def __init__(self, opened: Callable[[], Received] = Received) -> None:
        self._opened = opened
        self._small = io.BytesIO()
        self._runs: list[Received] = []
        self._held = b""  # outside a run: a beginning of one; inside: characters short of four
        self._run: Received | None = None

    def feed(self, chunk: bytes) -> None:
        """The next piece of the body."""
        at = 0
        if self._run is not None:
            at = _length(chunk)
            self._decode(self._run, chunk[:at])
            if at == len(chunk):
                return
            self._close(self._run)
        elif self._held:
            chunk, self._held = self._held + chunk, b""
        for match in _RUN.finditer(chunk, at):
            self._small.write(chunk[at : match.start()])
            at = match.end()
            if at - match.start() < _LONG:
                self._held = match[0]
                return
            self._run = self._opened()
            self._decode(self._run, match[0])
            if at == len(chunk):
                return
            self._close(self._run)
        self._small.write(chunk[at:])

    def finish(self) -> tuple[bytes, tuple[Received, ...]]:
        """The body with markers, and what they stand for."""
        if self._run is not None:
            self._close(self._run)
        self._small.write(self._held)
        return self._small.getvalue(), tuple(self._runs)

    def _decode(self, run: Received, text: bytes) -> None:
        text = self._held + text
        view, whole = memoryview(text), len(text) & ~3
        for at in range(0, whole, _PIECE):
            run.add(pybase64.b64decode(view[at : min(at + _PIECE, whole)], validate=True))
        self._held = text[whole:]

    def _close(self, run: Received) -> None:
        """The run has ended; the `=` signs behind it stay in the text and mean nothing."""
        rest, self._held, self._run = self._held, b"", None
        if len(rest) > 1:
            run.add(pybase64.b64decode(rest + b"=" * (4 - len(rest)), validate=True))
            rest = b""
        self._small.write(_MARK.format(len(self._runs)).encode())
        self._small.write(rest)  # one character too many: not base64, and will not decode
        self._runs.append(run)


def _length(chunk: bytes) -> int:
    """How many base64 characters a chunk begins with; a pattern would take three times as long."""
    others = chunk.translate(None, _ALPHABET)
    return chunk.index(others[:1]) if others else len(chunk)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A JSON value in which long base64 runs are markers; markers are base64 characters too."""

    value: object
    runs: tuple[Received, ...]

    def decode(self, text: str) -> Received | None:
        """The picture that a base64 text or a marker stands for, or None when it is not base64."""
        marked = _MARKED.fullmatch(text.rstrip("="))
        if marked and int(marked[1]) < len(self.runs):
            return self.runs[int(marked[1])]
        plain = "".join(text.split()).rstrip("=").translate(_FROM_URL_SAFE)
        try:
            # Strict: the lenient form skips what is no base64, and makes a picture of any words.
            padded = (plain + "=" * (-len(plain) % 4)).encode("ascii", "replace")
            data = binascii.a2b_base64(padded, strict_mode=True)
        except binascii.Error:
            return None
        return Received.of(data) if data else None

    def restore(self, text: str) -> str:
        """A text with its markers turned back into what they stand for.

        What has gone into a file already is no words of anybody: it becomes «…».
        """

        def original(marked: re.Match[str]) -> str:
            if (number := int(marked[1])) >= len(self.runs):
                return marked[0]
            if (run := self.runs[number]).path is not None:
                return "…"
            return base64.b64encode(run.read()).decode("ascii").rstrip("=")

        return _MARKED.sub(original, text)

    @property
    def mapping(self) -> Mapping[str, object]:
        """The value, when it is a JSON object. Raises BadAnswer when it is not."""
        value: object = self.value
        if not isinstance(value, dict):
            raise BadAnswer("answer_not_json", detail=f"a {type(value).__name__}, no object")
        return cast("dict[str, object]", value)


_FROM_URL_SAFE = str.maketrans("-_", "+/")


def lift(answer: HttpAnswer) -> Lifted:
    """Parse an answer's body.

    Takes time in proportion to the body, whatever is in it. Raises BadAnswer
    (`answer_not_json`) when it is not JSON, is nested too deeply or has too many values.
    """
    body = answer.body
    if body.count(b",") + body.count(b"[") + body.count(b"{") > _MAX_PIECES:
        raise BadAnswer("answer_not_json", detail="too many values")
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        begin = body[:80].decode("utf-8", "replace")
        raise BadAnswer(
            "answer_not_json", detail=f"{type(error).__name__}; begins {begin!r}"
        ) from None
    return Lifted(value, answer.runs)
