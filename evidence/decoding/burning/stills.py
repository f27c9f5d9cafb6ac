"""Still pictures: made anew from their pixels, and looked at again. Runs in the child only."""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from PIL import Image, ImageOps

from evidence.decoding.burning.regions import Region
from evidence.decoding.pictures import MOST_PIXELS, Oversized

BLACK = (0, 0, 0)
# A block of a JPEG without thinned-out colour: a box of whole blocks is exactly one colour, and no line of
# its edge rings into what lies beside it.
BLOCK = 8
_QUALITY = 92
# What comes from a camera or a telephone; everything else is kept without loss.
_PHOTOGRAPHS = frozenset({"JPEG", "HEIF"})
# Of a JPEG: its own tables, frames and scans, and the mark of the plain file format.
_JPEG_PARTS = frozenset({0xC0, 0xC2, 0xC4, 0xDB, 0xDD, 0xE0})
_PNG_PARTS = frozenset({b"IHDR", b"IDAT", b"IEND"})
_PNG = b"\x89PNG\r\n\x1a\n"


def burn_still(file: BinaryIO, decoder: str, regions: Iterable[Region]) -> tuple[str, bytes]:
    """Return type and bytes of the picture as it is seen, with black boxes; of several frames the first."""
    with Image.open(file, formats=[decoder]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Oversized
        image.load()
        clean = flat(ImageOps.exif_transpose(image))
    is_photograph = decoder in _PHOTOGRAPHS
    blacken(clean, regions, BLOCK if is_photograph else 1)
    return ("image/jpeg", as_jpeg(clean)) if is_photograph else ("image/png", _as_png(clean))


def flat(image: Image.Image) -> Image.Image:
    """Return a picture of nothing but colours: no transparency, no tag, no profile, no further frame."""
    clean = Image.new("RGB", image.size, (255, 255, 255))
    if image.mode == "RGB":
        clean.paste(image)
        return clean
    shown = image.convert("RGBA")
    clean.paste(shown, mask=shown.getchannel("A"))
    return clean


def blacken(picture: Image.Image, regions: Iterable[Region], grid: int) -> None:
    """Put every box into the pixels."""
    for region in regions:
        picture.paste(BLACK, region.pixels(picture.width, picture.height, grid))


def as_jpeg(picture: Image.Image) -> bytes:
    """Encode a picture so that black blocks stay exactly black."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def _as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()


def prove_still(content: bytes, regions: Iterable[Region]) -> Iterator[str]:
    """Yield what is wrong with a picture that was made: `metadata`, `seen`."""
    is_bare = is_bare_png(content) if content.startswith(_PNG) else is_bare_jpeg(content)
    if not is_bare:
        yield "metadata"
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
        image.load()
        if image.mode != "RGB" or getattr(image, "n_frames", 1) != 1:
            yield "metadata"
        if not is_covered(image.convert("RGB"), regions):
            yield "seen"


def is_covered(picture: Image.Image, regions: Iterable[Region]) -> bool:
    """Tell whether every pixel of every box is black."""
    return all(
        extremes == (0, 0)
        for region in regions
        for extremes in picture.crop(region.pixels(picture.width, picture.height)).getextrema()
    )


def is_bare_jpeg(content: bytes) -> bool:
    """Tell whether there is nothing but a picture: no tag, no comment, nothing behind its end."""
    if not content.startswith(b"\xff\xd8"):
        return False
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        part, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if part == 0xDA:
            return content.find(b"\xff\xd9", at) == len(content) - 2
        if part not in _JPEG_PARTS or (part == 0xE0 and length != 16):
            return False
        at += 2 + length
    return False


def is_bare_png(content: bytes) -> bool:
    """The same for a picture without loss."""
    at, part = len(_PNG), b""
    while at + 12 <= len(content) and part != b"IEND":
        part = content[at + 4 : at + 8]
        if part not in _PNG_PARTS:
            return False
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return part == b"IEND" and at == len(content)
