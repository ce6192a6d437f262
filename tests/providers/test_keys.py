from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, load
from bot.domain.choose import choose
from bot.domain.routes import DrawRequest
from bot.errors import ConfigError
from bot.providers import keys
from bot.providers.registry import Catalogue, load_catalogue


def of(**environ: str) -> tuple[Catalogue, Config]:
    config = load(environ, None)
    return load_catalogue(config.model, config.catalogue), config


def test_a_provider_is_open_with_its_key_and_address() -> None:
    assert keys.providers(*of()) == {}
    found = keys.providers(
        *of(
            EASEL_API_KEY="a",
            EASEL_API_BASE="http://127.0.0.1:1/",
            EASEL_GOOGLE_KEY="b",
            EASEL_OPENROUTER_KEY="c",
            EASEL_OPENAI_BASE="http://127.0.0.1:2/v1/",
        )
    )
    assert {name: (one.key, one.address) for name, one in found.items()} == {
        "302ai": ("a", "http://127.0.0.1:1"),
        "google": ("b", "https://generativelanguage.googleapis.com"),
        "openrouter": ("c", "https://openrouter.ai/api/v1"),
        "openai-compatible": ("", "http://127.0.0.1:2/v1"),
    }
    keyed = keys.providers(*of(EASEL_OPENAI_BASE="http://a/v1", EASEL_OPENAI_KEY="d"))
    assert keyed["openai-compatible"].key == "d"
    assert keys.providers(*of(EASEL_OPENAI_KEY="d")) == {}


def test_an_operators_file_may_move_and_add_providers(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[providers.302ai]\naddress = "https://api.302ai.cn"\n'
        '[providers.house]\naddress = "http://10.0.0.7:8000/v1"\n'
        '[providers.nowhere]\naddress = ""\n'
        '[routes.house]\nprovider = "house"\nwire = "chat"\npath = "/chat/completions"\n'
        'auth = "none"\ndraws = true\nsource = "ours"\ndate = "2026-11"\n'
        '[routes.nowhere]\nprovider = "nowhere"\nwire = "chat"\npath = "/chat/completions"\n'
        'auth = "none"\ndraws = true\nsource = "ours"\ndate = "2026-11"\n'
    )
    more = {"EASEL_API_KEY": "a", "EASEL_CATALOGUE": str(own)}
    catalogue, config = of(EASEL_ROUTES="house chat", **more)
    found = keys.providers(catalogue, config)
    assert found["302ai"].address == "https://api.302ai.cn"
    assert set(found) == {"302ai", "house"}
    assert [one.name for one in keys.for_pictures(catalogue, config).routes] == ["house", "chat"]
    moved = keys.providers(*of(EASEL_API_BASE="http://127.0.0.1:1", **more))
    assert moved["302ai"].address == "http://127.0.0.1:1", "a setting wins over the file"
    with pytest.raises(ConfigError, match="nowhere needs an address"):
        keys.for_pictures(*of(EASEL_ROUTES="nowhere", **more))


def test_names_keep_their_order() -> None:
    ways = keys.for_pictures(*of(EASEL_API_KEY="a", EASEL_ROUTES="original-image chat chat"))
    assert [route.name for route in ways.routes] == ["original-image", "chat"]
    chosen = choose(ways.routes, DrawRequest("x"), ways.order, {})
    assert [route.name for route in chosen] == ["original-image", "chat"]


@pytest.mark.parametrize("order", ["cheapest", "fastest"])
def test_an_order_without_names_takes_every_open_route(order: str) -> None:
    ways = keys.for_pictures(*of(EASEL_GOOGLE_KEY="b", EASEL_ROUTES=order))
    assert [route.name for route in ways.routes] == ["google"]
    assert ways.order == (order,)
    all_of_302ai = keys.for_pictures(*of(EASEL_API_KEY="a", EASEL_ROUTES=order)).routes
    assert len(all_of_302ai) == 11
    assert "async-result" not in {route.name for route in all_of_302ai}


@pytest.mark.parametrize(
    ("environ", "phrase"),
    [
        ({}, "EASEL_API_KEY"),
        ({"EASEL_ROUTES": "cheapest"}, "EASEL_API_KEY"),
        ({"EASEL_ROUTES": "google"}, "EASEL_GOOGLE_KEY"),
        ({"EASEL_ROUTES": "openrouter"}, "EASEL_OPENROUTER_KEY"),
        ({"EASEL_ROUTES": "openai-compatible"}, "EASEL_OPENAI_BASE"),
        ({"EASEL_ROUTES": "chat cheapest"}, "not both"),
        ({"EASEL_ROUTES": "cheapest fastest"}, "not both"),
        ({"EASEL_ROUTES": "caht"}, "did you mean chat"),
        ({"EASEL_ROUTES": "async-result"}, "only collects the results of async-image"),
        ({"EASEL_ROUTES": "gemini-chat"}, "no route that draws"),
        ({"EASEL_ROUTES": ","}, "no route that draws"),
        ({"EASEL_ROUTES": "per-call-image", "EASEL_MODEL": "gemini-3-pro-image"}, "not a route"),
    ],
)
def test_an_order_that_cannot_be_used_is_one_sentence(environ: dict[str, str], phrase: str) -> None:
    key = {"EASEL_API_KEY": "a"} if environ.get("EASEL_ROUTES", "cheapest") != "cheapest" else {}
    with pytest.raises(ConfigError, match=phrase) as caught:
        keys.for_pictures(*of(**key, **environ))
    assert str(caught.value).endswith((".", "?"))


def test_words_come_from_any_open_route() -> None:
    def names(**environ: str) -> list[str]:
        ways = keys.for_words(*of(**environ))
        chosen = choose(ways.routes, DrawRequest("x", in_words=True), ways.order, {})
        assert {route.name for route in ways.routes} == {route.name for route in chosen}
        return [route.name for route in chosen]

    assert names() == []
    assert names(EASEL_API_KEY="a") == ["gemini-chat"]
    both = {"EASEL_API_KEY": "a", "EASEL_GOOGLE_KEY": "b"}
    assert names(**both) == ["gemini-chat", "google"]
    assert names(EASEL_ROUTES="google chat", **both) == ["google", "gemini-chat"]
    assert set(names(EASEL_ROUTES="cheapest", **both)) == {"google", "gemini-chat"}
