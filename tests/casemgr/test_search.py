"""Search shows what the reader may read of one case, and leaves no trace of the words."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from casemgr import search as searching
from cases.actions.incidents import record_location
from cases.actions.members import add_member
from cases.actions.testimonies import save_version
from cases.facts import LocationFacts
from cases.models import Incident, Location, Testimony, TestimonyVersion, Witness
from cases.vocabulary import MemberRole, PlaceType, Sensitivity, TextLanguage, VersionKind
from evidence.facts import ItemFacts
from evidence.vocabulary import ItemType
from tests import factories
from tests.evidence.worlds import World, make_world
from tests.personas import make_person, signed_in
from vault.opening import open_rows

pytestmark = pytest.mark.django_db
CANARY = "zurqcanary"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def full(world: World) -> World:
    """One row of every kind that speaks of the harbour."""
    by = world.investigator
    facts = replace(factories.WITNESS, role_summary="Saw the HARBOUR burn")
    witness = factories.make_witness(world.case, by, facts=facts)
    factories.make_consent(witness, by)
    factories.make_testimony(witness, by, text="They came from the harbour. جاؤوا من ناحية المدرسة.")
    factories.make_incident(world.case, by, facts=replace(factories.INCIDENT, title="Raid near the harbour"))
    factories.make_victim(world.case, by, facts=replace(factories.VICTIM, known_as="the harbour guard"))
    factories.make_actor(world.case, by, facts=replace(factories.ACTOR, aliases=("The Harbour Men",)))
    with entering(by, "test"):
        facts_of_place = LocationFacts(name_en="Old harbour", name_ar="المرفأ القديم", type=PlaceType.OTHER)
        record_location(by=by, case=world.case, facts=facts_of_place)
    world.register(ItemFacts(type=ItemType.PHOTO, title="The quay", description="A boat in the harbour"))
    return world


def ask(world: World, user: User, words: str, browser: Client | None = None) -> str:
    answer = (browser or signed_in(user)).post(reverse("case-search", args=[world.case.pk]), {"words": words})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def kinds_in(page: str) -> list[str]:
    return re.findall(r'<h2 id="found-\d+">([^<]+)</h2>', page)


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_every_kind_is_found_whatever_the_capitals(full: World) -> None:
    page = ask(full, full.investigator, "HaRbOuR")
    assert kinds_in(page) == [str(kind.word) for kind in searching.KINDS]
    assert "<mark>harbour</mark>" in page
    assert "Saw the <mark>HARBOUR</mark> burn" in page


@pytest.mark.parametrize("words", ["المدرسه", "مدرسة جاؤوا", "المـدرسةُ"])
def test_arabic_is_found_in_its_spellings(full: World, words: str) -> None:
    page = ask(full, full.investigator, words)
    assert kinds_in(page) == ["Testimonies"]
    assert re.search("<mark>(ال)?مدرسة</mark>|<mark>المدرسة</mark>", page)


def test_all_words_must_stand_in_one_row(full: World) -> None:
    assert kinds_in(ask(full, full.investigator, "harbour quay")) == ["Exhibits"]
    assert "Nothing was found" in ask(full, full.investigator, "harbour nowhere")


def test_codes_are_found(full: World) -> None:
    with entering(full.lead, "test"):
        witness, testimony = Witness.objects.get(), Testimony.objects.get()
    for code, kind in ((witness.code.lower(), "Witnesses"), (testimony.registration_no, "Testimonies")):
        page = ask(full, full.investigator, code)
        assert kind in kinds_in(page)
        assert f"<mark>{code.upper()}</mark>" in page
    assert kinds_in(ask(full, full.investigator, "BAN-EX-0001")) == ["Exhibits"]


def test_only_the_present_version_is_looked_through(full: World) -> None:
    with entering(full.investigator, "test"):
        testimony = Testimony.objects.get()
        save_version(
            by=full.investigator,
            testimony=testimony,
            based_on=1,
            text="Corrected: from the hills.",
            language=TextLanguage.ENGLISH,
            kind=VersionKind.READBACK_CORRECTED,
        )
    assert "Testimonies" not in kinds_in(ask(full, full.investigator, "harbour"))
    assert kinds_in(ask(full, full.investigator, "hills")) == ["Testimonies"]


def test_rows_of_another_case_are_not_there(full: World) -> None:
    other = factories.make_case(full.lead, prefix="HOM")
    facts = replace(factories.INCIDENT, title=f"Elsewhere {CANARY}")
    factories.make_incident(other, full.lead, facts=facts)
    assert "Nothing was found" in ask(full, full.lead, CANARY)
    answer = signed_in(full.lead).post(reverse("case-search", args=[other.pk]), {"words": CANARY})
    assert kinds_in(answer.content.decode()) == ["Incidents"]


def test_strictly_confidential_rows_are_found_by_who_may_read_them_alone(full: World) -> None:
    strict = {"sensitivity": Sensitivity.STRICTLY_CONFIDENTIAL}
    with entering(full.lead, "test"):
        Incident.objects.update(**strict)
        Witness.objects.update(**strict)
    found = kinds_in(ask(full, full.investigator, "harbour"))
    assert "Incidents" not in found
    assert "Witnesses" not in found
    assert {"Incidents", "Witnesses"} <= set(kinds_in(ask(full, full.lead, "harbour")))


def test_strict_text_of_an_open_testimony_stays_closed(full: World, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = TestimonyVersion.objects.visible_to
    manager = type(TestimonyVersion.objects)
    monkeypatch.setattr(manager, "visible_to", lambda self, user: allowed(user).exclude(seq=1), raising=True)
    assert "Testimonies" not in kinds_in(ask(full, full.investigator, "harbour"))


def test_kinds_beyond_the_readers_power_are_not_named(full: World) -> None:
    keeper = ask(full, full.keeper, "harbour")
    assert kinds_in(keeper) == ["Exhibits"]
    assert "Raid near" not in keeper
    interpreter = ask(full, full.interpreter, "harbour")
    assert kinds_in(interpreter) == ["Witnesses", "Testimonies"]
    assert "Looked through: Exhibits<" in ask(full, full.keeper, "nowhere")


def test_place_leads_nowhere_for_who_may_not_correct_it(full: World) -> None:
    officer = make_person(Role.DISCLOSURE_OFFICER)
    factories.join(full.case, full.lead, officer, MemberRole.DISCLOSURE_OFFICER)
    with entering(full.lead, "test"):
        place = Location.objects.get()
    address = reverse("location-edit", args=[full.case.pk, place.pk])
    assert address in ask(full, full.investigator, "المرفا")
    page = ask(full, officer, "المرفا")
    assert kinds_in(page) == ["Places"]
    assert address not in page


def test_outsider_and_former_member_find_no_page(full: World) -> None:
    address = reverse("case-search", args=[full.case.pk])
    begin = timezone.now() - timedelta(days=2)
    former = make_person(Role.INVESTIGATOR)
    with entering(full.lead, "test"):
        add_member(
            by=full.lead,
            case=full.case,
            user=former,
            role=MemberRole.INVESTIGATOR,
            reason="needed",
            starts_at=begin,
            ends_at=begin + timedelta(days=1),
        )
    missing = reverse("case-search", args=[UUID(int=1)])
    for browser in (signed_in(full.outsider), signed_in(former)):
        assert browser.get(address).status_code == 404
        refused = browser.post(address, {"words": "harbour"})
        assert refused.status_code == 404
        # What may not be known of and what is not there look the same.
        lost = browser.post(missing, {"words": "harbour"}).content.decode().replace(missing, address)
        assert without_token(refused.content.decode()) == without_token(lost)


def test_words_are_in_no_address_event_session_or_message(full: World) -> None:
    browser = signed_in(full.investigator)
    page = ask(full, full.investigator, f"harbour {CANARY}", browser)
    ask(full, full.investigator, "harbour", browser)
    assert page.count(CANARY) == 1  # in the box, for the next try
    events = list(Event.objects.order_by("at"))
    assert events
    assert not [event for event in events if CANARY in str(vars(event)) or "harbour" in str(vars(event))]
    assert CANARY not in str(dict(browser.session.items()))
    assert browser.get(reverse("case-search", args=[full.case.pk])).content.decode().count(CANARY) == 0


def test_words_in_an_address_are_not_searched_for(full: World) -> None:
    address = reverse("case-search", args=[full.case.pk])
    page = signed_in(full.investigator).get(f"{address}?words=harbour&q=harbour").content.decode()
    assert kinds_in(page) == []
    assert 'value="harbour"' not in page


def test_answer_is_stored_by_nobody(full: World) -> None:
    answer = signed_in(full.investigator).post(
        reverse("case-search", args=[full.case.pk]), {"words": "harbour"}
    )
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.has_header("Location")


def test_search_needs_the_token_of_its_form(full: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in(full.investigator).cookies
    answer = browser.post(reverse("case-search", args=[full.case.pk]), {"words": "harbour"})
    assert answer.status_code == 403


def test_each_kind_leaves_one_leaf_with_purpose_and_count(full: World) -> None:
    before = {event.pk for event in Event.objects.of_kinds([Kind.CONTENT_OPENED])}
    ask(full, full.investigator, "harbour")
    leaves = [one for one in Event.objects.of_kinds([Kind.CONTENT_OPENED]) if one.pk not in before]
    searched = [str(vars(one)) for one in leaves if "search" in str(vars(one))]
    assert len(searched) == len(searching.KINDS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Write a word or a code"),
        ("   ", "Write a word or a code"),
        ("\u064b\u0640\u200b", "Write a word or a code"),
        ("a" * 101, "Write at most 100 signs"),
        ("a" * 100_000, "Write at most 100 signs"),
        ("a\x00b", "other signs cannot be looked for"),
    ],
)
def test_what_cannot_be_searched_for_is_told_kindly(world: World, words: str, said: str) -> None:
    answer = signed_in(world.investigator).post(
        reverse("case-search", args=[world.case.pk]), {"words": words}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "There is something to mend" in page
    assert len(page) < 60_000


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x>', ".*", "(a+)+$", "{{ 7 }}"])
def test_hostile_words_are_only_words(world: World, words: str) -> None:
    facts = replace(factories.INCIDENT, title="Odd", description=f"said {words} twice")
    factories.make_incident(world.case, world.investigator, facts=facts)
    page = ask(world, world.investigator, words)
    assert kinds_in(page) == ["Incidents"]
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "Raid" not in page


def test_markup_in_what_is_found_stays_text(world: World) -> None:
    evil = '<b onmouseover="x">harbour</b><script>1</script>'
    facts = replace(factories.INCIDENT, title=evil, description=evil)
    factories.make_incident(world.case, world.investigator, facts=facts)
    page = ask(world, world.investigator, "harbour")
    assert "&lt;b onmouseover=&quot;x&quot;&gt;<mark>harbour</mark>&lt;/b&gt;&lt;script&gt;" in page
    assert "<b onmouseover" not in page


def test_queries_do_not_grow_with_rows(full: World) -> None:
    browser = signed_in(full.investigator)
    ask(full, full.investigator, "harbour", browser)
    with CaptureQueriesContext(connection) as few:
        ask(full, full.investigator, "harbour", browser)
    for number in range(6):
        witness = factories.make_consented_witness(full.case, full.investigator, pseudonym=f"Person{number}")
        factories.make_testimony(witness, full.investigator, text="Of the harbour")
        factories.make_incident(
            full.case, full.investigator, facts=replace(factories.INCIDENT, title=f"Harbour {number}")
        )
        full.register(ItemFacts(type=ItemType.PHOTO, title=f"Harbour {number}"))
    with CaptureQueriesContext(connection) as many:
        page = ask(full, full.investigator, "harbour", browser)
    assert page.count("Harbour</mark> ") >= 6
    assert len(many) == len(few)


def test_more_than_are_shown_are_told_in_words_and_not_opened(
    full: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST", 2)
    monkeypatch.setattr(searching, "PAGE", 2)
    for number in range(7):
        facts = replace(factories.INCIDENT, title=f"Raid {number}")
        factories.make_incident(full.case, full.investigator, facts=facts)
    asked: list[int] = []

    def counting(rows: object, *columns: str, **said: object) -> object:
        listed = list(rows)  # type: ignore[call-overload]  # what the search hands over
        asked.append(sum(isinstance(row, Incident) for row in listed))
        return open_rows(listed, *columns, **said)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(searching, "open_rows", counting)
    page = ask(full, full.investigator, "raid")
    assert "More were found" in page
    assert page.count("<mark>Raid</mark>") == 2
    assert "Raid</mark> 6" in page  # the newest first
    assert sum(asked) == 4


def test_bar_holds_the_box_for_who_may_search(full: World) -> None:
    address = reverse("case-search", args=[full.case.pk])
    overview = signed_in(full.investigator).get(reverse("case-detail", args=[full.case.pk])).content.decode()
    assert f'method="post" action="{address}"' in overview
    outside = signed_in(full.investigator).get("/account").content.decode()
    assert "topbar-search" not in outside
    auditor = make_person(Role.AUDITOR)
    factories.join(full.case, full.lead, auditor, MemberRole.AUDITOR)
    log = signed_in(auditor).get(reverse("case-log", args=[full.case.pk])).content.decode()
    assert "topbar-search" not in log
