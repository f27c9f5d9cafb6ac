"""What an exhibit may be said to be, and what it takes to call it verified."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.errors import CaseClosed, EditedMeanwhile, ElsewhereRow
from cases.facts import Dated
from cases.models import Case, Revision
from cases.vocabulary import CaseStatus, Precision
from evidence.actions.collecting import record_collection
from evidence.actions.items import change_item
from evidence.actions.verification import (
    confirm_verification,
    decide_item,
    record_verification,
    take_up_verification,
)
from evidence.errors import (
    ContraryUnanswered,
    ItemIncomplete,
    NotEnoughMethods,
    OwnVerification,
    ReasonMissing,
    RecordedAfterPublished,
    StepNotPossible,
    WitnessFixed,
)
from evidence.facts import (
    CollectionFacts,
    ItemFacts,
    VerificationFacts,
)
from evidence.models import (
    EvidenceItem,
    Verification,
)
from evidence.vocabulary import (
    Finding,
    ItemStatus,
    ItemType,
    Method,
)
from tests import factories
from tests.evidence.worlds import PHOTO, World, photo
from vault.opening import open_row
from vault.vocabulary import Purpose


def day(value: str) -> Dated:
    return Dated(value, Precision.DAY)


def test_exhibits_are_numbered_within_their_case(world: World) -> None:
    numbers = [world.register().exhibit_no for _ in range(3)]
    prefix = numbers[0].rpartition("-")[0]
    assert numbers == [f"{prefix}-000{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize("type_", ItemType)
def test_every_type_is_registered_and_said_nowhere_in_clear(world: World, type_: ItemType) -> None:
    item = world.register(ItemFacts(type=type_, title="Canary of a title"))
    with entering(world.investigator, "test"):
        told = open_row(item, "type", "title", reader=world.investigator.staff_code, purpose=Purpose.READ)
    assert (told.text("type"), told.text("title")) == (type_, "Canary of a title")
    assert all("Canary" not in event.leaf for event in world.events(Kind.EVIDENCE_REGISTERED))


WRONG: dict[str, tuple[ItemFacts, type[ItemIncomplete]]] = {
    "no title": (replace(PHOTO, title="  "), ItemIncomplete),
    "no such day": (replace(PHOTO, recorded=day("2025-02-30")), ItemIncomplete),
    "a text without end": (replace(PHOTO, description="x" * 20_001), ItemIncomplete),
    "younger than its publication": (
        replace(PHOTO, recorded=day("2025-03-10"), published=day("2025-03-09")),
        RecordedAfterPublished,
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_exhibit_that_cannot_be_is_refused_and_takes_no_number(world: World, what: str) -> None:
    facts, refusal = WRONG[what]
    with pytest.raises(refusal):
        world.register(facts)
    assert world.register().exhibit_no.endswith("-0001")


def test_date_in_the_future_is_kept_as_what_somebody_claims(world: World) -> None:
    item = world.register(replace(PHOTO, recorded=day("2099-01-01")))
    with entering(world.investigator, "test"):
        told = open_row(item, "recorded", reader=world.investigator.staff_code, purpose=Purpose.READ)
    assert told.json("recorded") == day("2099-01-01").cell()


def test_dates_are_compared_as_far_as_both_are_known(world: World) -> None:
    world.register(replace(PHOTO, recorded=day("2025-03-09"), published=Dated("2025-03", Precision.MONTH)))
    with pytest.raises(RecordedAfterPublished):
        world.register(
            replace(PHOTO, recorded=day("2025-03-09"), published=Dated("2025-02", Precision.MONTH))
        )


def test_witness_stays_once_files_are_sealed_with_them(world: World) -> None:
    """Their key goes when they are erased: a file under another key would stay."""
    with entering(world.investigator, "test"):
        change_item(by=world.investigator, item=world.item, expected=1, facts=PHOTO, witness=world.witness)
    world.receive(photo())
    before = world.state()
    with pytest.raises(WitnessFixed), entering(world.investigator, "test"):
        change_item(by=world.investigator, item=world.item, expected=2, facts=PHOTO)
    assert world.state() == before


def change(world: World, expected: int, facts: ItemFacts = PHOTO) -> EvidenceItem:
    with entering(world.investigator, "test"):
        return change_item(by=world.investigator, item=world.item, expected=expected, facts=facts)


def test_correction_keeps_what_was_said_before(world: World) -> None:
    change(world, 1, replace(PHOTO, title="Another title"))
    with entering(world.investigator, "test"):
        rows = Revision.objects.filter(subject=world.item.pk).order_by("number")
        who = world.investigator.staff_code
        said = [open_row(row, "content", reader=who, purpose=Purpose.READ).json("content") for row in rows]
    assert [cells["title"] for cells in said if isinstance(cells, dict)] == [PHOTO.title, "Another title"]


def test_who_saves_over_a_newer_one_is_refused(world: World) -> None:
    change(world, 1)
    before = world.state()
    with pytest.raises(EditedMeanwhile):
        change(world, 1, replace(PHOTO, title="Mine"))
    assert world.state() == before


def a_foreign_case(world: World) -> Case:
    return factories.make_case(world.outsider, prefix="HOM")


def test_exhibit_never_points_out_of_its_case(world: World) -> None:
    case = a_foreign_case(world)
    witness = factories.make_consented_witness(case, world.outsider)
    incident = factories.make_incident(case, world.outsider)
    with pytest.raises(ElsewhereRow):
        world.register(witness=witness)
    with pytest.raises(ElsewhereRow):
        world.register(incident=incident)
    with pytest.raises(ElsewhereRow), entering(world.investigator, "test"):
        change_item(by=world.investigator, item=world.item, expected=1, facts=PHOTO, incident=incident)


def test_case_that_is_closed_takes_nothing_more(world: World) -> None:
    item = world.item
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed):
        world.register()
    with pytest.raises(CaseClosed):
        world.receive(photo(), item=item)


@pytest.mark.parametrize("facts", [(" ", day("2025-03-09")), ("https://example.org/", Dated())], ids=str)
def test_collection_needs_an_address_and_a_day(world: World, facts: tuple[str, Dated]) -> None:
    item, (url, collected) = world.item, facts
    with pytest.raises(ItemIncomplete), entering(world.investigator, "test"):
        record_collection(
            by=world.investigator, item=item, facts=CollectionFacts(url=url, collected=collected)
        )


def begin(world: World) -> None:
    with entering(world.analyst, "test"):
        take_up_verification(by=world.analyst, item=world.item)


def find(world: World, method: Method, finding: Finding = Finding.CONSISTENT) -> Verification:
    facts = VerificationFacts(method=method, finding=finding, notes="The stairs match.")
    with entering(world.analyst, "test"):
        return record_verification(by=world.analyst, item=world.item, facts=facts)


def confirm(world: World, found: Verification, by: User | None = None) -> None:
    person = by or world.supervisor
    with entering(person, "test"):
        confirm_verification(by=person, verification=found)


def decide(world: World, to: ItemStatus, reason: str = "") -> None:
    with entering(world.supervisor, "test"):
        decide_item(by=world.supervisor, item=world.item, to=to, reason=reason)


def test_two_confirmed_methods_of_two_families_verify(world: World) -> None:
    world.receive_checked(photo())
    begin(world)
    for method in (Method.GEOLOCATION, Method.METADATA):
        confirm(world, find(world, method))
    decide(world, ItemStatus.VERIFIED)
    assert world.now().status == ItemStatus.VERIFIED
    assert len(world.events(Kind.EVIDENCE_VERIFIED)) == 1


NOT_ENOUGH: dict[str, tuple[tuple[Method, Finding, bool], ...]] = {
    "nothing": (),
    "one": ((Method.GEOLOCATION, Finding.CONSISTENT, True),),
    "two of one family": (
        (Method.GEOLOCATION, Finding.CONSISTENT, True),
        (Method.CHRONOLOCATION, Finding.CONSISTENT, True),
    ),
    "the second not confirmed": (
        (Method.GEOLOCATION, Finding.CONSISTENT, True),
        (Method.METADATA, Finding.AUTHENTIC, False),
    ),
    "the second undecided": (
        (Method.GEOLOCATION, Finding.CONSISTENT, True),
        (Method.METADATA, Finding.INCONCLUSIVE, True),
    ),
    "one twice": (
        (Method.GEOLOCATION, Finding.CONSISTENT, True),
        (Method.GEOLOCATION, Finding.CONSISTENT, True),
    ),
}


@pytest.mark.parametrize("what", NOT_ENOUGH)
def test_less_than_that_does_not_verify_and_that_is_recorded(world: World, what: str) -> None:
    begin(world)
    for method, finding, is_confirmed in NOT_ENOUGH[what]:
        found = find(world, method, finding)
        if is_confirmed:
            confirm(world, found)
    with pytest.raises(NotEnoughMethods):
        decide(world, ItemStatus.VERIFIED, "Sure enough")
    assert world.now().status == ItemStatus.IN_VERIFICATION
    assert len(world.events(Kind.VERIFICATION_REFUSED)) == 1


def test_what_speaks_against_is_answered_whether_confirmed_or_not(world: World) -> None:
    world.receive_checked(photo())
    begin(world)
    for method in (Method.GEOLOCATION, Method.METADATA):
        confirm(world, find(world, method))
    find(world, Method.CONTENT_CONSISTENCY, Finding.INCONSISTENT)
    with pytest.raises(ContraryUnanswered):
        decide(world, ItemStatus.VERIFIED, "  ")
    decide(world, ItemStatus.VERIFIED, "The shadow is of the second house.")
    assert world.now().status == ItemStatus.VERIFIED


def test_nobody_confirms_their_own_finding_and_none_is_confirmed_twice(world: World) -> None:
    begin(world)
    found = find(world, Method.GEOLOCATION)
    with pytest.raises(OwnVerification):
        confirm(world, found, world.analyst)
    confirm(world, found)
    with pytest.raises(StepNotPossible):
        confirm(world, found)


STEPS: dict[str, tuple[Callable[[World], object], ItemStatus, type[Exception]]] = {
    "before it began": (lambda w: w.item, ItemStatus.REJECTED, StepNotPossible),
    "back to the beginning": (begin, ItemStatus.REGISTERED, StepNotPossible),
    "rejected without a reason": (begin, ItemStatus.REJECTED, ReasonMissing),
    "left open without a reason": (begin, ItemStatus.INCONCLUSIVE, ReasonMissing),
}


@pytest.mark.parametrize("what", STEPS)
def test_step_that_is_not_possible_changes_nothing(world: World, what: str) -> None:
    prepare, to, refusal = STEPS[what]
    prepare(world)
    before = world.state()
    with pytest.raises(refusal):
        decide(world, to)
    assert world.state() == before


def test_decided_exhibit_is_opened_again_with_a_reason_alone(world: World) -> None:
    begin(world)
    decide(world, ItemStatus.REJECTED, "An older clip from elsewhere")
    with pytest.raises(ReasonMissing):
        decide(world, ItemStatus.IN_VERIFICATION)
    decide(world, ItemStatus.IN_VERIFICATION, "The original was found")
    assert world.now().status == ItemStatus.IN_VERIFICATION
    assert len(world.events(Kind.EVIDENCE_REOPENED)) == 1


def test_finding_is_recorded_only_while_it_is_verified(world: World) -> None:
    assert world.item
    with pytest.raises(StepNotPossible):
        find(world, Method.GEOLOCATION)
