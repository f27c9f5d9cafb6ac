"""A name asked for, decided on and shown, through the pages: once, to one person, and stored nowhere."""

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from cases.models import IdentityRequest
from tests.cases.asking import NAME, Asking, sealed
from tests.cases.test_pages import look, send
from tests.custodians import id_of
from tests.personas import signed_in
from vault.custodian import papers
from vault.custodian.papers import Ask

ASKED = {"purpose": "life_in_danger", "fields_asked": ["given", "phones"], "reason": "To warn her", "key": ""}


BEGINS_WITH = (sealed,)


def answer(asking: Asking, place: int, ids: dict[str, Any]) -> str:
    """What a custodian does: download, sign on a laptop, paste; return the page that they decide from."""
    person, browser = asking.guards.people[place], signed_in(asking.guards.people[place])
    page = look(browser, "identity-detail", **ids)
    paper = browser.get(reverse("identity-paper", kwargs=ids))
    assert "attachment" in paper.headers["Content-Disposition"]
    key = asking.guards.keys[id_of(person)]
    said = papers.approve(Ask.read(paper.content), id_of(person), key).write().decode()
    send(browser, "identity-answer", {"answer": f"{said}\n"}, **ids)
    again = send(browser, "identity-answer", {"answer": said}, 422, **ids).content.decode()
    assert "It counts once" in again or "Nothing more is needed" in again
    return page


def test_a_name_is_shown_once_and_lies_nowhere(asking: Asking, caplog: pytest.LogCaptureFixture) -> None:
    browser = signed_in(asking.world.lead)
    person: dict[str, Any] = {"case": asking.world.case.pk, "witness": asking.witness.pk}
    made = browser.post(reverse("identity-ask", kwargs=person), ASKED).content.decode()
    six = next(one for one in _machine(made) if len(one.split()) == 6 and one.replace(" ", "").isalpha())
    ids: dict[str, Any] = {"case": asking.world.case.pk, "access": _request_in(made)}
    own = look(browser, "identity-detail", **ids)
    spoken = next(one for one in _machine(own) if len(one.split()) == 8 and one.replace(" ", "").isalpha())
    assert spoken in made
    assert six not in own
    assert spoken not in answer(asking, 0, ids)  # heard by voice, and from no page
    assert send(browser, "identity-open", {"words": six}, 422, **ids)
    answer(asking, 1, ids)
    wrong = send(browser, "identity-open", {"words": "a b c d e f"}, 422, **ids).content.decode()
    assert "not the six words" in wrong
    shown = browser.post(reverse("identity-open", kwargs=ids), {"words": six})
    page = shown.content.decode()
    assert NAME["given"] in page
    assert "القزحية" not in page
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Refresh"].startswith("300; url=/cases/")
    assert "shown once" in send(browser, "identity-open", {"words": six}, 422, **ids).content.decode()
    for later in (look(browser, "identity-detail", **ids), look(browser, "witness-detail", **person)):
        assert NAME["given"] not in later
    assert "before the risk to them was weighed anew" in look(browser, "witness-detail", **person)
    assert NAME["given"] not in caplog.text + repr(dict(browser.session))
    send(browser, "identity-close", {}, **ids)


def test_what_is_missing_keeps_what_was_typed(asking: Asking) -> None:
    browser = signed_in(asking.world.lead)
    person: dict[str, Any] = {"case": asking.world.case.pk, "witness": asking.witness.pk}
    sent = {**ASKED, "purpose": "", "key": "%%%"}
    page = send(browser, "identity-ask", sent, 422, **person).content.decode()
    assert "To warn her" in page
    assert "not the public part" in page
    assert not IdentityRequest.objects.exists()


def _machine(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'class="machine[^"]*">([^<]+)<', page)]


def _request_in(page: str) -> str:
    return str(re.findall(r"/identities/([0-9a-f-]{36})/", page)[0])
