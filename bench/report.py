"""The budgets, and the table that says which of them are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Medians = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Budget:
    """`times` the reference and `plus` so much; never more than `most`, never less than `least`.

    None is «no such limit»; without any it is information.
    """

    times: float | None = None
    plus: float = 0.0
    most: float | None = None
    least: float | None = None

    def kept(self, easel: float, reference: float | None) -> bool | None:
        """Whether a number keeps to it. None: there is nothing to keep, or nothing to tell by."""
        checks: list[bool] = []
        if self.times is not None:
            if reference is None:
                return None
            checks.append(easel <= self.times * reference + self.plus)
        if self.most is not None:
            checks.append(easel <= self.most)
        if self.least is not None:
            checks.append(easel >= self.least)
        return all(checks) if checks else None

    def __str__(self) -> str:
        said: list[str] = []
        if self.times is not None:
            share = "floor" if self.times == 1 else f"{self.times:g} × floor"
            said.append(f"≤ {share} + {self.plus:g}" if self.plus else f"≤ {share}")
        if self.most is not None:
            said.append(f"≤ {self.most:g}")
        if self.least is not None:
            said.append(f"≥ {self.least:g}")
        return ", ".join(said) or "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `reference` names a number of Easel's that stands for the floor's."""

    key: str
    what: str
    budget: Budget = Budget()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its numbers."""

    key: str
    what: str
    budget: str
    floor: float | None
    easel: float
    kept: bool | None


ACK = Budget(times=1.5, most=1000)
ROWS = (
    Row("ack_alone_p50_ms", "acknowledgement alone, p50, ms", ACK),
    Row("ack_alone_p99_ms", "acknowledgement alone, p99, ms", ACK),
    Row("ack_crowd_p50_ms", "acknowledgement, 200 at once, p50, ms", ACK),
    Row("ack_crowd_p99_ms", "acknowledgement, 200 at once, p99, ms", ACK),
    Row("added_p50_ms", "added time at 10 a second, p50, ms", Budget(times=1, plus=150)),
    Row("added_p99_ms", "added time at 10 a second, p99, ms", Budget(times=1, plus=400)),
    Row("rate_per_s", "highest rate held, pictures a second", Budget(least=15)),
    Row("rate_cores", "processors busy with the bot at that rate"),
    Row("rate_standins_cores", "processors busy with the stand-ins at that rate"),
    Row("cpu_ms", "processor time a picture, ms", Budget(times=2)),
    Row("standins_cpu_ms", "the stand-ins' processor time a picture, ms"),
    Row("peak_mib", "peak of 200 pictures in flight above rest, MiB", Budget(times=0.5)),
    Row("loop_p99_ms", "loop delay while 20 inputs are cleaned, p99, ms", Budget(most=25)),
    Row("start_s", "start to first answer, 1,000 guilds, s", Budget(times=1, plus=1)),
    Row("first_start_s", "the very first start, tables and all, s", Budget(times=1, plus=1)),
    Row("idle_mib", "memory at rest, 1,000 guilds, MiB", Budget(times=1, plus=60)),
    Row("idle_cpu_percent", "processor at rest, %"),
    Row(
        "wait_beside_s",
        "one picture beside a guild with 500, s (floor: an empty queue)",
        Budget(times=1, plus=1),
        reference="wait_alone_s",
    ),
)


def lines(floor: Medians, easel: Medians) -> list[Line]:
    """The table's lines for what was measured."""
    made: list[Line] = []
    for row in ROWS:
        if row.key in easel:
            beside = easel.get(row.reference) if row.reference else floor.get(row.key)
            kept = row.budget.kept(easel[row.key], beside)
            made.append(Line(row.key, row.what, str(row.budget), beside, easel[row.key], kept))
    return made


def markdown(found: Sequence[Line]) -> str:
    """The table as people read it."""
    words = {None: "–", True: "yes", False: "**no**"}
    cells = [["what", "budget", "floor", "Easel", "kept?"]]
    cells += [
        [line.what, line.budget, _short(line.floor), _short(line.easel), words[line.kept]]
        for line in found
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    cells.insert(1, ["-" * width for width in widths])
    padded = (
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    )
    return "\n".join(f"| {row} |" for row in padded)


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
