"""Drafts: sealed, one's own, never older than what they replace, gone when handed in."""

import pytest
from django.db import connection

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.actions.drafts import LARGEST, drop_draft, find_draft, keep_draft, read_draft
from cases.errors import (
    CaseClosed,
    DraftOutdated,
    DraftTooLong,
    DraftWithoutConsent,
    ElsewhereRow,
    NotVisible,
    WitnessNotReady,
)
from cases.models import Case, Draft, Witness
from cases.models.draft import FIRST_TEXT
from cases.vocabulary import CaseStatus, WitnessStatus
from tests import factories
from tests.cases.worlds import World


def keep(world: World, text: str, number: int = 0) -> Draft:
    with entering(world.investigator, "test"):
        return keep_draft(
            by=world.investigator,
            case=world.case,
            form="testimony",
            content={"text": text},
            number=number,
        )


def test_draft_is_kept_replaced_and_dropped(world: World) -> None:
    first = keep(world, "Half a sen")
    second = keep(world, "Half a sentence", number=first.number)
    assert (second.pk, second.number) == (first.pk, first.number + 1)
    with entering(world.investigator, "test"):
        draft = find_draft(by=world.investigator, case=world.case, form="testimony")
        assert draft is not None
        assert read_draft(by=world.investigator, draft=draft) == {"text": "Half a sentence"}
        drop_draft(by=world.investigator, case=world.case, form="testimony")
        assert not Draft.objects.exists()


@pytest.mark.parametrize("step", [-1, 1])
def test_older_window_does_not_overwrite(step: int, world: World) -> None:
    first = keep(world, "one")
    second = keep(world, "two", number=first.number)
    for number in (0, second.number + step):
        with pytest.raises(DraftOutdated):
            keep(world, "three", number=number)


def test_window_of_a_dropped_draft_does_not_overwrite_the_next(world: World) -> None:
    dropped = keep(world, "handed in")
    with entering(world.investigator, "test"):
        drop_draft(by=world.investigator, case=world.case, form="testimony")
    assert keep(world, "begun anew").number != dropped.number
    with pytest.raises(DraftOutdated):
        keep(world, "typed in the old window", number=dropped.number)


def test_newer_draft_is_not_dropped_unseen(world: World) -> None:
    first = keep(world, "one")
    keep(world, "two", number=first.number)
    with pytest.raises(DraftOutdated), entering(world.investigator, "test"):
        drop_draft(by=world.investigator, case=world.case, form="testimony", number=first.number)
    with entering(world.investigator, "test"):
        assert Draft.objects.get().number == first.number + 1


def test_draft_is_nobody_elses_business(world: World) -> None:
    keep(world, "mine alone")
    for person in (world.lead, world.supervisor, world.outsider):
        with entering(person, "test"), connection.cursor() as cursor:
            assert find_draft(by=person, case=world.case, form="testimony") is None
            cursor.execute("SELECT count(*) FROM cases_draft")
            assert cursor.fetchone() == (0,)
            cursor.execute("DELETE FROM cases_draft")
            assert cursor.rowcount == 0


def test_draft_lies_sealed(world: World) -> None:
    keep(world, "a canary in the draft")
    with entering(world.investigator, "test"), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM cases_draft t")
        row = cursor.fetchone()
        assert row
        assert b"canary".hex() not in row[0]
        assert "canary" not in row[0]


def test_outsider_keeps_nothing(world: World) -> None:
    with pytest.raises(NotVisible), entering(world.outsider, "test"):
        keep_draft(by=world.outsider, case=world.case, form="x", content={}, number=0)
    (refused,) = world.events(Kind.ACCESS_REFUSED)
    assert refused.actor == world.outsider.staff_code


def test_draft_of_a_foreign_witness_is_refused(world: World) -> None:
    own = factories.make_case(world.outsider, prefix="HOM")
    foreign = world.witness
    with pytest.raises(ElsewhereRow), entering(world.outsider, "test"):
        keep_draft(by=world.outsider, case=own, form="x", content={}, number=0, witness=foreign)


def test_endless_draft_is_refused(world: World) -> None:
    keep(world, "x" * (LARGEST - len("text")))
    with pytest.raises(DraftTooLong):
        keep(world, "x" * (LARGEST - len("text") + 1))


def keep_of(world: World, witness: Witness, text: str, number: int = 0) -> Draft:
    """Keep the draft of a first account of the witness."""
    with entering(world.investigator, "test"):
        return keep_draft(
            by=world.investigator,
            case=world.case,
            form=FIRST_TEXT,
            subject=witness.pk,
            witness=witness,
            content={"text": text},
            number=number,
        )


def test_no_draft_of_an_account_begins_without_consent(world: World) -> None:
    with pytest.raises(DraftWithoutConsent):
        keep_of(world, world.witness, "They came at ten.")
    (refused,) = world.events(Kind.DRAFT_REFUSED)
    assert refused.subject == f"witness:{world.witness.pk}"
    with entering(world.investigator, "test"):
        assert not Draft.objects.exists()
    assert keep_of(world, world.consented, "They came at ten.")


def test_no_draft_begins_of_a_witness_who_died(world: World) -> None:
    witness = world.consented
    with entering(world.investigator, "test"):
        Witness.objects.filter(pk=witness.pk).update(status=WitnessStatus.DECEASED)
        witness.refresh_from_db()
    with pytest.raises(WitnessNotReady):
        keep_of(world, witness, "They came at ten.")


def test_no_draft_begins_in_a_closed_case_and_what_lies_there_goes_on(world: World) -> None:
    begun = keep_of(world, world.consented, "Half a sen")
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed):
        keep(world, "something else")
    assert keep_of(world, world.consented, "Half a sentence", begun.number).number == begun.number + 1


def test_draft_that_lies_there_goes_on_when_the_consent_is_over(world: World) -> None:
    begun = keep_of(world, world.consented, "Half a sen")
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent, channel="telephone")
    assert keep_of(world, world.witness, "Half a sentence", begun.number).number == begun.number + 1
