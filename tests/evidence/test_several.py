"""Steps with several exhibits of the list: each for itself, refusals in words, nothing of another case."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import OperationalError
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from cases.models import Case
from cases.vocabulary import CaseStatus, Sensitivity
from evidence.actions.items import register_item
from evidence.models import EvidenceItem, FileObject, IngestJob
from evidence.views.listing import SIZE
from evidence.vocabulary import FileFlag, FileState, FrozenReason, ItemStatus
from tests import factories
from tests.evidence.worlds import PHOTO, World, photo
from tests.personas import signed_in


def send(world: World, by: User, name: str, *ticked: object, query: str = "", status: int = 302) -> list[str]:
    """Send the form; return what the person is told."""
    where = reverse(name, args=[world.case.pk]) + query
    answer: Any = signed_in(by).post(where, {"item": [str(getattr(one, "pk", one)) for one in ticked]})
    assert answer.status_code == status, answer.content.decode()[:2000]
    if status == 302:
        assert answer["Location"] == reverse("exhibit-list", args=[world.case.pk]) + query
    return [str(one) for one in get_messages(answer.wsgi_request)]


def freeze(world: World, item: EvidenceItem) -> None:
    with entering(world.investigator, "test"):
        EvidenceItem.objects.filter(pk=item.pk).update(
            frozen_at=item.created_at, frozen_reason=FrozenReason.FIXITY
        )


def flagged(world: World, item: EvidenceItem, flag: FileFlag) -> FileObject:
    file = world.receive(photo(), item=item)
    with entering(world.investigator, "test"):
        FileObject.objects.filter(pk=file.pk).update(check_state=FileState.FLAGGED, flag=flag)
        IngestJob.objects.filter(file=file).update(state=OwedState.DONE)
    return file


def test_ticked_exhibits_are_taken_up_and_the_others_left(world: World) -> None:
    one, two, other = (world.register() for _ in range(3))
    told = send(world, world.analyst, "exhibits-take-up", one, two, one, query="?state=registered")
    assert [world.now(item).status for item in (one, two, other)] == [
        ItemStatus.IN_VERIFICATION,
        ItemStatus.IN_VERIFICATION,
        ItemStatus.REGISTERED,
    ]
    assert len(world.events(Kind.VERIFICATION_TAKEN_UP)) == 2
    (words,) = told
    assert "2 exhibits" in words
    assert one.exhibit_no in words
    assert two.exhibit_no in words
    assert other.exhibit_no not in words


def test_refusal_of_one_is_told_in_words_and_recorded_and_stops_no_other(world: World) -> None:
    fine, frozen, begun, again = (world.register() for _ in range(4))
    freeze(world, frozen)
    send(world, world.analyst, "exhibits-take-up", begun, again)
    told = send(world, world.supervisor, "exhibits-take-up", begun, frozen, fine, again)
    assert world.now(fine).status == ItemStatus.IN_VERIFICATION
    assert world.now(frozen).status == ItemStatus.REGISTERED
    done, *refused = told
    assert "1 exhibit." in done
    assert any("2 exhibits" in words and "not possible in the present state" in words for words in refused)
    assert any(frozen.exhibit_no in words and "frozen" in words for words in refused)
    assert [event.actor for event in world.events(Kind.TRANSITION_REFUSED)] == [
        world.supervisor.staff_code
    ] * 2
    assert len(world.events(Kind.EVIDENCE_REFUSED)) == 1


def test_files_whose_checks_are_owed_are_checked_again(world: World) -> None:
    slow, whole, bare, lost = (world.register() for _ in range(4))
    file = flagged(world, slow, FileFlag.SLOW)
    world.receive_checked(photo(seed=40), item=whole)
    damaged = flagged(world, lost, FileFlag.DAMAGED)
    told = send(world, world.investigator, "exhibits-check", slow, whole, bare, lost)
    with entering(world.investigator, "test"):
        states = dict(IngestJob.objects.values_list("file_id", "state"))
    assert states[file.pk] == OwedState.OWED
    assert states[damaged.pk] == OwedState.DONE, "that is the custodian's"
    assert "1 exhibit." in told[0]
    assert "3 exhibits" in told[1]
    assert "no file whose checks are still owed" in told[1]


@pytest.mark.parametrize("name", ["exhibits-take-up", "exhibits-check"])
def test_one_exhibit_from_elsewhere_and_nothing_is_done(name: str, world: World) -> None:
    case = factories.make_case(world.outsider, prefix="HOM")
    with entering(world.outsider, "test"):
        foreign = register_item(by=world.outsider, case=case, facts=PHOTO)
    strict, mine = world.register(), world.register()
    flagged(world, mine, FileFlag.SLOW)
    with entering(world.lead, "test"):
        EvidenceItem.objects.filter(pk=strict.pk).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    by, before = (world.analyst if name == "exhibits-take-up" else world.investigator), world.state()
    for elsewhere in (foreign.pk, strict.pk, uuid4(), "nonsense", ""):
        send(world, by, name, mine.pk, elsewhere, status=404)
    assert world.state() == before
    assert [event.actor for event in world.events(Kind.ACCESS_REFUSED)] == [by.staff_code] * 5


def test_nothing_ticked_or_too_much_is_said(world: World) -> None:
    assert "Tick at least one" in send(world, world.analyst, "exhibits-take-up")[0]
    many = [uuid4() for _ in range(SIZE + 1)]
    assert "at most" in send(world, world.analyst, "exhibits-take-up", *many)[0]


def test_closed_case_says_so_for_each(world: World) -> None:
    item = world.item
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    (told,) = send(world, world.analyst, "exhibits-take-up", item)
    assert "closed" in told
    page = signed_in(world.analyst).get(reverse("exhibit-list", args=[world.case.pk])).content.decode()
    assert "Take into verification" not in page


def test_list_offers_what_its_reader_may_do(world: World) -> None:
    assert world.item
    offers = ("Take into verification", "Check the files again")
    for person, expected in (
        (world.analyst, (True, False)),
        (world.investigator, (False, True)),
        (world.keeper, (False, True)),
    ):
        page = signed_in(person).get(reverse("exhibit-list", args=[world.case.pk])).content.decode()
        assert tuple(words in page for words in offers) == expected
        assert 'name="item"' in page


def test_nothing_stands_when_an_event_cannot_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = world.register(), world.register()

    def broken(*_args: object, **_kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr("evidence.actions.verification.record", broken)
    before = world.state()
    with pytest.raises(OperationalError):
        send(world, world.analyst, "exhibits-take-up", one, two)
    assert world.state() == before
