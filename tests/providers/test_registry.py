from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot.domain.pricing import Price
from bot.domain.routes import InputForm
from bot.errors import ConfigError
from bot.providers.registry import load_catalogue

ELEVEN = (
    "gemini-chat",
    "gemini-image",
    "gemini-edit",
    "chat",
    "original-image",
    "original-edit",
    "per-call-image",
    "per-call-edit",
    "async-image",
    "async-edit",
    "async-result",
)
MODEL = "gemini-2.5-flash-image"


def test_the_eleven_and_the_others_are_there() -> None:
    catalogue = load_catalogue(MODEL)
    assert tuple(catalogue.routes)[:11] == ELEVEN
    others = {"chat-async", "google", "openrouter", "openai-compatible"}
    assert set(catalogue.names) == {*ELEVEN, *others} - {"async-result"}
    for route in catalogue.routes.values():
        assert route.source
        assert route.date
        assert route.model in {MODEL, f"google/{MODEL}"}
        assert "{" not in route.path
        assert route.aspect_field == bool(route.aspect_key)
        assert bool(route.poll) == ("async" in route.name and route.method == "POST")
        # All but the polling halves do something.
        assert route.method == "GET" or route.draws or route.edits or route.words
    chat = catalogue.route("chat")
    assert chat.path == "/v1/chat/completions"
    assert chat.history
    assert chat.draws
    assert chat.edits
    assert not chat.aspect_field
    assert chat.inputs == (InputForm.INLINE, InputForm.URL)
    assert chat.profile.max_inputs == 3
    assert len(chat.profile.aspects) == 10
    assert chat.profile.successors[0] == "gemini-3.1-flash-image"


def test_an_unknown_route_names_the_nearest() -> None:
    catalogue = load_catalogue(MODEL)
    with pytest.raises(ConfigError, match="did you mean per-call-image"):
        catalogue.route("percall-image")
    with pytest.raises(ConfigError, match="did you mean"):
        catalogue.route("")


@pytest.mark.parametrize(
    ("model", "sizes", "inputs", "ratios"),
    [
        ("gemini-3.1-flash-image", ("1K", "512", "2K", "4K"), 14, 14),
        ("gemini-3-pro-image", ("1K", "2K", "4K"), 14, 10),
        ("gemini-3-pro-image-preview", ("1K", "2K", "4K"), 14, 10),
        ("gemini-3.1-flash-lite-image", ("1K",), 14, 10),
        ("gemini-nano-banana-2.1", ("1K", "2K", "4K"), 14, 10),
    ],
)
def test_successors(model: str, sizes: tuple[str, ...], inputs: int, ratios: int) -> None:
    catalogue = load_catalogue(model)
    assert catalogue.profile.sizes == sizes
    assert catalogue.profile.max_inputs == inputs
    assert len(catalogue.profile.aspects) == ratios
    assert catalogue.route("gemini-image").path.endswith(f"/{model}:generateContent")
    with pytest.raises(ConfigError, match=model):
        catalogue.route("per-call-image")
    # 302.AI's price page is for another model: the list price stands in.
    assert catalogue.route("chat").price.output_usd_micros_per_million >= 60_000_000


def test_a_model_nobody_knows_is_let_through() -> None:
    catalogue = load_catalogue("banana-9")
    assert catalogue.route("chat").model == "banana-9"
    assert "gemini-3-pro-image" in catalogue.profile.successors
    assert load_catalogue("acme/banana").route("openrouter").model == "acme/banana"
    assert load_catalogue(MODEL).route("openrouter").model == f"google/{MODEL}"


def test_everything_is_frozen() -> None:
    catalogue = load_catalogue(MODEL)
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.route("chat").path = "/x"  # pyright: ignore[reportAttributeAccessIssue] -- meant


def test_a_provider_with_its_key_and_address() -> None:
    catalogue = load_catalogue(MODEL)
    provider = catalogue.provider("302ai", key="k-1", address="https://api.302.ai.example")
    assert provider.address == "https://api.302.ai.example"
    assert provider.file_hosts == ("file.302.ai", "file.302ai.cn")
    assert "k-1" not in repr(provider)
    assert catalogue.provider("302ai").address == "https://api.302.ai"


def test_an_operators_file_changes_and_adds(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        """
        [routes.gemini-chat]
        path = "/v1/v1beta/models/{model}:generateContent"
        [routes.chat.price]
        call_usd_micros = 40000
        [providers.mine]
        address = "http://localhost:4000/"
        [routes.mine]
        provider = "mine"
        wire = "chat"
        path = "/v1/chat/completions"
        auth = "none"
        draws = true
        source = "my own"
        date = "2026-11"
        [profiles."gemini-2.5-flash-image"]
        max_inputs = 5
        """
    )
    catalogue = load_catalogue(MODEL, own)
    assert catalogue.route("gemini-chat").path.startswith("/v1/v1beta/")
    assert catalogue.route("gemini-chat").auth == "goog"
    assert catalogue.route("chat").price == Price(call_usd_micros=40_000)
    assert catalogue.route("mine").price.output_usd_micros_per_million == 30_000_000
    assert catalogue.provider("mine").address == "http://localhost:4000"
    assert catalogue.profile.max_inputs == 5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[routes.chat]\nprovder = 'x'", r"routes\.chat\.provder"),
        ("[routes.chat]\nprovider = '302a'", "did you mean 302ai"),
        ("[routes.chat]\nwire = 'chatt'", "did you mean chat"),
        ("[routes.chat]\npoll = 'nowhere'", "nowhere is not known"),
        ("[routes.chat.price]\ncall_usd_micros = -1", "call_usd_micros"),
        ("[routes.chat]\nauth = 'basic'", r"routes\.chat\.auth"),
        ("[wires.chat]\nmodule = 'os'", r"wires\.chat\.module"),
        ("routes = 3", "routes"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(ConfigError, match=sentence) as caught:
        load_catalogue(MODEL, own)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_catalogue(MODEL, tmp_path / "none.toml")
