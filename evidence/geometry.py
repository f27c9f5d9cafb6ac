"""Outlines on the ground: read as people type them, refused unless they enclose something, and measured.

Promise: an `Outline` that exists is closed, crosses itself nowhere, lies on the earth and is kept as a
GeoJSON polygon (RFC 7946: longitude first, counter-clockwise). Its area is that on the WGS 84 ellipsoid, by
the method of Karney (2013), "Algorithms for geodesics". Corners are whole ten-millionths of a degree, about a
centimetre, so that nothing is rounded when they are compared.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from geographiclib.geodesic import Geodesic

MOST_LATITUDE, MOST_LONGITUDE = 90, 180
LEAST_CORNERS, MOST_CORNERS = 3, 200
_FINEST = 10_000_000
_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,12})?"
# Latitude, then longitude, as every map and every receiver prints them.
_CORNER = re.compile(rf"\s*({_NUMBER})\s*[,\s]\s*({_NUMBER})\s*")
# People type what their keyboard gives: Arabic digits, point and comma, the long minus.
TYPED_NUMBERS = str.maketrans("٠١٢٣٤٥٦٧٨٩\u066b\u060c\u2212", "0123456789.,-")

Grid = tuple[int, int]


class UnsoundOutline(ValueError):
    """What was typed is no outline; `words` say why and what to do."""

    def __init__(self, words: "str | Promise") -> None:
        super().__init__("This is no outline.")
        self.words = words


_UNREAD = _("Type one corner to a line: latitude, comma, longitude, such as 35.1812, 35.9481.")
_FEW = _("An outline needs three corners or more.")
_MANY = _("An outline may have 200 corners at most.")
_OUTSIDE = _("A latitude lies between -90 and 90, a longitude between -180 and 180.")
_TWICE = _("One corner stands there twice.")
_CROSSES = _("The outline crosses itself. Type the corners in their order round the edge.")
_WIDE = _("One side is longer than half the earth. An outline across the 180th meridian is drawn as two.")
_FLAT = _("The corners lie on one line, so that nothing is enclosed.")
_OPEN = _("This outline is not closed: its last corner must be its first.")
_SHAPE = _("Only a polygon with one edge and no hole is taken.")


@dataclass(frozen=True, slots=True)
class Outline:
    """Corners as (latitude, longitude) in ten-millionths of a degree; the last is joined to the first."""

    corners: tuple[Grid, ...]

    def geojson(self) -> str:
        """The form in which an outline is sealed."""
        ring = [[longitude / _FINEST, latitude / _FINEST] for latitude, longitude in self.corners]
        return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, separators=(",", ":"))

    def lines(self) -> str:
        """The form in which an outline is typed."""
        return "\n".join(f"{lat / _FINEST:.7f}, {lon / _FINEST:.7f}" for lat, lon in self.corners)

    def area(self) -> float:
        """Return what is enclosed, in square metres on the ellipsoid."""
        polygon = Geodesic.WGS84.Polygon()
        for latitude, longitude in self.corners:
            polygon.AddPoint(latitude / _FINEST, longitude / _FINEST)
        return abs(float(polygon.Compute()[2]))


def read_outline(text: str) -> Outline:
    """Read corners one to a line (or apart by semicolons), or a GeoJSON polygon. Raises `UnsoundOutline`."""
    typed = text.strip().translate(TYPED_NUMBERS)
    corners = _from_geojson(typed) if typed.startswith("{") else _from_lines(typed)
    return Outline(_sound(corners))


def kept_outline(text: str) -> Outline | None:
    """Read a kept outline; None for what was written down in words, before outlines were read."""
    try:
        return read_outline(text) if text.strip().startswith("{") else None
    except UnsoundOutline:
        return None


def _from_lines(typed: str) -> list[Grid]:
    found = []
    for line in filter(str.strip, re.split(r"[\n;]", typed)):
        match = _CORNER.fullmatch(line)
        if match is None:
            raise UnsoundOutline(_UNREAD)
        found.append(_grid(float(match[1]), float(match[2])))
    # Who closes the outline by hand typed the first corner twice, and meant one.
    return found[:-1] if len(found) > LEAST_CORNERS and found[0] == found[-1] else found


def _from_geojson(typed: str) -> list[Grid]:
    try:
        shape = json.loads(typed)
        (ring,) = shape["coordinates"]
        is_polygon = shape["type"] == "Polygon"
        found = [_grid(float(point[1]), float(point[0])) for point in ring]
    except UnsoundOutline:
        raise
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as fault:
        raise UnsoundOutline(_SHAPE) from fault
    if not is_polygon:
        raise UnsoundOutline(_SHAPE)
    if len(found) < LEAST_CORNERS or found[0] != found[-1]:
        raise UnsoundOutline(_OPEN)
    return found[:-1]


def _grid(latitude: float, longitude: float) -> Grid:
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise UnsoundOutline(_OUTSIDE)
    if abs(latitude) > MOST_LATITUDE or abs(longitude) > MOST_LONGITUDE:
        raise UnsoundOutline(_OUTSIDE)
    return round(latitude * _FINEST), round(longitude * _FINEST)


def _sound(corners: Sequence[Grid]) -> tuple[Grid, ...]:
    """Ask what makes an outline one; at 200 corners that is some 20,000 pairs of sides."""
    if len(corners) < LEAST_CORNERS:
        raise UnsoundOutline(_FEW)
    if len(corners) > MOST_CORNERS:
        raise UnsoundOutline(_MANY)
    if len(set(corners)) < len(corners):
        raise UnsoundOutline(_TWICE)
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    if any(abs(one[1] - other[1]) > MOST_LONGITUDE * _FINEST for one, other in sides):
        raise UnsoundOutline(_WIDE)
    doubled = sum(one[1] * other[0] - other[1] * one[0] for one, other in sides)
    if all(_turn(*sides[0], corner) == 0 for corner in corners):
        raise UnsoundOutline(_FLAT)
    for number, side in enumerate(sides):
        for later in range(number + 1, len(sides)):
            is_next = later - number in {1, len(sides) - 1}
            if _overlap(side, sides[later]) if is_next else _meet(side, sides[later]):
                raise UnsoundOutline(_CROSSES)
    return tuple(corners if doubled > 0 else reversed(corners))


def _turn(one: Grid, other: Grid, third: Grid) -> int:
    """Tell on which side of a line a point lies: 1, -1, or 0 on it. Whole numbers: nothing is rounded."""
    cross = (other[1] - one[1]) * (third[0] - one[0]) - (other[0] - one[0]) * (third[1] - one[1])
    return (cross > 0) - (cross < 0)


def _within(one: Grid, other: Grid, point: Grid) -> bool:
    """Tell whether a point of the line lies between its ends."""
    return all(min(one[axis], other[axis]) <= point[axis] <= max(one[axis], other[axis]) for axis in (0, 1))


def _meet(side: tuple[Grid, Grid], later: tuple[Grid, Grid]) -> bool:
    turns = (*(_turn(*side, end) for end in later), *(_turn(*later, end) for end in side))
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    on_side = any(_turn(*side, end) == 0 and _within(*side, end) for end in later)
    return on_side or any(_turn(*later, end) == 0 and _within(*later, end) for end in side)


def _overlap(side: tuple[Grid, Grid], later: tuple[Grid, Grid]) -> bool:
    """Two sides that share a corner may not run back over each other."""
    shared = set(side) & set(later)
    (start,) = set(side) - shared
    (end,) = set(later) - shared
    return (_turn(*side, end) == 0 and _within(*side, end)) or (
        _turn(*later, start) == 0 and _within(*later, start)
    )
