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


class Contract:
    """The file, indexed by method and path."""

    def __init__(self, document: dict[str, Any]) -> None:
        resource: Any = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Any = Registry().with_resource("urn:discord", resource)
        self._document = document
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
            errors = list(
                self._validator(request.method, request.path).iter_errors(_stringly(request.json))
            )
            assert not errors, f"{request.method} {request.path}: " + "; ".join(
                f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in errors
            )
            checked += 1
        return checked

    @cache  # noqa: B019 -- one contract a test session, made once
    def _validator(self, method: str, path: str) -> Draft202012Validator:
        for pattern, template in self._paths:
            operation = self._document["paths"][template].get(method.lower())
            if operation is not None and pattern.fullmatch(path):
                pointer = "/".join(
                    part.replace("~", "~0").replace("/", "~1")
                    for part in ("paths", template, method.lower(), "requestBody", "content")
                )
                kinds = operation["requestBody"]["content"]
                kind = "application/json" if "application/json" in kinds else next(iter(kinds))
                reference = f"urn:discord#/{pointer}/{kind.replace('/', '~1')}/schema"
                return Draft202012Validator({"$ref": reference}, registry=self._registry)
        raise AssertionError(f"{method} {path} is not in Discord's API")


def _stringly(value: Any, name: str = "", within: str = "") -> Any:
    """Ids as strings, as Discord's JSON has them; discord.py sends some as numbers."""
    if isinstance(value, dict):
        return {key: _stringly(item, key, name) for key, item in value.items()}
    if isinstance(value, list):
        return [_stringly(item, name, within) for item in value]
    an_id = name.endswith("_id") or (name == "id" and within == "attachments")
    return str(value) if an_id and isinstance(value, int) else value
