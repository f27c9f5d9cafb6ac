"""Small pictures that we draw ourselves: pixels alone, nothing that a file says. Runs in the child only."""

import io
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

PREVIEW_EDGE = 960
_INK, _PAPER = (21, 24, 27), (255, 255, 255)
# Read now: later no file can be opened any more.
_FONT = ImageFont.load_default(size=15)


class Drawn(NamedTuple):
    """A preview, and an overview over the whole recording: JPEG, or b"" where there is none."""

    preview: bytes = b""
    overview: bytes = b""


def upright(image: Image.Image) -> Image.Image:
    """Return a small picture the right way up that carries pixels alone: no tag, no profile, no comment."""
    image = ImageOps.exif_transpose(image)
    image.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    clean = Image.new("RGB", image.size, _PAPER)
    shown = image.convert("RGBA")
    clean.paste(shown, mask=shown.getchannel("A"))
    return clean


def picture_of(frame: Any) -> Image.Image:
    """Return a frame as it is to be seen: telephones held upright record lying down, and say so."""
    image: Image.Image = frame.to_image()
    turned = int(getattr(frame, "rotation", 0) or 0)
    return upright(image.rotate(turned, expand=True) if turned else image)


def jpeg(image: Image.Image) -> bytes:
    """Pack a clean picture."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def clock(seconds: float, *, tenths: bool = False) -> str:
    """Write a place in a recording: 0:07, 12:40, 1:02:03; or 0:07.4."""
    if tenths:
        return f"0:{min(seconds, 59.94):04.1f}"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def mark(drawn: ImageDraw.ImageDraw, at: tuple[float, float], text: str) -> None:
    """Write a time on a picture, legible on any ground, whole inside it."""
    left, top, right, bottom = drawn.textbbox((0, 0), text, font=_FONT)
    x = min(max(at[0], 3), drawn.im.size[0] - right - 3)
    drawn.rectangle((x + left - 3, at[1] + top - 2, x + right + 3, at[1] + bottom + 2), fill=_INK)
    drawn.text((x, at[1]), text, fill=_PAPER, font=_FONT)
