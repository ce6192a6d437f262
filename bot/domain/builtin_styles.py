"""The styles that are always there, after the prompt patterns of Google's guide for the model.

A pattern's slots that a person does not fill have words that suit most wishes. The ratios are
among those that every model of the catalogue takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.names import fold
from bot.domain.styles import Style

_STYLES = (
    Style(
        "photo",
        "A photograph: real light, real textures",
        "A photorealistic photograph of {words}. Shot at eye level with a good camera and a "
        "50 mm lens, in natural light that suits the scene, with a shallow depth of field and "
        "true textures of skin, cloth and materials.",
        aspect="3:2",
    ),
    Style(
        "portrait",
        "A photograph of a person, close up",
        "A photorealistic close-up portrait of {words}. An 85 mm lens at a wide aperture, a "
        "gentle key light from a window, sharp eyes, natural skin, a soft background.",
        aspect="4:5",
    ),
    Style(
        "sticker",
        "A sticker with bold outlines on white",
        "A sticker of {words}. Bold, clean outlines, simple cel shading, a bright palette of "
        "few colours, one figure in full with a white border around it. The background is "
        "plain white.",
        aspect="1:1",
    ),
    Style(
        "logo",
        "A simple mark; give it an exact text if you like",
        "A modern logo for {words}. A simple, memorable mark of few shapes in flat colours, "
        "balanced, centred on a plain white background, legible at a small size.",
        aspect="1:1",
        lettering='The logo bears the exact text "{text}", spelled letter by letter, in a clear '
        "typeface whose character suits the mark. There is no other text.",
        bare="There is no text.",
    ),
    Style(
        "poster",
        "A poster; give it an exact text if you like",
        "A poster: {words}. One strong central image, a clear layout with generous margins, a "
        "limited palette, the look of a fine print.",
        aspect="2:3",
        lettering='Its headline is the exact text "{text}", spelled letter by letter, in large, '
        "legible letters that suit the mood. There is no other text.",
        bare="There is no text.",
    ),
    Style(
        "product",
        "A studio photograph of a thing",
        "A high-resolution, studio-lit product photograph of {words}. It stands on a clean, "
        "polished surface; three softboxes give soft highlights and no hard shadows; a slightly "
        "raised three-quarter angle shows its shape; the details are in sharp focus.",
        aspect="4:5",
    ),
    Style(
        "minimal",
        "One small subject in a large empty space",
        "A minimalist composition with a single subject: {words}. It is small and stands in the "
        "lower right of the frame. All the rest is a vast, empty background of one soft colour. "
        "Gentle, diffuse light from the upper left.",
        aspect="16:9",
    ),
    Style(
        "comic",
        "A comic page of three panels",
        "A comic of three panels in one row, in bold ink with flat colours: {words}. Each panel "
        "has a clear action in the foreground and a simple background; the figures look the "
        "same in all three.",
        aspect="16:9",
        lettering='A caption in the last panel has the exact text "{text}", spelled letter by '
        "letter. There is no other text.",
    ),
    Style(
        "watercolour",
        "A loose watercolour on paper",
        "A watercolour painting of {words}. Loose washes on rough paper, soft edges that run "
        "into each other, a few fine lines of ink, white paper left for the lights.",
    ),
    Style(
        "oil",
        "An oil painting with visible brushwork",
        "An oil painting of {words}. Thick, visible brushstrokes on canvas, rich colours, "
        "strong light from one side.",
    ),
    Style(
        "anime",
        "A frame of hand-drawn animation",
        "A frame of a hand-drawn animated film: {words}. Clean lines, cel shading, a painted "
        "background with depth, expressive faces.",
        aspect="16:9",
    ),
    Style(
        "pixel",
        "Pixel art of the 16-bit age",
        "Pixel art of {words}. A small grid of clearly visible square pixels, a palette of 32 "
        "colours, hard edges without smoothing, the look of a 16-bit game.",
        aspect="1:1",
    ),
    Style(
        "line",
        "A drawing of fine black lines",
        "A line drawing of {words}. Fine black ink lines of even weight on plain white paper, "
        "no shading, no colour.",
    ),
    Style(
        "restyle",
        "Your picture in another style: name the style",
        "Redraw the given image in this style: {words}. Keep its composition: every subject "
        "stays where it is, with its shape, pose and expression. Only the way it is drawn, its "
        "colours and its textures change.",
        lettering='Where the image bears text, it reads exactly "{text}".',
        of_pictures=True,
    ),
    Style(
        "keep",
        "Change one thing of your picture, keep every detail",
        "Using the given image, change only this: {words}. Keep everything else exactly the "
        "same: faces, hair, hands, clothes, lettering, background, light, framing. The change "
        "blends in with the light, perspective and grain of the image.",
        lettering='The text that changes reads exactly "{text}".',
        of_pictures=True,
    ),
    Style(
        "blend",
        "Your pictures in one scene",
        "Make one new image from the given images: {words}. What is taken from each image keeps "
        "its features unchanged and fits in with the scale, light and shadows of the one scene.",
        of_pictures=True,
    ),
    Style(
        "scene",
        "The figure of your picture in a new scene",
        "Show the figure of the given image, recognisably the same, in a new scene: {words}. "
        "Keep face, hair, build and clothes, unless the scene says otherwise.",
        of_pictures=True,
    ),
)

BUILTIN: Mapping[str, Style] = MappingProxyType({fold(style.name): style for style in _STYLES})
"""The built-in styles by their folded names, in the order to show them."""
