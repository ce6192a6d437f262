"""Endpoint 4, chat: OpenAI's messages in, a picture in any of a dozen shapes out.

https://doc.302.ai: «Chat (image generation)»; the messages as in OpenAI's reference.
"""

from __future__ import annotations

import base64
import time
from dataclasses import replace

from bot.standins.provider import reading
from bot.standins.provider.asks import PICTURE_MODELS, Ask, Incoming, Shape, known_model, ratio_in
from bot.standins.provider.calls import Painted, Said
from bot.standins.provider.errors import ApiError, bad_request
from bot.standins.provider.faults import Kind
from bot.standins.provider.pictures import Received, from_address

PARAMETERS = frozenset(
    {
        *("model", "messages", "stream", "n", "modalities", "user", "seed", "stop"),
        *("temperature", "top_p", "max_tokens", "max_completion_tokens"),
        *("presence_penalty", "frequency_penalty"),
    }
)
DRAWING = PICTURE_MODELS | {f"google/{model}" for model in PICTURE_MODELS}
ROLES = frozenset({"system", "developer", "user", "assistant"})


def read(incoming: Incoming) -> Ask:
    """Check a body and take out what is wished. Raises ApiError 400, 413 or 503."""
    body = incoming.body
    reading.only(body, PARAMETERS, "body")
    model = known_model(reading.a_text(body.get("model"), "model"), incoming.models)
    if body.get("stream", False) is not False:
        raise bad_request("stream is not supported for this model")
    n = body.get("n", 1)
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise bad_request("n must be a whole number from 1")
    messages = reading.a_list(body.get("messages"), "messages")
    turns = 0
    words = ""
    earlier: list[Received] = []
    newest: list[Received] = []
    role = ""
    for number, value in enumerate(messages):
        where = f"messages[{number}]"
        message = reading.an_object(value, where)
        reading.only(message, {"role", "content", "name"}, where)
        role = reading.one_of(message.get("role"), ROLES, f"{where}.role")
        text, found = _content(message.get("content"), role, where, incoming)
        if role == "user":
            turns += 1
            words = text
            earlier += newest
            newest = found
    if role != "user":
        raise bad_request("the last message must be the user's")
    if not words.strip():
        raise bad_request("the last message has no text")
    modalities = body.get("modalities")
    in_words = model not in DRAWING or (
        modalities is not None and "image" not in reading.a_list(modalities, "modalities")
    )
    return Ask(
        route="chat",
        model=model,
        words=words,
        turn=turns,
        pictures=tuple(newest or earlier[-1:]),
        aspect=ratio_in(words),
        in_words=in_words,
    )


def read_openrouter(incoming: Incoming) -> Ask:
    """OpenRouter's form: a picture only comes when `modalities` asks for one.

    https://openrouter.ai/docs, «Image Generation».
    """
    asked = incoming.body.get("modalities")
    ask = read(replace(incoming, models=incoming.models | {f"google/{m}" for m in incoming.models}))
    return replace(ask, route="openrouter", in_words=asked is None or ask.in_words)


def _content(
    content: object, role: str, where: str, incoming: Incoming
) -> tuple[str, list[Received]]:
    if isinstance(content, str):
        if role == "user":
            reading.a_text(content, f"{where}.content")
        return content, []
    texts: list[str] = []
    pictures: list[Received] = []
    for number, value in enumerate(reading.a_list(content, f"{where}.content")):
        place = f"{where}.content[{number}]"
        part = reading.an_object(value, place)
        kind = reading.one_of(part.get("type"), {"text", "image_url"}, f"{place}.type")
        reading.only(part, {"type", kind}, place)
        if kind == "text":
            texts.append(reading.a_text(part.get("text"), f"{place}.text"))
        elif role != "user":
            raise bad_request(f"{place}: only the user sends pictures")
        else:
            image = reading.an_object(part.get("image_url"), f"{place}.image_url")
            reading.only(image, {"url", "detail"}, f"{place}.image_url")
            pictures.append(from_address(image.get("url"), incoming.files, f"{place}.image_url"))
    return "\n".join(texts), pictures


def data_uri(picture: Painted) -> str:
    """A picture as a `data:` URI."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def write(ask: Ask, said: Said, shape: Shape) -> dict[str, object]:
    """The answer's JSON. Raises ApiError for a refusal that is an error."""
    message: dict[str, object] = {"role": "assistant", "content": said.text}
    finish = "stop"
    choices = 1
    if said.refusal == Kind.REFUSE_PROMPT:
        choices = 0
    elif said.refusal == Kind.REFUSE_FINISH:
        finish = "content_filter"
        message["content"] = ""
    elif said.refusal == Kind.REFUSE_ERROR:
        raise ApiError(400, -10003, f"The request was blocked: {said.reason}")
    elif said.pictures:
        message |= _shown(said, shape)
    answer: dict[str, object] = {
        "id": f"chatcmpl-{said.request_id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": ask.model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}][:choices],
        "usage": usage(said),
    }
    if said.refusal == Kind.REFUSE_PROMPT:
        answer["promptFeedback"] = {"blockReason": said.reason}
    return answer


def usage(said: Said) -> dict[str, object]:
    """The tokens in OpenAI's words."""
    return {
        "prompt_tokens": said.input_tokens,
        "completion_tokens": said.output_tokens,
        "total_tokens": said.input_tokens + said.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def _shown(said: Said, shape: Shape) -> dict[str, object]:
    pictures = said.pictures
    if shape in {Shape.MARKDOWN_LINK, Shape.TEXT_AND_PICTURE}:
        marks = "\n\n".join(f"![image]({one.url})" for one in pictures)
        return {"content": f"{said.text}\n\n{marks}".strip()}
    if shape is Shape.MARKDOWN_DATA:
        return {"content": "\n\n".join(f"![image]({data_uri(one)})" for one in pictures)}
    if shape is Shape.BARE_LINK:
        return {"content": "\n".join(one.url for one in pictures)}
    if shape is Shape.BARE_DATA:
        return {"content": "\n".join(data_uri(one) for one in pictures)}
    if shape is Shape.BARE_BASE64:
        return {"content": "\n".join(data_uri(one).partition(",")[2] for one in pictures)}
    if shape is Shape.PARTS:
        return {
            "content": [
                {"type": "text", "text": said.text or "Here it is."},
                *({"type": "image_url", "image_url": {"url": one.url}} for one in pictures),
            ]
        }
    if shape is Shape.IMAGES:
        return {
            "content": said.text,
            "images": [
                {"type": "image_url", "index": number, "image_url": {"url": data_uri(one)}}
                for number, one in enumerate(pictures)
            ],
        }
    return {
        "content": said.text,
        "image": [
            {"mime_type": one.media_type, "data": data_uri(one).partition(",")[2]}
            for one in pictures
        ],
    }
