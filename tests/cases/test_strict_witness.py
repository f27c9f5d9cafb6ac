"""A witness marked strictly confidential later takes all that speaks of them out of sight."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from cases.models import (
    Consent,
    ConsentEvent,
    ConsentScope,
    Draft,
    Interview,
    Review,
    Testimony,
    TestimonyVersion,
    Witness,
    WitnessRow,
)
from cases.vocabulary import Permission, Sensitivity
from cases.waiting import waiting_for
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.test_witness_pages import WITNESS
from tests.cases.worlds import World
from tests.cases.writing import FIRST, NEXT, at, autosave, of
from tests.personas import signed_in

STRICT = {"sensitivity": Sensitivity.STRICTLY_CONFIDENTIAL.value}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def mark(world: World) -> None:
    """The lead, who sees what is strict, marks the witness."""
    with entering(world.lead, "test"):
        revision = Witness.objects.get(pk=world.witness.pk).revision
    data = {**WITNESS, **STRICT, "revision": str(revision)}
    send(signed_in(world.lead), "witness-edit", data, case=world.case.pk, witness=world.witness.pk)


def test_what_speaks_of_a_strict_witness_is_hidden_with_them(world: World, browser: Client) -> None:
    case = world.case.pk
    account, interview, consent = world.testimony.pk, world.interview.pk, world.consent.pk
    mark(world)
    look(browser, "witness-detail", 404, case=case, witness=world.witness.pk)
    look(browser, "testimony-detail", 404, case=case, testimony=account)
    look(browser, "interview-detail", 404, case=case, interview=interview)
    look(browser, "consent-detail", 404, case=case, consent=consent)
    send(browser, "testimony-edit", NEXT, 404, **of(world))
    for name in ("testimony-list", "interview-list", "witness-list"):
        page = look(browser, name, case=case)
        assert world.witness.code not in page, name
        assert world.testimony.registration_no not in page, name


@pytest.mark.parametrize("sees_strict", [False, True])
def test_one_rule_holds_for_every_kind_of_row(world: World, *, sees_strict: bool) -> None:
    factories.make_approved_testimony(world.consented, world.investigator, world.supervisor)
    assert world.interview
    mark(world)
    reader = world.lead if sees_strict else world.supervisor
    kinds: list[type[WitnessRow]] = [
        Consent,
        ConsentScope,
        ConsentEvent,
        Interview,
        Testimony,
        TestimonyVersion,
        Review,
    ]
    with entering(reader, "test"):
        for kind in kinds:
            rows = kind.objects.filter(case=world.case)
            assert rows.exists()
            assert rows.visible_to(reader).exists() is sees_strict, kind


def test_a_reader_of_strict_rows_still_reads_them(world: World) -> None:
    assert world.testimony
    mark(world)
    assert factories.TEXT in look(signed_in(world.lead), "testimony-detail", **of(world))


def test_a_hidden_account_begins_no_page(world: World, browser: Client) -> None:
    # Where a page begins would tell when an account that the reader may not know of was registered.
    hidden = world.testimony
    other = factories.make_consented_witness(world.case, world.investigator, pseudonym="Rami")
    shown = factories.make_testimony(other, world.investigator)
    mark(world)
    address = reverse("testimony-list", args=[world.case.pk])
    for before in (hidden.pk, uuid4()):
        page = browser.get(address, {"before": str(before)}).content.decode()
        assert shown.registration_no in page
    assert shown.registration_no not in browser.get(address, {"before": str(shown.pk)}).content.decode()


def test_an_unfinished_draft_does_not_tell_the_code(world: World, browser: Client) -> None:
    autosave(browser, "testimony-create", {**FIRST, "text": "begun"}, **at(world))
    assert world.witness.code in look(browser, "testimony-list", case=world.case.pk)
    mark(world)
    assert world.witness.code not in look(browser, "testimony-list", case=world.case.pk)
    with entering(world.investigator, "test"):
        mine = Draft.objects.filter(created_by=world.investigator)
        assert mine.exists()
        assert not mine.visible_to(world.investigator, Permission.TESTIMONY_WRITE).exists()


def test_what_waits_does_not_tell_the_code(world: World) -> None:
    factories.make_interview(world.witness, world.investigator)
    with entering(world.investigator, "test"):
        Interview.objects.update(status="scheduled")
        assert world.witness.code in {one.code for one in waiting_for(world.investigator)}
    mark(world)
    with entering(world.investigator, "test"):
        assert world.witness.code not in {one.code for one in waiting_for(world.investigator)}


def test_who_may_read_a_witness_is_in_their_leaf() -> None:
    assert "sensitivity" in Witness.deciding
