"""RFC 8785 JSON for what a leaf may hold: ASCII strings, whole numbers below 2^53, lists and objects.

Promise: one value has one encoding, and nothing a person typed can add a line, a key or a leaf to it. Floats,
booleans, nulls and anything outside printable ASCII are refused: two readers might
write them differently.
"""

import json
import re
from collections.abc import Mapping, Sequence

Value = str | int | Mapping[str, "Value"] | Sequence["Value"]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXT = re.compile(r"[ -~]{0,200}")
_LARGEST = 2**53


class UnfitForLog(ValueError):
    """A value that may not stand in a leaf. Names the place alone, since the value may be content."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: only codes, ids, states and counts in printable ASCII may stand in the log"
        )


def _fits(value: str | int) -> bool:
    if isinstance(value, str):
        return _TEXT.fullmatch(value) is not None
    return not isinstance(value, bool) and -_LARGEST < value < _LARGEST


def _check(value: object, place: str) -> None:
    if isinstance(value, str | int) and _fits(value):
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise UnfitForLog(f"{place}: a key")
            _check(inner, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner, place)
    else:
        raise UnfitForLog(place)


def encode(value: Mapping[str, Value]) -> str:
    """Return the one encoding of `value`: sorted keys, no spaces, ASCII. Raises `UnfitForLog`."""
    _check(value, "leaf")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
