"""Documents, archives and plain text: read for their outline, never unpacked. Runs in the child only."""

import codecs
import io
import zipfile
from typing import Any, BinaryIO

import pikepdf

from evidence.decoding import claims

MOST_ENTRIES = 20_000
MOST_UNPACKED = 4 * 1024**3
MOST_RATIO = 200
_FIRST_TEXT = 1024 * 1024
_ENCODINGS = ("utf-8", "utf-16", "windows-1256", "windows-1252")

# A codec is imported when it is first used; by then no file can be opened any more. Archives use the first.
for _name in ("cp437", *_ENCODINGS):
    codecs.lookup(_name)


class Unsafe(Exception):
    """The archive would unpack outside its folder or without end."""


def read_pdf(file: BinaryIO) -> dict[str, Any]:
    """Count the pages and read what the document says of itself."""
    with pikepdf.open(file) as document:
        told = claims.words((document.docinfo or {}).items())
        return {
            "pages": len(document.pages),
            "tags": told,
            "claims": claims.of_tags(told),
            "version": document.pdf_version,
            "is_encrypted": document.is_encrypted,
            "has_script": "/JavaScript" in document.Root.get("/Names", {}) or "/OpenAction" in document.Root,
            "has_attachments": bool(len(document.attachments)),
        }


def read_archive(file: BinaryIO) -> dict[str, Any]:
    """Read the table of contents; refuse one whose names or sizes are traps."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries) or 1
        if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked // packed > MOST_RATIO:
            raise Unsafe
        if any(_leads_out(entry) for entry in entries):
            raise Unsafe
        return {"entries": len(entries), "unpacked": str(unpacked)}


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    is_away = name.startswith("/") or ".." in name.split("/") or "\0" in name or ":" in name.split("/")[0]
    return is_link or is_away or name.rpartition("/")[2] == "fetch.txt"


def read_text(file: BinaryIO) -> dict[str, Any]:
    """Make sure that the beginning is text, and say in which encoding."""
    head = file.read(_FIRST_TEXT)
    for encoding in _ENCODINGS:
        try:
            # The last character may be cut in two, which is no fault of the text.
            io.TextIOWrapper(io.BytesIO(head[:-4] if len(head) == _FIRST_TEXT else head), encoding).read()
        except UnicodeError:
            continue
        return {"encoding": encoding}
    raise ValueError("no text")
