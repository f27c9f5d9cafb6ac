"""What is taken out of a file, and where that lies.

Places are percent of what a person sees: upright, cropped and scaled as it is shown. Times are milliseconds
from the beginning. Every rounding goes outwards: what is drawn is covered whole.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

BOX: Final = "box"
SILENCE: Final = "silence"
TONE: Final = "tone"
WHOLE: Final = 100.0
MOST_REGIONS: Final = 100
LONGEST_MS: Final = 24 * 3600 * 1000
MOST_PAGES: Final = 500


class Unsound(ValueError):
    """A region that is none: no area, no time, beside the picture, or no number at all."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Misplaced(Exception):
    """A region that meets nothing of the file: a page, or a time, that there is not."""


@dataclass(frozen=True, slots=True)
class Region:
    """One thing to take out: a box (left, top, right, bottom) on a page or between two times, or a sound."""

    kind: str
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    page: int = 0
    start: int = 0
    end: int = 0

    def pixels(self, width: int, height: int, grid: int = 1) -> tuple[int, int, int, int]:
        """The box in pixels of what is shown at this size, grown to whole steps of `grid`."""
        left, top, right, bottom = self.box
        across = _grown(left, right, width, grid)
        down = _grown(top, bottom, height, grid)
        return across[0], down[0], across[1], down[1]

    def meets(self, begin: float, end: float) -> bool:
        """Tell whether it holds at some moment from `begin` up to `end`, in seconds."""
        return self.start / 1000 <= end and begin <= self.end / 1000

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "kind": self.kind,
            "box": list(self.box),
            "page": self.page,
            "start": self.start,
            "end": self.end,
        }


def region_of(told: Mapping[str, Any]) -> Region:
    """Read what `plain` wrote."""
    left, top, right, bottom = (float(side) for side in told["box"])
    return Region(
        str(told["kind"]), (left, top, right, bottom), int(told["page"]), int(told["start"]), int(told["end"])
    )


def boxed(left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
    """Return the part of a box that lies on the picture. Raises `Unsound`."""
    for name, value in (("left", left), ("top", top), ("width", width), ("height", height)):
        if not math.isfinite(value):
            raise Unsound(name)
    if width <= 0 or height <= 0:
        raise Unsound("width" if width <= 0 else "height")
    if left >= WHOLE or left + width <= 0:
        raise Unsound("left")
    if top >= WHOLE or top + height <= 0:
        raise Unsound("top")
    return max(0.0, left), max(0.0, top), min(WHOLE, left + width), min(WHOLE, top + height)


def spanned(start: float, end: float) -> tuple[int, int]:
    """Return two times in seconds as milliseconds. Raises `Unsound`."""
    for name, value in (("start", start), ("end", end)):
        if not math.isfinite(value) or value < 0 or value * 1000 > LONGEST_MS:
            raise Unsound(name)
    first, last = math.floor(start * 1000), math.ceil(end * 1000)
    if last <= first:
        raise Unsound("end")
    return first, last


def boxes(regions: Iterable[Region]) -> list[Region]:
    """Those that cover something that is seen."""
    return [one for one in regions if one.kind == BOX]


def sounds(regions: Iterable[Region]) -> list[Region]:
    """Those that replace something that is heard."""
    return [one for one in regions if one.kind in {SILENCE, TONE}]


def _grown(first: float, last: float, length: int, grid: int) -> tuple[int, int]:
    begin = math.floor(first * length / WHOLE) // grid * grid
    end = -(-math.ceil(last * length / WHOLE) // grid) * grid
    return min(begin, length - 1), min(max(end, begin + 1), length)
