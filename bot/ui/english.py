"""Every sentence Easel says, by key: the texts themselves, in English.

A sentence says what happened, that nothing was counted where that is true, and what to do.
Where a key or one of its values is missing, the text of the key's beginning is said instead
(`picture` for `picture_…`); such a text has no blanks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.ui.choices import CHOICES
from bot.ui.labels import LABELS
from bot.ui.texts_channels import CHANNELS
from bot.ui.texts_characters import CHARACTERS
from bot.ui.texts_community import COMMUNITY
from bot.ui.texts_history import HISTORY
from bot.ui.texts_regions import REGIONS
from bot.ui.texts_styles import STYLES
from bot.ui.texts_tree import TREE_TEXTS

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        # The wish
        "request": "I can't draw that as it stands. Please put it another way.",
        "prompt_empty": (
            "There is nothing to draw yet. Tell me in a few words what you'd like to see."
        ),
        "prompt_too_long": (
            "That is more than I can read at once. Please say it in {limit} characters or fewer. "
            "Your limit is untouched."
        ),
        "nothing_to_edit": (
            "I found no picture to change. Reply to one of my pictures, or attach one of yours. "
            "Your limit is untouched."
        ),
        "reply_needs_mention": (
            "I can't read replies here unless you mention me. Reply once more with the mention "
            "switched on, or press **Edit** under the picture. Your limit is untouched."
        ),
        "parent_gone": (
            "The picture you want to change has been deleted, so I can't work on it. "
            "Attach it again, or start with a new one. Your limit is untouched."
        ),
        "nothing_to_describe": "I found no picture to describe. Pick a message that has one.",
        "suggestion_gone": (
            "This suggestion was made too long ago, and I no longer have it. "
            "Ask for a new one. Your limit is untouched."
        ),
        # Input pictures
        "picture": "I can't use that picture. Please try another one. Your limit is untouched.",
        "picture_broken": (
            "I couldn't open that picture; the file seems to be damaged. "
            "Please save it again and try once more. Your limit is untouched."
        ),
        "picture_not_a_picture": (
            "That file is not a picture. I can read PNG, JPEG, WebP, GIF and AVIF. "
            "Your limit is untouched."
        ),
        "picture_format": (
            "I can't read {format} files. Please send it as PNG, JPEG, WebP, GIF or AVIF. "
            "Your limit is untouched."
        ),
        "picture_too_large": (
            "That picture is too large a file. Please send one of at most {limit_mib} MiB. "
            "Your limit is untouched."
        ),
        "picture_too_many_pixels": (
            "That picture has more pixels than I can handle. Please scale it down and send it "
            "again. Your limit is untouched."
        ),
        "picture_too_small": (
            "That picture is only {width} × {height} pixels. I need at least {minimum} on each "
            "side. Your limit is untouched."
        ),
        "picture_link_expired": (
            "Discord's link to that picture has expired. Please attach the picture again. "
            "Your limit is untouched."
        ),
        "picture_host_not_allowed": (
            "I don't fetch pictures from {host}. Please attach the picture itself. "
            "Your limit is untouched."
        ),
        "picture_fetch_failed": (
            "I couldn't fetch that picture. Please attach it again in a moment. "
            "Your limit is untouched."
        ),
        "picture_not_kept": (
            "I no longer have that picture. Reply to the message it is in, or attach it again. "
            "Your limit is untouched."
        ),
        "too_many_pictures": (
            "That is more pictures than I can work with at once. Please send at most {limit}. "
            "Your limit is untouched."
        ),
        "route_takes_no_pictures": (
            "As this bot is set up, it can draw from words only, not change pictures. "
            "Whoever runs Easel here can switch that on. Your limit is untouched."
        ),
        "upload_failed": (
            "I couldn't hand your picture to the picture service. Please try again in a moment. "
            "Your limit is untouched."
        ),
        "too_many": "That is more than I can work with at once. Your limit is untouched.",
        # Limits
        "quota": "The limit for pictures here is used up. `/quota` shows when it returns.",
        "quota_none": "Pictures are switched off here. A moderator can change that with `/limits`.",
        "quota_person_day": (
            "You have used {used} of your {limit} pictures for today. "
            "You can draw again <t:{returns_at}:R>."
        ),
        "quota_guild_day": (
            "This server has used {used} of its {limit} pictures for today. "
            "It goes on <t:{returns_at}:R>."
        ),
        "quota_guild_month": (
            "This server has used {used} of its {limit} pictures for this month. "
            "It goes on <t:{returns_at}:R>."
        ),
        # Who may do what
        "not_allowed": "You may not do that here. A moderator of this server can help.",
        "not_allowed_permissions": "For that you need these permissions here: {permissions}.",
        "not_your_picture": (
            "Only the person who asked for this picture or a moderator can do that."
        ),
        "cancel_too_late": (
            "It is too late to cancel that: it has been drawn, or has ended some other way."
        ),
        "for_you_alone": "The answer is for the person who asked alone.",
        "cancelled": "<@{user}> cancelled this; nothing was spent. Your limit is untouched.",
        "cancelled_at_work": (
            "<@{user}> cancelled this while it was being drawn. It counts as a picture unless it "
            "turns out that the picture service did not charge for it."
        ),
        "guild_only": "That works in a server only, not in direct messages.",
        "cooldown": "That was a little fast. Please try again in {seconds} seconds.",
        "words_day": (
            "You have had as many prompts and fuller wishes as there are in a day. You can still "
            "draw with words of your own."
        ),
        "option_wrong": (
            "I couldn't make sense of one of the options. Please check it and try again."
        ),
        "command_old": (
            "Discord showed you an older form of this command. "
            "Please restart Discord (Ctrl+R) and try again."
        ),
        "button_old": (
            "This button is from another version of Easel and no longer works. "
            "Reply to the picture instead and say what you'd like to change."
        ),
        # The provider did not draw
        "provider": (
            "The picture service could not draw this. Please try again in a while. "
            "Your limit is untouched."
        ),
        "provider_rejected": (
            "The picture service did not accept this request, and asking again will not change "
            "that. Please try other words or another picture. Your limit is untouched."
        ),
        "provider_bad_request": (
            "The picture service could not make sense of this request. Please try other words or "
            "another picture. Your limit is untouched."
        ),
        "provider_address": (
            "The picture service isn't where this bot looks for it. Whoever runs Easel here has "
            "to check its address. Your limit is untouched."
        ),
        "provider_key": (
            "The picture service does not accept this bot's key. Whoever runs Easel here has to "
            "check it. Your limit is untouched."
        ),
        "provider_balance": (
            "This bot's account at the picture service is empty. Whoever runs Easel here has to "
            "top it up. Your limit is untouched."
        ),
        "provider_quota": (
            "This bot has used up its own allowance at the picture service. Please try again "
            "later, or tell whoever runs Easel here. Your limit is untouched."
        ),
        "provider_forbidden": (
            "The picture service does not let this bot do that. Whoever runs Easel here has to "
            "check its account. Your limit is untouched."
        ),
        "provider_too_large": (
            "This is more than the picture service takes at once. Please use fewer or smaller "
            "pictures, or fewer words. Your limit is untouched."
        ),
        "provider_busy": (
            "The picture service is very busy right now. Please try again in a minute. "
            "Your limit is untouched."
        ),
        "provider_unreachable": (
            "The picture service can't be reached right now. Please try again in a minute. "
            "Your limit is untouched."
        ),
        "routes_resting": (
            "The picture service has had trouble and is being given a rest. "
            "Please try again in a few minutes. Your limit is untouched."
        ),
        "no_route": (
            "As this bot is set up, it can't draw that: none of its ways to a picture takes this "
            "shape, size or number of pictures. Your limit is untouched."
        ),
        "no_words_route": (
            "As this bot is set up, it can only draw: no model that it reaches answers in words. "
            "Whoever runs Easel here can open a way to one."
        ),
        "model": "The picture model does not answer. Your limit is untouched.",
        "model_withdrawn": (
            "The model {model} is no longer offered. Whoever runs Easel here can switch to one of "
            "its successors: {successors}. Your limit is untouched."
        ),
        # The model declined
        "refused": (
            "The model declined to draw this. Please try other words. Your limit is untouched."
        ),
        "refused_reason": (
            "The model declined to draw this (reason: {reason}). Please try other words. "
            "Your limit is untouched."
        ),
        "refused_filter": (
            "The model's safety filter stopped this picture (reason: {reason}). "
            "Please try other words. Your limit is untouched."
        ),
        "refused_words": (
            "The model answered in words instead of a picture. "
            "Please put your wish another way. Your limit is untouched.\n> {words}"
        ),
        "refused_prompt": (
            "The model's safety filter stopped this wish before anything was drawn. "
            "Please try other words. Your limit is untouched."
        ),
        "refused_output": (
            "The model drew something, but its safety filter held it back. "
            "Please try other words. Your limit is untouched."
        ),
        "refused_recitation": (
            "The result came too close to an existing work, so the model held it back. "
            "Please ask for something more of your own. Your limit is untouched."
        ),
        "refused_quote": "{sentence}\n> {words}",
        "words_refused": (
            "The model would not put that into words. Please try it with something else."
        ),
        # An answer without a usable picture
        "bad_answer": (
            "The picture service answered in a way I can't read. Please try again in a while. "
            "Your limit is untouched."
        ),
        "no_picture": (
            "The picture service answered, but sent no picture. Please try again, perhaps with "
            "other words. Your limit is untouched."
        ),
        "no_words": (
            "The picture service answered, but sent no words. Please try again. "
            "Your limit is untouched."
        ),
        "bad_picture": (
            "The picture service sent a picture I can't open. Please try again. "
            "Your limit is untouched."
        ),
        "answer_too_large": (
            "The picture service sent far too much data, so I stopped listening. "
            "Please try again in a while. Your limit is untouched."
        ),
        "answer_not_json": (
            "The picture service sent something that is no proper answer. "
            "Please try again in a while. Your limit is untouched."
        ),
        "result_host_not_allowed": (
            "The picture service put the result in a place I don't fetch from. Whoever runs Easel "
            "here finds the details in its log. Your limit is untouched."
        ),
        "result": (
            "I couldn't get hold of the finished picture. Please try again. "
            "Your limit is untouched."
        ),
        "result_fetch_failed": (
            "The picture was drawn, but I couldn't fetch it. Please try again in a moment. "
            "Your limit is untouched."
        ),
        "result_too_large": (
            "The finished picture is far too large a file, so I stopped fetching it. "
            "Please try again. Your limit is untouched."
        ),
        "result_gone": (
            "The finished picture was gone before I could fetch it. Please try again. "
            "Your limit is untouched."
        ),
        "outcome_unknown": (
            "I lost the picture service while it was drawing, so I don't know how that ended. "
            "I won't repeat it by myself. Your limit is untouched; "
            "you can try again whenever you like."
        ),
        "words_unknown": (
            "I lost the model while it was writing, so I don't know how that ended. "
            "I won't repeat it by myself; you can ask again whenever you like."
        ),
        # Discord does not take the result
        "delivery": (
            "Discord didn't take my answer. Please try again in a moment. Your limit is untouched."
        ),
        "delivery_later": (
            "Discord isn't taking my messages right now. Please try again in a minute. "
            "Your limit is untouched."
        ),
        "delivery_permission": (
            "I can't post here; I need these permissions in this channel: {permissions}. "
            "Your limit is untouched."
        ),
        "delivery_dm": (
            "I can't send you a direct message. Please allow messages from this server's members, "
            "or ask me in a channel. Your limit is untouched."
        ),
        "delivery_closed": (
            "This thread is closed, so I can't post here. Open it again, or ask me elsewhere. "
            "Your limit is untouched."
        ),
        "delivery_gone": (
            "The message or channel I wanted to answer in is gone. Your limit is untouched."
        ),
        "delivery_too_large": (
            "The picture is larger than Discord takes here, even after I shrank it. "
            "Your limit is untouched."
        ),
        "delivered_directly": (
            "The picture is ready, but I can't put it here. "
            "I sent it to <@{user}> in a direct message."
        ),
        "waits_here": (
            "<@{user}>, a private picture of yours is ready, and I can't send it to you. "
            "Press the button to see it; nobody else can."
        ),
        "delivered_below": "The picture is ready, but I can't put it here. I posted it anew.",
        # Easel itself
        "storage": (
            "I can't write anything down at the moment, so I haven't started. "
            "Please try again in a minute. Your limit is untouched."
        ),
        "storage_busy": (
            "My notebook is busy, so I haven't started. Please try again in a few seconds. "
            "Your limit is untouched."
        ),
        "storage_full": (
            "My disk is full, so I haven't started. Whoever runs Easel here has to make room. "
            "Your limit is untouched."
        ),
        "restarting": (
            "I'm just restarting. Please try again in a minute. Your limit is untouched."
        ),
        "error": (
            "Something went wrong on my side. Please try again; if it happens again, tell whoever "
            "runs Easel here."
        ),
        "error_reference": (
            "Something went wrong on my side. Please try again; if it happens again, give this "
            "code to whoever runs Easel here: `{reference}`"
        ),
        **CHOICES,
        **REGIONS,
        **LABELS,
        **CHANNELS,
        **CHARACTERS,
        **STYLES,
        **COMMUNITY,
        **HISTORY,
        **TREE_TEXTS,
    }
)
