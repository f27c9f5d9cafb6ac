"""What is heard: samples of all channels together, silenced or replaced by a tone. Runs in the child only."""

from collections.abc import Iterator, Sequence
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from evidence.decoding.burning.regions import TONE, Region

Samples = NDArray[np.float64]
TONE_HERTZ = 1000
_LOUD = 0.1
# Encoding smears over one block on each side; within, what is left of silence lies below this.
_SMEAR_SECONDS = 0.06
_SILENT = 0.004
_UNLIKE_TONE = 0.05
_SCALES = {"s16": 2.0**15, "s32": 2.0**31}


class Channels:
    """Brings every piece of sound into one form, and back into frames of an encoder."""

    def __init__(self, form: str, layout: str, rate: int) -> None:
        self.form, self.layout, self.rate = form, layout, rate
        self._resampler = av.AudioResampler(format=form, layout=layout, rate=rate)
        self._at = 0.0

    def pieces(self, frame: Any) -> Iterator[tuple[NDArray[Any], float]]:
        """Yield samples, one row each, with the moment of the first in seconds. None ends the sound."""
        for piece in self._resampler.resample(frame):
            samples = piece.to_ndarray().reshape(-1, piece.layout.nb_channels)
            begins = self._at if piece.time is None else float(piece.time)
            self._at = begins + len(samples) / self.rate
            yield samples, begins

    def frame(self, samples: NDArray[Any], first: int) -> Any:
        """Build a frame of samples; `first` counts from the beginning of the sound."""
        made: Any = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.reshape(1, -1)), format=self.form, layout=self.layout
        )
        made.rate, made.pts = self.rate, first
        return made

    def replace(self, samples: NDArray[Any], begins: float, regions: Sequence[Region]) -> set[Region]:
        """Silence, or fill with the tone, what lies in the regions; return those that met something."""
        met = set()
        for region in regions:
            first, last = _within(region, begins, len(samples), self.rate)
            if first < last:
                met.add(region)
                samples[first:last] = self._filling(region, begins, first, last)
        return met

    def _filling(self, region: Region, begins: float, first: int, last: int) -> Any:
        if region.kind != TONE:
            return 0
        seconds = begins + np.arange(first, last) / self.rate
        wave = np.sin(2 * np.pi * TONE_HERTZ * seconds) * _LOUD * _SCALES[self.form]
        return np.round(wave).astype(np.int64)[:, None]


def is_replaced(heard: Samples, begins: float, rate: int, region: Region) -> bool:
    """Tell whether a span that was encoded and decoded holds silence, or the tone and nothing else.

    `heard` has one row a sample, from -1 to 1. A span too short to be told from its edges is not judged here.
    """
    smear = round(_SMEAR_SECONDS * rate)
    first, last = _within(region, begins, len(heard), rate)
    part = heard[first + smear : max(first + smear, last - smear)]
    if not len(part):
        return True
    if region.kind != TONE:
        return bool(np.abs(part).max() <= _SILENT)
    angle = 2 * np.pi * TONE_HERTZ * np.arange(len(part)) / rate
    waves = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    fitted = waves @ np.linalg.lstsq(waves, part, rcond=None)[0]
    return bool(np.abs(part - fitted).max() <= _UNLIKE_TONE * _LOUD * 2)


def _within(region: Region, begins: float, count: int, rate: int) -> tuple[int, int]:
    first = int(np.floor((region.start / 1000 - begins) * rate))
    last = int(np.ceil((region.end / 1000 - begins) * rate))
    return min(max(0, first), count), min(max(0, last), count)
