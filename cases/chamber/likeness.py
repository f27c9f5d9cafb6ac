"""What names are compared with, and which of three words it earns. Runs in the chamber, and knows no row.

    block    it must not stay as it is: the same person, or a name that would be known again
    look     a person who may know should look
    clear    nothing was found, which is no promise: some spellings are missed

Likeness of spellings is the Jaro-Winkler distance of the consonants (`cases.names.sound`). What is found is
told as a place, a word and how many people it could be; never as a name, never as a number of likeness.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Final

from rapidfuzz.distance import JaroWinkler

from cases.names import PARTICLES, consonants, digits_of, sound, words_of

BLOCK: Final = "block"
LOOK: Final = "look"
CLEAR: Final = "clear"
# Names that are told apart by ear lie below it; nine of ten spellings of one name, Arabic or Latin, above.
ALIKE: Final = 0.86
_LEAST: Final = 3  # consonants without which a word is like too many others
_ACCOUNT: Final = re.compile(r"@[\w.]+")
_LEAST_DIGITS: Final = 7  # of a telephone or a paper; fewer are a year or a house
_OWN: Final = ("given", "father", "grandfather", "family", "kunya", "laqab", "mother", "latin_forms")
_ABOUT: Final = (*_OWN, "relatives")

Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One word about one place, and whom it could be: counted, and never told but for duplicates."""

    word: str
    people: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    """All that is sealed of one witness, over all its versions."""

    id: str
    said: tuple[Said, ...] = field(repr=False)

    def lines(self, *names: str) -> list[str]:
        """What these fields hold, line by line."""
        return [line for one in self.said for name in names for line in one.get(name, "").splitlines()]

    def words(self, *names: str) -> set[str]:
        """The words of these fields, folded, without what is a part of many names."""
        return {word for line in self.lines(*names) for word in words_of(line)} - PARTICLES

    @cached_property
    def given(self) -> set[str]:
        """The given name, and where the name was written in Latin letters, its first word."""
        written = {words[0] for line in self.lines("latin_forms") if (words := words_of(line))}
        return self.words("given") | written - PARTICLES

    @cached_property
    def family(self) -> set[str]:
        written = {word for line in self.lines("latin_forms") for word in words_of(line)[1:]}
        return self.words("family") | written - PARTICLES

    @cached_property
    def marks(self) -> frozenset[str]:
        """Numbers and addresses that belong to one person: telephones, papers, accounts."""
        numbers = {digits for line in self.lines("phones", "papers") for digits in digits_of(line)}
        accounts = {"@" + line.strip().casefold().lstrip("@") for line in self.lines("accounts")} - {"@"}
        return frozenset({one[-9:] for one in numbers if len(one) >= _LEAST_DIGITS} | accounts)

    @cached_property
    def born(self) -> set[str]:
        return {" ".join(words) for line in self.lines("born") if (words := line.casefold().split())}


def alike(one: str, other: str) -> bool:
    """Tell whether two folded words may be one name: written the same, or near in their consonants."""
    if one == other:
        return True
    mine, theirs = sound(one), sound(other)
    if not mine or not theirs:
        return False
    if mine == theirs or (len(mine) > 1 and mine.rstrip("h") == theirs.rstrip("h")):
        return True  # a last h is written or not: القزحية is Quzahiyya and Quzahiyyah
    near = min(len(mine), len(theirs)) >= _LEAST
    return near and JaroWinkler.similarity(mine, theirs, score_cutoff=ALIKE) > 0


def any_alike(some: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether a word of the one may be a word of the other."""
    known = list(others)
    return any(alike(one, other) for one in some for other in known)


def duplicates(people: Sequence[Person]) -> list[Found]:
    """The pairs that may be one person, in two registrations."""
    found = []
    for one, other in combinations(people, 2):
        word = _same_person(one, other)
        if word != CLEAR:
            found.append(Found(word, frozenset({one.id, other.id})))
    return found


def _same_person(one: Person, other: Person) -> str:
    given = any_alike(one.given, other.given)
    family = any_alike(one.family, other.family)
    if one.marks & other.marks:
        return BLOCK if given or family else LOOK
    if not given:
        return CLEAR
    also = [
        family,
        any_alike(one.words("father"), other.words("father")),
        any_alike(one.words("mother"), other.words("mother")),
        bool(one.born & other.born),
    ]
    if family and sum(also) >= 2:
        return BLOCK
    return LOOK if family or sum(also) >= 2 else CLEAR


class Index:
    """All names and marks of a case, so that a long text is read once."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._words: dict[str, set[str]] = {}
        self._sounds: dict[str, set[str]] = {}
        self._marks: dict[str, set[str]] = {}
        for person in people:
            for word in person.words(*_ABOUT):
                self._words.setdefault(word, set()).add(person.id)
                for heard in _heard(word):
                    self._sounds.setdefault(heard, set()).add(person.id)
            for mark in person.marks:
                self._marks.setdefault(mark, set()).add(person.id)

    def read(self, text: str) -> Found:
        """One passage: two words of one person's names, or a number of theirs, would make them known."""
        named: dict[str, set[str]] = {}
        for word in set(words_of(text)) - PARTICLES:
            heard = (self._sounds.get(one, set()) for one in _heard(word))
            for who in self._words.get(word, set()).union(*heard):
                named.setdefault(who, set()).add(word)
        marked = {who for mark in _marks_in(text) for who in self._marks.get(mark, set())}
        whom = marked | named.keys()
        if not whom:
            return Found(CLEAR)
        is_known = bool(marked) or any(len(words) > 1 for words in named.values())
        return Found(BLOCK if is_known else LOOK, frozenset(whom))


def _heard(word: str) -> set[str]:
    """How a word of prose may sound, where it has consonants enough to be told from others."""
    return {one for one in (consonants(word), sound(word)) if len(one) >= _LEAST}


def _marks_in(text: str) -> set[str]:
    numbers = {digits[-9:] for digits in digits_of(text) if len(digits) >= _LEAST_DIGITS}
    return numbers | {one.casefold() for one in _ACCOUNT.findall(text)}


def passages(text: str, index: Index) -> list[tuple[int, Found]]:
    """The paragraphs of a text that name somebody, counted from 1; or the whole as one that is clear."""
    paragraphs = [one for one in text.splitlines() if one.strip()]
    found = [(number, index.read(one)) for number, one in enumerate(paragraphs, 1)]
    return [(number, one) for number, one in found if one.word != CLEAR] or [(0, Found(CLEAR))]


def worst(found: Iterable[Found]) -> Found:
    """Several words about one place as one."""
    kept = list(found)
    words = {one.word for one in kept}
    word = next((one for one in (BLOCK, LOOK) if one in words), CLEAR)
    return Found(word, frozenset(who for one in kept for who in one.people))


def pseudonym(text: str, people: Sequence[Person]) -> Found:
    """A public pseudonym against every name of the case, relatives' too."""
    asked = set(words_of(text)) - PARTICLES
    joined = {"".join(words_of(text))} if len(words_of(text)) > 1 else set()
    worst, whom = CLEAR, set()
    for person in people:
        names = person.words(*_ABOUT)
        if not any_alike(asked | joined, names):
            continue
        whom.add(person.id)
        heard = {sound(word) for word in names}
        is_heard = bool(asked & names) or any(sound(word) in heard for word in asked | joined if sound(word))
        worst = BLOCK if is_heard or worst == BLOCK else LOOK
    return Found(worst, frozenset(whom))
