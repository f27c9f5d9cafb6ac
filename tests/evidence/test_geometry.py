"""Outlines: what encloses something is read and measured, everything else is refused with words."""

import itertools
import json
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.geometry import Outline, UnsoundOutline, kept_outline, read_outline

LOT = "35.1812, 35.9481\n35.1812, 35.9492\n35.1803, 35.9492\n35.1803, 35.9481"


def test_area_is_that_of_the_ellipsoid() -> None:
    # The eighth of an ellipsoid, whose whole area is known: 510,065,621.724 km2 (WGS 84).
    octant = read_outline("0, 0; 0, 90; 90, 0")
    assert octant.area() == pytest.approx(510_065_621_724_000 / 8, rel=1e-9)
    # One degree by one degree at the equator, from the closed formula for a quadrangle between parallels; its
    # sides here are geodesics, so that it differs by less than a hundred-thousandth.
    assert read_outline("0 0; 0 1; 1 1; 1 0").area() == pytest.approx(12_308_778_361, rel=1e-4)


@pytest.mark.parametrize("number", range(1, 6))
def test_small_square_has_the_area_of_a_plane(number: int) -> None:
    """By radii of curvature: another way to the same figure."""
    latitude, size = 15.0 * number, 0.001
    lines = [(0, 0), (0, size), (size, size), (size, 0)]
    area = read_outline(";".join(f"{latitude + a:.7f},{36 + b:.7f}" for a, b in lines)).area()
    axis, squared = 6_378_137.0, 0.00669437999014
    sine = math.sin(math.radians(latitude + size / 2))
    meridian = axis * (1 - squared) / (1 - squared * sine**2) ** 1.5
    parallel = axis / math.sqrt(1 - squared * sine**2) * math.sqrt(1 - sine**2)
    assert area == pytest.approx(math.radians(size) ** 2 * meridian * parallel, rel=1e-6)


def test_typed_kept_and_typed_again_is_the_same() -> None:
    outline = read_outline(LOT)
    assert read_outline(outline.lines()) == outline
    assert kept_outline(outline.geojson()) == outline
    shape = json.loads(outline.geojson())
    (ring,) = shape["coordinates"]
    assert (shape["type"], ring[0], len(ring)) == ("Polygon", ring[-1], 5)
    assert all(abs(longitude - 35.95) < 0.01 and abs(latitude - 35.18) < 0.01 for longitude, latitude in ring)
    assert kept_outline("north-west corner of the cemetery") is None


def test_direction_first_corner_and_digits_of_the_keyboard_do_not_matter() -> None:
    corners = LOT.splitlines()
    closed = read_outline("\n".join([*corners, corners[0]]))
    back = read_outline("\n".join(reversed(corners)))
    assert closed == read_outline(LOT)
    assert set(back.corners) == set(closed.corners)
    ring = json.loads(back.geojson())["coordinates"][0]
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) > 0
    assert read_outline("٣٥٫١، ٣٥٫٩\n٣٥٫٢، ٣٥٫٩\n٣٥٫٢، ٣٦") == read_outline("35.1 35.9; 35.2 35.9; 35.2 36")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("35.1, 35.9", "three corners"),
        ("35.1, 35.9; 35.2, 35.9", "three corners"),
        ("35.1, 35.9; 35.2, 35.9; 35.1, 35.9", "twice"),
        ("35.1, 35.9; 35.2, 35.9; 35.3, 35.9", "one line"),
        ("0,0; 1,1; 0,1; 1,0", "crosses itself"),
        ("0,0; 0,4; 4,4; 4,2; -1,2", "crosses itself"),
        ("0,0; 0,4; 0,2; 4,2", "crosses itself"),
        ("0,0; 0,4; 4,4; 0,2; 4,0", "crosses itself"),
        ("91, 0; 0, 1; 1, 1", "between -90 and 90"),
        ("0, 181; 0, 1; 1, 1", "between -90 and 90"),
        ("0, 179; 1, -179; 2, 179", "180th meridian"),
        ("north; south; east", "one corner to a line"),
        ("35,1812, 35,9481; 1,1; 2,2", "one corner to a line"),
        ("; ".join(f"0, {n / 10}" for n in range(201)), "200 corners"),
        ('{"type": "Point", "coordinates": [1, 2]}', "Only a polygon"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1]]]}', "not closed"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1,0],[0,0]], [[0,0],[1,0],[0,0]]]}', "Only a polygon"),
        ('{"type": "Polygon", "coordinates": [[[NaN,0],[1,0],[1,1],[NaN,0]]]}', "between -90 and 90"),
        ('{"type": "Polygon", "coordinates": [[["x",0]]]}', "Only a polygon"),
        ('{"type": "Polygon"', "Only a polygon"),
        ("{" * 5000, "Only a polygon"),
    ],
)
def test_what_encloses_nothing_is_refused_with_words(typed: str, said: str) -> None:
    with pytest.raises(UnsoundOutline) as unsound:
        read_outline(typed)
    assert said in str(unsound.value.words)


@given(st.integers(3, 24), st.integers(0, 10_000))
@settings(max_examples=40)
def test_star_is_taken_and_the_same_corners_in_another_order_are_not(count: int, seed: int) -> None:
    """Corners by their angle round a middle cross nowhere; two of four exchanged do."""
    chance = random.Random(seed)
    angles = sorted(chance.sample(range(3600), count))
    if max(b - a for a, b in zip(angles, [*angles[1:], angles[0] + 3600], strict=True)) > 1700:
        return
    corners = [
        (round(1e7 * r * math.sin(a * math.pi / 1800)), round(1e7 * r * math.cos(a * math.pi / 1800)))
        for a, r in ((angle, 1 + chance.random()) for angle in angles)
    ]
    outline = read_outline(Outline(tuple(corners)).lines())
    assert set(outline.corners) == set(corners)
    assert outline.area() > 0
    if count == 4:
        one, two, three, four = corners
        with pytest.raises(UnsoundOutline):
            read_outline(Outline((one, three, two, four)).lines())
