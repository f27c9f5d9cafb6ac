"""Search shows what the reader may read of one case, and leaves no trace of the words."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.door import entering
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from casemgr import search as searching
from cases.actions.members import add_member
from cases.actions.testimonies import save_version
from cases.actions.victims import record_death
from cases.facts import DeathFacts
from cases.models import (
    Act,
    Death,
    Incident,
    Location,
    Testimony,
    TestimonyVersion,
    Victim,
    Witness,
)
from cases.vocabulary import ActType, MemberRole, Sensitivity, TextLanguage, VersionKind
from evidence.facts import ItemFacts
from evidence.vocabulary import ItemType
from findings.models import CasualtyClaim, FactAssertion
from tests import factories
from tests.casemgr.harbours import ask, fill, kinds_in, without_token
from tests.evidence.worlds import World, make_world
from tests.personas import make_person, signed_in
from tests.sharing import Kept, keeping
from vault.opening import open_rows

pytestmark = pytest.mark.django_db
CANARY = "zurqcanary"
M = TypeVar("M", bound=Model)


kept_world = keeping(make_world)


@pytest.fixture
def world(kept_world: Kept[World], db: None) -> World:
    return kept_world.copy()


kept_full = keeping(lambda: fill(make_world()))


@pytest.fixture
def full(kept_full: Kept[World], db: None) -> World:
    return kept_full.copy()


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
    address = reverse("case-search", args=[other.pk])
    answer = signed_in(full.lead).post(address, {"words": CANARY}, follow=True)
    assert kinds_in(answer.content.decode()) == ["Incidents"]


def test_strictly_confidential_rows_are_found_by_who_may_read_them_alone(full: World) -> None:
    strict = {"sensitivity": Sensitivity.STRICTLY_CONFIDENTIAL}
    with entering(full.lead, "test"):
        for model in (Incident, Witness):
            model.objects.update(**strict)
    hidden = {"Witnesses", "Testimonies", "Incidents", "Acts"}
    assert hidden.isdisjoint(kinds_in(ask(full, full.investigator, "harbour")))
    assert hidden <= set(kinds_in(ask(full, full.lead, "harbour")))


def test_facts_and_figures_that_are_strict_are_found_by_who_may_read_them_alone(full: World) -> None:
    own = {"case": full.case, "created_by": full.lead, "sensitivity": Sensitivity.STRICTLY_CONFIDENTIAL}
    with entering(full.lead, "test"):
        fact, claim = FactAssertion(**own), CasualtyClaim(**own)
        fact.seal(text=f"Told in confidence: {CANARY}")
        scope = {"period": "March", "area": CANARY, "persons": "civilians"}
        claim.seal(organisation="A desk", figures={}, as_of={}, scope_of_figure=scope, method="unknown")
        fact.save(force_insert=True)
        claim.save(force_insert=True)
    assert "Nothing was found" in ask(full, full.investigator, CANARY)
    assert kinds_in(ask(full, full.lead, CANARY)) == ["Facts", "Figures that others give"]


def test_death_of_a_strict_victim_stays_closed(full: World) -> None:
    victim = factories.make_victim(full.case, full.lead)
    twin = Victim(
        case=full.case,
        code="V-9ZZZ",
        created_by=full.lead,
        sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL,
        count_class=victim.count_class,
    )
    cells = ("counting_unit", "outcome", "sex", "age_band", "civilian_status")
    twin.seal(dates={}, **dict.fromkeys(cells, "unknown"))
    with entering(full.lead, "test"):
        twin.save(force_insert=True)
        record_death(by=full.lead, victim=twin, facts=DeathFacts(wounds=f"Found {CANARY}"))
    assert "Nothing was found" in ask(full, full.investigator, CANARY)
    assert kinds_in(ask(full, full.lead, CANARY)) == ["Deaths"]


def test_act_is_found_by_what_it_is_in_the_readers_language(full: World) -> None:
    browser = signed_in(full.investigator)
    assert "Acts" in kinds_in(ask(full, full.investigator, "murder", browser))
    with override("ar"):
        word = str(ActType.MURDER.label)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    address = reverse("act-detail", args=[full.case.pk, _only(full, Act).pk])
    assert address in ask(full, full.investigator, word, browser)


def test_what_is_found_leads_to_where_it_is_read(full: World) -> None:
    page = ask(full, full.investigator, "harbour")
    death, fact = _only(full, Death), _only(full, FactAssertion)
    finding_list = reverse("finding-list", args=[full.case.pk])
    assert reverse("victim-detail", args=[full.case.pk, death.victim_id]) in page
    place = f"#row-{fact.pk}"
    assert f'href="{finding_list}{place}"' in page
    assert f'id="{place[1:]}"' in signed_in(full.investigator).get(finding_list).content.decode()


def test_values_of_lists_and_dates_are_no_words_of_anybody(full: World) -> None:
    for word in ("not_assessed", "civilians"):
        assert {"Deaths", "Figures that others give"}.isdisjoint(kinds_in(ask(full, full.lead, word)))


def _only(world: World, model: type[M]) -> M:
    with entering(world.lead, "test"):
        return model._default_manager.get()


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


def _lay(full: World, names: str) -> None:
    """One more of each kind of record for each name: every kind is found, and only their number grows."""
    for number, name in enumerate(names):
        witness = factories.make_consented_witness(full.case, full.investigator, pseudonym=f"Person {name}")
        factories.make_testimony(witness, full.investigator, text="Of the harbour")
        factories.make_incident(
            full.case, full.investigator, facts=replace(factories.INCIDENT, title=f"Harbour {number}")
        )
        full.register(ItemFacts(type=ItemType.PHOTO, title=f"Harbour {number}"))


def test_queries_do_not_grow_with_rows(full: World) -> None:
    browser = signed_in(full.investigator)
    _lay(full, "ab")
    ask(full, full.investigator, "harbour", browser)
    with CaptureQueriesContext(connection) as few:
        ask(full, full.investigator, "harbour", browser)
    _lay(full, "cdefgh")
    with CaptureQueriesContext(connection) as many:
        page = ask(full, full.investigator, "harbour", browser)
    assert page.count("Harbour</mark> ") >= 8
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
