"""Discord's own OpenAPI file as a contract: every REST body the bot sends is held against it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FILE = Path(__file__).parents[2] / "shared" / "discord-openapi.json"
WRITES = frozenset({"POST", "PUT", "PATCH"})
ID = re.compile(r"\d{15,}")


class Contract:
    """The file, indexed by method and path."""

    def __init__(self, document: dict[str, Any]) -> None:
        resource: Any = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Any = Registry().with_resource("urn:discord", resource)
        self._document = document
        self._valid: set[tuple[str, str, str]] = set()
        self._paths = [
            (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in document["paths"]
        ]

    @classmethod
    @cache
    def load_or_skip(cls) -> Contract:
        """The contract; the test says visibly that it was skipped when the file is missing."""
        if not FILE.is_file():
            pytest.skip(f"{FILE.name} is not beside the checkout")
        return cls(json.loads(FILE.read_text()))

    def check(self, requests: Iterable[Any]) -> int:
        """Assert that each request's body is valid; returns how many bodies were checked."""
        checked = 0
        for request in requests:
            if request.method not in WRITES or request.json is None:
                continue
            checked += 1
            method, body = request.method, _stringly(request.json)
            template = self._template(method, request.path)
            # Hundreds of tests send the same commands: a body that differs in its ids is the same.
            same = (method, template, ID.sub("1", json.dumps(body, sort_keys=True)))
            if same in self._valid:
                continue
            errors = list(self._validator(method, template).iter_errors(body))
            assert not errors, f"{method} {request.path}: " + "; ".join(
                f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in errors
            )
            self._valid.add(same)
        return checked

    @cache  # noqa: B019 -- one contract a test session, made once
    def _template(self, method: str, path: str) -> str:
        for pattern, template in self._paths:
            if method.lower() in self._document["paths"][template] and pattern.fullmatch(path):
                return template
        raise AssertionError(f"{method} {path} is not in Discord's API")

    @cache  # noqa: B019 -- as above
    def _validator(self, method: str, template: str) -> Draft202012Validator:
        kinds = self._document["paths"][template][method.lower()]["requestBody"]["content"]
        kind = "application/json" if "application/json" in kinds else next(iter(kinds))
        pointer = "/".join(
            part.replace("~", "~0").replace("/", "~1")
            for part in ("paths", template, method.lower(), "requestBody", "content", kind)
        )
        reference = f"urn:discord#/{pointer}/schema"
        return Draft202012Validator({"$ref": reference}, registry=self._registry)


def _stringly(value: Any, name: str = "", within: str = "") -> Any:
    """Ids as strings, as Discord's JSON has them; discord.py sends some as numbers."""
    if isinstance(value, dict):
        return {key: _stringly(item, key, name) for key, item in value.items()}
    if isinstance(value, list):
        return [_stringly(item, name, within) for item in value]
    an_id = name.endswith("_id") or (name == "id" and within == "attachments")
    return str(value) if an_id and isinstance(value, int) else value
