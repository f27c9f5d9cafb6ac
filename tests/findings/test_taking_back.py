"""What was set beside a fact in error is taken back with a reason: it stays on file, and counts no more."""

import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.errors import CaseClosed, EditedMeanwhile, ElsewhereRow
from cases.models import Case
from cases.vocabulary import CaseStatus, Sensitivity
from evidence.models import EvidenceItem
from exports.remains import remains_of
from findings import errors
from findings.actions.assertions import judge_assertion, record_assertion, take_back_link
from findings.models import FactAssertion, FactLink, LinkRetraction
from findings.reading import fact_lines
from findings.vocabulary import FactState, Stance
from tests import factories
from tests.exports.worlds import make_exhibit
from tests.findings.test_sources import clip, corroborate, fact, freeze, page
from tests.findings.worlds import World
from tests.personas import signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

WHY = "The clip shows another street."


def link_of(
    world: World, one: FactAssertion, stance: Stance = Stance.SUPPORTS, *, last: bool = True
) -> FactLink:
    with entering(world.lead, "test"):
        links = FactLink.objects.filter(assertion=one, stance=stance).order_by("created_at")
        return list(links)[-1 if last else 0]


def take_back(world: World, link: FactLink, reason: str = WHY, by: User | None = None) -> FactAssertion:
    by = by or world.supervisor
    with entering(by, "test"):
        return take_back_link(by=by, link=link, reason=reason)


def now(world: World, one: FactAssertion) -> FactAssertion:
    with entering(world.lead, "test"):
        return FactAssertion.objects.get(pk=one.pk)


def where(world: World, link: FactLink, case: Case | None = None) -> str:
    return reverse("assertion-unlink", args=[(case or world.case).pk, link.assertion_id, link.pk])


def post(browser: Client, address: str, reason: str = WHY) -> int:
    return browser.post(address, {"reason": reason}).status_code


def test_row_stays_with_who_when_and_why_under_the_key_of_the_link(world: World) -> None:
    one = fact(world, world.link(), clip(world))
    link = link_of(world, one, last=False)
    take_back(world, link)
    with entering(world.lead, "test"):
        held, row = FactLink.objects.get(pk=link.pk), LinkRetraction.objects.get()
        opened = open_row(row, "reason", reader=world.lead.staff_code, purpose=Purpose.READ)
        assert opened.text("reason") == WHY
        assert (row.link, row.created_by, row.created_at) == (held, world.supervisor, held.retracted_at)
        assert row.belongs_to == held.belongs_to == world.testimony.witness_id
        assert FactLink.objects.filter(assertion=one).count() == 2
    (event,) = world.events(Kind.ASSERTION_UNLINKED)
    assert WHY not in event.leaf
    said = {told["id"]: told["digest"] for told in json.loads(event.leaf)["rows"]}
    assert said == {str(each.pk): each.row_digest().hex() for each in (held, row, now(world, one))}


def test_link_put_back_past_the_application_is_not_as_the_log_says(world: World) -> None:
    one = fact(world, world.link())
    link = link_of(world, one)
    take_back(world, link)
    (event,) = world.events(Kind.ASSERTION_UNLINKED)
    said = {told["id"]: told["digest"] for told in json.loads(event.leaf)["rows"]}
    assert said[str(link.pk)] != link.row_digest().hex(), "the row as it was before"


def test_page_says_what_was_taken_back_by_whom_and_why(world: World) -> None:
    one = fact(world, world.link(), replace(clip(world), passage="A red car"))
    link, browser = link_of(world, one), signed_in(world.supervisor)
    address = where(world, link)
    assert address in page(world)
    asked = browser.get(address).content.decode()
    assert "A red car" in asked
    assert "Men came." in asked
    shown = browser.post(address, {"reason": WHY}, follow=True).content.decode()
    assert all(
        words in shown for words in (WHY, world.supervisor.staff_code, "A red car", "it was taken back")
    )
    assert address not in shown, "what was taken back is not taken back again"
    with entering(world.supervisor, "test"):
        (line,) = fact_lines(world.case, world.supervisor)
    assert [bool(told.retraction) for told in line.links] == [False, True]
    assert line.standing.groups == 1


def test_what_supported_carries_no_more_and_the_fact_is_not_called_corroborated(world: World) -> None:
    one = corroborate(world, fact(world, world.link(), clip(world)))
    browser = signed_in(world.supervisor)
    answer = browser.post(where(world, link_of(world, one)), {"reason": WHY}, follow=True)
    assert "no longer carries the fact" in answer.content.decode()
    assert now(world, one).state == FactState.ASSERTED
    (event,) = world.events(Kind.ASSERTION_UNLINKED)
    assert '"before":"corroborated"' in event.leaf
    assert '"to":"asserted"' in event.leaf
    with pytest.raises(errors.ContraryUnanswered):
        corroborate(world, one)


def test_fact_that_two_others_carry_stays_corroborated(world: World) -> None:
    links = [world.link(group="a"), world.link(group="b"), clip(world)]
    one = corroborate(world, fact(world, *links))
    take_back(world, link_of(world, one))
    assert now(world, one).state == FactState.CORROBORATED


def test_same_group_left_twice_does_not_carry(world: World) -> None:
    links = [world.link(group="The widow"), world.link(group="the widow"), clip(world)]
    one = corroborate(world, fact(world, *links))
    take_back(world, link_of(world, one))
    assert now(world, one).state == FactState.ASSERTED


def test_other_judgements_are_left_to_whoever_judges(world: World) -> None:
    one = fact(world, world.link(), clip(world))
    with entering(world.supervisor, "test"):
        judge_assertion(by=world.supervisor, assertion=one, expected=1, state=FactState.REFUTED)
    take_back(world, link_of(world, one))
    assert now(world, one).state == FactState.REFUTED


def test_what_contradicted_in_error_stands_in_the_way_no_more(world: World) -> None:
    one = fact(world, world.link(group="a"), world.link(group="b"), clip(world, Stance.CONTRADICTS))
    freeze(world)
    take_back(world, link_of(world, one, Stance.CONTRADICTS))
    assert corroborate(world, one).state == FactState.CORROBORATED


def test_whoever_judges_what_they_saw_before_is_asked_to_look_again(world: World) -> None:
    one = fact(world, world.link(), clip(world))
    take_back(world, link_of(world, one))
    with pytest.raises(EditedMeanwhile), entering(world.supervisor, "test"):
        judge_assertion(by=world.supervisor, assertion=one, expected=1, state=FactState.REFUTED)


def test_one_who_may_make_links_takes_back_their_own_and_anothers(world: World) -> None:
    one = fact(world, world.link(), clip(world))
    take_back(world, link_of(world, one, last=False), by=world.lead)
    take_back(world, link_of(world, one), by=world.supervisor)
    with entering(world.lead, "test"):
        assert {row.created_by for row in LinkRetraction.objects.select_related("created_by")} == {
            world.lead,
            world.supervisor,
        }


def test_second_time_changes_nothing_and_says_so(world: World) -> None:
    one = fact(world, world.link(), clip(world))
    link, browser = link_of(world, one), signed_in(world.supervisor)
    assert post(browser, where(world, link)) == 302
    before = world.state()
    answer = browser.post(where(world, link), {"reason": "Once more"})
    assert answer.status_code == 422
    assert "taken back already" in answer.content.decode()
    with pytest.raises(errors.LinkTakenBack):
        take_back(world, link)
    assert world.state() == before
    assert len(world.events(Kind.ASSERTION_UNLINKED)) == 1
    assert len(world.events(Kind.FINDING_REFUSED)) == 2


def test_without_a_reason_nothing_is_taken_back(world: World) -> None:
    one = fact(world, world.link())
    link, browser = link_of(world, one), signed_in(world.supervisor)
    before = world.state()
    assert post(browser, where(world, link), " ") == 422
    assert post(browser, where(world, link), "x" * 4001) == 422
    with pytest.raises(errors.RetractionUnexplained):
        take_back(world, link, reason=" \n")
    assert world.state() == before


def test_link_of_another_fact_or_case_is_not_found(world: World) -> None:
    one, other = fact(world, world.link()), fact(world, world.link(group="b"))
    mine, theirs = link_of(world, one), link_of(world, other)
    foreign_case = factories.make_case(world.outsider, prefix="HOM")
    there = replace(clip(world), target=make_exhibit(foreign_case, world.outsider))
    with entering(world.outsider, "test"):
        foreign_fact = record_assertion(by=world.outsider, case=foreign_case, text="x", links=[there])
        foreign = FactLink.objects.get(assertion=foreign_fact)
    browser, before = signed_in(world.supervisor), world.state()
    crossed = reverse("assertion-unlink", args=[world.case.pk, one.pk, theirs.pk])
    for address in (crossed, where(world, foreign), where(world, foreign, foreign_case)):
        assert browser.get(address).status_code == 404
        assert post(browser, address) == 404
    forged = FactLink(pk=foreign.pk, case=world.case, assertion=one)
    borrowed = FactLink(pk=mine.pk, case=world.case, assertion=other)
    for link in (forged, borrowed):
        with pytest.raises(ElsewhereRow):
            take_back(world, link)
    assert world.state() == before
    with entering(world.outsider, "test"):
        assert FactLink.objects.get(pk=foreign.pk).retracted_at is None


def test_link_to_what_is_hidden_from_the_reader_is_not_found_and_its_reason_is_hidden_too(
    world: World,
) -> None:
    one = fact(world, world.link(), clip(world))
    link = link_of(world, one)
    with entering(world.supervisor, "test"):
        rows = EvidenceItem.objects.filter(pk=world.clip.pk)
        rows.update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    browser = signed_in(world.supervisor)
    assert browser.get(where(world, link)).status_code == 404
    assert post(browser, where(world, link)) == 404
    with pytest.raises(ElsewhereRow):
        take_back(world, link)
    take_back(world, link, by=world.lead)
    assert WHY not in page(world)
    assert WHY in signed_in(world.lead).get(reverse("finding-list", args=[world.case.pk])).content.decode()


def test_case_that_is_closed_lets_nothing_be_taken_back(world: World) -> None:
    one = fact(world, world.link())
    link = link_of(world, one)
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed):
        take_back(world, link)
    assert where(world, link) not in page(world)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE findings_factlink SET retracted_at = NULL",
        "UPDATE findings_linkretraction SET reason = ''",
        "DELETE FROM findings_linkretraction",
        "DELETE FROM findings_factlink",
    ],
)
def test_database_lets_nobody_put_back_or_rewrite_what_was_taken_back(world: World, attack: str) -> None:
    one = fact(world, world.link())
    take_back(world, link_of(world, one))
    before = world.state()
    with entering(world.lead, "test"), connection.cursor() as cursor:  # noqa: SIM117
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(attack)
    assert world.state() == before


def test_nobody_and_a_stranger_see_no_reason(world: World) -> None:
    take_back(world, world.first_link)
    for reader in (None, world.outsider):
        with entering(reader, "test"):
            assert not LinkRetraction.objects.exists()


def test_whoever_erases_a_witness_is_told_of_the_fact_all_the_same(world: World) -> None:
    """Its words may have come from the account that rests beside it no more."""
    take_back(world, world.first_link)
    with entering(world.lead, "test"):
        assert remains_of(world.testimony.witness, world.lead).assertions == (world.assertion.pk,)
