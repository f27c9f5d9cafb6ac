"""Papers as bytes: RFC 8785 JSON of texts, whole numbers, lists and objects.

Promise: one value has one encoding and only that encoding is read back, so that what is signed, hashed, shown
and stored are the same bytes. Text that could be shown otherwise than it reads (control characters, marks
that turn the direction of writing) is refused. Called by `vault.custodian` only.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from vault.custodian.errors import PaperRefused

Value = str | int | Mapping[str, "Value"] | Sequence["Value"]
Facts = dict[str, object]

_LARGEST: Final = 2**53
_DEEPEST: Final = 8


def encode(value: Mapping[str, Value]) -> bytes:
    """Return the one encoding of `value`. Raises `PaperRefused` for what it may not hold."""
    _check(value, 0)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decode(raw: bytes, *, limit: int) -> Facts:
    """Read what `encode` wrote, of `limit` bytes at most; raises `PaperRefused` for anything else."""
    if len(raw) > limit:
        raise PaperRefused("The file is larger than such a paper can be.")
    try:
        value = json.loads(raw)
        if not isinstance(value, dict) or encode(value) != raw:
            raise PaperRefused("The file was edited or written by another program.")
    except (ValueError, RecursionError):
        raise PaperRefused("The file is not one that this program wrote.") from None
    return value


def _check(value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise PaperRefused("The file is nested too deeply.")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise PaperRefused("A name of a field is not one of ours.")
            _check(key, depth + 1)
            _check(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner, depth + 1)
    else:
        _check_single(value)


def _check_single(value: object) -> None:
    if isinstance(value, str):
        if not value.isprintable():
            raise PaperRefused("A text holds marks that could hide what it says.")
    elif not isinstance(value, int) or isinstance(value, bool):
        raise PaperRefused("A paper holds texts, whole numbers, lists and objects alone.")
    elif not 0 <= value < _LARGEST:
        raise PaperRefused("A number is out of range.")


class Reader:
    """Takes the fields out of a paper's facts, each once, and refuses what is missing, odd or left over."""

    def __init__(self, facts: object) -> None:
        if not isinstance(facts, Mapping):
            raise PaperRefused("A part of the file is not what it should be.")
        self._left = dict(facts)

    def text(self, name: str, *, longest: int = 200, may_be_empty: bool = False) -> str:
        value = self._take(name)
        if not isinstance(value, str) or len(value) > longest or not (value or may_be_empty):
            raise PaperRefused(f"`{name}` is not a text of 1 to {longest} letters.")
        return value

    def number(self, name: str) -> int:
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise PaperRefused(f"`{name}` is not a whole number.")
        return value

    def id(self, name: str) -> UUID:
        value = self.text(name)
        try:
            found = UUID(value)
        except ValueError:
            raise PaperRefused(f"`{name}` is not an id.") from None
        if str(found) != value:
            raise PaperRefused(f"`{name}` is not an id as we write it.")
        return found

    def raw(self, name: str, length: int | None = None) -> bytes:
        """Return bytes written by `written`, of `length` if given."""
        value = self._take(name)
        try:
            found = base64.b64decode(value, validate=True) if isinstance(value, str) else None
        except binascii.Error:
            found = None
        if found is None or written(found) != value or length not in (None, len(found)):
            raise PaperRefused(f"`{name}` does not hold the bytes that it should.")
        return found

    def list(self, name: str, *, most: int) -> list[object]:
        value = self._take(name)
        if not isinstance(value, list) or len(value) > most:
            raise PaperRefused(f"`{name}` is not a list of {most} at most.")
        return value

    def texts(self, name: str, *, most: int, longest: int = 200) -> tuple[str, ...]:
        found = self.list(name, most=most)
        return tuple(Reader({"text": one}).text("text", longest=longest) for one in found)

    def part(self, name: str) -> "Reader":
        return Reader(self._take(name))

    def rest(self) -> Facts:
        """Take every field that is left."""
        left, self._left = self._left, {}
        return left

    def end(self) -> None:
        """Raise `PaperRefused` where a field is left that nobody asked for."""
        if self._left:
            raise PaperRefused("The file holds fields that this program does not know.")

    def _take(self, name: str) -> object:
        if name not in self._left:
            raise PaperRefused(f"The file lacks `{name}`.")
        return self._left.pop(name)


def written(raw: bytes) -> str:
    """Return bytes as they stand in a paper."""
    return base64.b64encode(raw).decode()
