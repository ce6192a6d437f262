"""A provider's errors as the operator needs them: what is wrong, and what to do about it."""

from __future__ import annotations

from bot.errors import Billed, EaselError, ModelWithdrawn, ProviderError, ProviderRefused
from bot.providers.base import Provider
from bot.providers.keys import SETTINGS
from bot.terminal.checks import Finding, fail
from bot.terminal.saying import sentence
from bot.ui.words import plain

LABELS = {
    "302ai": "302.AI",
    "google": "Google",
    "openrouter": "OpenRouter",
    "openai-compatible": "The OpenAI-compatible server",
}

_KNOWN: dict[str, tuple[str, str]] = {
    "provider_key": ("does not accept the key", "Make a new key there and set {key}."),
    "provider_forbidden": ("does not let this key do that", "Check the key's permissions there."),
    "provider_balance": ("says that the account is empty", "Top it up."),
    "provider_quota": ("says that the key's own limit is used up", "Raise it there, or wait."),
    "provider_address": ("is not at {address}", "Check {base}."),
    "provider_bad_request": ("does not take this request", "Check {key}, and the model's name."),
    "provider_busy": ("has too much to do", "Try again in a minute."),
    "provider_unreachable": ("cannot be reached at {address}", "Check the network, and {base}."),
    "outcome_unknown": ("did not end the call", "Try again; look at its status page."),
    "answer_not_json": ("answers with something that is not JSON", "Check {base}."),
    "result_host_not_allowed": (
        "puts its pictures on a host that Easel does not fetch from",
        "Set EASEL_ALLOWED_HOSTS to {host}, if that host is the provider's.",
    ),
}
_BASES = {"302ai": "EASEL_API_BASE", "openai-compatible": "EASEL_OPENAI_BASE"}
_KEYS = {**SETTINGS, "openai-compatible": "EASEL_OPENAI_KEY"}


def label(provider: Provider) -> str:
    """What people call the provider."""
    return LABELS.get(provider.name, provider.name)


def of_provider(name: str, error: EaselError, provider: Provider) -> Finding:
    """The finding that an error of a provider comes to."""
    if isinstance(error, ModelWithdrawn):
        model, successors = error.values["model"], error.values["successors"]
        said = f"{label(provider)} no longer serves {model}, or never did"
        return fail(name, _full(said, error), f"Set EASEL_MODEL to a successor: {successors}.")
    if isinstance(error, ProviderRefused):
        return fail(name, sentence(error), "Try again; `easel draw` takes other words.")
    key = str(getattr(error, "key", ""))
    if key not in _KNOWN:
        return fail(name, sentence(error), "EASEL_LOG_LEVEL=DEBUG tells more.")
    said, fix = _KNOWN[key]
    blanks = {
        "address": provider.address,
        "key": _KEYS.get(provider.name, "EASEL_CATALOGUE"),
        "base": _BASES.get(provider.name, "the address in EASEL_CATALOGUE"),
        "host": plain(str(getattr(error, "values", {}).get("host", "")), 80),
    }
    return fail(
        name, _full(f"{label(provider)} {said.format(**blanks)}", error), fix.format(**blanks)
    )


def billed(error: EaselError) -> bool:
    """Whether the call may have cost something although it brought nothing."""
    return isinstance(error, ProviderError) and error.billed is Billed.MAYBE


def _full(said: str, error: EaselError) -> str:
    """With the provider's own words, which tell an operator most."""
    detail = plain(str(getattr(error, "detail", "")), 160)
    return f"{said} ({detail})." if detail else f"{said}."
