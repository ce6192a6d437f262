"""Google's wire: endpoints 1–3, 302.AI's «original format» (5–6), and Google's own API.

https://ai.google.dev/api/generate-content. 302.AI adds the part `{"image_url": "https://…"}`
and the query `response_format`; Google's own API refuses both.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace

from bot.standins.provider import asks, reading
from bot.standins.provider.asks import Ask, Incoming, Looks
from bot.standins.provider.calls import Painted, Said
from bot.standins.provider.errors import ApiError, bad_request
from bot.standins.provider.faults import Kind
from bot.standins.provider.pictures import Received, from_base64, from_link

BODY = frozenset({"contents", "generationConfig", "safetySettings", "systemInstruction"})
CONFIG = frozenset(
    {
        *("responseModalities", "imageConfig", "candidateCount", "responseMimeType"),
        *("responseSchema", "responseJsonSchema", "temperature", "topP", "topK", "seed"),
        *("maxOutputTokens", "stopSequences"),
    }
)
PARTS = frozenset({"text", "inlineData", "imageUrl", "thought", "thoughtSignature"})
URL_SAFE = str.maketrans("-_", "+/")
FORMS = frozenset({"url", "b64_json"})


def camel(named: Mapping[str, object]) -> dict[str, object]:
    """Names as Google writes them: `inline_data` and `inlineData` mean the same."""
    return {re.sub(r"_([a-z])", lambda m: m[1].upper(), name): one for name, one in named.items()}


def read(incoming: Incoming) -> Ask:
    """Endpoints 1 to 3; the request itself says which. Raises ApiError 400, 413 or 503."""
    ask = _read(incoming, extended=True)
    kind = "chat" if ask.in_words else "edit" if ask.pictures else "image"
    return replace(ask, route=f"gemini-{kind}")


def read_original(incoming: Incoming) -> Ask:
    """Endpoints 5 and 6. Raises ApiError 400, 413 or 503."""
    ask = _read(incoming, extended=True)
    return replace(ask, route="original-edit" if ask.pictures else "original-image")


def read_own(incoming: Incoming) -> Ask:
    """Google's own API. Raises ApiError 400, 404 or 413."""
    if incoming.model not in incoming.models:
        raise ApiError(404, 404, f"models/{incoming.model} is not found for API version v1beta")
    if incoming.query.get("response_format") is not None:
        raise bad_request("Unknown name response_format: Cannot bind query parameter")
    return replace(_read(incoming, extended=False), route="google")


def _read(incoming: Incoming, *, extended: bool) -> Ask:
    model = asks.known_model(incoming.model, incoming.models)
    form = incoming.query.get("response_format", "")
    if form and form not in FORMS:
        raise bad_request("response_format must be url or b64_json")
    body = camel(incoming.body)
    reading.only(body, BODY, "body")
    turns = 0
    words = ""
    role = ""
    newest: list[Received] = []
    earlier: list[Received] = []
    for number, value in enumerate(reading.a_list(body.get("contents"), "contents")):
        where = f"contents[{number}]"
        content = reading.an_object(value, where)
        reading.only(content, {"role", "parts"}, where)
        role = reading.one_of(content.get("role", "user"), {"user", "model"}, f"{where}.role")
        text, found = _parts(content.get("parts"), where, incoming, extended=extended)
        if role == "user":
            turns += 1
            words = text
            earlier += newest
            newest = found
        else:
            earlier += found
    if role != "user":
        raise bad_request("the last content must be the user's")
    if not words:
        raise bad_request("the last content has no text")
    ask = Ask("", model, words, turns, tuple(newest or earlier[-1:]), form=form)
    return _configured(ask, body.get("generationConfig"))


def _parts(
    value: object, where: str, incoming: Incoming, *, extended: bool
) -> tuple[str, list[Received]]:
    texts: list[str] = []
    pictures: list[Received] = []
    for number, one in enumerate(reading.a_list(value, f"{where}.parts")):
        place = f"{where}.parts[{number}]"
        part = camel(reading.an_object(one, place))
        reading.only(part, PARTS if extended else PARTS - {"imageUrl"}, place)
        if "text" in part:
            texts.append(reading.a_text(part["text"], f"{place}.text"))
        elif "inlineData" in part:
            data = camel(reading.an_object(part["inlineData"], place))
            reading.only(data, {"mimeType", "data"}, place)
            # Protobuf's JSON takes both alphabets of base64; Google's client sends this one.
            text = data.get("data")
            plain = text.translate(URL_SAFE) if isinstance(text, str) else text
            pictures.append(from_base64(plain, data.get("mimeType"), place))
        elif "imageUrl" in part:
            # A plain text; a data: URI is refused here, and an object as OpenAI has it too.
            pictures.append(from_link(part["imageUrl"], incoming.files, f"{place}.image_url"))
        else:
            raise bad_request(f"{place}: required oneof field 'data' must have one set")
    return "\n".join(texts), pictures


def _configured(ask: Ask, value: object) -> Ask:
    config = {} if value is None else camel(reading.an_object(value, "generationConfig"))
    reading.only(config, CONFIG, "generationConfig")
    if config.get("candidateCount", 1) != 1:
        raise bad_request("Multiple candidates is not enabled for this model")
    given = config.get("responseModalities")
    modalities: set[str] = set()
    if given is not None:
        for one in reading.a_list(given, "responseModalities"):
            word = one.upper() if isinstance(one, str) else one
            modalities.add(reading.one_of(word, {"TEXT", "IMAGE"}, "responseModalities"))
    draws = ask.model in asks.PICTURE_MODELS
    if "IMAGE" in modalities and not draws:
        raise bad_request("this model does not support the requested response modalities: image")
    image = camel(reading.an_object(config.get("imageConfig", {}), "imageConfig"))
    reading.only(image, {"aspectRatio", "imageSize"}, "imageConfig")
    return replace(
        ask,
        in_words=not draws or modalities == {"TEXT"},
        json_answer=config.get("responseMimeType") == "application/json",
        aspect=asks.ratio(image.get("aspectRatio"), "aspectRatio", model=ask.model),
        size=asks.size(image.get("imageSize"), "imageSize", model=ask.model),
    )


def write(ask: Ask, said: Said, looks: Looks) -> dict[str, object]:
    """The answer's JSON. Raises ApiError for a refusal that is an error."""
    answer: dict[str, object] = {
        "usageMetadata": _usage(said),
        "modelVersion": ask.model,
        "responseId": said.request_id,
    }
    if said.refusal == Kind.REFUSE_ERROR:
        raise ApiError(400, -10003, f"The request was blocked: {said.reason}")
    if said.refusal == Kind.REFUSE_PROMPT:
        return answer | {"promptFeedback": {"blockReason": said.reason}}
    if said.refusal == Kind.REFUSE_EMPTY:
        nothing: list[object] = []
        return answer | {"candidates": nothing}
    if said.refusal == Kind.REFUSE_FINISH:
        why = f"Unable to show the generated image: {said.reason}"
        blocked: dict[str, object] = {"finishReason": said.reason, "finishMessage": why, "index": 0}
        return answer | {"candidates": [blocked]}
    parts: list[object] = [{"text": said.text}] if said.text else []
    for picture in said.pictures:
        parts += _shown(picture, _form(ask, looks))
    content: dict[str, object] = {"role": "model", "parts": parts}
    candidates: list[object] = [{"content": content, "finishReason": "STOP", "index": 0}]
    return answer | {"candidates": candidates}


def _form(ask: Ask, looks: Looks) -> str:
    if ask.route == "google":
        return "b64_json"
    if looks.link_needed:
        return "url"
    return looks.google or ask.form or "both"


def _shown(picture: Painted, form: str) -> list[object]:
    data = base64.b64encode(picture.data).decode()
    forms: dict[str, list[object]] = {
        "url": [{"url": picture.url}],
        "b64_json": [{"inlineData": {"mimeType": picture.media_type, "data": data}}],
        "snake": [{"inline_data": {"mime_type": picture.media_type, "data": data}}],
    }
    return forms["b64_json"] + forms["url"] if form == "both" else forms[form]


def _usage(said: Said) -> dict[str, object]:
    drawn = asks.PICTURE_TOKENS * len(said.pictures)
    details: list[object] = []
    if drawn:
        details.append({"modality": "IMAGE", "tokenCount": drawn})
    if said.output_tokens > drawn:
        details.append({"modality": "TEXT", "tokenCount": said.output_tokens - drawn})
    return {
        "promptTokenCount": said.input_tokens,
        "candidatesTokenCount": said.output_tokens,
        "candidatesTokensDetails": details,
        "totalTokenCount": said.input_tokens + said.output_tokens,
    }
