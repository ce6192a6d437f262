"""302.AI's pay-per-use form (endpoints 7 and 8): a flat body, and an answer with addresses.

Two families of answers are about: `{"images": [{"url"}], "description"}` and
`{"id", "status", "output", "error"}`; both are read, here and in the asynchronous form.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.routes import DrawRequest, Route
from bot.errors import BadAnswer
from bot.providers.base import Drawn, HttpAnswer, HttpRequest, Input, Outcome
from bot.providers.errors import raise_for_body, rejected
from bot.providers.lift import Lifted, lift
from bot.providers.wire.common import (
    address,
    check_inputs,
    clean,
    first_string,
    mapping,
    pictures,
    string,
    with_aspect,
)

_FAILED = frozenset({"failed", "failure", "error", "cancelled", "canceled"})


def build(request: DrawRequest, route: Route, inputs: Sequence[Input]) -> HttpRequest:
    """A prompt, the ratio where the endpoint has a field for it, and the pictures' addresses."""
    check_inputs(route, inputs)
    body: dict[str, object] = {"prompt": with_aspect(request, route)}
    if inputs:
        body["image_urls"] = [address(one) for one in inputs]
    if request.aspect and route.aspect_key:
        body[route.aspect_key] = request.aspect
    body.update(route.extra)
    return HttpRequest(route.method, route.path, dict(route.query), body)


def parse(answer: HttpAnswer, route: Route) -> Outcome:
    """Read an answer. Raises BadAnswer without a picture, and the error that it tells of."""
    lifted = lift(answer)
    drawn = read(lifted, route)
    if drawn is None:
        _raise_detail(lifted, route)
        raise BadAnswer("no_picture", detail="no images and no output")
    return drawn


def read(lifted: Lifted, route: Route) -> Drawn | None:
    """The pictures of either family, None when there are none yet.

    Raises the error that the answer tells of: an `error`, or a status that says «failed».
    """
    value = lifted.mapping
    for name in ("images", "output", "image_url", "image_urls", "image"):
        if found := pictures(lifted, value.get(name)):
            words = clean(first_string(value, "description", "text"))
            return Drawn(found, words, None, string(value.get("model")))
    raise_for_body(value, route.profile)
    if string(value.get("status")).lower() in _FAILED:
        raise rejected(first_string(value, "detail", "message", "error") or "failed", route.profile)
    return None


def _raise_detail(lifted: Lifted, route: Route) -> None:
    """Raises what `status` or `detail` say when that is all there is."""
    value = lifted.mapping
    text = string(value.get("detail")) or first_string(
        mapping(value.get("detail")), "message", "msg"
    )
    if text:
        raise rejected(text, route.profile)
