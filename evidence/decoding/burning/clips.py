"""Clips and sounds: decoded, covered, and encoded into a new container without a tag. Runs in the child only.

Of several pictures or sounds in one container the first of each is kept: what is not kept cannot tell
anything. The time that counts is a player's: from the beginning of the container, and, where that is not
nought, from nought too; what meets a region by either clock is covered.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, BinaryIO

import av
from av.error import InvalidDataError

from evidence.decoding.burning.frames import TICKS, Timed, Upright, cover, framed
from evidence.decoding.burning.regions import Misplaced, Region, boxes, sounds
from evidence.decoding.burning.samples import Channels
from evidence.decoding.pictures import Oversized

# No encoder takes more channels than these without losing some.
_MOST_CHANNELS = 8
_AAC_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
_DEEP = frozenset({"s32", "s32p", "s64", "s64p"})
_ENCODING = {
    "preset": "veryfast",
    "crf": "20",
    "x264-params": "bframes=0:keyint=60:no-deblock=1",
}


class Room(io.RawIOBase):
    """A file in memory that grows by pieces: no copy of the whole is ever made."""

    PIECE = 1 << 20

    def __init__(self, most: int) -> None:
        self._pieces: list[bytearray] = []
        self._at = self.length = 0
        self._most = most

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.length}[whence]
        return self._at

    def write(self, content: Any) -> int:
        rest = memoryview(content)
        if self._at + len(rest) > self._most:
            raise Oversized
        while rest:
            number, start = divmod(self._at, self.PIECE)
            while len(self._pieces) <= number:
                self._pieces.append(bytearray(self.PIECE))
            part = rest[: self.PIECE - start]
            self._pieces[number][start : start + len(part)] = part
            self._at += len(part)
            rest = rest[len(part) :]
        self.length = max(self.length, self._at)
        return len(content)

    def pieces(self) -> Iterable[memoryview]:
        """Give what was written."""
        for number, piece in enumerate(self._pieces):
            yield memoryview(piece)[: max(0, self.length - number * self.PIECE)]


class Burning:
    """One recording on its way from a container to another."""

    def __init__(self, source: Any, made: Any, regions: Sequence[Region], *, has_picture: bool) -> None:
        self._source, self._made = source, made
        self._begins = max(0.0, (source.start_time or 0) / av.time_base)
        # The last frame stays as long as somebody looks; a region that begins a second later meets nothing.
        length = source.duration / av.time_base if source.duration else float("inf")
        self._ends = self._begins + length + 1
        self._boxes, self._sounds = self._both(boxes(regions)), self._both(sounds(regions))
        self._met: set[Region] = set()
        self._video = next(iter(source.streams.video), None) if has_picture else None
        self._audio = next(iter(source.streams.audio), None)
        self._picture: Any = None
        self._sound: Any = None
        self._upright: Upright | None = None
        self._channels: Channels | None = None
        self._timed = Timed()
        self._last, self._heard = -1, -1
        self._pending: list[Any] = []
        self.skipped = 0

    def run(self, wanted: Sequence[Region]) -> None:
        """Go through the whole of it. Raises `Misplaced` where a region met nothing."""
        streams = [stream for stream in (self._video, self._audio) if stream is not None]
        if not streams:
            raise ValueError("no stream")
        if self._audio is not None:
            self._open_sound(self._audio)
        for packet in self._source.demux(*streams):
            for frame in self._decoded(packet):
                self._take(packet.stream, frame)
        self._finish()
        if any(not self._alike(region) & self._met for region in wanted):
            raise Misplaced

    def _both(self, regions: Sequence[Region]) -> list[Region]:
        """Each region by a clock that starts at nought and, if it is another, by the container's."""
        return [one for region in regions for one in self._alike(region)]

    def _alike(self, region: Region) -> set[Region]:
        ms = round(self._begins * 1000)
        return {region, replace(region, start=region.start + ms, end=region.end + ms)}

    def _decoded(self, packet: Any) -> list[Any]:
        try:
            return list(packet.decode())
        except InvalidDataError:
            # Players pass over a damaged frame, and so the person who drew did not see it either.
            self.skipped += 1
            return []

    def _take(self, stream: Any, frame: Any) -> None:
        if stream is self._video:
            for held in self._timed.add(frame):
                self._see(*held)
        elif self._channels is not None:
            self._hear(frame)

    def _see(self, frame: Any, begins: float, ends: float) -> None:
        if self._upright is None:
            self._upright = Upright(frame)
            self._open_picture(self._upright)
        planes = self._upright.planes(frame)
        now = [region for region in self._boxes if region.meets(begins, ends)]
        cover(planes, now)
        self._met.update(region for region in now if region.start / 1000 <= self._ends)
        made = framed(planes, max(0.0, begins - self._begins), self._last)
        self._last = made.pts
        self._made.mux(self._picture.encode(made))

    def _hear(self, frame: Any) -> None:
        channels = self._channels
        assert channels is not None  # noqa: S101  # opened before the first packet
        for samples, begins in channels.pieces(frame):
            changed = samples.copy()
            self._met.update(channels.replace(changed, begins, self._sounds))
            if self._heard < 0:
                self._heard = max(0, round((begins - self._begins) * channels.rate))
            made = channels.frame(changed, self._heard)
            self._heard += len(changed)
            if self._video is not None and self._picture is None:
                self._pending.append(made)  # the container's head is written with all its streams
            else:
                self._write_sound(made)

    def _write_sound(self, frame: Any) -> None:
        pending, self._pending = self._pending, []
        for one in [*pending, *([frame] if frame is not None else [])]:
            self._made.mux(self._sound.encode(one))

    def _finish(self) -> None:
        for held in self._timed.end():
            self._see(*held)
        if self._channels is not None:
            self._hear(None)
            self._write_sound(None)
            self._made.mux(self._sound.encode(None))
        if self._picture is not None:
            self._made.mux(self._picture.encode(None))
        elif self._video is not None or self._heard <= 0:
            raise ValueError("nothing to see or to hear")

    def _open_picture(self, upright: Upright) -> None:
        self._picture = self._made.add_stream("libx264", rate=30, options=_ENCODING)
        context = self._picture.codec_context
        context.width, context.height = upright.size
        context.pix_fmt, context.time_base = "yuv420p", TICKS
        context.thread_count = 1
        self._picture.time_base = TICKS
        ratio = self._source.streams.video[0].sample_aspect_ratio
        if ratio:
            self._picture.sample_aspect_ratio = 1 / Fraction(ratio) if upright.is_across else ratio

    def _open_sound(self, stream: Any) -> None:
        context = stream.codec_context
        if context.layout.nb_channels > _MOST_CHANNELS:
            raise Oversized
        in_clip = self._video is not None
        rate = next((one for one in _AAC_RATES if one <= context.rate), 8_000) if in_clip else context.rate
        form = "s32" if context.format.name in _DEEP and not in_clip else "s16"
        self._channels = Channels(form, context.layout.name, rate)
        self._sound = self._made.add_stream("aac" if in_clip else "flac", rate=rate)
        self._sound.codec_context.layout = context.layout.name
        self._sound.codec_context.format = "fltp" if in_clip else form


def burn_clip(
    file: BinaryIO, decoder: str, regions: Sequence[Region], *, has_picture: bool, most: int
) -> tuple[str, Room, int]:
    """Return the type and bytes of a new recording, and how many damaged frames were passed over."""
    room = Room(most)
    kind, mime = ("mp4", "video/mp4") if has_picture else ("flac", "audio/flac")
    with (
        av.open(file, mode="r", format=decoder, metadata_errors="replace") as source,
        av.open(room, "w", format=kind, container_options={"fflags": "+bitexact"}) as made,
    ):
        burning = Burning(source, made, regions, has_picture=has_picture)
        burning.run(regions)
    return mime, room, burning.skipped
