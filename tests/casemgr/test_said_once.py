"""What must be mended stands in the summary of a page, and what concerns one field beside that field; nowhere
else.
"""

import re
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "casemgr", "cases", "evidence", "exports", "findings")
# Empty forms inside another page: what was wrong with one is said on the page that it leads to.
NEVER_SHOWN_AGAIN = {"link_form", "count_form", "contact_form", "note_form"}


class Reasoned(forms.Form):
    reason = forms.CharField()


def faulty() -> Reasoned:
    form = Reasoned({"reason": ""})
    form.add_error("reason", "Say why in a sentence.")
    form.add_error(None, "The hold was lifted meanwhile.")
    return form


@pytest.mark.django_db
def test_a_confirmation_says_each_thing_where_it_belongs() -> None:
    context = {
        "frame": "base.html",
        "form": faulty(),
        "question": "Lift it?",
        "verb": "Lift",
        "cancel_url": "/",
    }
    request = RequestFactory().get("/")
    page = render_to_string("confirm.html", context, request)
    assert page.count("The hold was lifted meanwhile.") == 1
    assert page.index("The hold was lifted meanwhile.") < page.index("Lift it?")
    assert page.count("Say why in a sentence.") == 2  # in the summary, and beside the field that it leads to
    assert 'href="#id_reason"' in page


def test_every_page_that_prints_a_form_says_what_must_be_mended() -> None:
    found = 0
    for room in ROOMS:
        for path in sorted((ROOT / room / "templates").rglob("*.html")):
            page = path.read_text()
            printed = set(re.findall(r"\{\{ (\w+)\|crispy \}\}", page)) - NEVER_SHOWN_AGAIN
            found += bool(printed)
            above = re.search(r'extends "([^"]+)"', page)
            if above and above[1] not in ("base.html", "case.html"):
                page += engines["django"].get_template(above[1]).template.source  # type: ignore[attr-defined]
            said = " ".join(re.findall(r"error_summary ([\w ]+?) *%", page)).split()
            if "accounts/form_errors.html" in page:
                said.append("form")
            assert printed <= set(said), path
    assert found > 20
