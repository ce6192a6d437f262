"""Discord's OpenAPI file as a judge of payloads; and the limits that it does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import discord
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.ui.words import units

FILE = Path(__file__).parents[3] / "shared" / "discord-openapi.json"
COMPONENTS_V2 = 1 << 15


@cache
def _validator(schema: str) -> Draft202012Validator:
    if not FILE.is_file():
        pytest.skip("Discord's OpenAPI file is not beside the checkout")
    resource: Resource[Any] = Resource.from_contents(
        json.loads(FILE.read_text()) | {"$id": "urn:discord"}, default_specification=DRAFT202012
    )
    registry: Registry[Any] = resource @ Registry[Any]()
    return Draft202012Validator(
        {"$ref": f"urn:discord#/components/schemas/{schema}"}, registry=registry
    )


def validate(schema: str, payload: Mapping[str, Any]) -> None:
    """Fail when Discord's own schema refuses a payload. Skip when the file is not there."""
    validator: Any = _validator(schema)  # jsonschema's own annotation is partly unknown
    problems = [str(error.message)[:300] for error in validator.iter_errors(payload)]
    assert not problems, problems


def walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component of a payload, nested ones too."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        for key in ("accessory", "component"):
            if key in component:
                yield from walk((component[key],))


def texts(view: discord.ui.LayoutView) -> list[str]:
    """What the text displays of a message say."""
    return [part["content"] for part in walk(view.to_components()) if part["type"] == 10]


def labels(view: discord.ui.LayoutView) -> list[str]:
    """What its buttons say."""
    return [part["label"] for part in walk(view.to_components()) if part["type"] == 2]


def within_limits(view: discord.ui.LayoutView) -> None:
    """Fail when a message passes one of the limits that Discord documents in prose."""
    parts = list(walk(view.to_components()))
    assert 1 <= len(parts) <= 40
    assert sum(units(said) for said in texts(view)) <= 4000
    assert all(texts(view)), "an empty text display is refused"
    for part in parts:
        assert units(part.get("custom_id", "")) <= 100
        assert units(part.get("label") or "") <= 80
        for item in part.get("items", ()):
            assert 1 <= units(item["description"]) <= 1024
    json.dumps(parts, ensure_ascii=False).encode()  # a lone surrogate would raise


def takes_message(view: discord.ui.LayoutView) -> None:
    """Fail when Discord would not take the view as a message."""
    within_limits(view)
    validate("MessageCreateRequest", {"components": view.to_components(), "flags": COMPONENTS_V2})
