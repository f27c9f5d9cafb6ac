"""The pages as people walk them: from entering a body to the confirmed receipt, and what is typed wrong."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.door import entering
from cases.actions.consents import withdraw_consent
from exports import tasks
from exports.models import Export, Recipient, RecipientKey
from exports.package.ageing import fingerprint
from exports.vocabulary import ExportState
from tests.exports.worlds import World
from tests.personas import signed_in


def page(browser: Client, name: str, *, query: str = "", **kwargs: Any) -> str:
    answer = browser.get(reverse(name, kwargs=kwargs) + query)
    assert answer.status_code == 200, answer.content[:2000]
    return answer.content.decode()


def post(
    browser: Client, name: str, data: Mapping[str, object] | None = None, **kwargs: Any
) -> tuple[int, str]:
    answer = browser.post(reverse(name, kwargs=kwargs), data or {}, follow=True)
    return answer.status_code, answer.content.decode()


def fetched(browser: Client, name: str, **kwargs: Any) -> bytes:
    answer = browser.post(reverse(name, kwargs=kwargs))
    assert answer["Content-Disposition"].startswith('attachment; filename="EXP-')
    assert answer["Cache-Control"] == "no-store"
    content = answer.getvalue()
    assert answer["Content-Length"] == str(len(content))
    return content


def enter_a_body(world: World, officer: Client, supervisor: Client) -> Recipient:
    """Enter a body and its key, let two people compare it, and name its contact."""
    typed = {
        "name": "A mechanism of the tests",
        "recipient_class": "un_iiim",
        "default_tier": "T3",
        "conditions": "Not to be passed on.",
    }
    assert "Now add its key" in post(officer, "recipient-add", typed)[1]
    body = Recipient.objects.get()
    post(officer, "recipient-key-add", {"public_key": world.public_key}, recipient=body.pk)
    key = RecipientKey.objects.get()
    heard = {"heard": fingerprint(world.public_key), "channel": "voice", "note": "Met in May"}
    assert fingerprint(world.public_key)[:8] not in page(officer, "recipient-key-check", key=key.pk)
    for browser in (officer, supervisor):
        assert "Your comparison was recorded" in post(browser, "recipient-key-check", heard, key=key.pk)[1]
    code = {"staff_code": world.contact.staff_code}
    assert "can now fetch" in post(officer, "recipient-contact-add", code, recipient=body.pk)[1]
    return body


def ask_with_the_wizard(world: World, officer: Client, body: Recipient) -> Export:
    """Choose one thing a page, look at what would leave, and ask."""
    case, chosen = world.case.pk, {"recipient": str(body.pk)}
    assert str(body.pk) in page(officer, "export-request", case=case)
    use = chosen | {"purpose": "criminal_international", "tier": "T3", "identity_level": "pseudonym"}
    query = "?" + urlencode(chosen)
    assert "For what, and how much?" in page(officer, "export-request", query=query, case=case)
    objects = {"testimony": str(world.testimony.pk), "evidence": str(world.clip.pk)}
    query = "?" + urlencode(use)
    assert world.testimony.registration_no in page(officer, "export-request", query=query, case=case)
    query = "?" + urlencode(use | objects | {"look": 1})
    assert "What would leave" in page(officer, "export-request", query=query, case=case)
    assert not Export.objects.exists()
    status, told = post(officer, "export-send", {**use, **objects, "note": "As agreed"}, case=case)
    assert (status, "The export was asked for" in told) == (200, True)
    with entering(world.officer, "test"):
        export = Export.objects.get()
    assert export.state == ExportState.SCOPE_CHECKED
    return export


def test_road_through_the_pages(world: World) -> None:
    people = (world.officer, world.supervisor, world.contact)
    officer, supervisor, contact = (signed_in(user) for user in people)
    export = ask_with_the_wizard(world, officer, enter_a_body(world, officer, supervisor))
    here: dict[str, Any] = {"case": world.case.pk, "export": export.pk}
    assert "Approve sending" in page(supervisor, "export-decide", **here)
    assert "was approved" in post(supervisor, "export-decide", {"decision": "approve"}, **here)[1]
    assert "is being built" in post(officer, "export-build", **here)[1]
    with entering(world.officer, "test"):
        export = Export.objects.select_related("job").get(pk=export.pk)
    tasks.build(str(export.job.pk))
    for which in ("statement", "signature", "receipt", "signer"):
        assert officer.get(reverse("export-letter", kwargs={**here, "which": which})).status_code == 200
    assert export.number in page(contact, "delivery-list")
    package = fetched(contact, "delivery-download", export=export.pk)
    assert package.startswith(b"age-encryption.org/v1")
    wrong = post(contact, "delivery-detail", {"sha512": "ab" * 64}, export=export.pk)[1]
    assert "not the digest" in wrong
    digest = hashlib.sha512(package).hexdigest()
    assert "Thank you" in post(contact, "delivery-detail", {"sha512": digest}, export=export.pk)[1]
    assert world.now(export).state == ExportState.ACKNOWLEDGED
    assert "Acknowledged" in page(officer, "export-detail", **here)


def test_officer_carries_the_package(world: World) -> None:
    content = fetched(
        signed_in(world.officer), "export-download", case=world.case.pk, export=world.verified.pk
    )
    assert content == world.fetch(world.verified)


def test_withdrawn_consent_gives_a_calm_page_and_no_byte(world: World) -> None:
    assert world.verified
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent)
    browser = signed_in(world.contact)
    status, told = post(browser, "delivery-download", export=world.verified.pk)
    assert status == 409
    assert "nothing left" in told


@pytest.mark.parametrize(
    "query",
    [
        "?recipient=nonsense", "?recipient=", "?purpose=criminal_international",
        "?recipient={recipient}&purpose=archive&tier=T3&identity_level=pseudonym",
        "?recipient={recipient}&purpose=criminal_international&tier=T9&identity_level=pseudonym",
        "?recipient={recipient}&purpose=criminal_international&tier=T3&identity_level=full_identity",
        "?recipient={recipient}&purpose=criminal_international&tier=T3&identity_level=pseudonym&look=1",
        "?recipient={recipient}&purpose=criminal_international&tier=T3&identity_level=pseudonym&look=1&testimony=x",
    ],
)  # fmt: skip
def test_wizard_survives_what_is_no_choice(world: World, query: str) -> None:
    assert world.ready
    address = query.format(recipient=world.ready.pk)
    page(signed_in(world.officer), "export-request", query=address, case=world.case.pk)


def test_object_of_another_case_is_as_if_not_chosen(world: World) -> None:
    from tests.exports.worlds import make_world

    foreign = make_world().testimony
    chosen = {
        "recipient": world.ready.pk,
        "purpose": "criminal_international",
        "tier": "T3",
        "identity_level": "pseudonym",
        "testimony": foreign.pk,
    }
    status, _told = post(signed_in(world.officer), "export-send", chosen, case=world.case.pk)
    assert status == 409
    with entering(world.officer, "test"):
        assert not Export.objects.exists()


def test_key_that_is_none_is_refused_on_the_page(world: World) -> None:
    told = post(
        signed_in(world.officer), "recipient-key-add", {"public_key": "age1"}, recipient=world.recipient.pk
    )
    assert "This is not an age public key" in told[1]
    assert not RecipientKey.objects.exists()


def test_refusal_needs_a_reason(world: World) -> None:
    here: dict[str, Any] = {"case": world.case.pk, "export": world.requested.pk}
    browser = signed_in(world.supervisor)
    assert "Say why" in post(browser, "export-decide", {"decision": "refuse"}, **here)[1]
    assert (
        "was refused"
        in post(browser, "export-decide", {"decision": "refuse", "reason": "Too much"}, **here)[1]
    )


def test_recipient_is_changed_and_two_changes_at_once_are_noticed(world: World) -> None:
    browser = signed_in(world.officer)
    typed = {
        "name": "Renamed",
        "recipient_class": "un_iiim",
        "default_tier": "T2",
        "agreement_until": (timezone.localdate() + timedelta(days=9)).isoformat(),
        "revision": world.recipient.revision,
    }
    assert "Renamed" in post(browser, "recipient-change", typed, recipient=world.recipient.pk)[1]
    status, _told = post(browser, "recipient-change", typed, recipient=world.recipient.pk)
    assert status == 409


def test_pages_speak_arabic(world: World) -> None:
    browser = signed_in(world.officer)
    browser.cookies["django_language"] = "ar"
    with override("en"):  # and back: the language of a request outlives it in its thread
        _speak(browser, world)


def _speak(browser: Client, world: World) -> None:
    assert 'dir="rtl"' in page(browser, "export-detail", case=world.case.pk, export=world.requested.pk)
    assert "التصدير" in page(browser, "export-list", case=world.case.pk)
