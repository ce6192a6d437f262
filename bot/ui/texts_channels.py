"""What Easel says about channels, studios and permissions: a part of `bot/ui/english.py`."""

from __future__ import annotations

from collections.abc import Mapping

CHANNELS: Mapping[str, str] = {
    # Permissions
    "delivery_permission_in": (
        "I can't post in <#{channel}>; I need these permissions there: {permissions}. "
        "Your limit is untouched."
    ),
    "delivered_directly_without": (
        "The picture is ready, but I can't put it here: I need these permissions in this channel: "
        "{permissions}. I sent it to <@{user}> in a direct message."
    ),
    "threads_permission": (
        "I can't open that thread; I need these permissions in this channel: {permissions}. "
        "Your limit is untouched."
    ),
    # Limits
    "quota_channel_day": (
        "This channel has used {used} of its {limit} pictures for today. "
        "It goes on <t:{returns_at}:R>."
    ),
    "quota_left_channel_day": "**This channel, today**",
    "limits_channel_day": "**This channel, a day**",
    "slow_mode": (
        "Slow mode is on in this channel. You can ask again in {seconds} seconds. "
        "Your limit is untouched."
    ),
    # Settings of a channel
    "channel_moderators": (
        "Only those who may manage this server or its channels can change that."
    ),
    "channel_title": "### Rules of <#{channel}>",
    "channel_line_mode": "**I listen to** {value}",
    "channel_line_style": "**Style** {value}",
    "channel_line_aspect": "**Ratio** {value}",
    "channel_line_characters": "**Characters** {value}",
    "channel_line_channel_day": "**Limit** {value}",
    "channel_line_slow_mode_s": "**Slow mode** {value}",
    "channel_line_nsfw": "**Adult content** {value}",
    "channel_inherited": " (from <#{channel}>)",
    "channel_unset": "none",
    "channel_mode_off": "nothing; I'm switched off here",
    "channel_mode_commands": "commands, mentions, and replies to my pictures",
    "channel_mode_art": "every message, as a wish; replies to pictures change them",
    "channel_mode_art_unread": (
        "-# I can't read messages here that don't mention me: this bot runs without the Message "
        "Content intent. Until whoever runs Easel switches it on, please mention me in each wish."
    ),
    "channel_pictures": "{count} pictures a day",
    "channel_pictures_one": "1 picture a day",
    "channel_pictures_none": "no pictures at all",
    "channel_seconds": "{count} seconds between two wishes of a person",
    "channel_nsfw_any": "as the picture service allows it",
    "channel_nsfw_spoiler": "every picture is posted behind a spoiler",
    "channel_nsfw_age_restricted": "I draw only if this channel is age-restricted",
    "channel_characters_too_many": "A channel has {limit} characters at most. Please name fewer.",
    "channel_style_unknown": "I know no style “{name}” here. Please choose one from the list.",
    "channel_aspect_unknown": "I know no ratio “{name}”. Please choose one from the list.",
    # Studios
    "studio_name": "Studio of {name}",
    "studio_title": "### A studio",
    "studio_how": (
        "Every message in this thread is a wish: it changes the newest finished picture. "
        "To change an older one, reply to it.\n"
        "It ends after a day without a message, or with `/studio end`; a message opens it again."
    ),
    "studio_start": "It begins with {picture}.",
    "studio_start_link": "[this picture]({link})",
    "studio_start_words": "the picture “{words}”",
    "studio_line_style": "**Style** {value}",
    "studio_line_aspect": "**Ratio** {value}",
    "studio_line_characters": "**Characters** {value}",
    "studio_unread": (
        "-# I can't read messages here that don't mention me, so please mention me each time."
    ),
    "studio_opened": "<#{thread}> is open: every message there changes the newest picture.",
    "studio_open_already": "<#{thread}> goes on from this picture already.",
    "studio_here": "This thread is a studio now, by the wish of <@{user}>.",
    "studio_ended": "This studio has ended. A message in it opens it again.",
    "studio_ended_idle": (
        "Nobody has said anything here for a day, so this studio has ended. "
        "A message opens it again."
    ),
    "studio_none": "There is no open studio in this channel. `/studio open` makes one.",
    "studio_not_yours": "Only the person who opened this studio or a moderator can do that.",
    "studio_not_your_thread": (
        "Only the person who opened this thread or a moderator can make a studio of it."
    ),
    "studio_start_gone": (
        "The picture that this thread began with has been deleted. Your next message starts a new "
        "one. Your limit is untouched."
    ),
    "studio_direct": (
        "There are no threads in direct messages, and you need none: reply to a picture, and I go "
        "on from it."
    ),
    "studio_no_threads": (
        "There can be no such thread here. Reply to a picture instead, and I go on from it."
    ),
    "studio_not_member": (
        "I'm no member of this server, so I can't open a thread here. "
        "Press **Edit** under a picture to go on from it."
    ),
    "continue_here": (
        "Every message in this thread is a wish already. Reply to this picture to go on from it."
    ),
}
