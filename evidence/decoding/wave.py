"""A recording of sound as a picture: how loud it is, over its whole length. Runs in the child only."""

import itertools
import time
from array import array
from typing import Any

import av
from PIL import Image, ImageDraw

from evidence.decoding.drawing import clock, jpeg, mark

_RATE = 8000
_WIDTH, _HEIGHT, _FOOT = 960, 200, 28
_PAPER, _INK, _LINE = (255, 255, 255), (24, 78, 96), (200, 204, 208)
SECONDS = 25.0  # of CPU: what was heard until then is drawn


class Peaks:
    """The loudest moment of each short piece; when there are too many pieces, two become one."""

    def __init__(self) -> None:
        self._piece = _RATE // 100
        self._found: list[int] = []
        self._rest = array("h")
        self.samples = 0

    @property
    def seconds(self) -> float:
        return self.samples / _RATE

    def hear(self, heard: bytes) -> None:
        """Take more samples in, of 16 bits each."""
        self._rest.frombytes(heard)
        self.samples += len(heard) // 2
        whole = len(self._rest) - len(self._rest) % self._piece
        for start in range(0, whole, self._piece):
            piece = self._rest[start : start + self._piece]
            loudest, lowest = max(piece), min(piece)
            self._found.append(max(loudest, -lowest))
        del self._rest[:whole]
        while len(self._found) > 8 * _WIDTH:
            # A last piece without its pair is left out: it is too short to be seen.
            self._found = [max(pair) for pair in zip(self._found[::2], self._found[1::2], strict=False)]
            self._piece *= 2

    def columns(self) -> list[float]:
        """How loud each column of the picture is, from 0 to 1."""
        count = len(self._found)
        if not count:
            return [0.0] * _WIDTH
        edges = [column * count // _WIDTH for column in range(_WIDTH + 1)]
        pairs = itertools.pairwise(edges)
        return [max(self._found[first : max(last, first + 1)]) / 32768 for first, last in pairs]


def listen(container: Any) -> Peaks:
    """Decode the sound as far as it goes, and as long as it may take. Raises `ValueError` for none at all."""
    until = time.process_time() + SECONDS
    even = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
    peaks = Peaks()
    try:
        for frame in container.decode(audio=0):
            for piece in even.resample(frame):
                peaks.hear(bytes(piece.planes[0])[: 2 * piece.samples])
            if time.process_time() > until:
                break
    except (OSError, ValueError):
        if not peaks.samples:
            raise
    if not peaks.samples:
        raise ValueError("no sound")
    return peaks


def draw(peaks: Peaks) -> bytes:
    """Draw it from left to right, with the times of its quarters beneath."""
    picture = Image.new("RGB", (_WIDTH, _HEIGHT + _FOOT), _PAPER)
    drawn = ImageDraw.Draw(picture)
    middle = _HEIGHT // 2
    for quarter in range(5):
        x = quarter * (_WIDTH - 1) // 4
        drawn.line((x, 0, x, _HEIGHT), fill=_LINE)
    for x, loud in enumerate(peaks.columns()):
        reach = max(0.5, float(loud) * (middle - 4))
        drawn.line((x, middle - reach, x, middle + reach), fill=_INK)
    for quarter in range(5):
        mark(drawn, (quarter * (_WIDTH - 1) / 4, _HEIGHT + 5), clock(peaks.seconds * quarter / 4))
    return jpeg(picture)
