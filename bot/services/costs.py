"""What a call that may have been paid has cost, asked of the provider afterwards.

Such a call brought no picture: a time-out, a cut connection, an answer that could not be used. Its
money stays held (`ledger.doubt`) until the provider's books name the price; that of a request which
was cancelled at work stays held with its picture. After a day without an answer all that was held
is booked, which is the worst case.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping

from bot.clock import Clock
from bot.errors import OutcomeUnknown, ProviderBusy, ProviderError
from bot.logs import working_on
from bot.providers.base import Provider
from bot.providers.support import Support
from bot.storage import ledger
from bot.storage.database import Database

logger = logging.getLogger(__name__)

EVERY_S = 300.0

FIRST_AFTER = dt.timedelta(minutes=5)
"""A call that was cut goes on at the provider; its price is asked for when it must be over."""

GIVE_UP_AFTER = dt.timedelta(days=1)


async def look_up(
    database: Database, support: Support, providers: Mapping[str, Provider], clock: Clock
) -> int:
    """Ask what each call in doubt has cost, and book it; returns how many doubts ended.

    `providers` are those that can be asked, by the names of the routes that lead to them. One
    that does not answer now is asked again the next time.
    """
    async with database.reading() as conn:
        doubts = await ledger.doubted(conn)
    away: set[str] = set()
    ended = 0
    for doubt in doubts:
        now = clock.now()
        if now - doubt.since < FIRST_AFTER:
            continue
        with working_on(doubt.job_id):
            provider = providers.get(doubt.route or "")
            cost_usd_micros: int | None = None
            if provider is not None and doubt.request_id and provider.name not in away:
                try:
                    cost = await support.cost(provider, doubt.request_id)
                    cost_usd_micros = None if cost is None else cost.usd_micros
                except (ProviderBusy, OutcomeUnknown) as error:
                    logger.warning("%s does not tell costs now: %s", provider.name, error.key)
                    away.add(provider.name)  # nor will it answer for the others
                except ProviderError as error:
                    logger.info("%s does not tell this cost: %s", provider.name, error.key)
            if cost_usd_micros is None and now - doubt.since < GIVE_UP_AFTER:
                continue
            async with database.transaction() as conn:
                ended += await ledger.resolve(conn, doubt.job_id, cost_usd_micros, now=now)
            if cost_usd_micros is None:
                logger.warning("what it cost is not known; the worst case is booked")
            else:
                logger.info("it cost %d micro-dollars", cost_usd_micros)
    return ended
