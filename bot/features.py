"""The features of the bot, each a cog that gets the services it needs."""

from __future__ import annotations

from dataclasses import dataclass

from discord.ext import commands

from bot.client import EaselBot
from bot.domain.routes import Profile
from bot.front.asking import Asking
from bot.front.defaults import Defaults
from bot.front.delivery import DiscordDelivery
from bot.front.hearing import Hearing
from bot.front.options import Options
from bot.front.progress import ProgressMessages
from bot.front.saving import Saving
from bot.front.threads import StudioThreads
from bot.front.wishing import Wishing
from bot.front.wording import Wording
from bot.services.cancelling import Cancelling
from bot.services.casting import Casting
from bot.services.challenges import Challenges
from bot.services.channels import Channels
from bot.services.characters import Characters
from bot.services.comparing import Comparing
from bot.services.conversations import Conversations
from bot.services.generate import Generate
from bot.services.gifts import Gifts
from bot.services.history import History
from bot.services.origins import Origins
from bot.services.patience import Patience
from bot.services.people import People
from bot.services.quotas import Quotas
from bot.services.regions import Regions
from bot.services.stars import Stars
from bot.services.studios import Studios
from bot.services.styles import Styles
from bot.services.subjects import Subjects
from bot.services.suggestions import Suggestions
from bot.services.words import Words
from bot.ui.permutations import DRAW_ALL
from cogs.blend import Blend
from cogs.branches import Branches
from cogs.challenges import Challenges as ChallengesCog
from cogs.channels import Channels as ChannelsCog
from cogs.characters import Characters as CharactersCog
from cogs.edit import Edit
from cogs.editing import Editing
from cogs.gifts import Gifts as GiftsCog
from cogs.history import History as HistoryCog
from cogs.imagine import Imagine
from cogs.pictures import Pictures
from cogs.portraits import Portraits
from cogs.queue import Queue
from cogs.quota import Quota
from cogs.regions import Regions as RegionsCog
from cogs.remix import Remix
from cogs.replies import Replies
from cogs.stars import Stars as StarsCog
from cogs.styles import Styles as StylesCog
from cogs.threads import Threads
from cogs.who import Who
from cogs.words import Words as WordsCog


@dataclass(frozen=True, slots=True)
class Services:
    """What the features are made of."""

    profile: Profile
    delivery: DiscordDelivery
    messages: ProgressMessages
    threads: StudioThreads
    cancelling: Cancelling
    casting: Casting
    challenges: Challenges
    channels: Channels
    characters: Characters
    comparing: Comparing
    conversations: Conversations
    generate: Generate
    gifts: Gifts
    history: History
    origins: Origins
    patience: Patience
    people: People
    quotas: Quotas
    regions: Regions
    stars: Stars
    studios: Studios
    styles: Styles
    subjects: Subjects
    suggestions: Suggestions
    words: Words


def features(
    bot: EaselBot, of: Services, *, permutations: int, readable: bool
) -> list[commands.Cog]:
    """Every cog. `permutations` are the most pictures of a wish with choices.

    `readable`: whether the bot may read messages that do not mention it.
    """
    asking = Asking(of.generate, of.delivery, of.messages, of.channels)
    # A person's own words may have choices in braces; those of a picture have not any more.
    wishing = Wishing(
        of.generate,
        of.delivery,
        of.messages,
        of.channels,
        of.suggestions,
        of.quotas,
        most=permutations,
    )
    bot.actions[DRAW_ALL] = wishing.draw_all
    wording = Wording(of.words, of.suggestions, of.generate, wishing, of.channels, of.people)
    options = Options(of.profile, of.casting, of.styles)
    defaults = Defaults(of.styles, of.casting, of.profile)
    saving = Saving(of.characters)
    return [
        Imagine(bot, wishing, wording, options),
        Blend(bot, wishing, options),
        Editing(
            bot, bot.forms, wishing, of.conversations, of.suggestions, of.styles, of.people, options
        ),
        StylesCog(of.styles),
        WordsCog(bot, bot.actions, bot.forms, wording, of.conversations),
        Edit(bot, bot.actions, bot.forms, wishing, of.conversations, of.suggestions, of.people),
        Pictures(bot.actions, bot.forms, asking, of.conversations, of.generate, of.people),
        Branches(
            bot.actions,
            bot.forms,
            asking,
            of.conversations,
            of.generate,
            of.people,
            of.comparing,
            of.history,
        ),
        Remix(of.people),
        RegionsCog(bot.actions, bot.forms, wishing, of.regions, of.people),
        Replies(wishing, Hearing(bot, of.conversations, of.channels, of.studios), of.conversations),
        ChannelsCog(of.channels, defaults, readable=readable),
        Threads(bot.actions, of.threads, of.conversations, defaults, of.people),
        Quota(of.quotas),
        GiftsCog(of.gifts),
        ChallengesCog(bot.actions, bot.forms, of.challenges),
        StarsCog(of.stars),
        Queue(bot.actions, of.patience, of.cancelling, of.delivery),
        HistoryCog(bot.actions, bot.forms, of.history, of.suggestions),
        Who(bot, of.history, of.origins),
        CharactersCog(bot.actions, bot.forms, of.characters, saving),
        Portraits(
            bot,
            bot.actions,
            bot.forms,
            wishing,
            of.conversations,
            of.suggestions,
            of.characters,
            saving,
            of.people,
            of.subjects,
        ),
    ]
