"""Google's form: `contents` with `parts`. Google's own API, and 302.AI's endpoints 1 to 3, 5, 6.

302.AI adds two things to it: an input part `{"image_url": "https://…"}`, and an answer part
`{"url": "https://…"}` when asked with `response_format=url`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.pricing import Tokens
from bot.domain.routes import DrawRequest, Route
from bot.errors import BadAnswer
from bot.providers.base import (
    Drawn,
    HttpAnswer,
    HttpRequest,
    Inline,
    Input,
    Outcome,
    Refusal,
    Words,
)
from bot.providers.errors import raise_for_body
from bot.providers.lift import lift
from bot.providers.wire.common import (
    Found,
    check_inputs,
    clean,
    count,
    in_text,
    items,
    mapping,
    picture,
    refusing,
    string,
    with_aspect,
)


def build(request: DrawRequest, route: Route, inputs: Sequence[Input]) -> HttpRequest:
    """One user turn behind the words so far; its parts are the wish and the pictures."""
    check_inputs(route, inputs)
    parts: list[object] = [{"text": with_aspect(request, route)}]
    parts += [_part(one) for one in inputs]
    contents: list[object] = [
        {"role": "user" if line.role == "user" else "model", "parts": [{"text": line.text}]}
        for line in request.history
    ]
    contents.append({"role": "user", "parts": parts})
    extra = route.words_extra if request.in_words else route.extra
    body: dict[str, object] = {"contents": contents, **dict(extra)}
    if not request.in_words:
        config: dict[str, object] = {"responseModalities": ["TEXT", "IMAGE"]}
        image: dict[str, str] = {}
        if request.aspect and route.aspect_key:
            image[route.aspect_key] = request.aspect
        if request.size and route.size_key:
            image[route.size_key] = request.size
        if image:
            config["imageConfig"] = image
        body["generationConfig"] = config
    query = {} if request.in_words else dict(route.query)
    return HttpRequest(route.method, route.path, query, body)


def _part(one: Input) -> Mapping[str, object]:
    # A data: URI in image_url is refused with 400, so base64 has its own part. The spelling
    # inline_data is documented for endpoints 5 and 6 and works for all the others.
    if one.url:
        return {"image_url": one.url}
    return {"inline_data": {"mime_type": one.media_type, "data": one.b64}}


def parse(answer: HttpAnswer, route: Route) -> Outcome:
    """Read an answer. Raises BadAnswer when there is neither picture, text nor a reason."""
    lifted = lift(answer)
    raise_for_body(lifted.value, route.profile)
    value = lifted.mapping
    usage = _tokens(value.get("usageMetadata"))
    model = string(value.get("modelVersion"))
    found: list[Found] = []
    said: list[str] = []
    reason = other = ""
    for candidate in map(mapping, items(value.get("candidates"))):
        for part in map(mapping, items(mapping(candidate.get("content")).get("parts"))):
            if part.get("thought") is True:
                continue  # what the model tried on the way, also as pictures
            if text := string(part.get("text")):
                said.append(text)
            elif one := picture(lifted, part):
                found.append(one)
        finish = candidate.get("finishReason")
        reason = reason or refusing(finish)
        other = other or string(finish)
        said.append(string(candidate.get("finishMessage")))
    text = "\n\n".join(one for one in said if one)
    # The same picture may come twice, as bytes and as an address; the bytes are here already.
    pictures: tuple[Found, ...] = tuple(one for one in found if isinstance(one, Inline))
    pictures = pictures or tuple(found)
    if not pictures:
        pictures, text = in_text(lifted, text)
    words = clean(lifted.restore(text))
    if pictures:
        return Drawn(pictures, words, usage, model)
    feedback = mapping(value.get("promptFeedback"))
    if blocked := string(feedback.get("blockReason")):
        message = clean(string(feedback.get("blockReasonMessage")))
        return Refusal(blocked.upper(), words or message, usage)
    if reason:
        return Refusal(reason, words, usage)
    if words:
        return Words(words, usage, model)
    raise BadAnswer("no_picture", detail=f"no parts; finishReason {other or 'none'}"[:300])


def _tokens(usage: object) -> Tokens | None:
    """`usageMetadata`; thoughts are billed as output. None when it does not say the output."""
    fields = mapping(usage)
    prompt = count(fields.get("promptTokenCount")) or 0
    out = (count(fields.get("candidatesTokenCount")) or 0) + (
        count(fields.get("thoughtsTokenCount")) or 0
    )
    if not out:
        out = max(0, (count(fields.get("totalTokenCount")) or 0) - prompt)
    return Tokens(prompt, out) if prompt or out else None
