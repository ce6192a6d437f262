"""How 302.AI says no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

MEANINGS = {
    -10001: "Missing API key",
    -10002: "The API key is invalid or disabled",
    -10003: "Internal error, network error or bad parameter",
    -10004: "Insufficient account balance",
    -10005: "The API key has expired",
    -10006: "The total quota of this API key is used up",
    -10007: "The daily quota of this API key is used up",
    -10008: "No available channel for this model",
    -10009: "This operation is not supported",
    -10010: "The resource was not found",
    -10011: "Invalid request",
    -10012: "The hourly free quota is used up",
    -10018: "The monthly quota of this API key is used up",
    -1024: "The upstream timed out",
}
"""302.AI's `err_code` values and what each means."""


@dataclass(frozen=True)
class Family:
    """One of the shapes in which an error body comes."""

    name: str

    def body(self, status: int, err_code: int, message: str) -> dict[str, object]:
        """The error as a JSON object in this shape."""
        if self.name == "google":
            words = {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}
            return {
                "error": {
                    "code": status,
                    "message": message,
                    "status": words.get(status, "INTERNAL"),
                }
            }
        if self.name == "openrouter":
            return {"error": {"code": status, "message": message}}
        if self.name == "code_msg":
            return {"code": err_code, "msg": message}
        if self.name == "code_message":
            return {"code": err_code, "message": message, "data": None}
        return {
            "error": {
                "err_code": err_code,
                "message": message,
                "message_cn": message,
                "message_jp": message,
                "type": "api_error",
            }
        }


USUAL = Family("302")
FAMILIES = {
    name: Family(name) for name in ("302", "code_msg", "code_message", "google", "openrouter")
}


@dataclass
class ApiError(Exception):
    """A request that is answered with an error. `message` may be empty: then the table's."""

    status: int
    err_code: int
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def text(self, family: Family = USUAL) -> str:
        """The body, as JSON text."""
        message = self.message or MEANINGS.get(self.err_code, "Error")
        return json.dumps(family.body(self.status, self.err_code, message))


def bad_request(message: str) -> ApiError:
    """What a wrong parameter is answered with."""
    return ApiError(400, -10003, message)
