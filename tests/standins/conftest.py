from __future__ import annotations

from collections.abc import Generator

import pytest
from discord.webhook.async_ import AsyncWebhookAdapter, async_context


@pytest.fixture(autouse=True)
def real_webhooks() -> Generator[None]:
    """discord.py's own adapter, whatever a simulation in this process left in its place."""
    token = async_context.set(AsyncWebhookAdapter())
    yield
    async_context.reset(token)
