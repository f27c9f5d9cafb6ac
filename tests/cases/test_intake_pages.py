"""The intake on its pages: nothing typed is lost, nothing is half taken in, and it is its author's alone."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.trainings import end_training
from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role, TrainingKind
from audit.vocabulary import Kind
from cases.actions.intake import numbers_of
from cases.actions.members import end_membership
from cases.forms.consent import field_of
from cases.models import Draft, TestimonyVersion, Witness
from cases.vocabulary import MemberRole
from tests import factories
from tests.cases.test_consent_pages import GIVEN, OWN
from tests.cases.test_pages import look, send
from tests.cases.test_witness_pages import WITNESS
from tests.cases.worlds import World
from tests.personas import make_person, signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

PERSON = {name: value for name, value in WITNESS.items() if name != "revision"}
MEETING: dict[str, Any] = {
    "type": "first_account",
    "started_at": "2026-01-09T10:00",
    "outcome": "completed",
    "ended_at": "2026-01-09T12:30",
    "mode": "in_person",
    "recording": "notes",
    "language": "apc",
    "participants": "INT-01\na sister",
    "prior_form": "none",
    "added_value": "Saw it all",
    "threats": "Weighed with the lead",
    "likelihood": "3",
    "impact": "4",
    "mitigations": "A channel she chose",
    "residual": "A neighbour may notice",
    "decision": "proceed_with_measures",
    "rights_explained": "on",
}
ACCOUNT = {
    "language": "apc",
    "kind": "statement_original_language",
    "text": "  سمعتهم على الدرج.\r\nThey came at ten.\r\n",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "consent": GIVEN,
    "witness": PERSON,
    "meeting": MEETING,
    "account": ACCOUNT,
}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


class Walk:
    """One person at one intake in one case."""

    def __init__(self, world: World, browser: Client) -> None:
        self.world, self.browser, self.case = world, browser, world.case.pk
        answer = send(browser, "intake-start", {}, case=self.case)
        self.id = UUID(re.findall(r"intake/([0-9a-f-]{36})/consent/", answer.url)[0])

    def ids(self, **more: object) -> dict[str, Any]:
        return {"case": self.case, "intake": self.id, **more}

    def page(self, step: str, status: int = 200) -> str:
        return look(self.browser, "intake-step", status, **self.ids(step=step))

    def number(self, step: str) -> str:
        return str(re.findall(r'name="revision" value="(\d*)"', self.page(step))[0])

    def kept(self, step: str) -> str:
        """The number that the page of this step holds, without drawing it."""
        by = self.world.investigator
        with entering(by, "test"):
            numbers = numbers_of(by=by, case=self.world.case, intake=self.id)
        return str(numbers.get(f"intake-{step}", ""))

    def fill(self, step: str, status: int = 302, /, **change: Any) -> Any:
        data = {**ANSWERS[step], "revision": self.kept(step), **change}
        return send(self.browser, "intake-step", data, status, **self.ids(step=step))

    def autosave(self, step: str, **data: Any) -> Any:
        return self.browser.post(
            reverse("intake-step", kwargs=self.ids(step=step)),
            data,
            headers={"X-Requested-With": "autosave", "Accept": "application/json"},
        )

    def fill_all(self) -> None:
        for step in ANSWERS:
            self.fill(step)

    def seen(self) -> str:
        page = look(self.browser, "intake-check", **self.ids())
        return str(re.findall(r'name="seen" value="([\d-]+)"', page)[0])

    def led_to(self, name: str, data: dict[str, str] | None = None, **ids: str) -> str:
        address = reverse(name, kwargs=self.ids(**ids))
        answer: Any = self.browser.get(address) if data is None else self.browser.post(address, data)
        assert answer.status_code == 302
        return str(answer.url)

    def confirm(self, status: int = 302, seen: str = "") -> Any:
        return send(self.browser, "intake-check", {"seen": seen or self.seen()}, status, **self.ids())


@pytest.fixture
def walk(world: World, browser: Client) -> Walk:
    return Walk(world, browser)


def count(world: World, model: Any) -> int:
    with entering(world.investigator, "test"):
        found: int = model.objects.count()
        return found


def test_whole_road_from_consent_to_the_witness(walk: Walk, world: World, browser: Client) -> None:
    for step, words in (("consent", "Step 1 of 5"), ("witness", "Step 2 of 5"), ("account", "Step 4 of 5")):
        if step == "account":
            assert walk.number("meeting") == walk.kept("meeting")
            walk.fill("meeting")
        assert words in walk.page(step)
        assert walk.number(step) == walk.kept(step)
        walk.fill(step)
    page = look(browser, "intake-check", **walk.ids())
    for words in (
        "Step 5 of 5",
        "Lama",
        "Eyewitness · Relative",
        "Saw it all",
        "سمعتهم على الدرج",
        "2026-01-09 10:00",
    ):
        assert words in page
    answer = walk.confirm()
    assert answer.url == reverse("witness-identity", kwargs={"case": walk.case, "witness": walk.id})
    with entering(world.investigator, "test"):
        witness = Witness.objects.get()
        assert (witness.pk, witness.status) == (walk.id, "active")
        testimony = witness.testimony_rows.get()
        meeting = witness.interview_rows.get()
        assert (testimony.interview_id, meeting.status) == (meeting.pk, "completed")
        assert f"{meeting.started_at:%H:%M} {meeting.ended_at:%H:%M}" == "10:00 12:30"
        assert not Draft.objects.exists()
    assert "Lama" in look(browser, "witness-detail", case=walk.case, witness=walk.id)


def test_order_is_kept_and_consent_comes_first(walk: Walk, browser: Client) -> None:
    for step in ("witness", "meeting", "account"):
        assert f"/{walk.id}/consent/" in walk.led_to("intake-step", step=step)
        assert walk.autosave(step, text="too early").status_code == 409
    assert f"/{walk.id}/consent/" in walk.led_to("intake-check")
    walk.fill("consent")
    walk.fill("account")
    assert f"/{walk.id}/witness/" in walk.led_to("intake-check")


def test_change_leads_back_to_the_answers(walk: Walk, browser: Client) -> None:
    walk.fill_all()
    address = reverse("intake-step", kwargs=walk.ids(step="witness")) + "?check"
    assert reverse("intake-check", kwargs=walk.ids()) in browser.get(address).content.decode()
    data = {**PERSON, "public_pseudonym": "Rana", "revision": walk.number("witness")}
    assert browser.post(address, data).headers["Location"] == reverse("intake-check", kwargs=walk.ids())
    assert "Rana" in look(browser, "intake-check", **walk.ids())


def test_text_to_be_read_aloud_is_there_in_both_languages(walk: Walk) -> None:
    page = walk.page("consent")
    for words in (
        "We cannot promise that nobody ever learns who you are",
        'lang="ar" dir="rtl"',
        "لا نستطيع أن نعدك",
    ):
        assert words in page


@pytest.mark.parametrize("decision", ["refused", "ask_again"])
def test_refused_consent_ends_kindly_and_nothing_is_recorded(decision: str, walk: Walk, world: World) -> None:
    answer = walk.fill("consent", **{field_of(OWN, "decision"): decision})
    assert answer.url == reverse("intake-stopped", kwargs=walk.ids())
    page = look(walk.browser, "intake-stopped", **walk.ids())
    assert "No consent, no account" in page
    for step in ("witness", "account"):
        assert "/stopped/" in walk.led_to("intake-step", step=step)
        assert walk.autosave(step, text="never").status_code == 409
    assert "/stopped/" in walk.led_to("intake-check", {"seen": "1-0-0-0"})
    send(walk.browser, "intake-discard", {}, **walk.ids())
    assert count(world, Draft) == count(world, Witness) == 0


def test_person_who_does_not_agree_need_not_answer_on(walk: Walk) -> None:
    answer = send(walk.browser, "intake-step", {"stop": "1"}, **walk.ids(step="consent"))
    assert answer.url == reverse("intake-stopped", kwargs=walk.ids())


def test_limits_that_were_not_explained_are_asked_for(walk: Walk) -> None:
    page = walk.fill("consent", 422, limits_explained="").content.decode()
    assert "Explain the limits first" in page
    assert "2025-02" in page
    assert walk.autosave("account", text="never").status_code == 409


@pytest.mark.parametrize(
    ("step", "change", "words"),
    [
        ("consent", {field_of(OWN, "decision"): ""}, "Say whether this was agreed"),
        ("consent", {"sheet_version": ""}, "This field is required"),
        ("witness", {"public_pseudonym": ""}, "This field is required"),
        ("witness", {"sex": "nonsense"}, "nonsense is not one of the available choices"),
        ("witness", {"role_summary": "x" * 2001}, "at most 2000 characters"),
        ("witness", {"sensitivity": "strictly_confidential"}, "not one of the available choices"),
        ("meeting", {"started_at": "2999-01-01T10:00"}, "This time has not come yet"),
        ("meeting", {"started_at": "soon"}, "Enter a valid date/time"),
        ("meeting", {"ended_at": "2026-01-09T09:00"}, "It cannot end before it began"),
        ("meeting", {"outcome": "in_progress"}, "has no end yet"),
        ("meeting", {"ended_at": ""}, "Say when it ended"),
        ("meeting", {"rights_explained": ""}, "Explain the person"),
        ("account", {"text": " \r\n"}, "Write down what the person told"),
        ("account", {"text": "a word " * 30_000}, "An account holds 200000 characters at most"),
        ("account", {"text": "a word " * 60_000}, "An account holds 200000 characters at most"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    step: str, change: dict[str, Any], words: str, walk: Walk
) -> None:
    if step != "consent":
        walk.fill("consent")
    page = walk.fill(step, 422, **change).content.decode()
    assert words in page.replace("200,000", "200000")
    typed = {**ANSWERS[step], **change}
    for name, value in typed.items():
        if name in {"threats", "role_summary", "text", "sheet_version"}:
            assert str(value).split("\r\n")[0] in page, name


def test_person_whom_the_author_may_not_hear_tells_nothing_more(walk: Walk, world: World) -> None:
    """It is said as soon as both pages are known, and once more by whoever takes the intake in."""
    for step in ("consent", "witness", "meeting"):
        walk.fill(step)
    shaken = {"vulnerability": ["acute_trauma"]}
    assert "heard only by people trained for it" in walk.fill("witness", 422, **shaken).content.decode()
    page = walk.fill("meeting", 422, interpreter="none").content.decode()
    assert "heard only by people trained for it" in page
    assert "Weighed with the lead" in page
    admin = make_person(Role.SYSADMIN)
    row = factories.make_training(world.investigator, admin, TrainingKind.TRAUMA, begun=600, days=900)
    walk.fill("meeting", 422)  # who interprets is not said
    walk.fill("meeting", interpreter="none")
    walk.fill("account")
    with entering(admin, "test"):
        end_training(training=row, by=admin)
    assert "heard only by people trained for it" in walk.confirm(409).content.decode()
    assert count(world, Witness) == 0
    factories.make_training(world.investigator, admin, TrainingKind.TRAUMA, begun=600, days=900)
    assert walk.confirm()


@pytest.mark.parametrize("pseudonym", ["Samira", " samíra ", "Selma"])
def test_pseudonym_that_tells_is_refused_at_the_end_and_nothing_is_lost(
    pseudonym: str, walk: Walk, world: World
) -> None:
    assert world.witness
    walk.fill_all()
    walk.fill("witness", public_pseudonym=pseudonym)
    walk.fill("meeting", participants="سلمى")
    page = walk.confirm(409).content.decode()
    assert "Choose another one" in page
    assert count(world, Witness) == 1
    walk.fill("witness", public_pseudonym="Rana")
    assert walk.confirm()


def test_control_characters_do_not_come_in_through_the_intake(walk: Walk, world: World) -> None:
    for step in ("consent", "witness", "meeting"):
        walk.fill(step)
    walk.fill("account", text="one\x00\x07\x0b two\r\nthree\u202e\tfour\x85")
    walk.confirm()
    with entering(world.investigator, "test"):
        version = TestimonyVersion.objects.get()
        opened = open_row(version, "text", reader="test", purpose=Purpose.READ)
        assert opened.text("text") == "one two\nthree\u202e\tfour"


def test_pseudonym_in_the_account_is_pointed_out(walk: Walk, browser: Client) -> None:
    walk.fill_all()
    words = "The pseudonym stands in the account, too"
    assert words not in look(browser, "intake-check", **walk.ids())
    walk.fill("account", text="I asked Lama to stay.")
    assert words in look(browser, "intake-check", **walk.ids())
    assert walk.confirm()


def test_minor_without_guardian_is_told_at_the_end(walk: Walk, world: World) -> None:
    admin = make_person(Role.SYSADMIN)
    factories.make_training(world.investigator, admin, TrainingKind.CHILD, begun=600, days=900)
    walk.fill_all()
    walk.fill("meeting", interpreter="none")
    walk.fill("witness", age_band="12-17")
    assert "The person is a minor" in walk.confirm(409).content.decode()
    assert count(world, Witness) == 0
    guarded = {"guardian_consented": "on", "child_assented": "on", "best_interest_note": "wants to be heard"}
    walk.fill("consent", is_minor="on", **guarded)
    assert walk.confirm()


def test_unfinished_intake_waits_for_its_author_alone(walk: Walk, world: World, browser: Client) -> None:
    walk.fill("consent")
    resume = reverse("intake-check", kwargs=walk.ids())
    for name in ("witness-list", "intake-start"):
        assert resume in look(browser, name, case=walk.case)
    assert resume in browser.get("/").content.decode()
    other = signed_in(world.lead)
    for name in ("witness-list", "intake-start"):
        assert resume not in look(other, name, case=walk.case)
    for name, ids in (
        ("intake-check", {}),
        ("intake-step", {"step": "account"}),
        ("intake-stopped", {}),
        ("intake-discard", {}),
    ):
        look(other, name, 404, **walk.ids(**ids))
    send(other, "intake-discard", {}, 404, **walk.ids())
    send(other, "intake-check", {"seen": "1"}, 404, **walk.ids())


def test_ended_membership_keeps_the_draft(walk: Walk, world: World, browser: Client) -> None:
    walk.fill("consent")
    walk.fill("account")
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["investigator"])
    assert walk.autosave("account", text="gone on", revision="1").status_code == 404
    send(browser, "intake-step", {"text": "gone on"}, 404, **walk.ids(step="account"))
    factories.join(world.case, world.lead, world.investigator, MemberRole.INVESTIGATOR)
    assert "They came at ten" in walk.page("account")


def test_forgetting_asks_once(walk: Walk, world: World, browser: Client) -> None:
    walk.fill("consent")
    assert "Forget this intake?" in look(browser, "intake-discard", **walk.ids())
    assert count(world, Draft) == 3
    send(browser, "intake-discard", {}, **walk.ids())
    assert count(world, Draft) == 0
    send(browser, "intake-discard", {}, 404, **walk.ids())
    walk.page("consent", 404)
    assert world.events(Kind.INTAKE_DISCARDED)


def elsewhere(world: World, outsider: User) -> list[UUID]:
    case = factories.make_case(outsider, prefix="HOM")
    witness = factories.make_consented_witness(case, outsider)
    answer = send(signed_in(outsider), "intake-start", {}, case=case.pk)
    return [witness.pk, UUID(re.findall(r"intake/([0-9a-f-]{36})/", answer.url)[0]), uuid4()]


def test_foreign_ids_are_not_there(world: World, outsider: User, browser: Client) -> None:
    for pk in elsewhere(world, outsider):
        for name, ids in (("intake-check", {}), ("intake-step", {"step": "consent"}), ("intake-discard", {})):
            look(browser, name, 404, case=world.case.pk, intake=pk, **ids)
            send(browser, name, {}, 404, case=world.case.pk, intake=pk, **ids)
        look(browser, "witness-identity", 404, case=world.case.pk, witness=pk)


def test_page_that_there_is_not(walk: Walk) -> None:
    walk.page("nonsense", 404)
