"""Every way a file can hold colours, brought to RGB or RGBA in sRGB."""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageStat

LIGHT = 208  # brightness, of 255, from which what is visible would drown in white


def resizable(image: Image.Image) -> Image.Image:
    """The same in a mode that can be resized and converted without loss: RGB, RGBA, L, CMYK."""
    if image.mode.startswith("I;16"):
        # Pillow clips 16 bits at 255 where it should scale them.
        return image.point(  # pyright: ignore[reportUnknownMemberType] (its stub names numpy types)
            lambda value: value * (1 / 256)
        ).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"RGB", "L", "CMYK"} else image.convert("RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB as RGB or RGBA. A broken profile, or another mode's, is ignored."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.ImageCmsProfile(
                ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] (untyped in Pillow)
            )
            converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert(mode)


def opaque(image: Image.Image) -> Image.Image:
    """The picture on white, or on black where what is visible of it is itself nearly white."""
    if image.mode != "RGBA":
        return image
    alpha = image.getchannel("A")
    visible = ImageStat.Stat(image.convert("L"), mask=alpha)  # counts where alpha is above 0
    light = visible.count[0] > 0 and visible.mean[0] >= LIGHT and alpha.getextrema()[0] == 0
    ground = Image.new("RGB", image.size, "black" if light else "white")
    ground.paste(image, mask=alpha)
    return ground
