"""What nobody goes on with is deleted after its time, by the sweep, and that stands in the log."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

import audit.actions
from accounts.door import Machine, entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.drafts import keep_draft, read_draft
from cases.actions.reviews import return_testimony, take_up_review
from cases.actions.sweeping import left_intakes
from cases.actions.testimonies import withdraw_testimony
from cases.models import Draft, Testimony
from cases.models.draft import DRAFT_LIFE, INTAKE, INTAKE_LIFE, NEXT_TEXT, REVIEW
from cases.tasks import drop_drafts_now, sweep_drafts_now
from tests import factories
from tests.cases.intakes import Intake
from tests.cases.test_pages import look
from tests.cases.worlds import World
from tests.personas import signed_in
from vault.errors import VaultError

HOUR = timedelta(hours=1)


def keep(world: World, form: str, row: Testimony, by: User, subject: object = None) -> Draft:
    with entering(by, "test"):
        return keep_draft(
            by=by,
            case=world.case,
            form=form,
            subject=subject or row.pk,  # type: ignore[arg-type]  # the id of a review or an account
            witness=row.witness,
            content={"text": "Half a sentence"},
            number=0,
        )


def age(world: World, by: timedelta, **which: object) -> None:
    with entering(world.investigator, "test"):
        assert Draft.objects.filter(**which).update(updated_at=timezone.now() - by)


def left(by: User) -> int:
    with entering(by, "test"):
        return Draft.objects.filter(created_by=by).count()


def test_draft_that_was_left_is_deleted_after_its_time_and_no_sooner(world: World) -> None:
    draft = keep(world, NEXT_TEXT, world.testimony, world.investigator)
    age(world, DRAFT_LIFE - HOUR)
    sweep_drafts_now()
    assert left(world.investigator) == 1
    age(world, DRAFT_LIFE + HOUR)
    sweep_drafts_now()
    assert left(world.investigator) == 0
    (event,) = world.events(Kind.DRAFT_SWEPT)
    assert (event.actor, event.subject) == ("machine:sweep", f"draft:{draft.pk}")
    assert world.events(Kind.CONTENT_OPENED) == [
        one for one in world.events(Kind.CONTENT_OPENED) if one.actor != "machine:sweep"
    ]


def test_intake_that_was_left_cannot_be_read_again(world: World) -> None:
    intake = Intake(world)
    copy = intake.keep("intake-account", "a canary of the intake")
    age(world, INTAKE_LIFE + HOUR, form="intake-witness")
    age(world, INTAKE_LIFE + HOUR, form=INTAKE)
    sweep_drafts_now()
    # Its last page was kept a moment ago: it was not left.
    assert left(world.investigator) == 3
    age(world, INTAKE_LIFE + HOUR)
    sweep_drafts_now()
    assert left(world.investigator) == 0
    (event,) = world.events(Kind.INTAKE_DISCARDED)
    assert (event.actor, event.subject) == ("machine:sweep", f"witness:{intake.id}")
    with pytest.raises(VaultError), entering(world.investigator, "test"):
        read_draft(by=world.investigator, draft=copy)


def test_intake_is_not_kept_as_long_as_a_draft_and_the_others_go_on(world: World) -> None:
    older, newer = Intake(world), Intake(world)
    age(world, INTAKE_LIFE + HOUR, subject=older.id)
    with entering(Machine.SWEEP, "test"):
        assert left_intakes() == [older.id]
    sweep_drafts_now()
    assert newer.seen()
    assert older.seen() == {}


def test_draft_of_a_review_goes_when_the_review_ends(world: World) -> None:
    row = factories.make_submitted_testimony(world.consented, world.investigator)
    with entering(world.supervisor, "test"):
        review = take_up_review(by=world.supervisor, testimony=row)
    keep(world, REVIEW, row, world.supervisor, review.pk)
    drop_drafts_now(str(review.pk))
    sweep_drafts_now()
    assert left(world.supervisor) == 1
    with entering(world.supervisor, "test"):
        return_testimony(by=world.supervisor, testimony=row, comments="Who told the witness?")
    drop_drafts_now(str(review.pk))
    assert left(world.supervisor) == 0
    assert len(world.events(Kind.DRAFT_SWEPT)) == 1


@pytest.mark.parametrize("is_heard", [True, False])
def test_draft_of_an_account_goes_when_the_account_ends(is_heard: bool, world: World) -> None:
    row = world.testimony
    keep(world, NEXT_TEXT, row, world.lead)
    sweep_drafts_now()
    assert left(world.lead) == 1
    with entering(world.investigator, "test"):
        withdraw_testimony(by=world.investigator, testimony=row, reason="On the witness's word")
    if is_heard:
        drop_drafts_now(str(row.pk))
    else:
        # Where the message was lost, the sweep of the night finds it.
        sweep_drafts_now()
    assert left(world.lead) == 0


@pytest.mark.django_db(transaction=True)
def test_end_of_an_account_wakes_the_task(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: woken.append((name, args)))
    row = world.testimony
    with entering(world.investigator, "test"):
        withdraw_testimony(by=world.investigator, testimony=row, reason="On the witness's word")
    assert woken == [("cases.drop_drafts", [str(row.pk)])]


def test_forged_message_deletes_nothing(world: World) -> None:
    draft = keep(world, NEXT_TEXT, world.testimony, world.investigator)
    for subject in (draft.pk, world.testimony.pk, world.case.pk):
        drop_drafts_now(str(subject))
    assert left(world.investigator) == 1


def test_nothing_is_deleted_without_its_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(world, NEXT_TEXT, world.testimony, world.investigator)
    Intake(world)
    age(world, DRAFT_LIFE + HOUR)
    before = left(world.investigator)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(audit.actions, "append", fail)
    monkeypatch.setattr("cases.actions.sweeping.record", fail)
    with pytest.raises(RuntimeError, match="no log"):
        sweep_drafts_now()
    monkeypatch.undo()
    assert left(world.investigator) == before


def test_sweep_writes_no_draft_and_no_other_machine_sees_one(world: World) -> None:
    keep(world, NEXT_TEXT, world.testimony, world.investigator)
    with entering(Machine.SWEEP, "test"):
        assert Draft.objects.count() == 1
    with pytest.raises(DatabaseError), entering(Machine.SWEEP, "test"), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_draft SET number = number + 1")
    for machine in set(Machine) - {Machine.SWEEP}:
        with entering(machine, "test"):
            assert not Draft.objects.exists()


def test_pages_say_how_long_is_kept_what_is_left(world: World) -> None:
    browser: Client = signed_in(world.investigator)
    case = world.case.pk
    assert "is deleted for good 7 days after it was last kept" in look(browser, "intake-start", case=case)
    Intake(world)
    assert "Deleted after" in look(browser, "intake-start", case=case)
    page = look(browser, "testimony-edit", case=case, testimony=world.testimony.pk)
    assert "is deleted 30 days after it was last kept" in page
    browser.cookies["django_language"] = "ar"
    page = look(browser, "testimony-edit", case=case, testimony=world.testimony.pk)
    assert "بعد 30 يومًا" in page
