"""What is seen of a clip: each frame made upright, covered, and built anew. Runs in the child only."""

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from evidence.decoding.burning.regions import Region
from evidence.decoding.pictures import MOST_PIXELS, Oversized

Planes = list[NDArray[np.uint8]]
TICKS = Fraction(1, 90_000)
_BLACK = (16, 128, 128)
_ONE = 65_536
# How a turned clip lies in its container: the first four numbers of the matrix, and how often to turn it
# against the clock. Anything else (mirrored, slanted) no two players show alike.
_TURNS = {(1, 0, 0, 1): 0, (0, 1, -1, 0): -1, (-1, 0, 0, -1): 2, (0, -1, 1, 0): 1}
# Encoding is not exact: so far may a covered pixel lie from black, at its edges and within.
_EDGE = 4
_NEAR_EDGE, _WITHIN = 40, 12


class Slanted(Exception):
    """The container asks for more than a quarter turn: what the person saw cannot be known."""


class Upright:
    """Makes frames upright and of one even size, whatever the container and later frames say."""

    def __init__(self, first: Any) -> None:
        if first.width * first.height > MOST_PIXELS or min(first.width, first.height) < 2:
            raise Oversized
        self._size = first.width // 2 * 2, first.height // 2 * 2
        self._turns = turns_of(first)
        self.is_across = self._turns in {-1, 1}

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as they are seen."""
        return self._size[::-1] if self.is_across else self._size

    def planes(self, frame: Any) -> Planes:
        """Return brightness and the two colours, as they are seen."""
        if frame.width * frame.height > MOST_PIXELS:
            raise Oversized
        width, height = self._size
        whole = frame.reformat(width=width, height=height, format="yuv420p").to_ndarray()
        quarter = width * height // 4
        flat = whole.reshape(-1)
        shapes = ((height, width), (height // 2, width // 2), (height // 2, width // 2))
        starts = (0, 4 * quarter, 5 * quarter)
        parts = (
            flat[start : start + rows * columns].reshape(rows, columns)
            for start, (rows, columns) in zip(starts, shapes, strict=True)
        )
        return [np.ascontiguousarray(np.rot90(part, self._turns)) for part in parts]


def turns_of(frame: Any) -> int:
    """How often a frame must be turned against the clock to be seen as players show it."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return 0
    numbers = struct.unpack("=9i", bytes(data)[:36])
    matrix = (numbers[0], numbers[1], numbers[3], numbers[4])
    turned = tuple(number // _ONE if number % _ONE == 0 else 2 for number in matrix)
    if turned not in _TURNS:
        raise Slanted
    return _TURNS[turned]


def cover(planes: Planes, regions: Sequence[Region]) -> None:
    """Put boxes into the pixels, grown to where colours are kept for four pixels at once."""
    height, width = planes[0].shape
    for region in regions:
        left, top, right, bottom = region.pixels(width, height, 2)
        for plane, colour, step in zip(planes, _BLACK, (1, 2, 2), strict=True):
            plane[top // step : -(-bottom // step), left // step : -(-right // step)] = colour


def is_covered(planes: Planes, region: Region) -> bool:
    """Tell whether a box that was encoded and decoded is still black."""
    height, width = planes[0].shape
    left, top, right, bottom = region.pixels(width, height)
    for plane, colour, step in zip(planes, _BLACK, (1, 2, 2), strict=True):
        part = plane[top // step : -(-bottom // step), left // step : -(-right // step)].astype(np.int16)
        away = np.abs(part - colour)
        inner = away[_EDGE:-_EDGE, _EDGE:-_EDGE]
        if away.max() > _NEAR_EDGE or (inner.size and inner.max() > _WITHIN):
            return False
    return True


def framed(planes: Planes, seconds: float, last: int) -> Any:
    """Build a frame that carries nothing but pixels and its time; times only grow."""
    stacked = np.concatenate([plane.reshape(-1) for plane in planes])
    height, width = planes[0].shape
    made: Any = av.VideoFrame.from_ndarray(stacked.reshape(height * 3 // 2, width), format="yuv420p")
    made.pts = max(last + 1, round(seconds / TICKS))
    made.time_base = TICKS
    return made


class Timed:
    """Frames with the moment each is shown from and until: the next one's, or for ever."""

    def __init__(self) -> None:
        self._held: Any = None
        self._at = 0.0

    def add(self, frame: Any) -> Iterator[tuple[Any, float, float]]:
        """Take the next frame, and give the one before it, if there is one."""
        at = self._at + 1 / 30 if frame.time is None else float(frame.time)
        if self._held is not None:
            yield self._held, self._at, at
        self._held, self._at = frame, at

    def end(self) -> Iterator[tuple[Any, float, float]]:
        """Give the last frame."""
        if self._held is not None:
            yield self._held, self._at, float("inf")
            self._held = None
