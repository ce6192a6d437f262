"""The settings: one frozen typed value, read from the environment and an optional `.env`."""

from __future__ import annotations

import difflib
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from bot.errors import ConfigError

DEFAULT_DISCORD_API = "https://discord.com/api/v10"


def _words(value: object) -> object:
    """A list as people write it in an environment: words between commas or blanks."""
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    return value


def _base(value: object) -> object:
    """An address without the slash at its end, so that a path can be put behind it."""
    if isinstance(value, str):
        value = value.rstrip("/")
        if not value.startswith(("https://", "http://")):
            raise ValueError("must start with https:// or http://")
    return value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Address = Annotated[str, BeforeValidator(_base)]
Positive = Annotated[int, Field(gt=0)]
NotNegative = Annotated[int, Field(ge=0)]


class Config(BaseModel):
    """All settings. The name in the environment is the alias of each field."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    discord_token: SecretStr | None = Field(
        None, alias="DISCORD_TOKEN", description="The bot's token; `easel run` needs it."
    )
    api_key: SecretStr | None = Field(
        None,
        alias="EASEL_API_KEY",
        description="The key for 302.AI; needed unless `EASEL_ROUTES` names others' routes only.",
    )
    api_base: Address = Field(
        "https://api.302.ai", alias="EASEL_API_BASE", description="302.AI's address."
    )
    google_key: SecretStr | None = Field(
        None,
        alias="EASEL_GOOGLE_KEY",
        description="A key for Google's own Gemini API: opens the route `google`.",
    )
    openrouter_key: SecretStr | None = Field(
        None,
        alias="EASEL_OPENROUTER_KEY",
        description="A key for OpenRouter: opens the route `openrouter`.",
    )
    openai_base: Address = Field(
        "",
        alias="EASEL_OPENAI_BASE",
        description="An OpenAI-compatible server, `/v1` included: opens `openai-compatible`.",
    )
    openai_key: SecretStr | None = Field(
        None, alias="EASEL_OPENAI_KEY", description="The key for that server, if it wants one."
    )
    model: str = Field(
        "gemini-2.5-flash-image", alias="EASEL_MODEL", description="The model that draws."
    )
    routes: Words = Field(
        ("chat",),
        alias="EASEL_ROUTES",
        description="Ways to the model, the preferred first; or `cheapest`, or `fastest`.",
    )
    catalogue: Path | None = Field(
        None,
        alias="EASEL_CATALOGUE",
        description="A file of your own that changes rows of the catalogue of routes.",
    )
    database_url: str = Field(
        "",
        alias="EASEL_DATABASE_URL",
        description="Empty: a SQLite file in the data folder.",
        repr=False,  # may hold a password
    )
    data_dir: Path = Field(
        Path("data"), alias="EASEL_DATA_DIR", description="The folder for all that is kept."
    )
    discord_api: Address = Field(
        DEFAULT_DISCORD_API,
        alias="EASEL_DISCORD_API",
        description="Discord's REST address; another one then names its gateway, too.",
    )
    allowed_hosts: Words = Field(
        (),
        alias="EASEL_ALLOWED_HOSTS",
        description="Further hosts (`host` or `host:port`) pictures may be fetched from.",
    )
    concurrency: Positive = Field(
        8, alias="EASEL_CONCURRENCY", description="Pictures drawn at a time."
    )
    permutations: Positive = Field(
        8,
        alias="EASEL_PERMUTATIONS",
        description="Pictures that one wish with choices in braces may come to.",
    )
    timeout_s: Positive = Field(
        300, alias="EASEL_TIMEOUT", description="Seconds to wait for one picture."
    )
    grace_s: NotNegative = Field(
        30, alias="EASEL_GRACE", description="Seconds that running pictures get at a stop."
    )
    guild_day: NotNegative = Field(
        200, alias="EASEL_GUILD_DAY", description="Pictures a day for a server."
    )
    guild_month: NotNegative = Field(
        2000, alias="EASEL_GUILD_MONTH", description="Pictures a month for a server."
    )
    person_day: NotNegative = Field(
        20, alias="EASEL_PERSON_DAY", description="Pictures a day for a person, in each server."
    )
    keep_days: NotNegative = Field(
        30, alias="EASEL_KEEP_DAYS", description="Days that copies of pictures are kept on disk."
    )
    message_content: bool = Field(
        default=True,
        alias="EASEL_MESSAGE_CONTENT",
        description="Read replies without a mention (needs the Message Content intent).",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="EASEL_LOG_LEVEL", description="Prompts are logged at DEBUG only."
    )

    @model_validator(mode="after")
    def _database_default(self) -> Self:
        if not self.database_url:
            # Frozen for everybody else: this is where the value comes into being.
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir / 'easel.db'}")
        elif self.database_url.startswith("sqlite+aiosqlite://"):  # the name until 0.1
            object.__setattr__(self, "database_url", self.database_url.replace("+aiosqlite", "", 1))
        elif not self.database_url.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError(
                "EASEL_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://"
            )
        return self

    def require_token(self) -> str:
        """The Discord token. Raises ConfigError when none is set."""
        if self.discord_token is None:
            raise ConfigError("Set DISCORD_TOKEN to the token of your Discord application's bot.")
        return self.discord_token.get_secret_value()

    def secrets(self) -> tuple[str, ...]:
        """Every value that must not be seen in a log."""
        known = (
            self.discord_token,
            self.api_key,
            self.google_key,
            self.openrouter_key,
            self.openai_key,
        )
        kept = [secret.get_secret_value() for secret in known if secret]
        password = urllib.parse.urlsplit(self.database_url).password
        if password:
            kept += [password, urllib.parse.unquote(password)]
        return tuple(kept)


def names() -> tuple[str, ...]:
    """Every setting's name in the environment."""
    return tuple(str(field.alias) for field in Config.model_fields.values())


def load(environ: Mapping[str, str], dotenv: Path | None = Path(".env")) -> Config:
    """Read the settings; the environment wins over the `.env` file.

    Raises ConfigError with one sentence, which never holds a value: a wrong one may be a key.
    """
    known = set(names())
    values: dict[str, str] = {}
    sources: list[Mapping[str, str | None]] = [environ]
    if dotenv is not None and dotenv.is_file():
        sources.insert(0, dotenv_values(dotenv, interpolate=False))
    for source in sources:
        for name, value in source.items():
            if name in known and value:
                values[name] = value.strip()
            elif name.startswith("EASEL_") and name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
                raise ConfigError(f"{name} is not a setting of Easel; did you mean {near[0]}?")
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in problem["loc"][:1])
        reason = problem["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{name}: {reason}." if name else f"{reason}.") from None
