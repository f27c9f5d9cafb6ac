"""Events that somebody with the database's password writes: they stop nobody, and bless nothing."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from audit.models import Event
from audit.vocabulary import Kind
from cases.errors import IdentityAltered, WrongWords
from cases.retention import is_due
from cases.vocabulary import MOST_WRONG_WORDS, CaseStatus
from tests.cases.asking import Asking
from tests.cases.worlds import World
from tests.personas import signed_in
from vault.identities import digest_of
from vault.models import SealedIdentity
from vault.stepping import Guarded, stepping_into

FAR = 400_000_000_000_000_000  # microseconds: the year 14645


def forge(event: Event, at: int = 0, **facts: str) -> None:
    """A copy of an event under another id, with other facts and our MAC of the true one."""
    leaf = json.loads(event.leaf)
    leaf |= {"id": str(uuid4()), "facts": leaf.get("facts", {}) | facts, "at": at or leaf["at"] + 1}
    Event.objects.create(id=leaf["id"], leaf=json.dumps(leaf), mac=bytes(event.mac))


def test_a_sealing_that_never_was_neither_stops_an_opening_nor_blesses_a_change(asking: Asking) -> None:
    asked = asking.ask()
    for place in (0, 1):
        asking.say(asked, place)
    sealed = asking.world.events(Kind.IDENTITY_SEALED)
    for event in sealed:
        forge(event, digest="0" * 64)
    with stepping_into(Guarded.IDENTITY):
        row = SealedIdentity.objects.filter(subject=asking.witness.pk).latest("version")
        row.sealed, was = b"another's", bytes(row.sealed)
        row.save(update_fields=["sealed"])
    for event in sealed:
        forge(event, digest=digest_of(row), identity=str(row.pk))
    with pytest.raises(IdentityAltered):
        asking.show(asked)
    with stepping_into(Guarded.IDENTITY):
        SealedIdentity.objects.filter(pk=row.pk).update(sealed=was)
    assert asking.show(asked).values


def test_a_sealing_at_a_time_that_no_calendar_holds_stops_no_opening(asking: Asking) -> None:
    asked = asking.ask()
    for place in (0, 1):
        asking.say(asked, place)
    for event in asking.world.events(Kind.IDENTITY_SEALED):
        forge(event, at=FAR, digest="0" * 64)
    assert asking.show(asked).values
    address = reverse("case-log", args=[asking.world.case.pk])
    assert signed_in(asking.world.lead).get(address).status_code == 200


def test_wrong_words_that_nobody_typed_shut_nobody_out(asking: Asking) -> None:
    asked = asking.ask()
    for place in (0, 1):
        asking.say(asked, place)
    with pytest.raises(WrongWords):
        asking.show(asked, typed="one two three four five six")
    (wrong,) = [one for one in asking.world.events(WrongWords.kind) if "wrong" in one.leaf]
    for _time in range(MOST_WRONG_WORDS):
        forge(wrong)
    assert asking.show(asked).values


def test_the_page_of_the_log_says_what_is_not_ours(world: World) -> None:
    (opened,) = world.events(Kind.CASE_OPENED)
    address = reverse("case-log", args=[world.case.pk])

    def page() -> Any:
        return signed_in(world.lead).get(address).content.decode()

    assert "Not written by this system" not in page()
    forge(opened)
    assert page().count("Not written by this system") == 1


def test_a_case_that_was_never_closed_is_due_to_nobody(world: World) -> None:
    """A closing that others wrote, long ago, would give the case up to be destroyed."""
    (opened,) = world.events(Kind.CASE_OPENED)
    leaf = json.loads(opened.leaf) | {"kind": Kind.CASE_CLOSED.value, "at": 0}
    Event.objects.create(id=uuid4(), leaf=json.dumps(leaf), mac=bytes(opened.mac))
    world.case.status = CaseStatus.CLOSED  # the column was changed too
    with entering(world.lead, "test"):
        assert not is_due(world.case, timezone.now())
