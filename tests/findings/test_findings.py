"""Claims are never added up, contrary material is never dropped, and every write is recorded or undone."""

from dataclasses import replace
from functools import partial

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.errors import EditedMeanwhile, NotAllowed, NotVisible
from cases.models import Victim
from findings import errors
from findings.actions.assertions import (
    judge_assertion,
    link_assertion,
    record_assertion,
    take_back_link,
)
from findings.actions.claims import ClaimFacts, record_claim
from findings.models import CasualtyClaim, FactAssertion, FactLink
from findings.reading import claim_lines, own_count, own_sentence
from findings.vocabulary import FactState, Stance
from findings.waiting import waiting_for
from tests import factories
from tests.findings.worlds import CLAIM, World
from tests.personas import signed_in
from tests.scenarios import Scenario, owes
from vault.vocabulary import Purpose

_scenario = partial(Scenario[World], by="supervisor")


def _assert(world: World, by: User) -> object:
    return record_assertion(by=by, case=world.case, text="Men came.", links=[world.link()])


def _judge(world: World, by: User) -> object:
    return judge_assertion(by=by, assertion=world.assertion, expected=1, state=FactState.CONTESTED)


SCENARIOS = [
    _scenario(
        "record_claim",
        Kind.CLAIM_RECORDED,
        lambda world, by: record_claim(by=by, case=world.case, facts=CLAIM),
    ),
    _scenario("record_assertion", Kind.ASSERTION_RECORDED, _assert, lambda world: world.testimony),
    _scenario(
        "link_assertion",
        Kind.ASSERTION_CHANGED,
        lambda world, by: link_assertion(by=by, assertion=world.assertion, facts=world.link(group="two")),
        lambda world: world.assertion,
    ),
    _scenario(
        "take_back_link",
        Kind.ASSERTION_UNLINKED,
        lambda world, by: take_back_link(by=by, link=world.first_link, reason="The wrong account"),
        lambda world: world.first_link,
    ),
    _scenario("judge_assertion", Kind.ASSERTION_CHANGED, _judge, lambda world: world.assertion),
]
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)


@each
def test_action_is_refused_or_undone_or_recorded(
    scenario: Scenario[World], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owes(scenario, world, monkeypatch, {NotVisible: ("outsider",), NotAllowed: ("investigator",)})


@pytest.mark.parametrize(
    "facts", [replace(CLAIM, organisation=" "), replace(CLAIM, period=""), replace(CLAIM, area="\t")]
)
def test_figure_without_its_scope_is_refused(world: World, facts: ClaimFacts) -> None:
    with pytest.raises(errors.ClaimIncomplete), entering(world.supervisor, "test"):
        record_claim(by=world.supervisor, case=world.case, facts=facts)


def test_figures_in_the_wrong_order_are_refused(world: World) -> None:
    with pytest.raises(errors.FiguresTurned), entering(world.supervisor, "test"):
        record_claim(by=world.supervisor, case=world.case, facts=replace(CLAIM, figure_max=1))


def test_claims_stand_beside_each_other_and_are_never_added(world: World) -> None:
    over = replace(CLAIM, organisation="A group", figure_min=100, is_at_least=True)
    between = replace(CLAIM, organisation="Another", figure_min=5, figure_max=7)
    with entering(world.supervisor, "test"):
        for facts in (CLAIM, over, between):
            record_claim(by=world.supervisor, case=world.case, facts=facts)
        lines = claim_lines(world.case, world.supervisor, Purpose.READ)
    assert [line.figure for line in lines] == ["420", "at least 100", "5-7"]
    page = signed_in(world.supervisor).get(reverse("finding-list", kwargs={"case": world.case.pk}))
    # Without the tags: a random address may hold any three digits.
    told = strip_tags(page.content.decode())
    for line in lines:
        assert line.organisation in told
    for total in ("525", "527", "520"):
        assert total not in told
    assert "children: 39" in told


def test_claim_that_was_replaced_is_no_longer_shown(world: World) -> None:
    with entering(world.supervisor, "test"):
        old = record_claim(by=world.supervisor, case=world.case, facts=CLAIM)
        new = replace(CLAIM, figure_min=1700)
        record_claim(by=world.supervisor, case=world.case, facts=new, replaces=old)
        assert [line.figure for line in claim_lines(world.case, world.supervisor, Purpose.READ)] == ["1700"]


def test_own_count_comes_from_victims_alone(world: World) -> None:
    factories.make_victim(world.case, world.investigator)
    with entering(world.supervisor, "test"):
        record_claim(by=world.supervisor, case=world.case, facts=CLAIM)
        counts = own_count(world.case, world.supervisor)
        assert sum(counts.values()) == Victim.objects.count() == 1
    assert "0 verified" in own_sentence(counts)
    assert "1 more reported" in own_sentence(counts)


def test_one_source_or_a_contrary_one_does_not_corroborate(world: World) -> None:
    assert world.assertion
    with pytest.raises(errors.ContraryUnanswered), entering(world.supervisor, "test"):
        judge_assertion(
            by=world.supervisor, assertion=world.assertion, expected=1, state=FactState.CORROBORATED
        )
    same = [world.link(group="the widow"), world.link(group="The Widow")]
    against = [world.link(group="a"), world.link(group="b"), world.link(Stance.CONTRADICTS, "c")]
    for links in (same, against):
        with entering(world.supervisor, "test"):
            fact = record_assertion(by=world.supervisor, case=world.case, text="x", links=links)
        with pytest.raises(errors.ContraryUnanswered), entering(world.supervisor, "test"):
            judge_assertion(by=world.supervisor, assertion=fact, expected=1, state=FactState.CORROBORATED)


def test_two_independent_sources_corroborate(world: World) -> None:
    links = [world.link(group="the widow"), replace(world.link(group="the satellite"), target=world.clip)]
    with entering(world.supervisor, "test"):
        fact = record_assertion(by=world.supervisor, case=world.case, text="x", links=links)
        judged = judge_assertion(
            by=world.supervisor, assertion=fact, expected=1, state=FactState.CORROBORATED
        )
    assert judged.state == FactState.CORROBORATED
    with pytest.raises(EditedMeanwhile), entering(world.supervisor, "test"):
        judge_assertion(by=world.supervisor, assertion=fact, expected=1, state=FactState.REFUTED)


def test_assertion_without_words_or_ground_is_refused(world: World) -> None:
    links = [world.link()]
    for text, given in ((" ", links), ("x", []), ("x", [world.link(group=" ")])):
        with pytest.raises(errors.AssertionEmpty), entering(world.supervisor, "test"):
            record_assertion(by=world.supervisor, case=world.case, text=text, links=given)


def test_nobody_and_a_stranger_see_no_row(world: World) -> None:
    assert world.assertion
    with entering(world.supervisor, "test"):
        record_claim(by=world.supervisor, case=world.case, facts=CLAIM)
    for reader in (None, world.outsider):
        with entering(reader, "test"):
            assert not any(model.objects.exists() for model in (CasualtyClaim, FactAssertion, FactLink))


def test_contested_fact_waits_for_whoever_may_judge(world: World) -> None:
    with entering(world.supervisor, "test"):
        judge_assertion(by=world.supervisor, assertion=world.assertion, expected=1, state=FactState.CONTESTED)
        assert [one.kind for one in waiting_for(world.supervisor)] == ["assertion"]
    with entering(world.investigator, "test"):
        assert waiting_for(world.investigator) == []


def test_pages_take_a_figure_and_a_fact(world: World) -> None:
    browser, here = signed_in(world.supervisor), {"case": world.case.pk}
    typed = {
        "organisation": "A group",
        "figure_min": "100",
        "happening": "killed",
        "victim_scope": "civilians",
        "area": "Banias",
        "period": "8-9 March",
        "method": "reported",
        "as_of": "2025-04-03",
    }
    wrong = browser.post(reverse("claim-add", kwargs=here), typed | {"figure_max": "1", "area": ""})
    assert "The higher figure is below" in wrong.content.decode()
    assert "A group" in wrong.content.decode()
    shown = browser.post(reverse("claim-add", kwargs=here), typed, follow=True).content.decode()
    assert "2025-04-03" in shown
    fact = {
        "text": "Men came at ten.",
        "target": str(world.testimony.pk),
        "stance": "supports",
        "independence_group": "the widow",
    }
    shown = browser.post(reverse("assertion-add", kwargs=here), fact, follow=True).content.decode()
    assert "Men came at ten." in shown
    with entering(world.supervisor, "test"):
        row = FactAssertion.objects.get()
    judge = reverse("assertion-judge", kwargs={**here, "assertion": row.pk})
    told = browser.post(judge, {"revision": 1, "state": "contested"}, follow=True).content.decode()
    assert "Contested" in told
    assert (
        "There is no such state"
        in browser.post(judge, {"revision": 2, "state": "x"}, follow=True).content.decode()
    )
