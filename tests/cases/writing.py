"""What tests of the pages of accounts send and ask."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.door import entering
from cases.actions.consents import withdraw_consent
from cases.models import Draft, Testimony, TestimonyVersion
from tests.cases.worlds import World
from vault.opening import open_row
from vault.vocabulary import Purpose

TEXT = "سمعتهم على الدرج.\nThere were four of them."
FIRST = {"language": "apc", "kind": "statement_original_language", "text": TEXT, "revision": ""}
NEXT = {**FIRST, "based_on": "1"}
AUTOSAVE = {"X-Requested-With": "autosave", "Accept": "application/json"}
READ_BACK = {
    "seen": "1",
    "read_back": "yes",
    "language": "apc",
    "by_whom": "INT-01",
    "corrections_count": "0",
    "signed_how": "thumbprint",
    "signed_at": "2026-01-09T10:00",
}


def of(world: World) -> dict[str, Any]:
    return {"case": world.case.pk, "testimony": world.testimony.pk}


def at(world: World) -> dict[str, Any]:
    return {"case": world.case.pk, "witness": world.consented.pk}


def autosave(browser: Client, name: str, data: dict[str, str], status: int = 200, **ids: object) -> Any:
    answer = browser.post(reverse(name, kwargs=ids), data, headers=AUTOSAVE)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def withdraw(world: World) -> None:
    consent = world.consent
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=consent, channel="telephone")


def text_of(world: World) -> str:
    with entering(world.investigator, "test"):
        row = Testimony.objects.select_related("current").get()
        assert row.current is not None
        opened = open_row(row.current, "text", reader="test", purpose=Purpose.READ)
        return opened.text("text")


def revision_in(page: str) -> str:
    return str(re.findall(r'name="revision" value="(\d+)"', page)[0])


def drafts(world: World) -> int:
    with entering(world.investigator, "test"):
        return Draft.objects.count()


def versions(world: World) -> list[TestimonyVersion]:
    with entering(world.investigator, "test"):
        return list(TestimonyVersion.objects.order_by("seq"))
