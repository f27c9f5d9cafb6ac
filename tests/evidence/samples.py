"""Files of every kind, ordinary and hostile, made on the spot by real encoders."""

import io
import random
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import pikepdf
from PIL import Image, ImageDraw
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


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def swelling_png() -> bytes:
    """A small picture whose comment unpacks to 100 MB."""
    whole = picture("PNG")
    comment = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))
    return whole[:33] + comment + whole[33:]


def huge_tiff() -> bytes:
    """A picture that claims 60,000 x 60,000 pixels, in some hundred bytes."""
    tags = [(256, 60_000), (257, 60_000), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 60_000)]
    tags.append((279, 100))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + bytes(104)


def huge_png() -> bytes:
    """A picture of 50,000 x 50,000 pixels, in 60 bytes."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


def many_scans(count: int = 10_000) -> bytes:
    """A picture that is refined ten thousand times: some hundred kilobytes, a minute of work."""
    out = io.BytesIO()
    Image.new("RGB", (6000, 4000), (9, 90, 60)).save(out, "JPEG", progressive=True)
    whole = out.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + whole[-2:]


def _boxes(content: bytes, path: list[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """Write nested boxes of a clip anew, with the content of the innermost one changed."""
    made, at = b"", 0
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        inner = content[at + 8 : at + size]
        if kind == path[0]:
            inner = change(inner) if len(path) == 1 else _boxes(inner, path[1:], change)
        made += struct.pack(">I4s", len(inner) + 8, kind) + inner
        at += size
    return made


def huge_clip() -> bytes:
    """A clip whose frames claim to be 20,000 x 10,000 pixels."""
    place = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"]
    size = struct.pack(">HH", 20_000, 10_000)
    return _boxes(recording("mov", "rawvideo", frames=2), place, lambda old: old[:40] + size + old[44:])


def clip_elsewhere(address: str) -> bytes:
    """A clip that says its frames lie at another address."""
    place = [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"]
    where = address.encode() + b"\0"
    entry = struct.pack(">II", 0, 1) + struct.pack(">I4sI", 12 + len(where), b"url ", 0) + where
    return _boxes(recording("mov", "mpeg4"), place, lambda _old: entry)


def picture(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (9, 90, 60)).save(out, kind)
    return out.getvalue()


def gif(*, frames: int) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.new("P", (8, 8), number % 200) for number in range(frames)]
    first.save(out, "GIF", save_all=True, append_images=rest)
    return out.getvalue()


def pdf(*, script: bool = False, info: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if script:
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            document.Root.OpenAction = action
        for name, value in (info or {}).items():
            document.docinfo[pikepdf.Name(name)] = value
        document.save(out)
    return out.getvalue()


def docx() -> bytes:
    """As little of a document as its magic bytes need."""
    types = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    )
    return archive({"[Content_Types].xml": types, "_rels/.rels": b"<r/>", "word/document.xml": b"<d/>"})


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A drawing with light, shapes and detail, another for each seed: something that can look alike."""
    chance = random.Random(seed)
    image = Image.linear_gradient("L").rotate(chance.randrange(360)).resize(size).convert("RGB")
    drawn = ImageDraw.Draw(image)
    for _ in range(40):
        left, top = chance.randrange(-60, size[0]), chance.randrange(-60, size[1])
        box = (left, top, left + chance.randrange(20, 260), top + chance.randrange(20, 200))
        colour = tuple(chance.randrange(256) for _ in range(3))
        (drawn.ellipse if chance.random() < 0.5 else drawn.rectangle)(box, fill=colour)
    return image


def packed(image: Image.Image, quality: int = 85) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def recording(
    container: str,
    codec: str,
    frames: int = 12,
    *,
    tags: dict[str, str] | None = None,
    show: Callable[[int], Image.Image] | None = None,
) -> bytes:
    """A short clip of grey frames, or of what `show` gives for each number; twelve frames a second."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        made.metadata.update(tags or {})
        stream: Any = made.add_stream(codec, rate=12)
        first = show(0) if show else Image.new("RGB", (64, 48), (0, 90, 60))
        (stream.width, stream.height), stream.pix_fmt = first.size, "yuv420p"
        for number in range(frames):
            image = show(number) if show else Image.new("RGB", (64, 48), (number * 9, 90, 60))
            made.mux(stream.encode(_frame.from_image(image)))
        made.mux(stream.encode())
    return out.getvalue()


def sound(container: str, codec: str, *, seconds: float = 0.1, tags: dict[str, str] | None = None) -> bytes:
    """A tone that grows: silent at first, loud at the end."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        made.metadata.update(tags or {})
        stream: Any = made.add_stream(codec, rate=44_100)
        wanted = stream.codec_context.format.name
        even = av.AudioResampler(format=wanted, layout=stream.layout.name, rate=44_100, frame_size=1024)
        count = int(44_100 * seconds) // 1024 + 1
        for number in range(count):
            frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
            loud = 30_000 * number // count
            tone = array("h", (loud if place % 100 < 50 else -loud for place in range(1024)))
            frame.planes[0].update(tone.tobytes())
            frame.rate, frame.pts, frame.time_base = 44_100, number * 1024, Fraction(1, 44_100)
            for piece in even.resample(frame):
                made.mux(stream.encode(piece))
        made.mux(stream.encode())
    return out.getvalue()
