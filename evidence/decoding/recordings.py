"""Moving pictures and sound. Runs in the child only.

The container is given by its magic bytes, never guessed by the library: a playlist that names other addresses
is then no container at all.
"""

import importlib
import pkgutil
from typing import Any, BinaryIO

import av

from evidence.decoding import claims, fingerprints, sheet, wave
from evidence.decoding.drawing import Drawn, jpeg, picture_of
from evidence.decoding.pictures import MOST_PIXELS, Oversized

MOST_STREAMS = 32
_POSTER_AFTER = 1_000_000  # microseconds: the first frame of a phone video is often black


# The library imports parts of itself when a stream first needs them; by then no file can be opened any more.
for _part in pkgutil.walk_packages(av.__path__, "av."):
    if not _part.name.startswith(("av.__main__", "av.datasets")):
        importlib.import_module(_part.name)


class CutShort(Exception):
    """The index names frames that lie beyond the end of the file."""


def read_recording(file: BinaryIO, decoder: str, length: int) -> tuple[dict[str, Any], Drawn]:
    """Open the container, read its streams and tags, decode, and return what it says of itself with pictures:
    a poster and a contact sheet of what moves, a waveform of what is only heard.
    """
    with av.open(file, mode="r", format=decoder, metadata_errors="replace") as container:
        tags = claims.words(container.metadata.items())
        facts: dict[str, Any] = {
            "container": container.format.name,
            "duration_ms": (container.duration or 0) // 1000,
            "tags": tags,
            "streams": [_stream(stream) for stream in list(container.streams)[:MOST_STREAMS]],
        }
        facts |= _claims(tags, facts["streams"])
        _whole(container, length)
        if container.streams.video:
            video = container.streams.video[0]
            facts |= {"width": video.codec_context.width, "height": video.codec_context.height}
            poster = _poster(container, video)
            frames = sheet.frames_over(container, video)
            facts["looks"] = fingerprints.of_frames([image for _, image in frames])
            return facts, Drawn(poster, sheet.draw(frames))
        if container.streams.audio:
            heard = wave.listen(container)
            facts["heard_ms"] = int(heard.seconds * 1000)
            return facts, Drawn(overview=wave.draw(heard))
        raise ValueError("no stream")


def _claims(tags: dict[str, str], streams: list[dict[str, Any]]) -> dict[str, Any]:
    """What is claimed of time, device and place; some containers say it of their streams alone."""
    found = claims.of_tags({name: text for one in streams for name, text in one["tags"].items()} | tags)
    point = found.pop("gps", None)
    return {"claims": found} | ({"gps": point} if point else {})


def _stream(stream: Any) -> dict[str, Any]:
    codec = getattr(stream, "codec_context", None)
    return {
        "type": stream.type,
        "codec": codec.name if codec else "",
        "size": f"{codec.width} x {codec.height}" if stream.type == "video" and codec else "",
        "rate": str(getattr(stream, "average_rate", None) or getattr(stream, "rate", None) or ""),
        "tags": claims.words(stream.metadata.items()),
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
        return jpeg(picture_of(frame))
    raise ValueError("no frame")
