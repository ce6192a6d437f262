"""What Easel says about styles, choices in braces, blends and remixes.

A part of `bot/ui/english.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

STYLES: Mapping[str, str] = {
    # Styles that cannot be used
    "style_unknown": (
        "There is no style “{name}” here. `/style list` shows those there are. "
        "Your limit is untouched."
    ),
    "style_built_in": "“{name}” is one of my own styles; those can't be changed or removed.",
    "style_needs_picture": (
        "The style “{style}” is about a given picture. Please attach one, or choose another "
        "style. Your limit is untouched."
    ),
    "styles_full": (
        "This server has {limit} styles of its own, which is as many as I keep. "
        "Please remove one first."
    ),
    "styles_not_allowed": "Only those who may manage this server can change its styles.",
    # Lists
    "styles_title": "### Styles",
    "styles_use": (
        "-# Take one with the option `style` of `/imagine`, `/edit` and `/blend`; "
        "`none` is for no style."
    ),
    "styles_own": "**Of this server**",
    "styles_line": "- **{name}** {about}",
    "style_title": "### The style “{name}”",
    "style_about": "**About** {about}",
    "style_template": "**What I'm told** {template}",
    "style_aspect": "**Ratio** {aspect}, unless you choose one",
    "style_lettering": "**With a text** {lettering}",
    "style_text": "**Text** It needs an exact text to write in the picture.",
    "style_pictures": "**Pictures** It is about a picture that you give.",
    "style_added": "Everybody here can use the style “{name}” now.",
    "style_changed": "The style “{name}” is changed. Pictures that are there stay as they are.",
    "style_removed": "The style “{name}” is removed. Pictures drawn in it stay as they are.",
    "style_choice": "{name} · {about}",
    "style_none_choice": "none · No style, not even this channel's",
    # Choices in braces
    "permutation_title": "### {count} pictures",
    "permutation_line": "- {words}",
    "permutation_more": "- and {count} more",
    "permutation_each": "-# {count} of each",
    "permutation_cost": "**Likely price of all** {cost}",
    "permutation_partly": (
        "-# Each counts as one picture. If a limit is reached, I draw the ones before it and "
        "say so. Nothing is counted yet."
    ),
    "permutation_all": "The {count} pictures are on their way.",
    "permutation_some": (
        "{accepted} of {count} pictures are on their way; the others were not counted."
    ),
    "improve_one": (
        "I can make one wish fuller at a time. Please leave the choices in braces out, or draw "
        "them as they are. Your limit is untouched."
    ),
    "button_draw_all": "Draw all {count}",
    # Blends, edits, remixes
    "blend_numbers": "For your words, {pictures}.",
    "blend_number": "picture {number} is {name}",
    "nothing_to_edit_here": (
        "I have drawn nothing in this channel yet that you could change. Please attach a "
        "picture. Your limit is untouched."
    ),
    "nothing_to_remix": (
        "I found no picture to remix. Pick a message that has one. Your limit is untouched."
    ),
    "form_remix_title": "Remix",
    "form_remix_words": "What should become of it?",
    "form_remix_words_example": "the same boat in a bottle on a shelf",
    "form_remix_style": "Style",
    "form_remix_style_hint": "Optional",
    "form_remix_text": "Exact text",
    "form_remix_text_hint": "Optional: what is to be read in the picture, letter by letter",
}
