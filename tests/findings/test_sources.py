"""What may not be used carries nothing: frozen and rejected exhibits, accounts that were withdrawn."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.door import Machine, entering
from audit.vocabulary import Kind
from cases.errors import CaseClosed, ElsewhereRow
from cases.models import Case, Testimony
from cases.vocabulary import CaseStatus, Sensitivity, TestimonyStatus
from evidence.actions.fixity import fail_stored
from evidence.actions.verification import decide_item, take_up_verification
from evidence.models import EvidenceItem, FileObject
from evidence.vocabulary import FixityResult, ItemStatus
from findings import errors
from findings.actions.assertions import LinkFacts, judge_assertion, link_assertion, record_assertion
from findings.actions.claims import record_claim
from findings.models import FactAssertion, FactLink
from findings.vocabulary import FactState, Stance
from tests import factories
from tests.exports.worlds import make_exhibit
from tests.findings.worlds import CLAIM, World
from tests.personas import signed_in


def freeze(world: World) -> None:
    with entering(Machine.INTEGRITY, "test"):
        file = FileObject.objects.filter(item=world.clip)[0]
        fail_stored(file.stored_id, by="machine:integrity", result=FixityResult.DAMAGED)


def reject(world: World) -> None:
    with entering(world.supervisor, "test"):
        item = EvidenceItem.objects.get(pk=world.clip.pk)
        if item.status == ItemStatus.REGISTERED:
            take_up_verification(by=world.supervisor, item=item)
        elif item.status != ItemStatus.IN_VERIFICATION:
            decide_item(by=world.supervisor, item=item, to=ItemStatus.IN_VERIFICATION, reason="Looked again")
        decide_item(by=world.supervisor, item=item, to=ItemStatus.REJECTED, reason="An older clip")


def clip(world: World, stance: Stance = Stance.SUPPORTS) -> LinkFacts:
    return replace(world.link(stance, "the clip"), target=world.clip)


def fact(world: World, *links: LinkFacts) -> FactAssertion:
    with entering(world.supervisor, "test"):
        return record_assertion(by=world.supervisor, case=world.case, text="Men came.", links=links)


def corroborate(world: World, one: FactAssertion) -> FactAssertion:
    with entering(world.supervisor, "test"):
        now = FactAssertion.objects.get(pk=one.pk)
        return judge_assertion(
            by=world.supervisor, assertion=now, expected=now.revision, state=FactState.CORROBORATED
        )


def page(world: World) -> str:
    answer = signed_in(world.supervisor).get(reverse("finding-list", args=[world.case.pk]))
    return answer.content.decode()


Spoil = Callable[[World], None]
REFUSED: dict[Spoil, type[Exception]] = {freeze: errors.ExhibitFrozen, reject: errors.ExhibitRejected}
TOLD: dict[Spoil, str] = {freeze: "the exhibit is frozen until", reject: "the exhibit was rejected"}
each = pytest.mark.parametrize("spoil", [freeze, reject])


@each
def test_nothing_new_is_made_to_rest_on_it(world: World, spoil: Spoil) -> None:
    stands, there = fact(world, world.link()), clip(world)
    spoil(world)
    before = world.state()
    with pytest.raises(REFUSED[spoil]):
        fact(world, there)
    with pytest.raises(REFUSED[spoil]), entering(world.supervisor, "test"):
        link_assertion(by=world.supervisor, assertion=stands, facts=there)
    with pytest.raises(REFUSED[spoil]), entering(world.supervisor, "test"):
        record_claim(by=world.supervisor, case=world.case, facts=CLAIM, item=world.clip)
    assert world.state() == before
    assert len(world.events(Kind.FINDING_REFUSED)) == 3


@each
def test_what_rests_on_it_already_counts_no_more_and_the_page_says_why(world: World, spoil: Spoil) -> None:
    one = fact(world, world.link(), clip(world))
    spoil(world)
    with pytest.raises(errors.ContraryUnanswered):
        corroborate(world, one)
    assert TOLD[spoil] in page(world)


@each
def test_fact_called_corroborated_before_is_marked_and_keeps_its_state(world: World, spoil: Spoil) -> None:
    one = corroborate(world, fact(world, world.link(), clip(world)))
    assert "no longer carries that" not in page(world)
    spoil(world)
    shown = page(world)
    assert "no longer carries that" in shown
    assert TOLD[spoil] in shown
    with entering(world.supervisor, "test"):
        assert FactAssertion.objects.get(pk=one.pk).state == FactState.CORROBORATED, "that is for somebody"


def test_what_contradicts_goes_on_speaking_though_its_exhibit_is_frozen(world: World) -> None:
    """Else whoever damages a file would silence it."""
    links = [world.link(group="a"), world.link(group="b"), clip(world, Stance.CONTRADICTS)]
    one = fact(world, *links)
    freeze(world)
    with pytest.raises(errors.ContraryUnanswered):
        corroborate(world, one)
    assert TOLD[freeze] not in page(world)


def test_what_was_found_false_contradicts_nothing(world: World) -> None:
    one = fact(world, world.link(group="a"), world.link(group="b"), clip(world, Stance.CONTRADICTS))
    reject(world)
    assert corroborate(world, one).state == FactState.CORROBORATED


def test_account_that_was_withdrawn_carries_nothing(world: World) -> None:
    one, account = fact(world, world.link(), clip(world)), world.link()
    with entering(world.supervisor, "test"):
        Testimony.objects.filter(pk=world.testimony.pk).update(status=TestimonyStatus.WITHDRAWN)
    with pytest.raises(errors.ContraryUnanswered):
        corroborate(world, one)
    assert "the account was withdrawn" in page(world)
    with pytest.raises(errors.AccountWithdrawn):
        fact(world, account)


def test_second_source_is_set_beside_a_fact_on_its_page(world: World) -> None:
    one, browser = fact(world, world.link()), signed_in(world.supervisor)
    where = reverse("assertion-link", args=[world.case.pk, one.pk])
    sent = {"target": str(world.clip.pk), "stance": "supports", "independence_group": "the clip"}
    assert "Men came." in browser.get(where).content.decode()
    assert browser.post(where, {**sent, "target": ""}).status_code == 422
    assert browser.post(where, sent).status_code == 302
    assert corroborate(world, one).state == FactState.CORROBORATED


def test_refusal_stands_by_the_form_and_what_was_typed_stays(world: World) -> None:
    one, browser = fact(world, world.link()), signed_in(world.supervisor)
    freeze(world)
    sent = {"target": str(world.clip.pk), "stance": "supports", "independence_group": "the clip"}
    for where, more in (
        (reverse("assertion-link", args=[world.case.pk, one.pk]), {}),
        (reverse("assertion-add", args=[world.case.pk]), {"text": "Typed with care"}),
    ):
        answer = browser.post(where, {**sent, **more, "passage": "Minute two"})
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert all(words in shown for words in ("This exhibit is frozen", "Minute two", *more.values()))
    judge = reverse("assertion-judge", args=[world.case.pk, one.pk])
    answer = browser.post(judge, {"revision": 1, "state": "corroborated"})
    assert answer.status_code == 422
    assert "Corroborated needs" in answer.content.decode()


def test_exhibit_of_another_case_is_nothing_to_rest_on(world: World) -> None:
    other = factories.make_case(world.outsider, prefix="HOM")
    foreign = make_exhibit(other, world.outsider)
    with pytest.raises(ElsewhereRow):
        fact(world, replace(clip(world), target=foreign))
    sent = {"target": str(foreign.pk), "stance": "supports", "independence_group": "x", "text": "Men came."}
    answer = signed_in(world.supervisor).post(reverse("assertion-add", args=[world.case.pk]), sent)
    assert answer.status_code == 422


def test_link_is_as_strict_as_what_it_quotes(world: World) -> None:
    fact(world, world.link(), replace(clip(world), passage="A red car"))
    assert "A red car" in page(world)
    with entering(world.supervisor, "test"):
        EvidenceItem.objects.filter(pk=world.clip.pk).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    assert "A red car" not in page(world)
    with entering(world.lead, "test"):
        assert FactLink.objects.visible_to(world.lead).count() == 2


def test_case_that_is_closed_takes_no_finding_more(world: World) -> None:
    one, link = fact(world, world.link()), world.link()
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed):
        fact(world, link)
    with pytest.raises(CaseClosed):
        corroborate(world, one)
    with pytest.raises(CaseClosed), entering(world.supervisor, "test"):
        record_claim(by=world.supervisor, case=world.case, facts=CLAIM)
    assert reverse("assertion-add", args=[world.case.pk]) not in page(world)
