"""What a picture looks like, in 256 bits that change little when it is scaled, packed anew or brightened.

Runs in the child only. Each bit says whether one of the 16 x 16 slowest waves of the picture (a discrete
cosine transform of 32 x 32 grey points, after PDQ) is stronger than the middle one. A picture that was cut is
no longer like the whole, so of a still picture its parts are remembered too: nine tenths and eight tenths of
it, in nine places each. Two files are alike where the whole of one is like the whole or a part of the other.
"""

import base64
import math
import operator
from collections.abc import Iterable, Sequence

from PIL import Image, ImageStat

_POINTS, _WAVES = 32, 16
_ENOUGH = 256  # points a side: more is not seen, and cutting it takes longer
# A picture with less contrast than this, in 255 steps of grey, is fog: it is like every other fog.
_LEAST_CONTRAST = 3.0
_PARTS = (0.9, 0.8)
_PLACES = (0.0, 0.5, 1.0)
_BASIS = [
    [math.cos(math.pi * wave * (2 * point + 1) / (2 * _POINTS)) for point in range(_POINTS)]
    for wave in range(_WAVES)
]


def fingerprint(image: Image.Image) -> bytes | None:
    """Return the 32 bytes of one picture; None where there is too little to see."""
    grey = image.convert("L").resize((_POINTS, _POINTS), Image.Resampling.LANCZOS)
    if ImageStat.Stat(grey).stddev[0] < _LEAST_CONTRAST:
        return None
    points = grey.tobytes()
    rows = [_waves(points[at : at + _POINTS]) for at in range(0, len(points), _POINTS)]
    waves = [strength for column in zip(*rows, strict=True) for strength in _waves(column)]
    middle = sorted(waves)[len(waves) // 2 - 1]
    bits = sum((strength > middle) << place for place, strength in enumerate(waves))
    return bits.to_bytes(len(waves) // 8)


def _waves(points: Sequence[float]) -> list[float]:
    """How strong each of the slowest waves is in a line of points."""
    return [sum(map(operator.mul, wave, points)) for wave in _BASIS]


def of_still(image: Image.Image) -> str:
    """Remember a picture and its parts; "" where there is too little to see."""
    image = image.copy()
    image.thumbnail((_ENOUGH, _ENOUGH))
    whole = fingerprint(image)
    return told([whole], (fingerprint(part) for part in _cut(image))) if whole else ""


def of_frames(images: Sequence[Image.Image]) -> str:
    """Remember the frames of a clip, each as a whole."""
    return told((fingerprint(image) for image in images), ())


def told(wholes: Iterable[bytes | None], parts: Iterable[bytes | None]) -> str:
    """Write fingerprints down: how many are wholes, then all of them; "" for none."""
    kept, rest = [one for one in wholes if one], [one for one in parts if one]
    if not kept:
        return ""
    return base64.b64encode(bytes([len(kept)]) + b"".join((*kept, *rest))).decode()


def _cut(image: Image.Image) -> Iterable[Image.Image]:
    for share in _PARTS:
        width, height = int(image.width * share), int(image.height * share)
        if not width or not height:
            return
        for across in _PLACES:
            for down in _PLACES:
                left, top = int((image.width - width) * across), int((image.height - height) * down)
                yield image.crop((left, top, left + width, top + height))
