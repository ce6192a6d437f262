"""Endpoints 7–10, paid by the call, and 302.AI's unified image API (mechanism B)."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.standins.provider import asks, reading
from bot.standins.provider.asks import Ask, Incoming, Looks
from bot.standins.provider.calls import Said
from bot.standins.provider.errors import ApiError, bad_request
from bot.standins.provider.faults import Kind
from bot.standins.provider.pictures import from_address, from_link

MODEL = "gemini-2.5-flash-image"
MOST_PICTURES = 10  # clients cap at 5 or 10; 302.AI states nothing
UNIFIED = frozenset(
    {
        *("model", "prompt", "negative_prompt", "aspect_ratio", "width", "height"),
        *("output_format", "image", "mask_image", "n"),
    }
)


def read_image(incoming: Incoming) -> Ask:
    """Endpoints 7 and 9: `prompt`, `aspect_ratio`. Raises ApiError 400 or 503."""
    reading.only(incoming.body, {"prompt", "aspect_ratio"}, "body")
    return Ask(
        route="per-call-image",
        model=asks.known_model(MODEL, incoming.models),
        words=reading.a_text(incoming.body.get("prompt"), "prompt"),
        aspect=asks.ratio(incoming.body.get("aspect_ratio"), "aspect_ratio", model=MODEL),
    )


def read_edit(incoming: Incoming) -> Ask:
    """Endpoints 8 and 10: `prompt`, `image_urls`. Raises ApiError 400, 413 or 503."""
    reading.only(incoming.body, {"prompt", "image_urls"}, "body")
    links = reading.a_list(incoming.body.get("image_urls"), "image_urls")
    if len(links) > MOST_PICTURES:
        raise bad_request(f"image_urls: at most {MOST_PICTURES}")
    words = reading.a_text(incoming.body.get("prompt"), "prompt")
    return Ask(
        route="per-call-edit",
        model=asks.known_model(MODEL, incoming.models),
        words=words,
        pictures=tuple(from_link(link, incoming.files, "image_urls") for link in links),
        aspect=asks.ratio_in(words),
    )


def read_image_async(incoming: Incoming) -> Ask:
    """Endpoint 9. Raises ApiError 400 or 503."""
    return replace(read_image(incoming), route="async-image")


def read_edit_async(incoming: Incoming) -> Ask:
    """Endpoint 10. Raises ApiError 400, 413 or 503."""
    return replace(read_edit(incoming), route="async-edit")


def read_unified(incoming: Incoming) -> Ask:
    """The unified API: one body for every model. Raises ApiError 400, 413 or 503."""
    body = incoming.body
    reading.only(body, UNIFIED, "body")
    model = asks.known_model(reading.a_text(body.get("model"), "model"), incoming.models)
    image = body.get("image", [])
    links = [image] if isinstance(image, str) else image
    pictures = reading.a_list(links, "image") if links else []
    return Ask(
        route="unified",
        model=model,
        words=reading.a_text(body.get("prompt"), "prompt"),
        pictures=tuple(from_address(one, incoming.files, "image") for one in pictures),
        aspect=asks.ratio(body.get("aspect_ratio"), "aspect_ratio", model=model),
    )


def write(ask: Ask, said: Said, looks: Looks) -> dict[str, object]:
    """The answer's JSON. Raises ApiError for a refusal that is an error."""
    if said.refusal == Kind.REFUSE_ERROR:
        raise ApiError(400, -10003, f"The request was blocked: {said.reason}")
    links = [picture.url for picture in said.pictures]
    if looks.submit == "images":
        answer: dict[str, object] = {
            "images": [
                {"url": picture.url, "content_type": picture.media_type}
                for picture in said.pictures
            ],
            "description": said.text,
        }
    elif looks.submit == "image_url":
        answer = {"image_url": links[0] if links else "", "description": said.text}
    else:
        now = int(time.time())
        one = links[0] if links else ""
        answer = {
            "id": said.request_id,
            "model": ask.model,
            "status": "succeeded",
            "output": one if looks.submit == "output" else links,
            "error": said.text or None,
            "created_at": now,
            "started_at": now,
            "completed_at": now,
        }
    if said.refusal in {Kind.REFUSE_PROMPT, Kind.REFUSE_FINISH}:
        answer["detail"] = f"blocked: {said.reason}"
    return answer


def write_unified(ask: Ask, said: Said, looks: Looks) -> dict[str, object]:
    """The unified API's answer. Raises ApiError for a refusal that is an error."""
    del looks
    if said.refusal == Kind.REFUSE_ERROR:
        raise ApiError(400, -10003, f"The request was blocked: {said.reason}")
    links = [picture.url for picture in said.pictures]
    answer: dict[str, object] = {
        "task_id": said.request_id,
        "status": "completed" if links else "failed",
        "created_at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()),
        "model": ask.model,
        "task_type": "image",
        "image_url": links[0] if links else "",
        "image_urls": links,
    }
    if not links:
        answer["error"] = {"message": said.text or f"blocked: {said.reason}"}
    return answer
