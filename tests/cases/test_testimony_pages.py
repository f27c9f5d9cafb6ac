"""The pages of accounts: written, kept while they are written, handed in; nothing typed is ever lost."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.actions.members import end_membership
from cases.actions.testimonies import save_version, submit_testimony
from cases.models import Attestation, Case, Draft, Testimony, TestimonyVersion
from cases.views import testimonies
from cases.vocabulary import (
    LONGEST_TEXT,
    CaseStatus,
    ConsentPurpose,
    Decision,
    MemberRole,
    TestimonyStatus,
    TextLanguage,
    VersionKind,
)
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

TEXT = "سمعتهم على الدرج.\nThere were four of them."
FIRST = {"language": "apc", "kind": "statement_original_language", "text": TEXT, "revision": ""}
NEXT = {**FIRST, "based_on": "1"}
AUTOSAVE = {"X-Requested-With": "autosave", "Accept": "application/json"}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def of(world: World) -> dict[str, Any]:
    return {"case": world.case.pk, "testimony": world.testimony.pk}


def at(world: World) -> dict[str, Any]:
    return {"case": world.case.pk, "witness": world.consented.pk}


def autosave(browser: Client, name: str, data: dict[str, str], status: int = 200, **ids: object) -> Any:
    answer = browser.post(reverse(name, kwargs=ids), data, headers=AUTOSAVE)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def withdraw(world: World) -> None:
    consent = world.consent
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=consent, channel="telephone")


def text_of(world: World) -> str:
    with entering(world.investigator, "test"):
        row = Testimony.objects.select_related("current").get()
        assert row.current is not None
        opened = open_row(row.current, "text", reader="test", purpose=Purpose.READ)
        return opened.text("text")


def revision_in(page: str) -> str:
    return str(re.findall(r'name="revision" value="(\d+)"', page)[0])


def drafts(world: World) -> int:
    with entering(world.investigator, "test"):
        return Draft.objects.count()


def test_account_from_empty_list_to_handed_in(world: World, browser: Client) -> None:
    case = world.case.pk
    assert "Take the first account down" in look(browser, "testimony-list", case=case)
    assert world.consented
    assert world.witness.code in look(browser, "testimony-choose", case=case)
    answer = send(browser, "testimony-choose", {"witness": str(world.witness.pk)}, case=case)
    assert answer["Location"] == reverse("testimony-create", kwargs=at(world))
    assert world.witness.code in look(browser, "testimony-create", **at(world))
    answer = send(browser, "testimony-create", FIRST, **at(world))
    page = browser.get(answer["Location"]).content.decode()
    for word in (
        "سمعتهم على الدرج.",
        "BAN-WT-0001",
        "Draft",
        'dir="rtl"',
        "Levantine Arabic",
        "Not read back",
    ):
        assert word in page
    with entering(world.investigator, "test"):
        made = Testimony.objects.get()
    ids: dict[str, Any] = {"case": case, "testimony": made.pk}
    assert "was not read back" in look(browser, "testimony-submit", **ids)
    send(browser, "testimony-submit", {}, **ids)
    page = look(browser, "testimony-detail", **ids)
    assert "Submitted for review" in page
    assert reverse("testimony-edit", kwargs=ids) not in page
    assert "BAN-WT-0001" in look(browser, "testimony-list", case=case)
    assert "BAN-WT-0001" in look(browser, "witness-detail", **at(world))
    send(browser, "testimony-submit", {}, 409, **ids)


def test_list_is_filtered_and_paged(world: World, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testimonies, "SIZE", 2)
    for _number in range(5):
        factories.make_testimony(world.consented, world.investigator)
    pages = [look(browser, "testimony-list", case=world.case.pk)]
    while found := re.search(r'rel="next" href="([^"]*)"', pages[-1]):
        pages.append(browser.get(found.group(1).replace("&amp;", "&")).content.decode())
    shown = [re.findall(r">(BAN-WT-\d+)<", page) for page in pages]
    assert [len(one) for one in shown] == [2, 2, 1]
    assert sorted(number for page in shown for number in page) == [
        f"BAN-WT-000{number}" for number in range(1, 6)
    ]
    base = reverse("testimony-list", args=[world.case.pk])
    assert "No testimony is in this state" in browser.get(f"{base}?state=final").content.decode()
    assert "BAN-WT-0005" in browser.get(f"{base}?state=nonsense&before=nonsense").content.decode()
    assert "BAN-WT-0005" in browser.get(f"{base}?before={uuid4()}").content.decode()


def test_list_costs_the_same_for_more(world: World, browser: Client) -> None:
    def cost() -> tuple[int, int]:
        before = Event.objects.filter(kind=Kind.CONTENT_OPENED).count()
        with CaptureQueriesContext(connection) as queries:
            look(browser, "testimony-list", case=world.case.pk)
        return len(queries), Event.objects.filter(kind=Kind.CONTENT_OPENED).count() - before

    assert world.testimony
    first = cost()
    for _number in range(4):
        factories.make_testimony(world.consented, world.investigator)
    assert cost() == first


def test_without_consent_nothing_is_taken_down_and_the_page_says_so(world: World, browser: Client) -> None:
    ids: dict[str, Any] = {"case": world.case.pk, "witness": world.witness.pk}
    page = look(browser, "testimony-create", **ids)
    assert "no consent in force" in page
    assert reverse("consent-record", kwargs=ids) in page
    assert "<textarea" not in page
    assert "(no consent in force)" in look(browser, "testimony-choose", case=world.case.pk)
    page = send(browser, "testimony-create", FIRST, 422, **ids).content.decode()
    assert "There were four of them." in page
    assert "Your text was not lost" in page
    assert len(world.events(Kind.TESTIMONY_REFUSED)) == 1
    # Not even as a draft is it kept, and the page says so, with every word of it.
    assert "on this page and nowhere else" in page
    page = send(browser, "testimony-create", {**FIRST, "keep": "1"}, 422, **ids).content.decode()
    assert "no draft is kept" in page
    assert "There were four of them." in page
    answer = autosave(browser, "testimony-create", FIRST, 409, **ids).json()
    assert "copy it before you leave" in answer["message"]
    assert len(world.events(Kind.DRAFT_REFUSED)) == 2
    with entering(world.investigator, "test"):
        assert not Testimony.objects.exists()
        assert not Draft.objects.exists()


def test_draft_outlives_the_consent_under_which_it_was_begun(world: World, browser: Client) -> None:
    number = autosave(browser, "testimony-create", FIRST, **at(world)).json()["revision"]
    withdraw(world)
    page = send(browser, "testimony-create", {**FIRST, "revision": number}, 422, **at(world)).content.decode()
    assert "Your text was not lost" in page
    assert "stays here as your draft" in page
    page = look(browser, "testimony-create", **at(world))
    for words in ("There were four of them.", "stays here as your draft"):
        assert words in page


def test_nothing_is_begun_in_a_closed_case(world: World, browser: Client) -> None:
    assert world.testimony
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    for name, ids, data in (("testimony-create", at(world), FIRST), ("testimony-edit", of(world), NEXT)):
        page = look(browser, name, **ids)
        assert "This case is closed" in page
        assert "<textarea" not in page
        page = send(browser, name, {**data, "keep": "1"}, 422, **ids).content.decode()
        for words in ("nothing was saved", "on this page and nowhere else", "There were four of them."):
            assert words in page
    assert drafts(world) == 0


def test_consent_that_leaves_out_our_analysis_is_none_for_an_account(world: World, browser: Client) -> None:
    row = factories.make_submitted_testimony(world.consented, world.investigator)
    answers = tuple(
        replace(answer, decision=Decision.REFUSED)
        if answer.purpose == ConsentPurpose.INTERNAL_ANALYSIS
        else answer
        for answer in factories.ANSWERS
    )
    factories.make_consent(
        world.witness, world.investigator, facts=replace(factories.CONSENT, answers=answers)
    )
    assert "no consent in force for our own analysis" in look(browser, "testimony-create", **at(world))
    page = look(signed_in(world.supervisor), "review-workbench", case=world.case.pk, testimony=row.pk)
    assert "Not for our own analysis: it cannot be approved" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "There is no text yet"),
        ({"text": " \n "}, "There is no text yet"),
        ({"language": "xx"}, "xx is not one of the available choices"),
        ({"language": ""}, "This field is required"),
        ({"kind": "redacted_derivative"}, "redacted_derivative is not one of the available choices"),
        ({"interview": str(uuid4())}, "is not one of the available choices"),
        ({"text": "ب" * (LONGEST_TEXT + 1)}, "longer than one testimony can hold"),
    ],
)
def test_what_cannot_be_is_refused_and_shown_again(
    change: dict[str, str], words: str, world: World, browser: Client
) -> None:
    data = {**FIRST, **change}
    page = send(browser, "testimony-create", data, 422, **at(world)).content.decode()
    assert words in page
    assert data["text"] in page
    with entering(world.investigator, "test"):
        assert not Testimony.objects.exists()


def test_text_that_no_request_may_carry_is_told_calmly(world: World, browser: Client) -> None:
    data = {**FIRST, "text": "x" * 3_000_000}
    page = send(browser, "testimony-create", data, 400, **at(world)).content.decode()
    assert "what you typed is still there" in page


def test_control_characters_are_left_out_and_lines_kept(world: World, browser: Client) -> None:
    text = "one\x00\x07\x0b two\r\nthree\u202e\tfour\x85"
    send(browser, "testimony-create", {**FIRST, "text": text}, **at(world))
    assert text_of(world) == "one two\nthree\u202e\tfour"


def test_draft_keeps_itself_and_goes_when_it_is_handed_in(world: World, browser: Client) -> None:
    first = autosave(browser, "testimony-create", {**FIRST, "text": "Half a sen"}, **at(world)).json()
    assert re.fullmatch(r"Draft kept at \u2066\d\d:\d\d\u2069\.", first["saved"])
    data = {**FIRST, "text": "Half a sentence", "revision": str(first["revision"])}
    second = autosave(browser, "testimony-create", data, **at(world)).json()
    page = look(browser, "testimony-create", **at(world))
    assert "Half a sentence" in page
    assert f'name="revision" value="{second["revision"]}"' in page
    assert "Draft kept at" in page
    # An older window is told so, and what the newer one kept stays.
    autosave(browser, "testimony-create", {**data, "text": "stale"}, 409, **at(world))
    assert "Half a sentence" in look(browser, "testimony-create", **at(world))
    # Nor does handing an older text in, or forgetting it, take the newer one along unseen.
    send(browser, "testimony-create", FIRST, 422, **at(world))
    send(browser, "testimony-create", {**FIRST, "forget": "1"}, 422, **at(world))
    assert drafts(world) == 1
    with entering(world.investigator, "test"):
        assert not Testimony.objects.exists()
    send(browser, "testimony-create", {**FIRST, "revision": str(second["revision"])}, **at(world))
    assert drafts(world) == 0


def test_draft_is_kept_and_forgotten_without_a_script(world: World, browser: Client) -> None:
    ids = at(world)
    answer = send(browser, "testimony-create", {**FIRST, "keep": "1"}, **ids)
    assert answer["Location"] == reverse("testimony-create", kwargs=ids)
    assert "There were four" in look(browser, "testimony-create", **ids)
    page = send(
        browser, "testimony-create", {**FIRST, "text": "stale", "keep": "1"}, 422, **ids
    ).content.decode()
    assert "A newer draft was saved in another window" in page
    assert "stale" in page
    # Both texts are on the page; with the other in sight, the next press keeps one's own.
    assert "Kept in the other window" in page
    assert "There were four" in page
    data = {**FIRST, "text": "mine after all", "revision": revision_in(page)}
    send(browser, "testimony-create", {**data, "keep": "1"}, **ids)
    page = look(browser, "testimony-create", **ids)
    assert "mine after all" in page
    # Forgetting asks once, and whoever says no finds all that stood on the page.
    data = {**data, "text": "and a word more", "revision": revision_in(page), "forget": "1"}
    question = send(browser, "testimony-create", data, 200, **ids).content.decode()
    assert "Forget this draft?" in question
    assert "and a word more" in look(browser, "testimony-create", **ids)
    assert drafts(world) == 1
    send(browser, "testimony-create", {"forget": "sure", "revision": revision_in(page)}, 422, **ids)
    assert drafts(world) == 1
    send(browser, "testimony-create", {"forget": "sure", "revision": revision_in(question)}, **ids)
    assert drafts(world) == 0
    assert "There were four" not in look(browser, "testimony-create", **ids)


def test_draft_too_long_is_said_and_not_refused(world: World, browser: Client) -> None:
    answer = autosave(browser, "testimony-create", {**FIRST, "text": "x" * 400_001}, **at(world))
    assert answer.json() == {"fault": "long"}
    assert drafts(world) == 0


def test_draft_survives_a_membership_that_ended(world: World, browser: Client) -> None:
    autosave(browser, "testimony-create", FIRST, **at(world))
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["investigator"])
    send(browser, "testimony-create", FIRST, 404, **at(world))
    autosave(browser, "testimony-create", {**FIRST, "text": "later"}, 404, **at(world))
    factories.join(world.case, world.lead, world.investigator, MemberRole.INVESTIGATOR)
    assert "There were four of them." in look(browser, "testimony-create", **at(world))


def test_drafts_are_found_again_by_their_author_alone(world: World, browser: Client) -> None:
    autosave(browser, "testimony-create", FIRST, **at(world))
    autosave(browser, "testimony-edit", NEXT, **of(world))
    page = look(browser, "testimony-list", case=world.case.pk)
    for address in (
        reverse("testimony-create", kwargs=at(world)),
        reverse("testimony-edit", kwargs=of(world)),
    ):
        assert address in page
    assert "You have a draft of the next version" in look(browser, "testimony-detail", **of(world))
    assert "You have a draft of a next version" in look(browser, "testimony-submit", **of(world))
    lead = signed_in(world.lead)
    assert "Go on writing" not in look(lead, "testimony-list", case=world.case.pk)
    assert "Go on writing" not in look(lead, "testimony-detail", **of(world))
    # Handed in, it can be written no more until it comes back: nothing leads there.
    send(browser, "testimony-submit", {}, **of(world))
    assert reverse("testimony-edit", kwargs=of(world)) not in look(
        browser, "testimony-list", case=world.case.pk
    )


def test_draft_is_not_shown_to_others(world: World, browser: Client) -> None:
    autosave(browser, "testimony-edit", {**NEXT, "text": "mine alone"}, **of(world))
    assert "mine alone" in look(browser, "testimony-edit", **of(world))
    assert "mine alone" not in look(signed_in(world.lead), "testimony-edit", **of(world))


def test_next_version_begins_with_the_present_text(world: World, browser: Client) -> None:
    page = look(browser, "testimony-edit", **of(world))
    assert factories.TEXT in page
    assert 'name="based_on" value="1"' in page
    send(browser, "testimony-edit", NEXT, **of(world))
    page = look(browser, "testimony-detail", **of(world))
    assert "There were four of them." in page
    assert "Version 2" in page
    assert "What changed" in page


def test_later_of_two_versions_is_kept_beside_the_newer_one(world: World, browser: Client) -> None:
    testimony = world.testimony
    with entering(world.lead, "test"):
        save_version(
            by=world.lead,
            testimony=testimony,
            text="Saved by the lead",
            language=TextLanguage.ENGLISH,
            kind=VersionKind.STATEMENT,
            based_on=1,
        )
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    for word in ("There were four of them.", "Saved by the lead", "Somebody else saved"):
        assert word in page
    # It is in the draft, too, and still said to be behind; saved with both in sight it becomes the third.
    page = look(browser, "testimony-edit", **of(world))
    for word in ("There were four of them.", "Saved by the lead", 'name="based_on" value="2"'):
        assert word in page
    send(browser, "testimony-edit", {**NEXT, "based_on": "2", "revision": revision_in(page)}, **of(world))
    with entering(world.investigator, "test"):
        assert TestimonyVersion.objects.filter(testimony=testimony).count() == 3
    assert drafts(world) == 0


def test_handed_in_meanwhile_keeps_what_was_typed(world: World, browser: Client) -> None:
    testimony = world.testimony
    with entering(world.lead, "test"):
        submit_testimony(by=world.lead, testimony=testimony)
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    assert "not open for writing" in page
    assert "There were four of them." in page
    assert drafts(world) == 1
    look(browser, "testimony-edit", 409, **of(world))


def test_consent_withdrawn_while_writing(world: World, browser: Client) -> None:
    assert world.testimony
    withdraw(world)
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    assert "no consent in force" in page
    assert "There were four of them." in page
    page = send(browser, "testimony-submit", {}, 409, **of(world)).content.decode()
    assert "no consent in force" in page
    with entering(world.investigator, "test"):
        assert Testimony.objects.get().status == TestimonyStatus.DRAFT


def test_translation_is_written_beside_its_source(world: World, browser: Client) -> None:
    address = reverse("testimony-edit", kwargs=of(world)) + "?as=translation"
    page = browser.get(address).content.decode()
    assert re.search(r'<div class="account">\s*' + re.escape(factories.TEXT), page)
    assert re.search(r"<textarea[^>]*>\s*</textarea>", page)
    send(browser, "testimony-edit", {**NEXT, "kind": "translation", "language": "en"}, **of(world))
    assert "Translation" in look(browser, "testimony-detail", **of(world))


def test_pages_of_witness_and_interview_lead_here(world: World, browser: Client) -> None:
    assert reverse("testimony-create", kwargs=at(world)) in look(browser, "witness-detail", **at(world))
    ids: dict[str, Any] = {"case": world.case.pk, "interview": world.interview.pk}
    address = reverse("testimony-create", kwargs=at(world)) + f"?interview={world.interview.pk}"
    # Nothing was told before it began.
    assert address not in look(browser, "interview-detail", **ids)
    for step, data in (
        ("risk_cleared", {"note": "Low"}),
        ("scheduled", {}),
        ("in_progress", {"rights_explained": "on"}),
    ):
        send(browser, "interview-move", data, **ids, to=step)
    assert address in look(browser, "interview-detail", **ids)
    page = browser.get(address).content.decode()
    assert f'<option value="{world.interview.pk}" selected' in page
    send(browser, "testimony-create", {**FIRST, "interview": str(world.interview.pk)}, **at(world))
    assert "BAN-WT-0001" in look(browser, "interview-detail", **ids)


def versions(world: World) -> list[TestimonyVersion]:
    with entering(world.investigator, "test"):
        return list(TestimonyVersion.objects.order_by("seq"))


def test_versions_are_shown_and_compared(world: World, browser: Client) -> None:
    text = factories.TEXT.replace("heard", "saw")
    send(browser, "testimony-edit", {**NEXT, "text": text}, **of(world))
    first, second = versions(world)
    page = look(browser, "testimony-version", **of(world), version=first.pk)
    assert "I heard them" in page
    assert "An earlier version" in page
    for pair in ((first, second), (second, first)):
        page = look(browser, "testimony-compare", **of(world), version=pair[0].pk, other=pair[1].pk)
        assert "<del>heard</del><ins>saw</ins>" in page
    page = look(browser, "testimony-compare", **of(world), version=first.pk, other=first.pk)
    assert "are the same" in page


def test_text_is_never_markup(world: World, browser: Client) -> None:
    evil = '</textarea><script>alert("x")</script><del>'
    send(browser, "testimony-edit", {**NEXT, "text": evil}, **of(world))
    first, second = versions(world)
    pages = [
        look(browser, "testimony-detail", **of(world)),
        look(browser, "testimony-edit", **of(world)),
        look(browser, "testimony-compare", **of(world), version=first.pk, other=second.pk),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;/textarea&gt;" in page


READ_BACK = {
    "seen": "1",
    "read_back": "yes",
    "language": "apc",
    "by_whom": "INT-01",
    "corrections_count": "0",
    "signed_how": "thumbprint",
    "signed_at": "2026-01-09T10:00",
}


def test_reading_back_is_recorded(world: World, browser: Client) -> None:
    assert factories.TEXT in look(browser, "testimony-attest", **of(world))
    send(browser, "testimony-attest", READ_BACK, **of(world))
    page = look(browser, "testimony-detail", **of(world))
    for word in ("Read back and confirmed", "Thumbprint", "INT-01"):
        assert word in page
    assert "was not read back" not in look(browser, "testimony-submit", **of(world))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"read_back": "no"}, "Give a reason"),
        ({"read_back": ""}, "This field is required"),
        ({"signed_at": "2999-01-01T10:00"}, "has not come yet"),
        ({"corrections_count": "-1"}, "greater than or equal to 0"),
        ({"seen": "7"}, "Somebody else saved"),
    ],
)
def test_reading_back_with_something_missing(
    change: dict[str, str], words: str, world: World, browser: Client
) -> None:
    page = send(
        browser, "testimony-attest", {**READ_BACK, "by_whom": "the aunt", **change}, 422, **of(world)
    ).content.decode()
    assert words in page
    assert "the aunt" in page
    with entering(world.investigator, "test"):
        assert not Attestation.objects.exists()


def test_withdrawing_needs_a_reason_and_is_open_to_who_may_not_read(world: World) -> None:
    browser = signed_in(world.custodian)
    look(browser, "testimony-detail", 403, **of(world))
    page = look(browser, "testimony-withdraw", **of(world))
    assert "No step leads back" in page
    assert factories.TEXT not in page
    send(browser, "testimony-withdraw", {"reason": " "}, 422, **of(world))
    send(browser, "testimony-withdraw", {"reason": "On the witness's word"}, **of(world))
    page = look(signed_in(world.investigator), "testimony-detail", **of(world))
    assert "Withdrawn" in page
    assert reverse("testimony-withdraw", kwargs=of(world)) not in page
    page = send(browser, "testimony-withdraw", {"reason": "again"}, 422, **of(world)).content.decode()
    assert "not possible in the present state" in page


def test_final_account_is_replaced_by_a_newer_one(world: World, browser: Client) -> None:
    people = (world.consented, world.investigator, world.supervisor)
    older, newer = factories.make_final_testimony(*people), factories.make_approved_testimony(*people)
    reviewer = signed_in(world.supervisor)
    ids: dict[str, Any] = {"case": world.case.pk, "testimony": older.pk}
    page = look(browser, "testimony-detail", **ids)
    for name in ("testimony-edit", "testimony-attest", "testimony-submit", "testimony-supersede"):
        assert reverse(name, kwargs=ids) not in page
    assert reverse("testimony-supersede", kwargs=ids) in look(reviewer, "testimony-detail", **ids)
    send(reviewer, "testimony-supersede", {}, 422, **ids)
    send(reviewer, "testimony-supersede", {"replacement": str(older.pk)}, 422, **ids)
    send(reviewer, "testimony-supersede", {"replacement": str(newer.pk)}, **ids)
    page = look(browser, "testimony-detail", **ids)
    assert "Replaced by" in page
    assert newer.registration_no in page


def test_final_takes_one_question(world: World) -> None:
    row = factories.make_approved_testimony(world.consented, world.investigator, world.supervisor)
    ids: dict[str, Any] = {"case": world.case.pk, "testimony": row.pk}
    reviewer = signed_in(world.supervisor)
    assert "btn-danger" in look(reviewer, "testimony-finalise", **ids)
    send(reviewer, "testimony-finalise", {}, **ids)
    assert "Final" in look(reviewer, "testimony-detail", **ids)
    send(reviewer, "testimony-finalise", {}, 409, **ids)
    look(signed_in(world.investigator), "testimony-finalise", 403, **ids)


NAMES = [
    "testimony-detail",
    "testimony-edit",
    "testimony-attest",
    "testimony-submit",
    "testimony-finalise",
    "testimony-withdraw",
    "testimony-supersede",
    "review-workbench",
]


@pytest.mark.parametrize("name", NAMES)
def test_foreign_account_gives_the_page_that_nothing_gives(name: str, world: World, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    witness = factories.make_consented_witness(other, outsider, pseudonym="Nour of another case")
    foreign = factories.make_testimony(witness, outsider)
    reviews = name in ("testimony-finalise", "testimony-supersede", "review-workbench")
    browser = signed_in(world.supervisor if reviews else world.investigator)
    pages = []
    for pk in (foreign.pk, uuid4()):
        page = look(browser, name, 404, case=world.case.pk, testimony=pk)
        pages.append(re.sub(r'value="\w{64}"', "", page.replace(str(pk), "")))
    assert pages[0] == pages[1]


def test_version_of_another_account_is_not_there(world: World, browser: Client) -> None:
    other = factories.make_testimony(world.consented, world.investigator)
    assert other.current_id is not None
    look(browser, "testimony-version", 404, **of(world), version=other.current_id)
    (own,) = [one for one in versions(world) if one.testimony_id == world.testimony.pk]
    look(browser, "testimony-compare", 404, **of(world), version=own.pk, other=other.current_id)


def test_foreign_witness_takes_no_account(world: World, browser: Client, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    witness = factories.make_consented_witness(other, outsider, pseudonym="Nour")
    look(browser, "testimony-create", 404, case=world.case.pk, witness=witness.pk)
    send(browser, "testimony-create", FIRST, 404, case=world.case.pk, witness=witness.pk)
    send(browser, "testimony-choose", {"witness": str(witness.pk)}, 404, case=world.case.pk)


def test_who_may_only_read_sees_no_step(world: World) -> None:
    browser = signed_in(world.supervisor)
    page = look(browser, "testimony-detail", **of(world))
    assert factories.TEXT in page
    for name in ("testimony-edit", "testimony-submit", "testimony-attest", "review-workbench"):
        assert reverse(name, kwargs=of(world)) not in page
    for name in ("testimony-edit", "testimony-submit", "testimony-attest"):
        look(browser, name, 403, **of(world))


def test_auditor_and_outsider_see_nothing(world: World) -> None:
    for person, status in ((world.auditor, 403), (world.outsider, 404)):
        browser = signed_in(person)
        for name in ("testimony-detail", "testimony-withdraw"):
            assert factories.TEXT not in look(browser, name, status, **of(world))
        look(browser, "testimony-list", status, case=world.case.pk)


def test_closed_case_offers_no_step(world: World, browser: Client) -> None:
    assert world.testimony
    with entering(world.lead, "test"):
        type(world.case).objects.filter(pk=world.case.pk).update(status="closed")
    page = look(browser, "testimony-detail", **of(world))
    for name in ("testimony-edit", "testimony-submit", "testimony-attest"):
        assert reverse(name, kwargs=of(world)) not in page
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    assert "This case is closed" in page
    assert "There were four of them." in page
