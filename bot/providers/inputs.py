"""Input pictures in the form a route takes: encoded or uploaded once, however many routes."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import cast

from bot.domain.images import EXTENSIONS
from bot.domain.routes import InputForm, Route
from bot.errors import BadAnswer, RequestError
from bot.providers.base import File, HttpRequest, Input, Provider
from bot.providers.transport import Budget, Transport


class Inputs:
    """A job's input pictures as (media type, bytes), the one to work on first."""

    def __init__(self, pictures: Sequence[tuple[str, bytes]]) -> None:
        self._pictures = tuple(pictures)
        self._inline: tuple[Input, ...] | None = None
        self._uploaded: dict[str, list[Input]] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    async def prepare(
        self, route: Route, provider: Provider, transport: Transport, limits: Budget
    ) -> tuple[tuple[Input, ...], int]:
        """The pictures in the route's first form that can be had, and micro-dollars spent.

        Raises RequestError (`too_many_pictures`) before anything is sent, and what the
        transport raises when an upload fails.
        """
        allowed = route.profile.max_inputs
        if len(self) > allowed:
            raise RequestError("too_many_pictures", limit=allowed, given=len(self))
        if not self._pictures:
            return (), 0
        for form in route.inputs:
            if form is InputForm.INLINE:
                return self._encoded(), 0
            if form is InputForm.UPLOAD and provider.upload_path:
                return await self._upload(route, provider, transport, limits)
        raise RequestError("route_takes_no_pictures", route=route.name)

    def _encoded(self) -> tuple[Input, ...]:
        if self._inline is None:
            self._inline = tuple(
                Input(media_type, b64=base64.b64encode(data).decode("ascii"))
                for media_type, data in self._pictures
            )
        return self._inline

    async def _upload(
        self, route: Route, provider: Provider, transport: Transport, limits: Budget
    ) -> tuple[tuple[Input, ...], int]:
        done = self._uploaded.setdefault(provider.name, [])
        spent = 0
        for number, (media_type, data) in enumerate(self._pictures):
            if number < len(done):
                continue
            name = f"picture-{number + 1}.{EXTENSIONS.get(media_type, 'png')}"
            request = HttpRequest(
                "POST", provider.upload_path, file=File("file", name, media_type, data)
            )
            answer = await transport.call(provider, "bearer", request, route.profile, limits)
            spent += provider.upload_usd_micros
            done.append(Input(media_type, url=_uploaded_url(answer.body)))
        return tuple(done), spent


def _uploaded_url(body: bytes) -> str:
    """The address in `{"code": 200, "data": "https://…"}`. Raises BadAnswer without one."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    data: object = cast("dict[str, object]", value).get("data") if isinstance(value, dict) else None
    if isinstance(data, dict):
        data = cast("dict[str, object]", data).get("url")
    if not isinstance(data, str) or not data.startswith(("https://", "http://")):
        raise BadAnswer("upload_failed", detail=body[:200].decode("utf-8", "replace"))
    return data
