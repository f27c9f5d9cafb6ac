"""Every two custodians open an invented identity each month; what is amiss is named, nothing real opens."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

import audit.actions
from accounts.actions.drills import answer_drill, drill_paper
from accounts.door import entering
from accounts.drills import standings
from accounts.errors import (
    DrillAnswered,
    DrillAnswerRefused,
    DrillOver,
    DrillRefused,
    NotYourDrill,
)
from accounts.models import Drill, DrillAnswer, DrillIdentity, User
from accounts.tasks import sweep_drills
from accounts.vocabulary import DRILL_LIFE, DrillState, Role
from audit.models import Event
from audit.vocabulary import Kind
from tests.accounts.drilling import answer_of, of_pair, say
from tests.custodians import Board, hand_in, id_of
from tests.personas import make_person, signed_in
from vault import cipher, unsealing
from vault import drills as invented
from vault.custodian import layers, papers
from vault.custodian.errors import HalfRefused, PaperRefused
from vault.custodian.pairs import Subject, new_secret, open_half, split
from vault.custodian.papers import Ask, Verdict
from vault.errors import DrillTouched, NotVerified
from vault.identities import written
from vault.models import IdentityHalf, SealedIdentity
from vault.stepping import Guarded, stepping_into

pytestmark = pytest.mark.django_db


def facts(kind: Kind) -> list[dict[str, object]]:
    return [json.loads(event.leaf)["facts"] for event in Event.objects.of_kinds([kind]).order_by("at", "id")]


def test_every_two_are_asked_once_a_month(ours: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sweep_drills() == 3
    assert sweep_drills() == 0
    assert Drill.objects.count() == DrillIdentity.objects.count() == 3
    one, two, three = ours.people
    drill = of_pair(one, two)
    assert say(ours, drill, one).state == DrillState.ASKED
    assert say(ours, drill, two).state == DrillState.PASSED
    (passed,) = facts(Kind.DRILL_PASSED)
    assert passed == {"pair": " ".join(sorted((one.staff_code, two.staff_code)))}
    drill.refresh_from_db()
    assert drill.held_key is not None  # emptied: what is left of the column is a sealed nothing
    assert sweep_drills() == 0
    monkeypatch.setattr("accounts.drills.DRILL_EVERY", timedelta(0))
    assert sweep_drills() == 1
    assert of_pair(one, two).pk != drill.pk
    (standing,) = [each for each in standings(ours.directory) if set(each.ids) == set(drill.pair)]
    assert standing.passed == drill
    assert not standing.is_late
    assert id_of(three) not in drill.pair


def test_an_invented_identity_lies_among_real_ones_like_one_of_them(ours: Board) -> None:
    sweep_drills()
    with stepping_into(Guarded.IDENTITY):
        rows, halves = list(SealedIdentity.objects.all()), list(IdentityHalf.objects.all())
    assert {len(bytes(row.sealed)) for row in rows} == {_sealed_length()}
    assert {len(bytes(half.encrypted)) for half in halves} == {len(bytes(halves[0].encrypted))}
    assert len(halves) == 3 * 6
    assert {row.version for row in rows} == {1}
    assert not {field.name for field in SealedIdentity._meta.get_fields()} & {"created_by", "kind"}
    # What says that it was invented is keyed, and says nothing without the key.
    made = DrillIdentity.objects.get(pk=rows[0].pk)
    with pytest.raises(NotVerified):
        invented.check_opened(made.pk, b"{}", bytes(made.commitment))


def _sealed_length() -> int:
    """What a real identity is sealed to."""
    about = Subject(uuid4(), "BAN-7K3Q", uuid4(), "W-7K3Q", 1)
    return len(layers.seal_content(cipher.new_key(), about, written({"given": "Amina"})))


def test_whose_half_is_false_is_named_and_all_are_told(ours: Board) -> None:
    sweep_drills()
    one, two, _ = ours.people
    drill = of_pair(one, two)
    say(ours, drill, one, lying=True)
    failed = say(ours, drill, two)
    assert (failed.state, failed.failed_by) == (DrillState.FAILED, id_of(one))
    assert facts(Kind.DRILL_FAILED)[0]["member"] == one.staff_code
    for person in ours.people:
        assert "A drill failed" in signed_in(person).get(reverse("drill-list")).content.decode()
    assert sweep_drills() == 1  # names may not open: they are asked again at once


def test_who_is_late_is_named(ours: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep_drills()
    one, two, _ = ours.people
    drill = of_pair(one, two)
    say(ours, drill, one)
    raw = answer_of(ours, drill, two)
    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + DRILL_LIFE)
    with pytest.raises(DrillOver), entering(two, "test"):
        answer_drill(by=two, drill=drill, answer=raw)
    assert sweep_drills() == 3
    drill.refresh_from_db()
    assert drill.state == DrillState.LATE
    late = {str(each["pair"]): each["silent"] for each in facts(Kind.DRILL_LATE)}
    assert late[" ".join(sorted((one.staff_code, two.staff_code)))] == two.staff_code
    assert len(late) == 3
    assert all(each.is_late and set(each.silent) == set(each.codes) for each in standings(ours.directory))
    with pytest.raises(DrillAnswerRefused), entering(two, "test"):  # the old answer to the new drill
        answer_drill(by=two, drill=of_pair(one, two), answer=raw)


def test_an_answer_counts_once_from_whom_it_is_asked_for_what_was_signed(ours: Board) -> None:
    sweep_drills()
    one, two, three = ours.people
    drill, other = of_pair(one, two), of_pair(one, three)
    raw = answer_of(ours, drill, one)
    refused: list[tuple[type[DrillRefused], User, Drill, bytes]] = [
        (NotYourDrill, three, drill, raw),
        (DrillAnswerRefused, two, drill, raw),  # another's paper
        (DrillAnswerRefused, one, other, raw),  # of another drill
        (DrillAnswerRefused, one, drill, b"{}"),
        (DrillAnswerRefused, one, drill, _veto(ours, drill, one)),
    ]
    for why, person, asked, paper in refused:
        with pytest.raises(why), entering(person, "test"):
            answer_drill(by=person, drill=asked, answer=paper)
    assert not DrillAnswer.objects.exists()
    with entering(one, "test"):
        answer_drill(by=one, drill=drill, answer=raw)
    with pytest.raises(DrillAnswered), entering(one, "test"):  # one custodian alone, twice
        answer_drill(by=one, drill=drill, answer=answer_of(ours, drill, one))
    drill.refresh_from_db()
    assert drill.state == DrillState.ASKED
    say(ours, drill, two)
    with pytest.raises(DrillOver), entering(one, "test"):
        answer_drill(by=one, drill=drill, answer=raw)
    assert Event.objects.of_kinds([Kind.DRILL_REFUSED]).count() == len(refused) + 2
    assert Event.objects.of_kinds([Kind.DRILL_PASSED]).count() == 1


def _veto(ours: Board, drill: Drill, person: User) -> bytes:
    with entering(person, "test"):
        ask = Ask.read(drill_paper(by=person, drill=drill))
    keys = ours.keys[id_of(person)]
    return papers.decide(Verdict.VETO, ask.request, id_of(person), keys, "no").write()


def test_nothing_of_an_answer_stands_without_its_leaf(ours: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep_drills()
    one, two, _ = ours.people
    drill, written_down = of_pair(one, two), audit.actions.append
    say(ours, drill, one)
    raw = answer_of(ours, drill, two)

    def broken(kind: Kind, **details: Any) -> Event:
        if kind == Kind.DRILL_PASSED:
            raise RuntimeError("the log is full")
        return written_down(kind, **details)

    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", broken)
        with pytest.raises(RuntimeError, match="the log is full"), entering(two, "test"):
            answer_drill(by=two, drill=drill, answer=raw)
    assert DrillAnswer.objects.filter(drill=drill).count() == 1
    drill.refresh_from_db()
    assert drill.state == DrillState.ASKED
    with entering(two, "test"):
        assert answer_drill(by=two, drill=drill, answer=raw).state == DrillState.PASSED


def test_a_server_that_lies_gets_no_real_half_as_a_drill(ours: Board) -> None:
    """The tool knows a drill by what its key opens: a real half is bound to a real case's code."""
    keys = ours.keys[id_of(ours.people[0])]
    real = Subject(uuid4(), "BAN-7K3Q", uuid4(), "W-7K3Q", 1)
    as_drill = replace(real, case_code=papers.DRILLS)
    directory = ours.directory
    halves = split(new_secret(), real, directory.box_keys, directory.pairs, directory.number)
    mine = next(one for one in halves if one.binding.holder == id_of(ours.people[0]))
    with pytest.raises(HalfRefused):
        open_half(replace(mine, binding=replace(mine.binding, subject=as_drill)), keys.box)
    sweep_drills()
    drill = Drill.objects.filter(first=id_of(ours.people[0])).first() or Drill.objects.get()
    person = next(one for one in ours.people if id_of(one) == drill.first)
    with entering(person, "test"):
        honest = Ask.read(drill_paper(by=person, drill=drill)).request
    honest.check()
    for lie in (
        replace(honest, subjects=(real,)),
        replace(honest, kind=papers.Kind.UNSEAL),
        replace(honest, kind=papers.Kind.SESSION),
    ):
        with pytest.raises(PaperRefused, match="invented"):
            lie.check()


def test_whoever_reaches_for_an_invented_identity_is_heard(ours: Board) -> None:
    """Attack 28: an unsealing or a session that takes it up, however its row was brought there."""
    sweep_drills()
    with stepping_into(Guarded.IDENTITY):
        row = SealedIdentity.objects.order_by("pk").first()
    assert row is not None
    subject = invented.drill_subject(row)
    investigator, listeners = make_person(Role.INVESTIGATOR), [ours.people[0]]
    listeners += [make_person(Role.SUPERVISOR), make_person(Role.AUDITOR)]
    reach: list[Callable[[], object]] = [
        lambda: unsealing.versions_of([row.subject]),
        lambda: unsealing.halves_of({row.pk: subject}),
        lambda: unsealing.digests_of({row.pk: subject}),
        lambda: unsealing.items_of([row], {row.pk: subject}),
    ]
    for each in reach:
        with pytest.raises(DrillTouched), entering(investigator, "identity-ask"):
            each()
    touched = list(Event.objects.of_kinds([Kind.DRILL_TOUCHED]).newest_first())
    assert [event.actor for event in touched] == [investigator.staff_code] * len(reach)
    said = "reached for an invented identity"
    for person in listeners:
        page = signed_in(person).get("/").content.decode()
        assert said in page
        assert investigator.staff_code in page
    assert said not in signed_in(investigator).get("/").content.decode()
    assert said not in signed_in(make_person(Role.SUPERVISOR)).get("/").content.decode()  # came after it


def test_drills_follow_a_change_of_custodians(ours: Board) -> None:
    sweep_drills()
    one, two, three = ours.people
    hand_in(ours.next(one, two), one)
    assert sweep_drills() == 1
    assert Drill.objects.filter(state=DrillState.OVERTAKEN).count() == 3
    assert not standings(ours.next(one, two).directory)[0].is_late
    drill = of_pair(one, two)
    say(ours, drill, one)
    assert signed_in(three).get(reverse("drill-file", args=[drill.pk])).status_code == 403
    assert say(ours, drill, two).state == DrillState.PASSED


def test_a_drill_by_the_pages(ours: Board) -> None:
    sweep_drills()
    one, two, _ = ours.people
    drill, browser = of_pair(one, two), signed_in(one)
    address = reverse("drill-answer", args=[drill.pk])
    assert "Answer a drill" in browser.get("/").content.decode()
    assert address in browser.get(reverse("drill-list")).content.decode()
    handed = browser.get(reverse("drill-file", args=[drill.pk]))
    assert handed["Content-Disposition"] == 'attachment; filename="drill.json"'
    keys = ours.keys[id_of(one)]
    said = papers.approve(Ask.read(handed.content), id_of(one), keys).write().decode()
    refused = browser.post(address, {"paper": "typed by hand"})
    assert refused.status_code == 409
    assert "typed by hand" in refused.content.decode()
    assert browser.post(address, {"paper": ""}).status_code == 400
    assert browser.post(address, {"paper": f" {said}\n"}).status_code == 302
    assert address not in browser.get(reverse("drill-list")).content.decode()
    assert browser.get(reverse("drill-answer", args=[uuid4()])).status_code == 404
