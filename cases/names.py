"""When two written names are the same, or sound the same, in Arabic and in Latin letters.

A pseudonym that sounds like the person's own name hides nobody. The likeness is coarse on purpose: vowels are
dropped and sounds that are written one for the other are one, so that it says "alike" too often rather than
too seldom. It misses some spellings all the same, and says so to nobody but the person who typed both.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d(?:[\s().\-/]{0,2}\d)*")
_LETTERS = dict(zip("أإآٱىیئؤگکپڤ", "ااااييءءغكبف", strict=True)) | {"ة": "ه", "ـ": None}  # noqa: RUF001  # Arabic letters
_DIGITS = dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2, strict=True))  # Arabic digits
_ONE_LETTER = str.maketrans(_LETTERS | _DIGITS)
# Arabic consonants and the sound they are one with; what is in neither table is a vowel or a breath.
_ARABIC = str.maketrans(dict(zip("بتثجحخدذرزسشصضطظغفقكلمنهوي", "bttjhxdzrzsşsdtzgfkklmnhwy", strict=True)))
_DIGRAPHS = (
    ("tch", "ş"), ("sch", "ş"), ("sh", "ş"), ("ch", "ş"), ("kh", "x"), ("gh", "g"), ("th", "t"), ("dh", "z"),
    ("ph", "f"), ("ck", "k"), ("dj", "j"), ("ou", "u"), ("oo", "u"), ("ee", "i"),
)  # fmt: skip
_LATIN = str.maketrans({"q": "k", "c": "k", "p": "b", "v": "f", "7": "h", "5": "x"})
_KEPT = frozenset("bdfghjklmnrstxzşwy")
# Words that are a part of many names and a name by themselves of none.
PARTICLES = frozenset(
    (
        "abu",
        "abo",
        "umm",
        "um",
        "ibn",
        "bin",
        "bint",
        "abd",
        "al",
        "el",
        "ابو",
        "ام",
        "ابن",
        "بن",
        "بنت",
        "عبد",
        "ال",
    )
)
_ARTICLE = re.compile(r"^(?:ال|al|el|ul)(?:$|(?=\w{3}))")


def fold(text: str) -> str:
    """Return the text without case, marks and the spellings that say nothing."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one)[0] != "M")
    unseen = "".join(one for one in bare if unicodedata.category(one) != "Cf")
    return unseen.casefold().translate(_ONE_LETTER).strip()


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded; what has no letter is no word."""
    return [word for word in _WORD.findall(fold(text)) if any(one.isalpha() for one in word)]


def consonants(word: str) -> str:
    """Return the consonants of one folded word; empty for a word of vowels alone."""
    bare = _ARTICLE.sub("", word)
    for written, one in _DIGRAPHS:
        bare = bare.replace(written, one)
    bare = re.sub(r"(.)\1+", r"\1", bare.translate(_ARABIC).translate(_LATIN))
    first, rest = bare[:1], bare[1:].replace("w", "").replace("y", "")
    return "".join(one for one in first + rest if one in _KEPT)


def sound(word: str) -> str:
    """Return them as they sound: a last h is written or not."""
    kept = consonants(word)
    return kept[:-1] if len(kept) > 1 and kept.endswith("h") else kept


def digits_of(text: str) -> list[str]:
    """Return the runs of digits of a text, Arabic ones too, over the marks that people write between them."""
    return [re.sub(r"\D", "", one) for one in _NUMBER.findall(fold(text))]


def is_same(one: str, other: str) -> bool:
    """Tell whether two names are written alike."""
    return bool(_WORD.findall(fold(one))) and _WORD.findall(fold(one)) == _WORD.findall(fold(other))


def stands_in(name: str, texts: Iterable[str]) -> bool:
    """Tell whether a word of the name stands in one of the texts, written the same."""
    asked = set(words_of(name)) - PARTICLES
    return any(asked & set(words_of(text)) for text in texts)


def sounds_like(name: str, others: Collection[str], *, least: int = 1) -> bool:
    """Tell whether a word of the name sounds like a word of one of the others.

    `least` is how many consonants two words must share to count: 1 among names, more where prose is compared.
    """
    asked = _heard(name, least)
    return any(asked & _heard(text, least) for text in others) or stands_in(name, others)


def _heard(text: str, least: int) -> set[str]:
    """The sounds of the words of a text, and of all as one: some write two words where others write one."""
    words = words_of(text)
    found = {sound(word) for word in (*(set(words) - PARTICLES), "".join(words))}
    return {one for one in found if len(one) >= max(1, least)}
