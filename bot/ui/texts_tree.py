"""What Easel says about continuing a picture: a part of `bot/ui/english.py`."""

from __future__ import annotations

from collections.abc import Mapping

TREE_TEXTS: Mapping[str, str] = {
    # Under a picture
    "button_vary": "Vary",
    "button_continue": "Continue",
    "button_compare": "Compare",
    "menu_more": "More…",
    "more_info": "Info",
    "more_info_about": "Prompt, model, size, time and cost",
    "more_save_character": "Save as character",
    "more_save_character_about": "Draw what it shows again, by @name",
    "more_undo": "Undo",
    "more_undo_about": "Go back to the picture before this one",
    "more_history_of": "History of this picture",
    "more_history_of_about": "The pictures that led to it, to be continued from any",
    "more_tree": "Tree",
    "more_tree_about": "All that was made from the same beginning",
    "more_lapse": "Time-lapse",
    "more_lapse_about": "From the first picture to this one, animated",
    "more_region": "Edit region",
    "more_region_about": "Change a part of it and keep the rest",
    "more_delete": "Delete",
    "more_delete_about": "Take the picture and its words away",
    # Vary
    "form_vary_title": "Vary this picture",
    "form_vary_count": "How many variations?",
    "form_vary_count_hint": "Each counts as one picture",
    "vary_one": "1 variation, about {cost}",
    "vary_several": "{count} variations, about {cost}",
    # Compare
    "compare_title": "### Before and after",
    "compare_before": "Before",
    "compare_after": "After",
    "compare_alt": "Two pictures side by side: before and after",
    "compare_nothing": "This picture was drawn from words alone, so there is no “before” to show.",
    "compare_given": (
        "This picture was made from one that was given with the wish. I show that to nobody but "
        "the person who gave it, under the picture that they asked for."
    ),
    "compare_gone": "The picture before this one has been deleted, so there is nothing to compare.",
    # Undo
    "undo_title": "-# <@{user}> went back to [this picture]({link}). Reply here to go on from it.",
    "undo_title_private": "-# Back to this picture. Press **Edit** below to go on from it.",
    "undo_nothing": "This is the first picture of its conversation; there is none before it.",
    "undo_gone": (
        "The picture before this one has been deleted. You can go on from this one, or ask for "
        "**History of this picture** to find an earlier one."
    ),
    "undo_hidden": (
        "The picture before this one was drawn where you can't see it, so I don't show it here."
    ),
    # Remix
    "remix_mine": (
        "The person who asked for this picture keeps it to themselves, so I can't go on from it. "
        "Describe what you'd like in your own words instead. Your limit is untouched."
    ),
    "remix_title": "### Who may go on from your pictures",
    "remix_everyone": (
        "**Everyone** who can see your pictures may edit, vary and remix them. "
        "With `/remix` you can keep them to yourself."
    ),
    "remix_me": (
        "**Only you.** Others still see your pictures, but can't edit, vary or remix them, nor "
        "ask for the same again. With `/remix` you can change that."
    ),
}
