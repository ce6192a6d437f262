"""What Easel says about editing a part of a picture: a part of `bot/ui/english.py`.

What is wrong with cells that were written is said in `bot/ui/choices.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

REGIONS: Mapping[str, str] = {
    "region_title": "### Edit a part of this picture",
    "region_how": (
        "Choose the cells that may change, from `A1` to `{last}`: one like `B2`, a block by two "
        "of its corners like `B2–C3`, or several like `A1, C3–D4`. The rest stays exactly as it is."
    ),
    "region_words": "-# **{words}**",
    "region_alt": "The picture with a grid: columns A to {column}, rows 1 to {row}",
    "button_region_cells": "Choose cells",
    "form_region_title": "Edit a part",
    "form_region_cells": "Which cells may change?",
    "form_region_cells_hint": "Like B2, B2–C3, or A1, C3–D4",
    "form_region_cells_example": "B2–C3, D4",
    "form_region_words": "What should change there?",
    "form_region_words_example": "a small red lighthouse",
    "region_not_kept": (
        "I couldn't put this change into the picture as it was, so other parts of it may have "
        "changed, too."
    ),
}
