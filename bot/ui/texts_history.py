"""What Easel says when somebody looks back: a part of `bot/ui/english.py`."""

from __future__ import annotations

from collections.abc import Mapping

HISTORY: Mapping[str, str] = {
    # What cannot be shown
    "history_empty": "I found no pictures to look back at here. `/imagine` draws one.",
    "history_found_nothing": (
        "I found no picture with these words. Try fewer words, or the beginning of one."
    ),
    "history_search_gone": (
        "This search was made too long ago, and I no longer have its words. Please search again."
    ),
    "history_gone": "That picture has been deleted, or it is not for you to see.",
    "history_not_kept": (
        "I no longer have the file of this picture, and I can't fetch it from Discord either."
    ),
    "lapse_one": (
        "A time-lapse needs at least two pictures that came from each other, and this is the "
        "first. Edit it, then try again."
    ),
    "who_nothing": (
        "Please give me something to go by: the picture itself, its id, or the link to its message."
    ),
    "who_no_picture": "I found no picture in that message.",
    "who_id": (
        "I can't make out that id. It looks like `1180000000000000000`; "
        "the link to a picture's message works, too."
    ),
    "who_unknown": (
        "None of the pictures that you can see here looks like this one. I may not have made it, "
        "or I made it before I began to remember how pictures look."
    ),
    # Pages
    "history_title": "### Pictures of this server",
    "history_title_person": "### Pictures for <@{user}>",
    "history_title_private": "### Your private pictures",
    "history_title_found": "### Pictures with “{words}”",
    "history_title_found_person": "### Pictures for <@{user}> with “{words}”",
    "history_title_branch": "### How this picture came about",
    "history_where": "-# {first} to {last} of {total} · page {page} of {pages}",
    "history_where_none": "-# page {page} of {pages}: nothing here that you can see",
    "history_alt": "Numbered pictures. {words}",
    "history_opened": "-# from <t:{at}:D>",
    "history_opened_link": "-# from <t:{at}:D> · [original message]({link})",
    # Tree, time-lapse
    "tree_title": "### The family of this picture",
    "tree_alt": "A tree of {count} pictures. {words}",
    "tree_all": "-# {count} pictures; the one that you came from is framed",
    "tree_left_out": "-# {count} pictures; {left_out} more are left out",
    "tree_left_out_many": "-# {count} pictures; more than {left_out} others are left out",
    "lapse_title": "### {count} pictures, one after the other",
    "lapse_alt": "A time-lapse. {words}",
    # Who made this?
    "who_title": "### Who made this?",
    "who_by": "Asked for by <@{user}>, <t:{at}:f>",
    "who_link": " · [original message]({link})",
    "who_words": "> {words}",
    "who_wordless": "> (without words)",
    "who_alike": "-# Found by its looks: the same picture, or one that is very much like it.",
    "who_same": "-# Found by its looks: it is the same picture.",
    "who_family": "-# One of {count} pictures that come from each other · id `{id}`",
    "who_family_many": "-# One of more than {count} pictures that come from each other · id `{id}`",
    "who_alone": "-# No other picture comes from it so far · id `{id}`",
    # Buttons and menus
    "button_history_of": "History",
    "button_tree": "Tree",
    "button_lapse": "Time-lapse",
    "button_previous_all": "Previous",
    "button_next_all": "Next",
    "button_previous_found": "Previous",
    "button_next_found": "Next",
    "button_previous_branch": "Previous",
    "button_next_branch": "Next",
    "menu_history_open": "Open a picture",
}
