"""What Easel says about gifts, challenges and the gallery: a part of `bot/ui/english.py`."""

from __future__ import annotations

from collections.abc import Mapping

COMMUNITY: Mapping[str, str] = {
    # Gifts
    "quota_left_gift": "**Gifts to you, used after today's**",
    "quota_left_pot": "**This challenge's pot**",
    "quota_left_once": "{name}: {left} of {allowed} left; they don't expire",
    "gift_given": (
        "<@{by}> gives <@{user}> {pictures} extra pictures here. They don't expire and are used "
        "when the day's own are used up. <@{user}> has {left} extra pictures now."
    ),
    "gift_given_one": (
        "<@{by}> gives <@{user}> an extra picture here. It doesn't expire and is used when the "
        "day's own are used up. Extra pictures of <@{user}> now: {left}."
    ),
    "gift_bot": "Bots don't draw pictures of their own. Please choose a person.",
    # Challenges
    "quota_pot": (
        "The pot of this challenge is empty: all of its {limit} pictures are drawn. You can still "
        "enter and vote for pictures here, and draw in other channels."
    ),
    "challenge_thread": "Challenge: {theme}",
    "challenge_title": "### Challenge: {theme}",
    "challenge_rules": (
        "Draw pictures for it in this thread, then press **Enter a picture**; up to {limit} of "
        "yours can take part. Vote by the button beside an entry: everybody has one vote, can "
        "change it until the end, and can't give it to a picture of their own."
    ),
    "challenge_pot": (
        "**Pot** {pictures} pictures for all who draw in this thread; your own limit is not "
        "touched by them."
    ),
    "challenge_no_pot": "**Pot** none: pictures count as they do everywhere on this server.",
    "challenge_ends": "**Ends** <t:{at}:f>, <t:{at}:R>",
    "challenge_ends_open": "**Ends** when a moderator says `/challenge end` here.",
    "challenge_begun_here": "<@{user}> began a challenge: **{theme}**\n<#{thread}>",
    "challenge_begun": "This challenge was begun before.",
    "challenge_theme": "A challenge needs a theme. Please say in a few words what it is about.",
    "challenge_unknown": "There is no challenge here. Please use this in a challenge's thread.",
    "challenge_no_threads": (
        "I can't open a thread here. Please choose a text channel or a forum with `channel`."
    ),
    "challenge_choose": "Which of your pictures of this thread takes part?",
    "challenge_wordless": "a picture without words",
    "challenge_ended": "The challenge is over; the thread says who won.",
    "button_challenge_enter": "Enter a picture",
    "button_challenge_board": "Standings",
    "button_challenge_results": "All places",
    "button_challenge_vote": "Vote",
    "menu_challenge_pick": "Choose a picture",
    "entry_shown": "<@{user}> enters [a picture]({link}): {words}",
    "entry_done": "[Your picture]({link}) takes part.",
    "entry_none": (
        "You have no picture here that could take part. Draw one in this thread first, for "
        "example with `/imagine`."
    ),
    "entry_gone": "That picture can't take part: it was deleted, or is not of this thread.",
    "vote_done": (
        "Your vote is for [this picture]({link}) by <@{user}>. You can change it until the end: "
        "vote for another one."
    ),
    "board_title": "### Standings: {theme}",
    "board_line": "**{place}.** [{shown}]({link}) by <@{user}> · votes: {votes}",
    "board_more": "… and {count} more",
    "board_none": "No picture takes part yet.",
    "board_counts": "-# pictures: {entries} · votes: {votes}",
    "results_title": "### The challenge is over: {theme}",
    "results_no_votes": "Nobody voted, so nobody wins.",
    "results_no_entries": "No picture took part, so nobody wins.",
    "results_alt": "The pictures that won the challenge “{theme}”, with their medals",
    # The gallery
    "star_credit": "-# {star} {count} · <@{user}> · [in its channel]({link})",
    "gallery_off": "Pictures with {star} are not shown anywhere here. Choose a channel for them.",
    "gallery_on": (
        "Pictures with {star} by {threshold} or more people are shown in <#{channel}>. Whoever "
        "asked for a picture has no star to give it; private pictures are never shown."
    ),
}
