"""Still pictures. Runs in the child only."""

import io
from typing import Any, BinaryIO

import exifread
from exifread.utils import get_gps_coords
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

MOST_PIXELS = 120_000_000
PREVIEW_EDGE = 960
MOST_TAGS = 200
MOST_WORDS = 300

Image.MAX_IMAGE_PIXELS = (
    None  # its guard lets 1.4 GB through; ours is stricter and comes before the first pixel
)
Image.init()
register_heif_opener(thumbnails=False)


class Oversized(Exception):
    """Opening it would need more memory than a picture of that kind may have."""


def prepared(image: Image.Image) -> bytes:
    """Return a small JPEG that carries pixels alone: no tag, no profile, no comment of the original."""
    image = ImageOps.exif_transpose(image)
    image.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    clean = Image.new("RGB", image.size, (255, 255, 255))
    shown = image.convert("RGBA")
    clean.paste(shown, mask=shown.getchannel("A"))
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82)
    return out.getvalue()


def read_picture(file: BinaryIO, decoder: str) -> tuple[dict[str, Any], bytes]:
    """Decode the picture whole, and return what it says of itself with a preview."""
    tags = _tags(file)
    file.seek(0)
    with Image.open(file, formats=[decoder]) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Oversized
        facts: dict[str, Any] = {"width": width, "height": height, "mode": image.mode}
        image.draft("RGB", (PREVIEW_EDGE, PREVIEW_EDGE))
        image.load()
        preview = prepared(image)
    return {**facts, **tags}, preview


def _tags(file: BinaryIO) -> dict[str, Any]:
    """Read camera tags; a file without them, or with broken ones, is a picture all the same."""
    try:
        found = exifread.process_file(file, details=False)
        point = get_gps_coords(found)
    except Exception:  # noqa: BLE001  # a broken tag is no reason not to look at the picture
        return {}
    words = {str(name): str(value)[:MOST_WORDS] for name, value in sorted(found.items())[:MOST_TAGS]}
    told: dict[str, Any] = {"exif": words} if words else {}
    if point:
        told["gps"] = [f"{point[0]:.6f}", f"{point[1]:.6f}"]
    return told
