"""Moving pictures and sound. Runs in the child only.

The container is given by its magic bytes, never guessed by the library: a playlist that names other addresses
is then no container at all.
"""

import importlib
import pkgutil
from typing import Any, BinaryIO

import av

from evidence.decoding.pictures import MOST_PIXELS, MOST_TAGS, MOST_WORDS, Oversized, prepared

_POSTER_AFTER = 1_000_000  # microseconds: the first frame of a phone video is often black


# The library imports parts of itself when a stream first needs them; by then no file can be opened any more.
for _part in pkgutil.walk_packages(av.__path__, "av."):
    if not _part.name.startswith(("av.__main__", "av.datasets")):
        importlib.import_module(_part.name)


class CutShort(Exception):
    """The index names frames that lie beyond the end of the file."""


def read_recording(file: BinaryIO, decoder: str, length: int) -> tuple[dict[str, Any], bytes]:
    """Open the container, read its streams and tags, decode a frame, and return both with a poster."""
    with av.open(file, mode="r", format=decoder, metadata_errors="replace") as container:
        facts: dict[str, Any] = {
            "container": container.format.name,
            "duration_ms": (container.duration or 0) // 1000,
            "tags": _tags(container.metadata),
            "streams": [_stream(stream) for stream in container.streams],
        }
        _whole(container, length)
        poster = b""
        if container.streams.video:
            video = container.streams.video[0]
            facts |= {"width": video.codec_context.width, "height": video.codec_context.height}
            poster = _poster(container, video)
        elif container.streams.audio:
            _listen(container)
        else:
            raise ValueError("no stream")
    return facts, poster


def _tags(found: dict[str, str]) -> dict[str, str]:
    return {
        str(name)[:MOST_WORDS]: str(value)[:MOST_WORDS] for name, value in sorted(found.items())[:MOST_TAGS]
    }


def _stream(stream: Any) -> dict[str, Any]:
    codec = getattr(stream, "codec_context", None)
    return {
        "type": stream.type,
        "codec": codec.name if codec else "",
        "rate": str(getattr(stream, "average_rate", None) or getattr(stream, "rate", None) or ""),
        "tags": _tags(stream.metadata),
    }


def _whole(container: Any, length: int) -> None:
    for stream in container.streams:
        entries = getattr(stream, "index_entries", None) or ()
        if any(entry.pos + entry.size > length for entry in entries):
            raise CutShort


def _poster(container: Any, video: Any) -> bytes:
    codec = video.codec_context
    if codec.width * codec.height > MOST_PIXELS:
        raise Oversized
    codec.thread_count = 1
    if (container.duration or 0) > 2 * _POSTER_AFTER:
        container.seek(_POSTER_AFTER)
    for frame in container.decode(video):
        if frame.width * frame.height > MOST_PIXELS:
            raise Oversized
        return prepared(frame.to_image())
    raise ValueError("no frame")


def _listen(container: Any) -> None:
    """Decode a first piece of sound: a header alone is no recording."""
    for _frame in container.decode(audio=0):
        return
    raise ValueError("no sound")
