"""Which account replaces which: in an open case alone, and never in a circle."""

import pytest
from django.urls import reverse

from accounts.door import entering
from cases.actions.testimonies import supersede_testimony
from cases.errors import CaseClosed, StepNotPossible
from cases.models import Case, Testimony
from cases.vocabulary import CaseStatus, TestimonyStatus
from tests import factories
from tests.cases.test_pages import look
from tests.cases.worlds import World
from tests.personas import signed_in


def two(world: World) -> tuple[Testimony, Testimony]:
    older, newer = (
        factories.make_approved_testimony(world.consented, world.investigator, world.supervisor)
        for _ in range(2)
    )
    return older, newer


def test_in_a_closed_case_no_account_is_replaced(world: World) -> None:
    older, newer = two(world)
    browser = signed_in(world.supervisor)
    ids = {"case": world.case.pk, "testimony": older.pk}
    offer = reverse("testimony-supersede", kwargs=ids)
    assert offer in browser.get(reverse("testimony-detail", kwargs=ids)).content.decode()
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed), entering(world.supervisor, "test"):
        supersede_testimony(by=world.supervisor, testimony=older, replacement=newer)
    assert offer not in look(browser, "testimony-detail", case=world.case.pk, testimony=older.pk)
    with entering(world.lead, "test"):
        assert Testimony.objects.get(pk=older.pk).status == TestimonyStatus.APPROVED


def test_two_accounts_do_not_replace_each_other(world: World) -> None:
    older, newer = two(world)
    with entering(world.supervisor, "test"):
        supersede_testimony(by=world.supervisor, testimony=older, replacement=newer)
    for replacement in (older, newer):
        with pytest.raises(StepNotPossible), entering(world.supervisor, "test"):
            supersede_testimony(by=world.supervisor, testimony=newer, replacement=replacement)
