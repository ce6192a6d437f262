from __future__ import annotations

from pathlib import Path

import pydantic
import pytest

from bot import config
from bot.errors import ConfigError

SECRET = "MTA5.secret-token"

CONTRACT = {
    "DISCORD_TOKEN",
    "EASEL_API_KEY",
    "EASEL_API_BASE",
    "EASEL_MODEL",
    "EASEL_ROUTES",
    "EASEL_DATABASE_URL",
    "EASEL_DATA_DIR",
    "EASEL_DISCORD_API",
    "EASEL_ALLOWED_HOSTS",
    "EASEL_CONCURRENCY",
    "EASEL_LOG_LEVEL",
}
"""Names that people have in their environments: they stay."""


def load(**environ: str) -> config.Config:
    return config.load(environ, None)


def test_names_that_are_promised_are_there() -> None:
    assert set(config.names()) >= CONTRACT


def test_defaults() -> None:
    found = load()
    assert found.api_base == "https://api.302.ai"
    assert found.model == "gemini-2.5-flash-image"
    assert found.routes == ("chat",)
    assert found.database_url == "sqlite:///data/easel.db"
    assert found.discord_api == "https://discord.com/api/v10"
    assert found.allowed_hosts == ()
    assert found.discord_token is None


def test_database_goes_where_the_data_goes() -> None:
    assert load(EASEL_DATA_DIR="/data").database_url == "sqlite:////data/easel.db"
    given = "postgresql+psycopg://easel@db/easel"
    assert load(EASEL_DATA_DIR="/data", EASEL_DATABASE_URL=given).database_url == given
    assert load(EASEL_DATABASE_URL="sqlite+aiosqlite:///a.db").database_url == "sqlite:///a.db"


@pytest.mark.parametrize("text", ["chat, original", "chat original", " chat,original, "])
def test_list_is_words_between_commas_or_blanks(text: str) -> None:
    assert load(EASEL_ROUTES=text).routes == ("chat", "original")


def test_address_loses_its_last_slash() -> None:
    assert load(EASEL_API_BASE="http://127.0.0.1:1/").api_base == "http://127.0.0.1:1"


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("EASEL_MODEL=of-file\nEASEL_API_KEY='a$b'\nOTHER=1\n")
    found = config.load({"EASEL_MODEL": "of-environment", "PATH": "/bin"}, file)
    assert found.model == "of-environment"
    assert found.api_key is not None
    assert found.api_key.get_secret_value() == "a$b"
    assert config.load({}, tmp_path / "none").model == "gemini-2.5-flash-image"


def test_empty_is_not_set() -> None:
    assert load(EASEL_MODEL="").model == "gemini-2.5-flash-image"
    assert load(EASEL_API_KEY="").api_key is None


@pytest.mark.parametrize("in_file", [False, True])
def test_unknown_name_is_refused_with_the_nearest(tmp_path: Path, *, in_file: bool) -> None:
    file = tmp_path / ".env"
    file.write_text("EASEL_MODLE=x" if in_file else "")
    with pytest.raises(ConfigError, match=r"EASEL_MODLE is not .* did you mean EASEL_MODEL\?"):
        config.load({} if in_file else {"EASEL_MODLE": "x"}, file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EASEL_CONCURRENCY", "0"),
        ("EASEL_CONCURRENCY", SECRET),
        ("EASEL_PERSON_DAY", "-1"),
        ("EASEL_API_BASE", SECRET),
        ("EASEL_DISCORD_API", "ftp://" + SECRET),
        ("EASEL_DATABASE_URL", "mysql://easel:" + SECRET + "@db/easel"),
        ("EASEL_LOG_LEVEL", SECRET),
        ("EASEL_MESSAGE_CONTENT", SECRET),
    ],
)
def test_wrong_value_is_one_sentence_that_names_the_setting_and_not_the_value(
    name: str, value: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({name: value}, None)
    text = str(caught.value)
    assert name in text
    assert SECRET not in text
    assert text.endswith(".")
    assert "\n" not in text
    assert caught.value.__cause__ is None


def test_a_missing_token_says_what_to_set() -> None:
    with pytest.raises(ConfigError, match="Set DISCORD_TOKEN"):
        load().require_token()


def test_secrets_are_not_shown() -> None:
    database_url = f"postgresql+psycopg://easel:{SECRET}@db/easel"
    found = load(DISCORD_TOKEN=SECRET, EASEL_API_KEY=SECRET, EASEL_DATABASE_URL=database_url)
    assert SECRET not in f"{found!r} {found}"
    assert found.require_token() == SECRET


def test_log_is_told_every_secret() -> None:
    secret = {
        str(field.alias): f"secret-{name}"
        for name, field in config.Config.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    assert {"DISCORD_TOKEN", "EASEL_API_KEY"} <= secret.keys()
    found = config.load(
        {**secret, "EASEL_DATABASE_URL": "postgresql+psycopg://easel:p%40ss@db/easel"}, None
    )
    assert set(found.secrets()) == {*secret.values(), "p%40ss", "p@ss"}
    assert load().secrets() == ()


def test_settings_are_frozen() -> None:
    with pytest.raises(pydantic.ValidationError):
        load().model = "another"  # pyright: ignore[reportAttributeAccessIssue] -- that it is refused
