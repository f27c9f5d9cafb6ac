"""Files of every kind, ordinary and hostile, made on the spot by real encoders."""

import io
import struct
import zipfile
import zlib
from fractions import Fraction
from typing import Any

import av
import pikepdf
from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()
_frame: Any = av.VideoFrame  # whose makers have no types


def archive(entries: dict[str, bytes], *, link: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o120777 if link else 0o100644) << 16
            packed.writestr(entry, content)
    return out.getvalue()


def huge_png() -> bytes:
    """A picture of 50,000 x 50,000 pixels, in 60 bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def picture(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (9, 90, 60)).save(out, kind)
    return out.getvalue()


def gif(*, frames: int) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.new("P", (8, 8), number % 200) for number in range(frames)]
    first.save(out, "GIF", save_all=True, append_images=rest)
    return out.getvalue()


def pdf(*, script: bool = False) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if script:
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            document.Root.OpenAction = action
        document.save(out)
    return out.getvalue()


def docx() -> bytes:
    """As little of a document as its magic bytes need."""
    types = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    )
    return archive({"[Content_Types].xml": types, "_rels/.rels": b"<r/>", "word/document.xml": b"<d/>"})


def recording(container: str, codec: str, frames: int = 12) -> bytes:
    """A short clip of grey frames."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream: Any = made.add_stream(codec, rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            frame = _frame.from_image(Image.new("RGB", (64, 48), (number * 9, 90, 60)))
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
    return out.getvalue()


def sound(container: str, codec: str) -> bytes:
    """A moment of silence."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream: Any = made.add_stream(codec, rate=44_100)
        for number in range(4):
            wanted = stream.codec_context.format.name
            frame = av.AudioFrame(format=wanted, layout=stream.layout.name, samples=1024)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.rate, frame.pts, frame.time_base = 44_100, number * 1024, Fraction(1, 44_100)
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
    return out.getvalue()
