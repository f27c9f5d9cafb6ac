"""A recording that was made, decoded anew and held against its regions. Runs in the child only."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import av
import numpy as np

from evidence.decoding.burning.frames import Timed, Upright, is_covered
from evidence.decoding.burning.regions import Region, boxes, sounds
from evidence.decoding.burning.samples import Samples, is_replaced

# What our own writer says of the container and its streams; none of it comes from the original.
_TAGS = frozenset({"major_brand", "minor_version", "compatible_brands", "language", "handler_name"})
_STREAMS = {"mov": ["h264", "aac"], "flac": ["flac"]}
# Sound is judged in spans: a recording of hours is never in memory whole.
_PIECE_SECONDS = 20


def prove_clip(file: BinaryIO, decoder: str, regions: Sequence[Region]) -> Iterator[str]:
    """Yield what is wrong with a recording that was made: `metadata`, `seen`, `heard`."""
    with av.open(file, mode="r", format=decoder, metadata_errors="replace") as container:
        codecs = [stream.codec_context.name for stream in container.streams]
        tags = [container.metadata, *(stream.metadata for stream in container.streams)]
        if sorted(codecs) != sorted(set(codecs) & set(_STREAMS[decoder])) or not codecs:
            yield "metadata"
        if not all(set(found) <= _TAGS for found in tags):
            yield "metadata"
        if container.streams.video:
            if not _is_dark(container, boxes(regions)):
                yield "seen"
            container.seek(0)
        elif boxes(regions):
            yield "seen"
        if container.streams.audio and not _is_quiet(container, sounds(regions)):
            yield "heard"


def _is_dark(container: Any, regions: Sequence[Region]) -> bool:
    timed, upright = Timed(), None
    stream = container.streams.video[0]

    def found() -> Iterator[tuple[Any, float, float]]:
        for frame in container.decode(stream):
            yield from timed.add(frame)
        yield from timed.end()

    for frame, begins, ends in found():
        upright = upright or Upright(frame)
        now = [region for region in regions if region.meets(begins, ends)]
        planes = upright.planes(frame) if now else []
        if not all(is_covered(planes, region) for region in now):
            return False
    return upright is not None


def _is_quiet(container: Any, regions: Sequence[Region]) -> bool:
    stream = container.streams.audio[0]
    rate = stream.codec_context.rate
    resampler = av.AudioResampler(format="s32", layout=stream.codec_context.layout.name, rate=rate)
    held: list[Samples] = []
    begins = length = 0.0
    for frame in container.decode(stream):
        for piece in resampler.resample(frame):
            if not held:
                begins = float(piece.time or 0.0)
            held.append(_heights(piece))
            length += len(held[-1]) / rate
        if length > _PIECE_SECONDS:
            if not _are_replaced(held, begins, rate, regions):
                return False
            # A quarter of a second is judged twice, so that no edge falls between two pieces.
            held, length = [np.concatenate(held)[-rate // 4 :]], 0.25
            begins = _end(frame) - 0.25
    return not held or _are_replaced(held, begins, rate, regions)


def _are_replaced(held: list[Samples], begins: float, rate: int, regions: Sequence[Region]) -> bool:
    heard = np.concatenate(held)
    return all(is_replaced(heard, begins, rate, region) for region in regions)


def _heights(piece: Any) -> Samples:
    rows = piece.to_ndarray().reshape(-1, piece.layout.nb_channels)
    return np.asarray(rows / 2.0**31, dtype=np.float64)


def _end(frame: Any) -> float:
    return float(frame.time or 0.0) + int(frame.samples) / int(frame.rate)
