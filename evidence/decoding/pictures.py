"""Still pictures. Runs in the child only."""

from typing import Any, BinaryIO

import exifread
from exifread.utils import get_gps_coords
from PIL import Image
from pillow_heif import register_heif_opener

from evidence.decoding import claims, fingerprints
from evidence.decoding.drawing import PREVIEW_EDGE, Drawn, jpeg, upright

MOST_PIXELS = 120_000_000

Image.MAX_IMAGE_PIXELS = (
    None  # its guard lets 1.4 GB through; ours is stricter and comes before the first pixel
)
Image.init()
register_heif_opener(thumbnails=False)


class Oversized(Exception):
    """Opening it would need more memory than a picture of that kind may have."""


def read_picture(file: BinaryIO, decoder: str) -> tuple[dict[str, Any], Drawn]:
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
        facts |= _notes(image)
        clean = upright(image)
    facts["looks"] = fingerprints.of_still(clean)
    return {**facts, **tags}, Drawn(jpeg(clean))


def _notes(image: Image.Image) -> dict[str, Any]:
    """Comments that stand beside the pixels: of PNG, GIF, JPEG."""
    notes = claims.words(
        (name, value)
        for name, value in image.info.items()
        if isinstance(value, str) or (name in {"comment", "xmp"} and isinstance(value, bytes))
    )
    return {"tags": notes} if notes else {}


def _tags(file: BinaryIO) -> dict[str, Any]:
    """Read camera tags in full; a file without them, or with broken ones, is a picture all the same."""
    try:
        found = exifread.process_file(file, details=True, extract_thumbnail=False)
        words = claims.words(found.items())
    except Exception:  # noqa: BLE001  # a broken tag is no reason not to look at the picture
        return {}
    told: dict[str, Any] = {"exif": words, "claims": claims.of_camera(words)} if words else {}
    try:
        point = get_gps_coords(found)
    except Exception:  # noqa: BLE001  # nor is a place that is none
        point = None
    if point:
        told["gps"] = [f"{point[0]:.6f}", f"{point[1]:.6f}"]
    return told
