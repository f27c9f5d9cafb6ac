"""The catalogues of translation: taken from Python and templates, compiled, and compared, with babel alone.

No gettext program is needed on any machine. Each room keeps the words of its own files in `<room>/locale`.
`python -m casemgr.messages extract | compile | check`; `make` compiles before every start.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("casemgr", "exports", "findings", "evidence", "cases", "accounts", "audit", "vault")
Arguments = str | tuple[str, ...] | None
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")
LANGUAGES = ("ar",)
# As CLDR and Django count: 11 to 99 of a hundred are the fifth form. Babel's own rule gives them the sixth.
PLURALS = {
    "ar": "nplurals=6; "
    "plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
}
_PLURAL, _CONTEXT, _BOTH = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _BOTH),
}


def po_file(room: str, language: str, root: Path = ROOT) -> Path:
    """Return the path of a room's catalogue."""
    return root / room / "locale" / language / "LC_MESSAGES" / "django.po"


def _found(path: Path) -> Iterator[tuple[int, str, Arguments]]:
    """Yield line, function and arguments of every call for a translation in one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # A template becomes calls between blanked words; without indentation Python's tokenizer can read it.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    source = io.BytesIO(text.encode())
    for found in extract_python(source, KEYWORDS, ["Translators:"], {}):
        # The library's annotation is that of another function.
        line, function, arguments, _comments = cast(tuple[int, str, Arguments, list[str]], found)
        yield line, function, arguments


def _identity(function: str, arguments: Arguments) -> tuple[str | tuple[str, str], str | None] | None:
    """Return msgid and context of one call, or None where it holds no literal text."""
    given = (arguments,) if isinstance(arguments, str) else tuple(arguments or ())
    if not given:
        return None
    context = given[0] if function.startswith(("pgettext", "npgettext")) else None
    texts = [text for text in (given[1:] if context is not None else given) if text]
    if not texts:
        return None
    if "ngettext" in function or function.startswith("npgettext"):
        return (texts[0], texts[1]), context
    return texts[0], context


def _sources(room: str, root: Path) -> Iterator[Path]:
    folder = root / room
    for path in sorted(folder.rglob("*")):
        if "migrations" in path.parts or "locale" in path.parts:
            continue
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in path.parts):
            yield path


def extract(room: str, root: Path = ROOT) -> Catalog:
    """Return the catalogue of all words that a room shows, without translations."""
    catalog = Catalog(charset="utf-8")
    for path in _sources(room, root):
        for line, function, arguments in _found(path):
            found = _identity(function, arguments)
            if found:
                catalog.add(found[0], locations=[(path.relative_to(root).as_posix(), line)], context=found[1])
    return catalog


def read(room: str, language: str, root: Path = ROOT) -> Catalog:
    """Return the catalogue as it lies on disk; an empty one where there is none."""
    path = po_file(room, language, root)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def merge(words: Catalog, old: Catalog, language: str) -> Catalog:
    """Return the words with the translations of `old`; what is shown nowhere is dropped."""
    merged = Catalog(locale=language, charset="utf-8", fuzzy=False, project="casemgr")
    if language in PLURALS:
        merged.mime_headers = [("Plural-Forms", PLURALS[language])]
    for message in words:
        if not message.id:
            continue
        known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        translation = (
            known.string if known and isinstance(known.string, str) == isinstance(message.id, str) else None
        )
        files = sorted({name for name, _line in message.locations})
        merged.add(message.id, translation, locations=[(name, 0) for name in files], context=message.context)
    return merged


def update(room: str, language: str, root: Path = ROOT) -> None:
    """Write the room's catalogue anew, keeping its translations."""
    words = extract(room, root)
    path = po_file(room, language, root)
    if not len(words) and not path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(merge(words, read(room, language, root), language)))


def _written(catalog: Catalog) -> bytes:
    # No dates, no line numbers: a catalogue changes when words change, and at no other time.
    target = io.BytesIO()
    write_po(target, catalog, width=110, sort_output=True, include_lineno=False)
    return re.sub(rb'"[\w-]+-Date: .*\n', b"", target.getvalue())


def compile_all(root: Path = ROOT) -> None:
    """Compile every catalogue to the form that gettext reads."""
    for room in ROOMS:
        for language in LANGUAGES:
            path = po_file(room, language, root)
            if path.exists():
                target = io.BytesIO()
                write_mo(target, read(room, language, root))
                path.with_suffix(".mo").write_bytes(target.getvalue())


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def faults(room: str, language: str, root: Path = ROOT) -> list[str]:
    """Return one line for each word without a translation, each stale entry and each broken placeholder."""
    words, kept = extract(room, root), read(room, language, root)
    lines = []
    for message in words:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        there = kept.get(key, message.context)
        if there is None or not _is_translated(there):
            lines.append(f"{room}: no {language} for {key!r}")
        else:
            lines += [f"{room}: {key!r}: {error}" for error in _misplaced(there)]
    stale = [entry for entry in kept if entry.id and words.get(_first(entry), entry.context) is None]
    return lines + [f"{room}: {_first(entry)!r} is shown nowhere" for entry in stale]


def quarrels(language: str, root: Path = ROOT) -> list[str]:
    """Return one line for each word that two rooms translate differently: only one of them would be shown."""
    found: dict[tuple[str, str | None], dict[str, str]] = {}
    for room in ROOMS:
        for message in read(room, language, root):
            if message.id and _is_translated(message):
                found.setdefault((_first(message), message.context), {})[room] = str(message.string)
    return [
        f"{' and '.join(rooms)} translate {key!r} differently"
        for (key, _context), rooms in sorted(found.items(), key=lambda one: one[0][0])
        if len(set(rooms.values())) > 1
    ]


def _misplaced(message: Message) -> list[str]:
    """Name placeholders that a translation lost or invented; a plural form may speak without its number."""
    if isinstance(message.id, str):
        asked, given = set(_PLACEHOLDER.findall(message.id)), set(_PLACEHOLDER.findall(str(message.string)))
        wrong = asked ^ given
    else:
        asked = set(_PLACEHOLDER.findall(" ".join(message.id)))
        wrong = set(_PLACEHOLDER.findall(" ".join(str(form) for form in message.string or ()))) - asked
    return [f"the placeholder {one} is not where it must be" for one in sorted(wrong)]


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def main(verb: str) -> int:
    """Run one verb over all rooms; return the exit code."""
    if verb == "extract":
        for room in ROOMS:
            for language in LANGUAGES:
                update(room, language)
    elif verb == "compile":
        compile_all()
    elif verb == "check":
        lines = [line for room in ROOMS for language in LANGUAGES for line in faults(room, language)]
        lines += [line for language in LANGUAGES for line in quarrels(language)]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 1 if lines else 0
    else:
        sys.stderr.write("one of: extract, compile, check\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
