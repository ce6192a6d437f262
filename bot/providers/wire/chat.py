"""OpenAI's chat form with pictures: `POST /v1/chat/completions`.

Endpoint 4 of 302.AI's product page; also OpenRouter (pictures in `message.images`), LiteLLM and
one-api.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.routes import DrawRequest, Route
from bot.errors import BadAnswer
from bot.providers.base import Drawn, HttpAnswer, HttpRequest, Input, Outcome, Refusal, Words
from bot.providers.errors import raise_for_body
from bot.providers.lift import Lifted, lift
from bot.providers.wire.common import (
    Found,
    address,
    check_inputs,
    clean,
    first_string,
    in_text,
    items,
    mapping,
    pictures,
    refusing,
    string,
    tokens,
    with_aspect,
)


def build(request: DrawRequest, route: Route, inputs: Sequence[Input]) -> HttpRequest:
    """One user message behind the words so far; the pictures are in that last message.

    How an assistant's turn with a picture must look is not documented, so earlier turns go as
    text and the picture to work on is sent again. Raises RequestError for too many pictures.
    """
    check_inputs(route, inputs)
    text = with_aspect(request, route)
    parts: list[object] = [{"type": "text", "text": text}]
    parts += [{"type": "image_url", "image_url": {"url": address(one)}} for one in inputs]
    messages: list[object] = [{"role": line.role, "content": line.text} for line in request.history]
    messages.append({"role": "user", "content": parts if inputs else text})
    body: dict[str, object] = {
        "model": route.model or route.profile.model,
        "stream": False,
        "messages": messages,
        **dict(route.words_extra if request.in_words else route.extra),
    }
    picture: dict[str, str] = {}
    if request.aspect and route.aspect_key:
        picture[route.aspect_key] = request.aspect
    if request.size and route.size_key:
        picture[route.size_key] = request.size
    if picture:
        body["image_config"] = picture
    return HttpRequest(route.method, route.path, dict(route.query), body)


def parse(answer: HttpAnswer, route: Route) -> Outcome:
    """Read an answer. Raises BadAnswer when it is no chat completion or has nothing in it."""
    lifted = lift(answer)
    raise_for_body(lifted.value, route.profile)
    return parse_value(lifted, lifted.mapping)


def parse_value(lifted: Lifted, value: Mapping[str, object]) -> Outcome:
    """Read a completion that was already taken out of its envelope."""
    usage = tokens(value.get("usage"), "prompt_tokens", "completion_tokens") or tokens(
        value.get("usage"), "input_tokens", "output_tokens"
    )
    model = string(value.get("model"))
    found: tuple[Found, ...] = ()
    said: list[str] = []
    reason = ""
    for choice in map(mapping, items(value.get("choices"))):
        message = mapping(choice.get("message"))
        taken, words = _message(lifted, message)
        found = found or taken
        said += [words, string(message.get("refusal"))]
        if message.get("refusal"):
            reason = reason or "text"
        for name in ("finish_reason", "native_finish_reason"):
            reason = reason or refusing(choice.get(name))
    words = clean(lifted.restore("\n\n".join(one for one in said if one)))
    if found:
        paid = _paid(value.get("usage"))
        return Drawn(found, words, usage, model, paid)
    if reason:
        return Refusal(reason, words, usage)
    if words:
        return Words(words, usage, model)
    raise BadAnswer("no_picture", detail="a completion with nothing in it")


def _message(lifted: Lifted, message: Mapping[str, object]) -> tuple[tuple[Found, ...], str]:
    """A message's pictures and the text beside them."""
    content = message.get("content")
    parts = [part for part in map(mapping, items(content)) if part]
    text = string(content) or "\n\n".join(
        words for part in parts if (words := first_string(part, "text"))
    )
    found, rest = in_text(lifted, text)
    if not found:
        found = pictures(lifted, [part for part in parts if part.get("type") != "text"])
    for name in ("images", "image"):
        found = found or pictures(lifted, message.get(name))
    return found, rest


def _paid(usage: object) -> int | None:
    """OpenRouter's `usage.cost`, in dollars, as micro-dollars rounded up."""
    cost = mapping(usage).get("cost")
    if isinstance(cost, bool) or not isinstance(cost, int | float) or not 0 < cost < 1000:
        return None
    return -int(-cost * 1_000_000 // 1)
