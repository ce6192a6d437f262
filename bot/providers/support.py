"""The provider's free calls beside drawing: the true cost of a call, balance, key and models."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import cast

from bot.domain.pricing import Tokens
from bot.domain.routes import Profile
from bot.errors import BadAnswer
from bot.providers.base import HttpRequest, Provider
from bot.providers.transport import Transport, budget

TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call cost, as the provider has it in its books."""

    usd_micros: int
    tokens: Tokens | None
    model: str


class Support:
    """Asks a provider's support endpoints. Every method raises as `Transport.call` does.

    `timeout_s` is for one question, its repetition included.
    """

    def __init__(
        self, transport: Transport, profile: Profile, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._transport = transport
        self._profile = profile
        self._timeout_s = timeout_s
        self.answered_at: dt.datetime | None = None
        """When the last answer was written, by the provider's clock."""

    async def cost(self, provider: Provider, request_id: str) -> Cost | None:
        """What the call of that id cost; None when this provider does not tell."""
        if not provider.record_path or not _is_id(request_id):
            return None
        path = provider.record_path.replace("{request_id}", request_id)
        data = _object((await self._get(provider, path)).get("data"))
        amount = usd_micros(data.get("cost"))
        if amount is None:
            return None
        tokens = (data.get("input_token"), data.get("output_token"))
        counted = (
            Tokens(tokens[0], tokens[1])
            if isinstance(tokens[0], int) and isinstance(tokens[1], int)
            else None
        )
        return Cost(amount, counted, str(data.get("model") or ""))

    async def balance_usd_micros(self, provider: Provider) -> int | None:
        """The account's balance; None when the provider has no such call or no such figure."""
        if not provider.balance_path:
            return None
        value = await self._get(provider, provider.balance_path)
        return usd_micros(_object(value.get("data")).get("balance"), rounding_up=False)

    async def knows(self, provider: Provider, model: str) -> bool | None:
        """Make the calls of `free_paths`; whether the provider shows this model.

        None when none of its calls tells. They raise what a drawing would for a key that is not
        accepted, and ModelWithdrawn where a call about the model itself says so.
        """
        known: bool | None = None
        for path in provider.free_paths:
            asked = path.replace("{model}", model)
            answer = await self._get(provider, asked, provider.free_auth)
            if asked != path:
                known = True
            elif isinstance(answer.get("data"), list):
                known = model in _ids(answer)
        return known

    async def _get(
        self, provider: Provider, path: str, auth: str = "bearer"
    ) -> Mapping[str, object]:
        answer = await self._transport.call(
            provider,
            auth,
            HttpRequest("GET", path),
            self._profile,
            budget(self._timeout_s, 2),
            free=True,
        )
        self.answered_at = _date(answer.headers.get("date", ""))
        try:
            value: object = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise BadAnswer("answer_not_json", detail=path) from None
        return _object(value)


def usd_micros(value: object, *, rounding_up: bool = True) -> int | None:
    """An amount in dollars (302.AI: 1 PTC = 1 USD; text or number) in whole micro-dollars."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        micros = Decimal(str(value)) * 1_000_000
    except InvalidOperation:
        return None
    if not micros.is_finite() or not 0 <= micros < Decimal(10) ** 15:
        return None
    return int(micros.to_integral_value(ROUND_CEILING)) if rounding_up else int(micros)


def _is_id(text: str) -> bool:
    """An id goes into a path, so it is letters, digits and the few signs that ids have."""
    return 0 < len(text) <= 200 and all(one.isalnum() or one in "-_." for one in text)


def _ids(answer: Mapping[str, object]) -> tuple[str, ...]:
    """The names in a list of models in OpenAI's form."""
    rows = answer.get("data")
    if not isinstance(rows, list):
        return ()
    names = (_object(row).get("id") for row in cast("list[object]", rows))
    return tuple(name for name in names if isinstance(name, str))


def _date(header: str) -> dt.datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
