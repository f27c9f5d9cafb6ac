"""The catalogues: nothing that is shown is missed, no translation is lost, nothing stale is kept."""

from gettext import c2py
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from casemgr import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("Witnesses")
PARTS = _("one " "sentence")
MAY = pgettext("month", "May")
def count(n): return ngettext("%(n)s item", "%(n)s items", n) % {"n": n}
name = "not shown"
again = _(name)
"""
TEMPLATE = """{% extends "base.html" %}{% load i18n %}
  {% block title %}{% translate "Open cases" %}{% endblock %}
      <p>it's {{ _("inside a variable") }} {% translate "State" context "of a case" as state %}</p>
  {% blocktranslate trimmed with name=a.b %}
     Seen by
     {{ name }}
  {% endblocktranslate %}
  {% blocktranslate count n=total %}One file{% plural %}{{ n }} files{% endblocktranslate %}
{% comment %}{% translate "Never" %}{% endcomment %}
"""


def test_arabic_is_counted_as_arabic_is() -> None:
    kept = messages.merge(Catalog(), Catalog(), "ar")
    function = c2py(kept.plural_expr)
    forms = [function(number) for number in (0, 1, 2, 3, 10, 11, 30, 99, 100, 102, 103)]
    assert forms == [0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 3]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    (folder / "templates" / "cases").mkdir(parents=True)
    (folder / "migrations").mkdir()
    (folder / "words.py").write_text(PYTHON)
    (folder / "migrations" / "0001.py").write_text('_("in a migration")')
    (folder / "templates" / "cases" / "list.html").write_text(TEMPLATE)
    return tmp_path


def test_every_form_of_a_shown_word_is_found(room: Path) -> None:
    found = {(message.id, message.context) for message in messages.extract("cases", room) if message.id}
    assert found == {
        ("Witnesses", None),
        ("one sentence", None),
        ("May", "month"),
        (("%(n)s item", "%(n)s items"), None),
        ("Open cases", None),
        ("inside a variable", None),
        ("State", "of a case"),
        ("Seen by %(name)s", None),
        (("One file", "%(n)s files"), None),
    }


def test_translations_are_kept_and_stale_words_are_dropped(room: Path) -> None:
    messages.update("cases", "ar", room)
    path = messages.po_file("cases", "ar", room)
    path.write_text(
        path.read_text().replace('msgid "Witnesses"\nmsgstr ""', 'msgid "Witnesses"\nmsgstr "الشهود"')
    )
    words = room / "cases" / "words.py"
    words.write_text(words.read_text().replace('_("one " "sentence")', '_("another sentence")'))
    messages.update("cases", "ar", room)
    written = path.read_text()
    assert 'msgid "Witnesses"\nmsgstr "الشهود"' in written
    assert "one sentence" not in written
    assert "another sentence" in written
    assert "fuzzy" not in written
    messages.update("cases", "ar", room)
    assert path.read_text() == written


def test_what_is_missing_stale_or_broken_is_named(room: Path) -> None:
    messages.update("cases", "ar", room)
    path = messages.po_file("cases", "ar", room)
    broken = 'msgid "Seen by %(name)s"\nmsgstr "شوهد"\n\nmsgid "gone"\nmsgstr "ذهب"\n'
    path.write_text(path.read_text().replace('msgid "Seen by %(name)s"\nmsgstr ""\n', broken))
    lines = messages.faults("cases", "ar", room)
    assert "cases: no ar for 'Witnesses'" in lines
    assert "cases: 'gone' is shown nowhere" in lines
    assert any("'Seen by %(name)s'" in line and "placeholder" in line for line in lines)


def test_compiled_catalogues_answer(room: Path) -> None:
    import gettext

    messages.update("cases", "ar", room)
    path = messages.po_file("cases", "ar", room)
    path.write_text(
        path.read_text().replace('msgid "Witnesses"\nmsgstr ""', 'msgid "Witnesses"\nmsgstr "الشهود"')
    )
    messages.compile_all(room)
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Witnesses") == "الشهود"


@pytest.mark.parametrize("room_name", messages.ROOMS)
def test_every_word_that_is_shown_has_its_arabic(room_name: str) -> None:
    assert messages.faults(room_name, "ar") == []


def test_two_rooms_translate_a_word_alike(room: Path) -> None:
    """The catalogues are merged into one: of two translations one would be shown in both rooms."""
    assert messages.quarrels("ar") == []
    for name, words in (("cases", "مغلقة"), ("accounts", "مغلق")):
        path = messages.po_file(name, "ar", room)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'msgid "Closed"\nmsgstr "{words}"\n\nmsgctxt "a"\nmsgid "B"\nmsgstr "{name}"\n')
    assert messages.quarrels("ar", room) == [
        "cases and accounts translate 'B' differently",
        "cases and accounts translate 'Closed' differently",
    ]
