"""What people were trained for: entered by somebody else, for a time, and believed only with our tag."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions.people import deactivate_person
from accounts.actions.trainings import TrainingFacts, end_training, note_training
from accounts.door import entering
from accounts.errors import ForgedTraining, NotInThisState, NotYourOwn, TrainingIncomplete, TrainingOlder
from accounts.models import Training, User, trainings_of
from accounts.vocabulary import Role, TrainingKind
from audit.models import Event
from audit.vocabulary import Kind
from tests import factories
from tests.personas import make_person, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def admin() -> User:
    return make_person(Role.SYSADMIN)


@pytest.fixture
def person() -> User:
    return make_person(Role.INVESTIGATOR)


def held(person: User, day: date = TODAY) -> set[TrainingKind]:
    return set(trainings_of([person], day)[person.pk])


def facts(**change: Any) -> TrainingFacts:
    told = {
        "kind": TrainingKind.CHILD,
        "completed_on": TODAY - timedelta(days=10),
        "expires_on": TODAY + timedelta(days=10),
        "certificate": "The institute",
    }
    return TrainingFacts(**{**told, **change})


def test_it_counts_from_its_first_day_to_its_last(admin: User, person: User) -> None:
    row = factories.make_training(person, admin, TrainingKind.SGBV, begun=10, days=20)
    for day, counts in ((-11, False), (-10, True), (0, True), (10, True), (11, False)):
        found = held(person, TODAY + timedelta(days=day))
        assert found == ({TrainingKind.SGBV} if counts else set()), day
    with entering(admin, "test"):
        end_training(training=row, by=admin)
    assert held(person) == set()
    with pytest.raises(NotInThisState), entering(admin, "test"):
        end_training(training=row, by=admin)


def test_newer_one_takes_the_place_of_the_one_before(admin: User, person: User) -> None:
    factories.make_training(person, admin, TrainingKind.CHILD, begun=400, days=365)
    assert held(person) == set()
    factories.make_training(person, admin, TrainingKind.CHILD)
    factories.make_training(person, admin, TrainingKind.TRAUMA)
    assert held(person) == {TrainingKind.CHILD, TrainingKind.TRAUMA}
    assert Training.objects.filter(user=person, ended_at__isnull=False).count() == 1


def test_older_one_does_not_end_the_one_that_counts(admin: User, person: User) -> None:
    row = factories.make_training(person, admin, TrainingKind.CHILD)
    for change in (
        {"completed_on": TODAY - timedelta(days=700), "expires_on": TODAY - timedelta(days=335)},
        {"expires_on": row.expires_on - timedelta(days=1)},
    ):
        with pytest.raises(TrainingOlder), entering(admin, "test"):
            note_training(user=person, facts=facts(**change), by=admin)
    assert held(person) == {TrainingKind.CHILD}
    assert Event.objects.of_kinds([Kind.TRAINING_REFUSED]).count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"completed_on": TODAY + timedelta(days=1)},
        {"expires_on": TODAY - timedelta(days=10)},
        {"certificate": " "},
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], admin: User, person: User) -> None:
    with pytest.raises(TrainingIncomplete), entering(admin, "test"):
        note_training(user=person, facts=facts(**change), by=admin)
    assert Event.objects.of_kinds([Kind.TRAINING_REFUSED]).count() == 1
    assert not Training.objects.exists()


def test_nobody_trains_themselves_and_nobody_who_has_gone_is_trained(admin: User, person: User) -> None:
    other = make_person(Role.SYSADMIN)
    mine = factories.make_training(admin, other, TrainingKind.CHILD)
    with pytest.raises(NotYourOwn), entering(admin, "test"):
        note_training(user=admin, facts=facts(), by=admin)
    with pytest.raises(NotYourOwn), entering(admin, "test"):
        end_training(training=mine, by=admin)
    with entering(admin, "test"):
        deactivate_person(user=person, by=admin)
    with pytest.raises(NotInThisState), entering(admin, "test"):
        note_training(user=person, facts=facts(), by=admin)


def test_row_without_our_tag_opens_nothing_and_is_never_blessed(admin: User, person: User) -> None:
    real = factories.make_training(person, admin, TrainingKind.SGBV)
    outsider = make_person(Role.INVESTIGATOR)
    false = Training(
        user=outsider, kind=real.kind, completed_on=real.completed_on, expires_on=real.expires_on
    )
    false.seal(certificate="The institute")
    false.tag = bytes(real.tag)
    false.save(force_insert=True)
    with pytest.raises(ForgedTraining):
        held(outsider)
    with pytest.raises(ForgedTraining), entering(admin, "test"):
        end_training(training=false, by=admin)
    with pytest.raises(ForgedTraining), entering(admin, "test"):
        note_training(user=outsider, facts=facts(kind=TrainingKind.SGBV), by=admin)
    assert held(person) == {TrainingKind.SGBV}


@pytest.mark.parametrize("column", ["expires_on = '2999-01-01'", "kind = 'child'", "user_id = user_id"])
def test_application_changes_nothing_but_the_end(column: str, admin: User, person: User) -> None:
    factories.make_training(person, admin, TrainingKind.SGBV)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_training SET {column}")


def test_pages_from_the_certificate_to_its_end(admin: User, person: User) -> None:
    browser, one = signed_in(admin), reverse("person-detail", args=[person.pk])
    note = reverse("training-note", args=[person.pk])
    told = {
        "kind": "child",
        "completed_on": str(TODAY),
        "expires_on": str(TODAY),
        "certificate": "The institute",
    }
    answer = browser.post(note, told)
    assert answer.status_code == 422
    assert "The institute" in answer.content.decode()
    until = str(TODAY + timedelta(days=30))
    page = browser.post(note, {**told, "expires_on": until}, follow=True).content.decode()
    assert "Hearing children" in page
    assert "The institute" not in browser.get(one).content.decode()
    row = Training.objects.get()
    assert "The institute" in browser.post(reverse("training-paper", args=[row.pk])).content.decode()
    assert Event.objects.of_kinds([Kind.CONTENT_OPENED]).of_actor(admin.staff_code).count() == 1
    assert "Hearing children" in signed_in(person).get(reverse("account-detail")).content.decode()
    page = browser.post(reverse("training-end", args=[row.pk]), follow=True).content.decode()
    assert "Counts no more" in page
    mine = browser.get(reverse("person-detail", args=[admin.pk])).content.decode()
    assert reverse("training-note", args=[admin.pk]) not in mine
    assert (
        browser.post(reverse("training-note", args=[admin.pk]), {**told, "expires_on": until}).status_code
        == 403
    )
