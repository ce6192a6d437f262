"""What Easel says about names, styles, characters and the like: a part of `bot/ui/english.py`."""

from __future__ import annotations

from collections.abc import Mapping

CHOICES: Mapping[str, str] = {
    # Names
    "name_length": "A name has {minimum} to {limit} characters. Please choose another one.",
    "name_letters": (
        "A name begins with a letter or a digit and has only letters, digits, `_` and `-`. "
        "Please choose another one."
    ),
    "name_reserved": "I can't use “{name}” as a name. Please choose another one.",
    # Several wishes in one
    "permutation_nested": (
        "I can't make choices within choices. Please use braces side by side, like "
        "`{{red,blue}} {{kite,boat}}`, and put a `\\` before a brace that is just a brace. "
        "Your limit is untouched."
    ),
    "too_many_wishes": (
        "That would be more than {limit} pictures at once. Please put fewer choices into the "
        "braces. Your limit is untouched."
    ),
    # Regions
    "region_empty": "Please say which cells may change, for example `B2` or `B2–C3`.",
    "region_unclear": (
        "I can't make out which cells “{part}” means. Please write them like `B2`, `B2–C3` or "
        "`A1, C3–D4`."
    ),
    "region_outside": (
        "“{part}” is outside the picture. Please choose cells between `A1` and `{last}`."
    ),
    # Styles
    "style_needs_text": (
        "The style “{style}” needs a text to write in the picture. Please fill in the text, too. "
        "Your limit is untouched."
    ),
    "style_text_too_long": (
        "The text to write in the picture may have {limit} characters at most; longer ones come "
        "out garbled. Please shorten it. Your limit is untouched."
    ),
    "style_name_taken": "There is a style “{name}” already. Please choose another name.",
    "style_too_long": "A style may have {limit} characters at most. Please shorten it.",
    "style_needs_words": (
        "Please write `{{words}}` once where the wish belongs, and `{{text}}` at most once where "
        "an exact text belongs."
    ),
    "style_unknown_slot": (
        "I don't know “{slot}” in a style. Only `{{words}}` and `{{text}}` stand in braces; "
        "please take other braces out."
    ),
    # Characters
    "consent_not_yours": "Only the person that this character shows can answer that.",
    "character_note_too_long": (
        "A character's note may have {limit} characters at most. Please shorten it."
    ),
    "character_pictures": "A character has 1 to {limit} pictures. Please choose that many.",
    "characters_full_person": (
        "You have {limit} characters, which is as many as I keep. Please delete one first."
    ),
    "characters_full_guild": (
        "This server shares {limit} characters, which is as many as I keep. Please take one of "
        "them back first."
    ),
    "too_many_characters": (
        "There are places for the pictures of {limit} characters here, beside the pictures you "
        "gave. Please mention fewer, or give fewer pictures. Your limit is untouched."
    ),
    # Challenges
    "challenge_over": "This challenge is over. Watch out for the next one.",
    "entry_not_yours": "You can enter only pictures that you asked for. Please draw one first.",
    "entry_twice": "This picture takes part already. Please enter another one.",
    "entries_full": (
        "You have entered {limit} pictures, which is as many as one person may. "
        "Vote for one of somebody else's instead."
    ),
    "vote_own": "You can't vote for a picture of your own. Please choose another one.",
    "length_unclear": (
        "I can't make out how long that is. Please write it like `3d`, `12h` or `1d 6h`."
    ),
    "length_range": (
        "A challenge runs for {minimum} minutes to {limit} days. Please choose another end."
    ),
    # Channels
    "slow_mode_range": "Slow mode is 0 to {limit} seconds. Please choose another number.",
    "channel_quota_range": "A channel's limit is 0 or more pictures. Please choose another number.",
    "channel_off": (
        "I'm switched off in this channel. Please ask in another one. Your limit is untouched."
    ),
    "channel_age": (
        "I draw only in age-restricted channels here, and this is none. Please ask in another "
        "one. Your limit is untouched."
    ),
}
