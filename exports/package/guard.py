"""A first leak guard: no outgoing name or generated text holds an internal id or a code that stays here.

It looks for identifiers, which have a form. To look for people's names takes a session of two custodians.
"""

import re
import unicodedata
from collections.abc import Iterable

from exports.package.errors import Leak

_UUID = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])"
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_UNSEEN: dict[int, None] = dict.fromkeys(map(ord, "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate({**_DASHES, **_UNSEEN})).casefold()
    return re.sub(r"-+", "-", re.sub(r"\s*-\s*", "-", folded))


class Guard:
    """`look` at every outgoing name and text; `close` raises `Leak` with the places, never with the words."""

    def __init__(self, codes: Iterable[str], ids: Iterable[str]) -> None:
        plain = sorted({_plain(code) for code in codes if code}, key=len, reverse=True)
        inside = "|".join(re.escape(code) for code in plain)
        self._codes = re.compile(rf"(?<!\w)(?:{inside})(?!\w)") if plain else None
        self._ids = {identity.replace("-", "").lower() for identity in ids}
        self._places: list[str] = []

    def look(self, place: str, text: str) -> None:
        """Remember `place` when `text` holds what stays inside. A place is a path in the package."""
        plain = _plain(text)
        if self._codes is not None and self._codes.search(plain):
            self._places.append(f"{place}: code")
        if any(found.replace("-", "") in self._ids for found in _UUID.findall(plain)):
            self._places.append(f"{place}: id")

    def close(self) -> None:
        """Raise `Leak` if anything was found."""
        if self._places:
            raise Leak(tuple(self._places))
