"""What is put around every picture: the strip that says who made it, frames, small insets."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from bot.standins.provider.painter.canvas import Canvas, Colour, width_of

MARK = "made offline by Easel's stand-in"
STRIP: Colour = (20, 23, 34)
INK: Colour = (236, 236, 242)
FAINT: Colour = (164, 170, 188)
RINGS: tuple[Colour, ...] = (
    (250, 250, 246),
    (248, 200, 92),
    (236, 118, 96),
    (122, 190, 170),
    (112, 148, 220),
    (196, 132, 210),
)
"""The colours of the frames, one a turn, round and round."""


def strip(canvas: Canvas, words: str, turn: int | None) -> None:
    """The caption at the lower edge: an edit's turn, the words, and that no model drew this."""
    u = canvas.unit
    high = 5 * u
    middle = canvas.height - high / 2
    size = min(2.1 * u, canvas.width / 40)
    canvas.box(0, canvas.height - high, canvas.width, canvas.height, STRIP)
    canvas.box(
        0, canvas.height - high, canvas.width, canvas.height - high + 0.25 * u, _ring(turn or 1)
    )
    canvas.text(canvas.width - 2 * u, middle, MARK, size * 0.9, FAINT, anchor="rm")
    room = canvas.width - 6 * u - width_of(MARK, size * 0.9)
    left = 2 * u
    if turn is not None:
        label = f"turn {turn}"
        wide = width_of(label, size) + 1.6 * u
        if wide < room:
            canvas.box(
                left, middle - 1.5 * u, left + wide, middle + 1.5 * u, _ring(turn), 1, 1.5 * u
            )
            canvas.text(left + wide / 2, middle, label, size, STRIP, anchor="mm")
            left += wide + 1.2 * u
            room -= wide + 1.2 * u
    canvas.text(left, middle, _fitted(words, room, size), size, INK, anchor="lm")


def _fitted(words: str, room: float, size: float) -> str:
    # Pillow's own font has the letters of ASCII; the boxes it draws for others say nothing.
    words = " ".join(word for word in words.split() if word.isascii())
    if width_of(words, size) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        half = (low + high + 1) // 2
        if width_of(f"{words[:half]}…", size) <= room:
            low = half
        else:
            high = half - 1
    return f"{words[:low].rstrip()}…" if low > 3 else ""


def _ring(turn: int) -> Colour:
    return RINGS[(turn - 1) % len(RINGS)]


def ring(canvas: Canvas, turn: int) -> None:
    """A thin frame. Each turn's lies inside the last one's, so that they can be counted."""
    u = canvas.unit
    inset = (0.6 + 1.3 * ((turn - 2) % 8)) * u
    wide = 0.55 * u
    left, top = inset, inset
    right, bottom = canvas.width - inset, canvas.height - 5 * u - inset
    colour = _ring(turn)
    canvas.box(left, top, right, top + wide, colour)
    canvas.box(left, bottom - wide, right, bottom, colour)
    canvas.box(left, top, left + wide, bottom, colour)
    canvas.box(right - wide, top, right, bottom, colour)


def insets(canvas: Canvas, pictures: Sequence[Image.Image]) -> None:
    """Further pictures, small, with a white border, from the lower left corner."""
    u = canvas.unit
    side = 17 * u
    for number, picture in enumerate(pictures[:4]):
        left = 4 * u + number * (side + 2.4 * u)
        top = canvas.height - 10 * u - side
        canvas.box(
            left - u,
            top - 0.6 * u,
            left + side + 1.4 * u,
            top + side + 1.8 * u,
            (8, 10, 20),
            0.3,
            u,
        )
        canvas.box(
            left - 0.8 * u,
            top - 0.8 * u,
            left + side + 0.8 * u,
            top + side + 0.8 * u,
            INK,
            1,
            0.8 * u,
        )
        canvas.paste(picture, left, top, side)
