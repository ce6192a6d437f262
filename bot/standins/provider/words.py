"""Answers in words: what a text model would say to a wish, made of the wish and its picture."""

from __future__ import annotations

import io
import json
import re

from PIL import Image

from bot.standins.provider.asks import Ask
from bot.standins.provider.painter.wishes import COLOURS

REFUSED = "I'm sorry, but I can't create that image. Would you like to try something else?"
VIEWS = (
    "{}, a wide photograph at golden hour, long shadows, calm mood",
    "{}, a flat travel poster with bold shapes and few colours",
    "{}, a loose watercolour on rough paper, soft edges",
    "{}, a close-up with a shallow depth of field, morning mist",
)


def beside(ask: Ask) -> str:
    """The sentence beside a picture."""
    if ask.pictures:
        return f"I changed the picture as you asked: {ask.words.strip()}"
    return f"Here is your picture: {ask.words.strip()}"


def answer(ask: Ask) -> str:
    """A text answer: four prompts where prompts are asked for, else one. Decodes pictures."""
    asked = ask.words.lower()
    subject = _seen(ask.pictures[0].data) if ask.pictures else _subject(ask.words)
    if "prompts" in asked or re.search(r"\b(four|4)\b", asked):
        prompts = [view.format(subject) for view in VIEWS]
        if ask.json_answer:
            return json.dumps(prompts)
        return "\n".join(f"{number}. {prompt}" for number, prompt in enumerate(prompts, 1))
    one = f"A gentle, friendly scene: {subject}" if "soft" in asked else VIEWS[0].format(subject)
    return json.dumps([one]) if ask.json_answer else one


def _subject(words: str) -> str:
    """What the words are about: what stands in quotes, else what follows the last colon."""
    quoted = re.findall(r"[\"“«]([^\"”»]+)[\"”»]", words)
    return quoted[-1].strip() if quoted else words.rpartition(":")[2].strip()


def _seen(data: bytes) -> str:
    """A picture in words: its shape and its main colour."""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        red, green, blue = (
            picture.convert("RGB").reduce(max(1, min(width, height) // 2)).tobytes()[:3]
        )
    name = min(
        COLOURS,
        key=lambda one: sum(
            (a - b) ** 2 for a, b in zip(COLOURS[one], (red, green, blue), strict=True)
        ),
    )
    shape = "a wide" if width > height else "a tall" if height > width else "a square"
    return f"{shape} picture in shades of {name}"
