"""The one map from what a provider says to what went wrong. Exceptions: `transport.py`.

Sources: 302.AI's error page (codes, statuses); for what is certainly not billed, the rules of
public clients: 400, 401, 402, 403, 404, 405, 413, 422, 429 and code -10008. Every time-out and
every other 5xx may be billed.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from bot.domain.routes import Profile
from bot.errors import (
    BadAnswer,
    Billed,
    ModelWithdrawn,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
)
from bot.providers.base import HttpAnswer

NOT_BILLED = frozenset({400, 401, 402, 403, 404, 405, 413, 422, 429})
"""Statuses after which nothing can have been taken."""

WITHDRAWN_CODE = -10008

BY_CODE: dict[int | str, tuple[type[ProviderError], str]] = {
    -10001: (ProviderRejected, "provider_key"),  # key missing
    -10002: (ProviderRejected, "provider_key"),  # key invalid or disabled
    -10004: (ProviderRejected, "provider_balance"),
    -10005: (ProviderRejected, "provider_key"),  # key expired
    -10006: (ProviderRejected, "provider_quota"),  # total
    -10007: (ProviderRejected, "provider_quota"),  # daily
    -10018: (ProviderRejected, "provider_quota"),  # monthly
    WITHDRAWN_CODE: (ModelWithdrawn, "model_withdrawn"),
    -10009: (ProviderRejected, "provider_bad_request"),  # not supported
    -10010: (ProviderRejected, "provider_bad_request"),  # not found
    -10011: (ProviderRejected, "provider_bad_request"),  # invalid request
    -10012: (ProviderBusy, "provider_busy"),  # hourly free quota used up
    -1024: (OutcomeUnknown, "outcome_unknown"),  # upstream timed out
    # The words of OpenAI-compatible servers.
    "invalid_api_key": (ProviderRejected, "provider_key"),
    "insufficient_quota": (ProviderRejected, "provider_balance"),
    "model_not_found": (ModelWithdrawn, "model_withdrawn"),
    "content_filter": (ProviderRefused, "refused"),
    "content_policy_violation": (ProviderRefused, "refused"),
    "moderation_blocked": (ProviderRefused, "refused"),
}
"""Codes that mean one thing whatever the status. -10003 is none: it is said of everything."""

BY_STATUS: dict[int, tuple[type[ProviderError], str]] = {
    301: (ProviderRejected, "provider_address"),
    302: (ProviderRejected, "provider_address"),
    307: (ProviderRejected, "provider_address"),
    308: (ProviderRejected, "provider_address"),
    400: (ProviderRejected, "provider_bad_request"),
    401: (ProviderRejected, "provider_key"),
    402: (ProviderRejected, "provider_balance"),
    403: (ProviderRejected, "provider_forbidden"),
    404: (ProviderRejected, "provider_address"),
    405: (ProviderRejected, "provider_address"),
    413: (ProviderRejected, "provider_too_large"),
    422: (ProviderRejected, "provider_bad_request"),
    429: (ProviderBusy, "provider_busy"),
}
"""The rest, 408, 409, 524 and the 5xx among it, is OutcomeUnknown."""

_REFUSAL = re.compile(
    r"safety|prohibited[_ ]content|blocklist|recitation|moderation"
    r"|content[_ -](?:policy|filter|violation)|sensitive (?:content|words?)",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"\bmodels?\b.{0,120}(?:not found|not exist|not a valid|no longer|deprecated|not supported)"
    r"|(?:unknown|invalid|no such) model",
    re.IGNORECASE | re.DOTALL,
)

DETAIL_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What the body of an error says."""

    code: int | str | None
    message: str


def of_answer(answer: HttpAnswer, profile: Profile, *, now: dt.datetime) -> ProviderError:
    """The error that an answer with a status other than 2xx means. `now` dates Retry-After."""
    said = _read(answer.body) or Said(None, answer.body[:2000].decode("utf-8", "replace"))
    error = _make(
        said, answer.status, profile, retry_after_s(answer.headers.get("retry-after", ""), now)
    )
    error.request_id = answer.request_id
    return error


def raise_for_body(value: object, profile: Profile) -> None:
    """Raises the error that came in the body of an answer with status 200, if one did."""
    said = said_in(value)
    if said is not None:
        raise _make(said, 200, profile, None)


def of_value(value: object, status: int, profile: Profile) -> ProviderError:
    """The error that a status and a value inside an answer mean."""
    return _make(said_in(value) or Said(None, str(value)), status, profile, None)


def rejected(message: str, profile: Profile) -> ProviderError:
    """What a job that failed at the provider means; `message` is the provider's."""
    return _make(Said(None, message), 200, profile, None)


def _make(said: Said, status: int, profile: Profile, retry_after: float | None) -> ProviderError:
    detail = f"{status} {said.code or ''} {said.message}"[:DETAIL_CHARACTERS]
    kind, key = _kind(said, status)
    error: ProviderError
    if kind is ModelWithdrawn:
        return ModelWithdrawn(
            detail=detail, model=profile.model, successors=", ".join(profile.successors)
        )
    if kind is ProviderBusy:
        error = ProviderBusy(key, detail=detail, retry_after_s=retry_after)
    elif kind is ProviderRefused:
        matched = _REFUSAL.search(said.message)
        reason = matched[0].upper().replace(" ", "_") if matched else "CONTENT_FILTER"
        error = ProviderRefused(key, detail=detail, reason=reason)
    else:
        error = kind(key, detail=detail)
    # A code may come with any status, and a refusal with 400: the status decides on money.
    not_billed = status in NOT_BILLED or (status in BY_STATUS and kind is not ProviderRefused)
    error.billed = Billed.NO if not_billed and kind is not OutcomeUnknown else Billed.MAYBE
    return error


def _kind(said: Said, status: int) -> tuple[type[ProviderError], str]:
    if said.code in BY_CODE:
        return BY_CODE[said.code]
    if status in {404, 400} and _NO_MODEL.search(said.message):
        return ModelWithdrawn, "model_withdrawn"
    if status not in {401, 402, 429} and _REFUSAL.search(said.message):
        return ProviderRefused, "refused"
    if 200 <= status < 300:
        return BadAnswer, "bad_answer"
    return BY_STATUS.get(status, (OutcomeUnknown, "outcome_unknown"))


def said_in(value: object) -> Said | None:
    """The error in a body, in the form of any family; None when there is none."""
    if not isinstance(value, dict):
        return None
    fields = cast("Mapping[str, object]", value)
    error = fields.get("error")
    if isinstance(error, dict):
        inner = cast("Mapping[str, object]", error)
        code = inner.get("err_code") or inner.get("code") or inner.get("type")
        return Said(_code(code), _message(inner))
    if isinstance(error, str) and error:
        return Said(_code(fields.get("code")), error)
    code = _code(fields.get("err_code") or fields.get("code"))
    if "choices" not in fields and code not in (None, 0, 200) and _message(fields):
        return Said(code, _message(fields))
    return None


def _read(body: bytes) -> Said | None:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if said := said_in(value):
        return said
    if not isinstance(value, dict):
        return None
    fields = cast("Mapping[str, object]", value)
    return Said(_code(fields.get("code")), _message(fields) or str(fields))


def _message(fields: Mapping[str, object]) -> str:
    for name in ("message", "msg", "detail", "message_cn"):
        if (message := fields.get(name)) and isinstance(message, str):
            return message
    return ""


def _code(value: object) -> int | str | None:
    """A code as the table has it: a whole number also when it came as text."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,6}", value):
        return int(value)
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def retry_after_s(header: str, now: dt.datetime) -> float | None:
    """The seconds that a `Retry-After` asks for (a number or an HTTP date), None without one."""
    if re.fullmatch(r"\s*\d{1,9}(?:\.\d{1,6})?\s*", header):
        return float(header)
    try:
        when = email.utils.parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return max(0.0, (when - now).total_seconds())
