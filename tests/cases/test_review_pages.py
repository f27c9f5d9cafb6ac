"""The pages of review: one person weighs one version, never their own, and never unseen."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.actions.members import change_member, end_membership
from cases.models import Testimony
from cases.vocabulary import MemberRole, TestimonyStatus
from tests import factories
from tests.cases.reviewing import APPROVE, CHECKS, RETURN, handed_in, in_form, of, status_of, take_up
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import make_person, signed_in

BEGINS_WITH = (handed_in,)


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.supervisor)


@pytest.fixture
def row(world: World) -> Testimony:
    """An account that waits for a reviewer."""
    return handed_in(world)


@pytest.fixture
def legal(world: World) -> User:
    """Another person who reviews in this case."""
    person = factories.make_person_like(world.supervisor)
    factories.join(world.case, world.lead, person, MemberRole.SUPERVISOR)
    return person


def test_from_the_queue_to_the_end(world: World, browser: Client, row: Testimony) -> None:
    page = look(browser, "review-queue", case=world.case.pk)
    assert reverse("review-workbench", kwargs=of(row)) in page
    page = look(browser, "review-workbench", **of(row))
    assert factories.TEXT in page
    assert "Take it up" in page
    assert "Approve this version" not in page
    send(browser, "review-take-up", {}, **of(row))
    page = look(browser, "review-workbench", **of(row))
    for word in ("Approve this version", "Not read back", "In force", "in your hands"):
        assert word in page
    send(browser, "review-workbench", {**APPROVE, "review": in_form(page, "review")}, **of(row))
    assert status_of(world, row) == TestimonyStatus.APPROVED
    page = look(browser, "testimony-detail", **of(row))
    for word in ("Approved", "The witness has left the country", "Contradictions are noted"):
        assert word in page
    assert "To be made final" in look(browser, "review-queue", case=world.case.pk)


def test_queue_tells_mine_from_others(world: World, browser: Client, row: Testimony, legal: User) -> None:
    other = factories.make_submitted_testimony(world.consented, world.investigator)
    approved = factories.make_approved_testimony(world.consented, world.investigator, legal)
    take_up(world, row)
    take_up(world, other, legal)
    page = look(browser, "review-queue", case=world.case.pk)
    parts = re.findall(r'<section aria-labelledby="(\w+)">(.*?)</section>', page, re.DOTALL)
    held = {name: set(re.findall(r">(BAN-WT-\d+)<", part)) for name, part in parts}
    assert held == {
        "mine": {row.registration_no},
        "waiting": set(),
        "ready": {approved.registration_no},
        "others": {other.registration_no},
    }
    assert legal.staff_code in dict(parts)["others"]


def test_return_shows_the_comments_to_the_author(world: World, browser: Client, row: Testimony) -> None:
    review = take_up(world, row)
    page = send(
        browser, "review-workbench", {**RETURN, "comments": " ", "review": str(review.pk)}, 422, **of(row)
    ).content.decode()
    assert "Say what should be mended" in page
    number = in_form(page, "revision")
    send(browser, "review-workbench", {**RETURN, "review": str(review.pk), "revision": number}, **of(row))
    assert status_of(world, row) == TestimonyStatus.RETURNED
    author = signed_in(world.investigator)
    for name in ("testimony-detail", "testimony-edit"):
        page = look(author, name, **of(row))
        assert "Returned with comments" in page
        assert "Who told the witness?" in page
    page = author.get(reverse("dashboard")).content.decode()
    assert reverse("testimony-detail", kwargs=of(row)) in page


def test_what_waits_leads_to_the_bench(world: World, browser: Client, row: Testimony) -> None:
    bench = reverse("review-workbench", kwargs=of(row))
    assert bench in browser.get(reverse("dashboard")).content.decode()
    take_up(world, row)
    assert bench in browser.get(reverse("dashboard")).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"checks": CHECKS[1:]}, "Confirm each point of the checklist"),
        ({"checks": []}, "Confirm each point of the checklist"),
        ({"checks": [*CHECKS, "nonsense"]}, "nonsense is not one of the available choices"),
        ({"no_attestation_reason": ""}, "Say why it should be approved all the same"),
        ({"comments": "x" * 20_001}, "at most 20000 characters"),
    ],
)
def test_approval_with_something_missing_keeps_the_words(
    change: dict[str, Any], words: str, world: World, browser: Client, row: Testimony
) -> None:
    review = take_up(world, row)
    data = {**APPROVE, "comments": "Well taken, by ٣ people", "review": str(review.pk), **change}
    page = send(browser, "review-workbench", data, 422, **of(row)).content.decode()
    assert words in page
    assert data["comments"] in page
    assert status_of(world, row) == TestimonyStatus.IN_REVIEW
    # And the draft has them, too.
    assert data["comments"] in look(browser, "review-workbench", **of(row))


def test_control_characters_in_comments_are_left_out(world: World, browser: Client, row: Testimony) -> None:
    review = take_up(world, row)
    data = {**RETURN, "comments": "Who\x00 told\x07 her?", "review": str(review.pk)}
    send(browser, "review-workbench", data, **of(row))
    assert "Who told her?" in look(browser, "testimony-detail", **of(row))


def test_withdrawn_consent_stops_approval_and_not_the_return(
    world: World, browser: Client, row: Testimony
) -> None:
    review = take_up(world, row)
    consent = world.consent
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=consent, channel="telephone")
    assert "None in force: it cannot be approved" in look(browser, "review-workbench", **of(row))
    data = {**APPROVE, "comments": "A good account", "review": str(review.pk)}
    page = send(browser, "review-workbench", data, 422, **of(row)).content.decode()
    assert "no consent in force" in page
    assert "A good account" in page
    assert status_of(world, row) == TestimonyStatus.IN_REVIEW
    data = {**RETURN, "review": str(review.pk), "revision": in_form(page, "revision")}
    send(browser, "review-workbench", data, **of(row))
    assert status_of(world, row) == TestimonyStatus.RETURNED


def test_author_never_reviews(world: World) -> None:
    person = make_person(Role.INVESTIGATOR, Role.SUPERVISOR)
    membership = factories.join(world.case, world.lead, person, MemberRole.INVESTIGATOR)
    row = factories.make_submitted_testimony(world.consented, person)
    with entering(world.lead, "test"):
        change_member(by=world.lead, membership=membership, role=MemberRole.SUPERVISOR, reason="promoted")
    author = signed_in(person)
    for answer in (
        look(author, "review-workbench", 409, **of(row)),
        send(author, "review-take-up", {}, 409, **of(row)).content.decode(),
        send(author, "review-workbench", APPROVE, 409, **of(row)).content.decode(),
    ):
        assert "You wrote a part of this testimony" in answer
        assert factories.TEXT not in answer
    assert reverse("review-workbench", kwargs=of(row)) not in look(author, "testimony-detail", **of(row))
    page = look(author, "review-queue", case=world.case.pk)
    assert row.registration_no in page
    assert reverse("review-workbench", kwargs=of(row)) not in page
    assert len(world.events(Kind.REVIEW_REFUSED)) == 3
    assert status_of(world, row) == TestimonyStatus.SUBMITTED


def test_review_of_another_is_read_and_not_decided(
    world: World, browser: Client, row: Testimony, legal: User
) -> None:
    review = take_up(world, row, legal)
    page = look(browser, "review-workbench", **of(row))
    assert legal.staff_code in page
    assert "Approve this version" not in page
    assert "Take the review over" not in page
    send(browser, "review-take-over", {}, 409, **of(row))
    page = send(
        browser,
        "review-workbench",
        {**APPROVE, "comments": "mine", "review": str(review.pk)},
        422,
        **of(row),
    ).content.decode()
    assert "Another person is reviewing" in page
    assert "mine" in page
    assert status_of(world, row) == TestimonyStatus.IN_REVIEW


def test_review_is_taken_over_from_who_left(
    world: World, browser: Client, row: Testimony, legal: User
) -> None:
    take_up(world, row, legal)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.case.memberships.get(user=legal))
    assert "Take the review over" in look(browser, "review-workbench", **of(row))
    send(browser, "review-take-over", {}, **of(row))
    assert "Approve this version" in look(browser, "review-workbench", **of(row))


def test_read_back_version_asks_for_no_reason(world: World, browser: Client) -> None:
    row = factories.make_testimony(world.consented, world.investigator)
    author = signed_in(world.investigator)
    facts = {
        "seen": "1",
        "read_back": "yes",
        "language": "ar",
        "by_whom": "INT-01",
        "corrections_count": "0",
        "signed_how": "signature",
    }
    send(author, "testimony-attest", facts, **of(row))
    send(author, "testimony-submit", {}, **of(row))
    review = take_up(world, row)
    page = look(browser, "review-workbench", **of(row))
    assert "no_attestation_reason" not in page
    send(browser, "review-workbench", {**APPROVE, "review": str(review.pk)}, **of(row))
    assert status_of(world, row) == TestimonyStatus.APPROVED


def test_who_does_not_review_gets_no_bench(world: World, row: Testimony) -> None:
    for person, status in ((world.investigator, 403), (world.auditor, 403), (world.outsider, 404)):
        browser = signed_in(person)
        look(browser, "review-workbench", status, **of(row))
        look(browser, "review-queue", status, case=world.case.pk)
        send(browser, "review-take-up", {}, status, **of(row))
        send(browser, "review-workbench", APPROVE, status, **of(row))
    assert status_of(world, row) == TestimonyStatus.SUBMITTED
