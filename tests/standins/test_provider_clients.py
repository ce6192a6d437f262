"""The stand-in, used through clients that somebody else wrote."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import openai
import pytest
from google import genai
from google.genai import errors, types
from PIL import Image

from bot.standins.provider import Fault, Kind, Painted, ProviderServer, Said, Shape
from tests.standins.provider_client import KEY, MODEL, flat, image_part, text_part


@pytest.fixture
async def server() -> Any:
    async with ProviderServer(key=KEY) as server:
        yield server


@contextmanager
def google(base: str, version: str = "v1beta") -> Generator[genai.Client]:
    """Google's client, its synchronous half: the other subclasses aiohttp's, which warns."""
    options = types.HttpOptions(base_url=base, api_version=version)
    client = genai.Client(api_key=KEY, http_options=options)
    try:
        yield client
    finally:
        client.close()


async def generate(
    base: str, contents: Any, version: str = "v1beta", **config: Any
) -> types.GenerateContentResponse:
    with google(base, version) as client:
        return await asyncio.to_thread(
            client.models.generate_content,
            model=MODEL,
            contents=contents,
            config=types.GenerateContentConfig(**config),
        )


def pictures_of(answer: types.GenerateContentResponse) -> list[bytes]:
    return [part.inline_data.data or b"" for part in answer.parts or [] if part.inline_data]


def means_the_same(answer: types.GenerateContentResponse, said: Said) -> None:
    """Compare what Google's client parsed with what the server meant to say."""
    assert pictures_of(answer) == [picture.data for picture in said.pictures]
    usage = answer.usage_metadata
    assert usage is not None
    assert usage.prompt_token_count == said.input_tokens
    assert usage.candidates_token_count == said.output_tokens
    assert usage.total_token_count == said.input_tokens + said.output_tokens
    drawn = {
        one.modality: one.token_count
        for one in usage.candidates_tokens_details or []
        if one.modality is types.MediaModality.IMAGE
    }
    expected = {types.MediaModality.IMAGE: 1290} if said.pictures else {}
    assert drawn == expected
    assert answer.model_version == said.model
    assert answer.response_id == said.request_id


async def test_openai_draws_and_edits(server: ProviderServer) -> None:
    async with openai.AsyncOpenAI(
        api_key=KEY, base_url=f"{server.base}/v1", max_retries=0
    ) as client:
        server.shape = Shape.MARKDOWN_DATA
        first: Any = [{"role": "user", "content": "a red kite over a harbour"}]
        drawn = await client.chat.completions.create(model=MODEL, messages=first)
        content = drawn.choices[0].message.content or ""
        data = base64.b64decode(content.partition("base64,")[2].rstrip(")"))
        assert data == server.said[0].pictures[0].data
        assert drawn.choices[0].finish_reason == "stop"
        assert drawn.usage is not None
        assert drawn.usage.prompt_tokens == server.said[0].input_tokens
        assert drawn.usage.completion_tokens == server.said[0].output_tokens
        assert drawn.usage.total_tokens == drawn.usage.prompt_tokens + 1290
        again: Any = [
            *first,
            {"role": "assistant", "content": "(a picture)"},
            {
                "role": "user",
                "content": [
                    text_part("make it night"),
                    image_part(data),
                    image_part(flat(form="JPEG"), "image/jpeg"),
                ],
            },
        ]
        edited = await client.chat.completions.create(model=MODEL, messages=again)
        assert edited.id == f"chatcmpl-{server.said[1].request_id}"
        assert server.calls[1].pictures[0].data == data
        assert len(server.calls[1].pictures) == 2
        assert _differ(server.said[0].pictures[0], server.said[1].pictures[0])


def _differ(one: Painted, other: Painted) -> bool:
    with Image.open(io.BytesIO(one.data)) as a, Image.open(io.BytesIO(other.data)) as b:
        return a.size == b.size and a.tobytes() != b.tobytes()


async def test_openai_reads_every_error(server: ProviderServer) -> None:
    cases: list[tuple[int, int, type[openai.APIStatusError]]] = [
        (400, -10003, openai.BadRequestError),
        (401, -10002, openai.AuthenticationError),
        (402, -10004, openai.APIStatusError),
        (403, -10005, openai.PermissionDeniedError),
        (404, -10010, openai.NotFoundError),
        (429, -10012, openai.RateLimitError),
        (503, -10008, openai.InternalServerError),
    ]
    async with openai.AsyncOpenAI(
        api_key=KEY, base_url=f"{server.base}/v1", max_retries=0
    ) as client:
        for status, err_code, kind in cases:
            server.faults.once(Fault(Kind.STATUS, status=status, err_code=err_code))
            with pytest.raises(kind) as caught:
                await client.chat.completions.create(
                    model=MODEL, messages=[{"role": "user", "content": "a kite"}]
                )
            assert caught.value.status_code == status
            body: Any = caught.value.body
            assert body["err_code"] == err_code
        assert server.said == []


async def test_openai_retries_as_it_is_told(server: ProviderServer) -> None:
    server.faults.once(Fault(Kind.STATUS, status=429, retry_after_s=0.01))
    async with openai.AsyncOpenAI(
        api_key=KEY, base_url=f"{server.base}/v1", max_retries=1
    ) as client:
        drawn = await client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "a kite"}]
        )
        assert drawn.choices
        assert len(server.calls) == 2
        assert len(server.said) == 1


async def test_openai_lists_the_models(server: ProviderServer) -> None:
    async with openai.AsyncOpenAI(api_key=KEY, base_url=f"{server.base}/v1") as client:
        names = {model.id async for model in client.models.list()}
        assert names == server.models


async def test_openai_speaks_to_openrouter(server: ProviderServer) -> None:
    async with openai.AsyncOpenAI(
        api_key=KEY, base_url=server.openrouter_base, max_retries=0
    ) as client:
        answer = await client.chat.completions.create(
            model=f"google/{MODEL}",
            messages=[{"role": "user", "content": "a kite"}],
            extra_body={"modalities": ["image", "text"]},
        )
        message: Any = answer.choices[0].message
        url: str = message.images[0]["image_url"]["url"]
        assert base64.b64decode(url.partition(",")[2]) == server.said[0].pictures[0].data


@pytest.mark.parametrize("version", ["v1beta", "v1/v1beta"])
async def test_google_genai_draws_through_302(server: ProviderServer, version: str) -> None:
    answer = await generate(
        server.base,
        "a red kite",
        version,
        response_modalities=["TEXT", "IMAGE"],
        image_config=types.ImageConfig(aspect_ratio="16:9"),
    )
    means_the_same(answer, server.said[0])
    picture = server.said[0].pictures[0]
    assert (picture.width_px, picture.height_px) == (1344, 768)
    assert server.calls[0].route == "gemini-image"


async def test_google_genai_draws_and_edits_at_google(server: ProviderServer) -> None:
    first = await generate(server.google_base, "a red kite")
    means_the_same(first, server.said[0])
    (data,) = pictures_of(first)
    history = [
        types.UserContent("a red kite"),
        types.ModelContent([types.Part.from_bytes(data=data, mime_type="image/png")]),
        types.UserContent("make it night"),
    ]
    second = await generate(server.google_base, history)
    means_the_same(second, server.said[1])
    assert server.calls[1].pictures[0].data == data
    assert _differ(server.said[0].pictures[0], server.said[1].pictures[0])
    third = await generate(
        server.google_base,
        [
            *(types.Part.from_bytes(data=flat(), mime_type="image/png") for _ in range(3)),
            "blend them",
        ],
    )
    means_the_same(third, server.said[2])
    assert len(server.calls[2].pictures) == 3
    assert {call.route for call in server.calls} == {"google"}


async def test_google_genai_reads_text_beside_the_picture(server: ProviderServer) -> None:
    server.shape = Shape.TEXT_AND_PICTURE
    answer = await generate(server.google_base, "a red kite")
    means_the_same(answer, server.said[0])
    texts = [part.text for part in answer.parts or [] if part.text]
    assert texts == [server.said[0].text] == ["Here is your picture: a red kite"]


async def test_google_genai_reads_words_and_json(server: ProviderServer) -> None:
    words = await generate(server.base, 'Improve: "a red kite"', response_modalities=["TEXT"])
    assert words.text == server.said[0].text
    assert "a red kite" in (words.text or "")
    listed = await generate(
        server.base,
        [types.Part.from_bytes(data=flat(), mime_type="image/png"), "four prompts, please"],
        response_modalities=["TEXT"],
        response_mime_type="application/json",
        response_schema=list[str],
    )
    assert json.loads(listed.text or "") == listed.parsed
    assert len(listed.parsed or []) == 4  # pyright: ignore[reportArgumentType] -- a list, by the schema
    assert {call.route for call in server.calls} == {"gemini-chat"}


async def test_google_genai_reads_refusals(server: ProviderServer) -> None:
    for kind in (Kind.REFUSE_PROMPT, Kind.REFUSE_FINISH, Kind.REFUSE_TEXT, Kind.REFUSE_EMPTY):
        server.faults.once(Fault(kind, reason="IMAGE_SAFETY"))
    prompt, finish, text, empty = [await generate(server.google_base, "a kite") for _ in range(4)]
    assert prompt.prompt_feedback is not None
    assert prompt.prompt_feedback.block_reason is types.BlockedReason.IMAGE_SAFETY
    assert not prompt.candidates
    (candidate,) = finish.candidates or []
    assert candidate.finish_reason is types.FinishReason.IMAGE_SAFETY
    assert candidate.content is None
    assert text.text == server.said[2].text
    assert pictures_of(text) == []
    assert not empty.candidates


async def test_google_genai_reads_errors(server: ProviderServer) -> None:
    with google(server.google_base) as client:
        for model, status, code in ((MODEL, 429, 429), ("nope", 404, 404)):
            if status == 429:
                server.faults.once(Fault(Kind.STATUS, status=429, family="google"))
            with pytest.raises(errors.ClientError) as caught:
                await asyncio.to_thread(
                    client.models.generate_content, model=model, contents="a kite"
                )
            assert caught.value.code == code
    with pytest.raises(errors.ClientError) as caught:
        await generate(
            server.google_base, "a kite", image_config=types.ImageConfig(aspect_ratio="7:5")
        )
    assert caught.value.status == "INVALID_ARGUMENT"
