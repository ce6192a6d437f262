"""What Easel says about characters and avatars: a part of `bot/ui/english.py`."""

from __future__ import annotations

from collections.abc import Mapping

CHARACTERS: Mapping[str, str] = {
    # What cannot be done
    "character_gone": "This character has been deleted. `/character list` shows those there are.",
    "character_unknown": (
        "I know no character “{name}” of yours here. `/character list` shows those there are."
    ),
    "character_unknown_wish": (
        "I know no character “{name}” that you may draw here. `/character list` shows those "
        "there are. Your limit is untouched."
    ),
    "character_waits": (
        "“{name}” can't be drawn yet: the member it was made from has not agreed. "
        "Your limit is untouched."
    ),
    "character_picture_gone": (
        "A picture that this wish needs has been deleted, perhaps because the member it shows does "
        "not want to be drawn any more. Please ask for it without that. Your limit is untouched."
    ),
    "character_name_taken": (
        "You have a character “{name}” already. Please choose another name, or delete or rename "
        "the other one first."
    ),
    "character_name_shared": (
        "This server shares a character “{name}” already. Please choose another name."
    ),
    "character_no_picture": "I found no picture to save. Pick a message that has one.",
    "consent_not_open": "There is nothing to ask: this character does not wait for an answer.",
    "consent_waiting": (
        "This member has not answered your last question yet. Please wait for that, or delete "
        "the character that waits."
    ),
    "portraits_refused": (
        "This member does not want to be drawn by others. Your limit is untouched."
    ),
    # One character
    "character_title": "### @{name}",
    "character_note": "**Note** {note}",
    "character_owner": "**Saved** by <@{user}>, <t:{at}:R>",
    "character_shared_here": "**Shared** with this server",
    "character_shared_elsewhere": "**Shared** with another server",
    "character_not_shared": "**Shared** with nobody",
    "character_of": "**Made from** a picture of <@{user}>, who agrees",
    "character_of_waiting": ("**Made from** a picture of <@{user}>, who has not agreed yet"),
    "character_use": "-# Write `@{name}` in a wish, and its pictures and note go with it.",
    "character_alt": "The pictures of the character {name}",
    "character_asked_directly": (
        "I asked <@{user}> in a direct message. Nobody can draw “{name}” until they agree."
    ),
    "character_asked_here": (
        "I asked <@{user}> in this channel. Nobody can draw “{name}” until they agree."
    ),
    "character_not_asked": (
        "I can't reach <@{user}>. Nobody can draw “{name}” until they agree; they find it with "
        "`/character list`, or press **Ask again** later."
    ),
    "character_renamed": "“{old}” is called “{name}” now.",
    "character_sharing": "Everybody on this server can draw “{name}” now.",
    "character_unshared": "“{name}” is not shared any more.",
    "character_deleted": "“{name}” is deleted, with its pictures.",
    # Lists
    "characters_title": "### Your characters",
    "characters_none": "You have none yet. `/character save` makes one of your pictures.",
    "characters_title_shared": "### Shared with this server",
    "characters_title_of_you": "### Made from pictures of you",
    "characters_line": "- **@{name}**",
    "characters_line_shared": ", shared",
    "characters_line_waiting": ", waits for the member's consent",
    "characters_line_waiting_you": ", waits for your answer",
    "characters_line_by": ", by <@{user}>",
    "characters_more": "- and {count} more",
    "menu_character_open": "Look at one…",
    "characters_option_own": "Yours",
    "characters_option_shared": "Shared with this server",
    "characters_option_of_you": "Made from a picture of you",
    # Consent
    "consent_title": "### May <@{user}> draw you?",
    "consent_question": (
        "<@{user}> has saved a picture of yours as a character named “{name}”. If you agree, "
        "they can have it drawn, and can share it with a server. Until then nobody can. "
        "If you decline, I delete it.\n"
        "You can take your answer back at any time: `/character list` shows what was made from "
        "you."
    ),
    "consent_for": "-# This question is for <@{user}> alone.",
    "consent_given": (
        "You agree: <@{user}> can draw “{name}” now. `/character list` lets you take that back."
    ),
    "consent_declined": "“{name}” is deleted, with its pictures.",
    "consent_never": (
        "“{name}” is deleted, with its pictures. Nobody can ask you for a character or draw with "
        "your avatar any more; `/character consent` changes that."
    ),
    "consent_given_owner": (
        "<@{user}> agrees: you can draw “{name}” now. Write @{name} in a wish."
    ),
    "consent_declined_owner": (
        "<@{user}> does not want to be drawn as “{name}”, so I deleted it, with its pictures."
    ),
    "consent_others_on": (
        "Others may draw with your avatar and ask to make characters from your pictures."
    ),
    "consent_others_off": (
        "Others can't draw with your avatar, nor ask to make characters from your pictures. "
        "`/character list` shows the characters that you agreed to earlier."
    ),
    # Buttons and forms
    "button_character_agree": "Agree",
    "button_character_decline": "Decline",
    "button_character_never": "Decline and never ask me again",
    "button_character_withdraw": "Take back my consent",
    "button_character_ask": "Ask again",
    "form_character_title": "Save as character",
    "form_character_name": "Name",
    "form_character_name_hint": "You write it as @name in your wishes",
    "form_character_note": "Note",
    "form_character_note_hint": "Optional: what the pictures don't show, or what never changes",
    "form_avatar_title": "Draw with avatar",
    "form_avatar_words": "What should the picture show?",
    "form_avatar_words_example": "as an astronaut above the clouds, in watercolours",
}
