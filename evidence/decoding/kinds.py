"""The types that we open: named by magic bytes, opened by the one decoder that belongs to the name."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What kind of thing a file is, as far as a page must know."""

    PICTURE = "picture"
    MOVING = "moving"
    SOUND = "sound"
    PAPER = "paper"
    PACKAGE = "package"
    TEXT = "text"
    OTHER = "other"


# What can be made anew from what is seen and heard.
REDACTABLE = frozenset({Family.PICTURE, Family.MOVING, Family.SOUND, Family.PAPER})


@dataclass(frozen=True, slots=True)
class Known:
    """A type: its family, the name its decoder knows it by, the end of a name that other programs know it by,
    and whether browsers may show it in a page.
    """

    family: Family
    decoder: str
    suffix: str
    is_shown: bool = False


UNKNOWN = Known(Family.OTHER, "", "bin")

_OFFICE = "application/vnd.openxmlformats-officedocument"

KNOWN: dict[str, Known] = {
    "image/jpeg": Known(Family.PICTURE, "JPEG", "jpg", is_shown=True),
    "image/png": Known(Family.PICTURE, "PNG", "png", is_shown=True),
    "image/gif": Known(Family.PICTURE, "GIF", "gif", is_shown=True),
    "image/webp": Known(Family.PICTURE, "WEBP", "webp", is_shown=True),
    "image/tiff": Known(Family.PICTURE, "TIFF", "tif"),
    "image/bmp": Known(Family.PICTURE, "BMP", "bmp"),
    "image/heic": Known(Family.PICTURE, "HEIF", "heic"),
    "image/heif": Known(Family.PICTURE, "HEIF", "heif"),
    "video/mp4": Known(Family.MOVING, "mov", "mp4", is_shown=True),
    "video/quicktime": Known(Family.MOVING, "mov", "mov", is_shown=True),
    "video/x-m4v": Known(Family.MOVING, "mov", "m4v", is_shown=True),
    "video/3gpp": Known(Family.MOVING, "mov", "3gp", is_shown=True),
    "video/3gpp2": Known(Family.MOVING, "mov", "3g2"),
    "video/webm": Known(Family.MOVING, "matroska", "webm", is_shown=True),
    "video/x-matroska": Known(Family.MOVING, "matroska", "mkv"),
    "video/x-msvideo": Known(Family.MOVING, "avi", "avi"),
    "video/mp2t": Known(Family.MOVING, "mpegts", "ts"),
    "video/mpeg": Known(Family.MOVING, "mpeg", "mpg"),
    "audio/mpeg": Known(Family.SOUND, "mp3", "mp3", is_shown=True),
    "audio/x-m4a": Known(Family.SOUND, "mov", "m4a", is_shown=True),
    "audio/mp4": Known(Family.SOUND, "mov", "m4a", is_shown=True),
    "audio/ogg": Known(Family.SOUND, "ogg", "ogg", is_shown=True),
    "video/ogg": Known(Family.MOVING, "ogg", "ogv", is_shown=True),
    "application/ogg": Known(Family.SOUND, "ogg", "ogg", is_shown=True),
    "audio/x-wav": Known(Family.SOUND, "wav", "wav", is_shown=True),
    "audio/flac": Known(Family.SOUND, "flac", "flac", is_shown=True),
    "audio/amr": Known(Family.SOUND, "amr", "amr"),
    "audio/x-hx-aac-adts": Known(Family.SOUND, "aac", "aac"),
    "application/pdf": Known(Family.PAPER, "pdf", "pdf"),
    "application/zip": Known(Family.PACKAGE, "zip", "zip"),
    f"{_OFFICE}.wordprocessingml.document": Known(Family.PACKAGE, "zip", "docx"),
    f"{_OFFICE}.spreadsheetml.sheet": Known(Family.PACKAGE, "zip", "xlsx"),
    f"{_OFFICE}.presentationml.presentation": Known(Family.PACKAGE, "zip", "pptx"),
    "application/vnd.oasis.opendocument.text": Known(Family.PACKAGE, "zip", "odt"),
    "application/vnd.oasis.opendocument.spreadsheet": Known(Family.PACKAGE, "zip", "ods"),
    "text/plain": Known(Family.TEXT, "text", "txt"),
    "text/csv": Known(Family.TEXT, "text", "csv"),
    "application/json": Known(Family.TEXT, "text", "json"),
}

# What the end of a name claims. A claim that the bytes do not keep marks the file.
CLAIMS: dict[str, frozenset[str]] = {
    "jpg": frozenset({"JPEG"}),
    "jpeg": frozenset({"JPEG"}),
    "png": frozenset({"PNG"}),
    "gif": frozenset({"GIF"}),
    "webp": frozenset({"WEBP"}),
    "tif": frozenset({"TIFF"}),
    "tiff": frozenset({"TIFF"}),
    "bmp": frozenset({"BMP"}),
    "heic": frozenset({"HEIF"}),
    "heif": frozenset({"HEIF"}),
    "mp4": frozenset({"mov"}),
    "m4v": frozenset({"mov"}),
    "mov": frozenset({"mov"}),
    "3gp": frozenset({"mov"}),
    "webm": frozenset({"matroska"}),
    "mkv": frozenset({"matroska"}),
    "avi": frozenset({"avi"}),
    "ts": frozenset({"mpegts", "text"}),
    "mpg": frozenset({"mpeg", "mpegts"}),
    "mpeg": frozenset({"mpeg", "mpegts"}),
    "mp3": frozenset({"mp3"}),
    "m4a": frozenset({"mov"}),
    "ogg": frozenset({"ogg"}),
    "opus": frozenset({"ogg"}),
    "wav": frozenset({"wav"}),
    "flac": frozenset({"flac"}),
    "amr": frozenset({"amr"}),
    "aac": frozenset({"aac"}),
    "pdf": frozenset({"pdf"}),
    "zip": frozenset({"zip"}),
    "docx": frozenset({"zip"}),
    "xlsx": frozenset({"zip"}),
    "odt": frozenset({"zip"}),
    "txt": frozenset({"text"}),
    "csv": frozenset({"text"}),
    "json": frozenset({"text"}),
}


def known(mime: str) -> Known:
    """Return what we know of a type; most types are unknown, and then nothing opens them."""
    return KNOWN.get(mime.lower(), UNKNOWN)


def keeps_claim(filename: str, decoder: str) -> bool:
    """Tell whether the bytes are what the end of the name claims; others claim nothing."""
    claimed = CLAIMS.get(filename.rpartition(".")[2].lower()) if "." in filename else None
    return claimed is None or decoder in claimed
