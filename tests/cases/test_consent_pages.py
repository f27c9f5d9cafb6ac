"""Consent on the pages: every question answered, read aloud in whole sentences, taken back in one step."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.actions.reviews import approve_testimony, take_up_review
from cases.actions.testimonies import submit_testimony
from cases.errors import ConsentMissing
from cases.forms.consent import OFFERED, UsesForm, field_of
from cases.models import Consent, Use
from cases.vocabulary import (
    ConsentPurpose,
    Decision,
    Gap,
    IdentityLevel,
    Material,
    MemberRole,
    RecipientClass,
    ReviewCheck,
    TestimonyStatus,
)
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.test_witness_pages import WITNESS
from tests.cases.worlds import World
from tests.personas import make_person, signed_in

TALK: dict[str, Any] = {
    "limits_explained": "on",
    "language_understood": "on",
    "capacity_confirmed": "on",
    "language": "apc",
    "interpreter": "INT-01",
    "method": "oral_witnessed",
    "sheet_version": "2025-02",
}
ICC = (ConsentPurpose.CRIMINAL_INTERNATIONAL, RecipientClass.ICC_OTP)
COMMITTEE = (ConsentPurpose.TRUTH_OR_FACTFINDING, RecipientClass.FACTFINDING_COMMITTEE)
OWN = (ConsentPurpose.INTERNAL_ANALYSIS, RecipientClass.OWN_ORGANISATION)


def answers(*granted: tuple[ConsentPurpose, RecipientClass], **level: str) -> dict[str, Any]:
    """All questions refused but for those named, which cover text and video under a pseudonym."""
    found: dict[str, Any] = {}
    for purpose, recipients in OFFERED.items():
        for recipient in recipients:
            use = (purpose, recipient)
            found[field_of(use, "decision")] = "granted" if use in granted else "refused"
            if use in granted:
                found[field_of(use, "materials")] = ["account_text", "video"]
                found[field_of(use, "level")] = level.get("level", "pseudonym")
    return found


GIVEN = {**TALK, **answers(OWN, ICC)}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def of(world: World) -> dict[str, Any]:
    return {"case": world.case.pk, "witness": world.witness.pk}


def given(world: World) -> Consent:
    with entering(world.investigator, "test"):
        return world.witness.consent_rows.latest("number")


def covered(world: World, use: Use) -> Gap | None:
    consent = given(world)
    with entering(world.investigator, "test"):
        return consent.gap(use, timezone.now())


def use_of(
    use: tuple[ConsentPurpose, RecipientClass],
    material: Material = Material.ACCOUNT_TEXT,
    *,
    state_affiliated: bool = False,
) -> Use:
    return Use(use[0], use[1], material, IdentityLevel.PSEUDONYM, state_affiliated)


def test_an_old_day_cannot_undo_a_withdrawal_and_the_page_says_so(world: World, browser: Client) -> None:
    assert world.consent
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent)
    day = timezone.localdate() - timedelta(days=1)
    data = {**GIVEN, "given_on": day.isoformat()}
    page = send(browser, "consent-record", data, 422, **of(world)).content.decode()
    assert "a withdrawal, was still to come" in page
    assert covered(world, use_of(OWN)) == Gap.WITHDRAWN
    # A talk of the same day is recorded as of now, which is after it.
    send(browser, "consent-record", {**GIVEN, "given_on": timezone.localdate().isoformat()}, **of(world))
    assert covered(world, use_of(OWN)) is None


def test_every_purpose_is_asked() -> None:
    assert set(OFFERED) == set(ConsentPurpose)
    assert {recipient for found in OFFERED.values() for recipient in found} == set(RecipientClass)


def test_consent_is_recorded_as_answered(world: World, browser: Client) -> None:
    send(browser, "consent-record", GIVEN, **of(world))
    assert covered(world, use_of(ICC)) is None
    assert covered(world, use_of(ICC, Material.PHOTO_OF_PERSON)) == Gap.REFUSED
    assert covered(world, use_of(COMMITTEE)) == Gap.REFUSED
    with entering(world.investigator, "test"):
        world.witness.refresh_from_db()
    assert world.witness.status == "consented"


@pytest.mark.parametrize(("said", "gap"), [("on", None), ("", Gap.STATE_BODY)])
def test_body_of_the_state_needs_a_word_of_its_own(
    said: str, gap: Gap | None, world: World, browser: Client
) -> None:
    data = {**TALK, **answers(OWN, COMMITTEE)}
    if said:
        data[field_of(COMMITTEE, "state_body")] = said
    send(browser, "consent-record", data, **of(world))
    assert covered(world, use_of(COMMITTEE, state_affiliated=True)) == gap


def test_page_can_be_read_aloud(world: World, browser: Client) -> None:
    data = {**GIVEN, field_of(ICC, "conditions"): "نصف الوجه فقط", field_of(ICC, "recontact"): "on"}
    answer = send(browser, "consent-record", data, **of(world))
    page = browser.get(answer.url).content.decode()
    for sentence in (
        "This may be used by: International Criminal Court, Office of the Prosecutor.",
        "What may be used: The account in writing; Video recordings.",
        "The person appears under a pseudonym alone.",
        "The person is asked before each use.",
        "This may not be used by: The public.",
        "نصف الوجه فقط",
    ):
        assert sentence in page


def test_unanswered_question_is_named_and_nothing_typed_is_lost(world: World, browser: Client) -> None:
    data = {**GIVEN, "interpreter": "INT-77"}
    del data[field_of(ICC, "decision")]
    page = send(browser, "consent-record", data, 422, **of(world)).content.decode()
    assert f"{ICC[0].label} · {ICC[1].label}: Say whether this was agreed" in page
    assert "INT-77" in page
    with entering(world.investigator, "test"):
        assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"limits_explained": ""}, "Explain the limits first"),
        ({"capacity_confirmed": ""}, "cannot decide freely"),
        ({"language_understood": ""}, "language that the person understands"),
        ({"sheet_version": ""}, "This field is required"),
        ({"valid_until": "2020-01-01"}, "This day has passed"),
        ({"given_on": "2999-01-01"}, "has not come yet"),
        ({"is_minor": "on"}, "For a minor this is needed"),
        ({field_of(ICC, "materials"): []}, "Tick what may be used"),
        ({field_of(ICC, "level"): ""}, "how much of the person"),
        ({field_of(ICC, "level"): "all_of_it"}, "all_of_it is not one of the available choices"),
        ({field_of(ICC, "decision"): "maybe"}, "maybe is not one of the available choices"),
        ({field_of(ICC, "materials"): ["everything"]}, "everything is not one of the available choices"),
    ],
)
def test_what_is_no_consent_is_none(
    change: dict[str, Any], words: str, world: World, browser: Client
) -> None:
    page = send(browser, "consent-record", {**GIVEN, **change}, 422, **of(world)).content.decode()
    assert words in page
    with entering(world.investigator, "test"):
        assert not Consent.objects.exists()


def test_minor_by_age_needs_a_guardian_whatever_was_ticked(world: World, browser: Client) -> None:
    send(browser, "witness-edit", {**WITNESS, "age_band": "12-17"}, **of(world))
    page = send(browser, "consent-record", GIVEN, 422, **of(world)).content.decode()
    assert "The person is a minor" in page
    assert len(world.events(Kind.CONSENT_REFUSED)) == 1
    guarded = {
        "is_minor": "on",
        "guardian_consented": "on",
        "child_assented": "on",
        "best_interest_note": "Safe with her aunt",
    }
    send(browser, "consent-record", {**GIVEN, **guarded}, **of(world))


def test_newer_consent_replaces_the_one_before(world: World, browser: Client) -> None:
    send(browser, "consent-record", GIVEN, **of(world))
    send(browser, "consent-record", {**TALK, **answers(OWN)}, **of(world))
    assert given(world).number == 2
    assert covered(world, use_of(ICC)) == Gap.REFUSED
    assert "Replaced by a newer consent" in look(browser, "witness-detail", **of(world))


@pytest.mark.parametrize("who", ["custodian", "supervisor", "lead", "investigator"])
def test_withdrawal_is_one_step_for_any_member_who_meets_words(who: str, world: World) -> None:
    assert world.consent
    ids: dict[str, Any] = {"case": world.case.pk, "consent": world.consent.pk}
    browser = signed_in(getattr(world, who))
    assert "counts from this instant" in look(browser, "consent-withdraw", **ids)
    answer = send(browser, "consent-withdraw", {"channel": "by telephone"}, **ids)
    page = browser.get(answer.url).content.decode()
    assert "Withdrawn" in page
    assert "by telephone" in page
    assert given(world).state == "withdrawn"
    send(browser, "consent-withdraw", {}, 409, **ids)


def test_evidence_custodian_withdraws_without_reading(world: World) -> None:
    person = make_person(Role.EVIDENCE_CUSTODIAN)
    factories.join(world.case, world.lead, person, MemberRole.EVIDENCE_CUSTODIAN)
    browser = signed_in(person)
    ids: dict[str, Any] = {"case": world.case.pk, "consent": world.consent.pk}
    look(browser, "consent-detail", 403, **ids)
    answer = send(browser, "consent-withdraw", {}, **ids)
    assert answer.url.endswith("/withdrawal/")
    assert browser.get(answer.url).status_code == 200, "what it reached may be told by who recorded it"
    assert given(world).state == "withdrawn"


def test_withdrawal_for_one_purpose(world: World, browser: Client) -> None:
    send(browser, "consent-record", GIVEN, **of(world))
    ids: dict[str, Any] = {"case": world.case.pk, "consent": given(world).pk}
    page = look(browser, "consent-withdraw", **ids)
    assert 'value="criminal_international"' in page
    assert 'value="archive"' not in page
    send(browser, "consent-withdraw", {"purpose": "archive"}, 422, **ids)
    send(browser, "consent-withdraw", {"purpose": "criminal_international"}, **ids)
    assert covered(world, use_of(ICC)) == Gap.WITHDRAWN
    assert covered(world, use_of(OWN)) is None
    assert "Partly withdrawn" in look(browser, "consent-detail", **ids)


def test_after_a_withdrawal_no_account_is_approved(world: World, browser: Client) -> None:
    testimony = world.testimony
    with entering(world.investigator, "test"):
        submit_testimony(by=world.investigator, testimony=testimony)
    with entering(world.supervisor, "test"):
        take_up_review(by=world.supervisor, testimony=testimony)
    send(browser, "consent-withdraw", {}, case=world.case.pk, consent=world.consent.pk)
    with pytest.raises(ConsentMissing), entering(world.supervisor, "test"):
        approve_testimony(
            by=world.supervisor,
            testimony=testimony,
            checklist=frozenset(ReviewCheck),
            no_attestation_reason="cannot be met",
        )
    with entering(world.supervisor, "test"):
        testimony.refresh_from_db()
    assert testimony.status == TestimonyStatus.IN_REVIEW
    assert world.witness.code in look(browser, "case-detail", case=world.case.pk)


def test_forged_consent_does_not_count_in_the_list(world: World, browser: Client) -> None:
    assert world.consent
    with entering(world.investigator, "test"):
        Consent.objects.filter(pk=world.consent.pk).update(tag=b"x" * 32)
    assert "None in force" in look(browser, "witness-list", case=world.case.pk)
    assert "Does not count any more" in look(
        browser, "consent-detail", case=world.case.pk, consent=world.consent.pk
    )


@pytest.mark.parametrize("who", ["supervisor", "custodian", "auditor"])
def test_who_meets_no_witness_records_no_consent(who: str, world: World) -> None:
    person: User = getattr(world, who)
    send(signed_in(person), "consent-record", GIVEN, 403, **of(world))
    with entering(world.investigator, "test"):
        assert not Consent.objects.exists()


def test_what_is_not_ticked_is_refused() -> None:
    form = UsesForm(answers(ICC))
    assert form.is_valid(), form.errors
    mine = [answer for answer in form.answers() if (answer.purpose, *answer.recipient_classes) == ICC]
    assert [answer.decision for answer in mine] == [Decision.GRANTED, Decision.REFUSED]
    assert {material for answer in mine for material in answer.materials} == set(Material)
