"""Reading what the bot shows."""

from __future__ import annotations

from typing import Any


def texts_of(components: list[dict[str, Any]]) -> list[str]:
    """Every text display's content, depth first."""
    found: list[str] = []
    for component in components:
        if component.get("type") == 10:
            found.append(component["content"])
        found += texts_of(component.get("components") or [])
    return found
