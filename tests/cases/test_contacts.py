"""Reaching a witness: the newest rules count and stand before the contact, and nothing here names anybody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.contacts import log_contact, offer_referral, set_contact_rules
from cases.actions.naming import names_somebody
from cases.errors import ContactIncomplete, ContactNames
from cases.models import ContactEntry, ContactRules, Referral
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import signed_in

RULES = {
    "channels": ["secure_app"],
    "hours": "after 18:00",
    "through": "a sister",
    "words": "about the garden",
}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


@pytest.mark.parametrize(
    "naming",
    [
        "call +963 944 123 456",
        "٠٩٤٤١٢٣٤٥٦",
        "0944-12-34-56",
        "write to lama@example.org",
        "on Telegram @lama_h",
        "t.me/lama",
    ],
)
def test_what_names_is_refused_everywhere(naming: str, world: World) -> None:
    by, witness = world.investigator, world.witness
    for run in (
        lambda: set_contact_rules(
            by=by, witness=witness, facts=replace(factories.CONTACT_RULES, never=naming), expected=0
        ),
        lambda: log_contact(by=by, witness=witness, facts=replace(factories.CONTACT, note=naming)),
        lambda: offer_referral(by=by, witness=witness, facts=replace(factories.REFERRAL, note=naming)),
    ):
        with pytest.raises(ContactNames), entering(by, "test"):
            run()
    assert len(world.events(Kind.CONTACT_REFUSED)) == 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *((f"0944{between}123{between}456", True) for between in "\u2011\u2013_,\u200f\u2212\u00b7:"),
        ("⁰⁹⁴⁴¹²³⁴⁵⁶ or ０９４４１２３４５６", True),
        ("0944 12-14 56", True),
        ("9-12-14-17-18", True),
        ("lama＠example.org", True),
        ("08.00 - 12.00", False),
        ("18.30-20.00", False),
        ("9-12 14-17", False),
        ("٩-١٢، ١٤-١٧", False),
        ("Sundays, 08:00–12:00, then 14:00 16:30", False),
        ("22/11/2026", False),
        ("2026-11-20", False),
        ("2026-11-20 - 2026-11-25, 9-12", False),
    ],
)
def test_hours_and_days_are_no_numbers_and_numbers_are_no_hours(text: str, *, names: bool) -> None:
    assert names_somebody(text) is names


def test_rules_without_a_rule_and_contacts_to_come_are_refused(world: World) -> None:
    by, witness = world.investigator, world.witness
    bare = replace(factories.CONTACT_RULES, channels=(), never=" ")
    with pytest.raises(ContactIncomplete), entering(by, "test"):
        set_contact_rules(by=by, witness=witness, facts=bare, expected=0)
    later = replace(factories.CONTACT, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ContactIncomplete), entering(by, "test"):
        log_contact(by=by, witness=witness, facts=later)


def test_nothing_is_in_clear_nothing_is_changed_and_a_page_counts_once(world: World) -> None:
    by, witness, once = world.investigator, world.witness, uuid4()
    with entering(by, "test"):
        for _time in range(2):
            log_contact(by=by, witness=witness, facts=factories.CONTACT, once=once)
        set_contact_rules(by=by, witness=witness, facts=factories.CONTACT_RULES, expected=0)
        offer_referral(by=by, witness=witness, facts=factories.REFERRAL)
        assert (ContactEntry.objects.count(), ContactRules.objects.count(), Referral.objects.count()) == (
            1,
            1,
            1,
        )
    for table in ("contactrules", "contactentry", "referral"):
        with entering(by, "test"), connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM cases_{table} t")
            stored = cursor.fetchone()[0]
        assert not any(word in stored for word in ("sister", "secure", "reached", "medical", "accepted"))
        with (
            pytest.raises(DatabaseError),
            entering(by, "test"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE cases_{table} SET sensitivity = 'public'")


def test_newest_rules_stand_before_whoever_is_about_to_call(world: World, browser: Client) -> None:
    ids: dict[str, Any] = {"case": world.case.pk, "witness": world.witness.pk}
    assert "No rules were set" in look(browser, "contact-create", **ids)
    send(browser, "contact-rules", RULES, **ids)
    page = send(browser, "contact-rules", {**RULES, "never": "0944 123 456"}, 422, **ids).content.decode()
    assert "A telephone number" in page
    assert "about the garden" in page
    # Whoever did not see the rules that count does not set others in their place unseen.
    page = send(browser, "contact-rules", {**RULES, "hours": "at noon"}, 422, **ids).content.decode()
    for words in ("Somebody else saved", "after 18:00", 'value="at noon"', 'name="revision" value="1"'):
        assert words in page
    assert 'name="revision" value="1"' in look(browser, "contact-rules", **ids)
    send(browser, "contact-rules", {**RULES, "hours": "at noon", "revision": "1"}, **ids)
    page = look(browser, "contact-create", **ids)
    assert "at noon" in page
    assert "after 18:00" not in page
    contact = {"at": "2026-01-09T10:00", "channel": "call", "outcome": "somebody_else", "safety": "unsafe"}
    send(browser, "contact-create", {**contact, "at": ""}, 422, **ids)
    send(browser, "contact-create", contact, **ids)
    send(browser, "referral-create", {"kind": "medical", "answer": "thinks"}, **ids)
    page = look(browser, "witness-care", **ids)
    for words in ("at noon", "Somebody else answered", "Not safe", "Medical care", "Thinks about it"):
        assert words in page
    with entering(world.investigator, "test"):
        interview = factories.make_interview(world.witness, world.investigator)
    assert "at noon" in look(browser, "interview-detail", case=world.case.pk, interview=interview.pk)
