"""What somebody with the database's password writes into the tables of drills: it counts for nothing, and
stops nothing.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actions import drills
from accounts.actions.drills import answer_drill, drill_paper
from accounts.door import entering
from accounts.drills import waiting_for_member
from accounts.errors import ForgedDrill
from accounts.models import Drill, DrillAnswer, DrillIdentity
from accounts.tasks import sweep_drills
from accounts.vocabulary import DRILL_LIFE, DrillState
from audit.models import Event
from audit.vocabulary import Kind
from tests.accounts.drilling import answer_of, of_pair, say
from tests.custodians import Board, id_of
from tests.personas import signed_in
from vault.custodian.directory import Directory
from vault.custodian.pairs import Pair
from vault.errors import NotVerified
from vault.identities import seal_to_pairs
from vault.keys.scopekeys import create_scope_key
from vault.scopes import Scope

pytestmark = pytest.mark.django_db


def test_a_drill_that_the_database_administrator_writes_is_none(ours: Board) -> None:
    """A row that names a real identity, or moves a drill on, carries no tag of ours; nor does an answer."""
    sweep_drills()
    one, two, _ = ours.people
    drill = of_pair(one, two)
    say(ours, drill, one)
    real = DrillIdentity.objects.create(
        id=uuid4(), first=drill.first, second=drill.second, directory_number=1, commitment=bytes(32)
    )
    Drill.objects.filter(pk=drill.pk).update(state=DrillState.PASSED)
    forged = Drill.objects.get(pk=drill.pk)
    forged.pk, forged.identity, forged.state = uuid4(), real, DrillState.ASKED
    forged.save(force_insert=True)
    for row in (forged, drill):
        with pytest.raises(ForgedDrill), entering(two, "test"):
            drill_paper(by=two, drill=row)
        assert signed_in(two).get(reverse("drill-answer", args=[row.pk])).status_code == 409
    assert Event.objects.of_kinds([Kind.DRILL_REFUSED]).count() == 4
    assert sweep_drills() == 1  # what was passed by pen is not believed either: the pair is asked anew
    assert of_pair(one, two).pk not in (drill.pk, forged.pk)
    put_aside = {f"drill:{drill.pk}", f"drill:{forged.pk}", f"drill-identity:{real.pk}"}
    assert set_aside() == put_aside
    assert sweep_drills() == 0
    assert set_aside() == put_aside
    assert "It was set aside" in signed_in(one).get("/").content.decode()
    for person in (one, two):
        passed = say(ours, of_pair(one, two), person)
    assert passed.state == DrillState.PASSED


def set_aside() -> set[str | None]:
    """What the log says was set aside, each thing once."""
    said = [event.subject for event in Event.objects.of_kinds([Kind.ROW_SET_ASIDE])]
    assert len(said) == len(set(said))
    return set(said)


def test_whatever_is_written_into_its_tables_every_pair_is_asked_next_month(
    ours: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack: one row is enough to stop the drills, so that nobody notices that names open no more."""
    sweep_drills()
    one, two, three = ours.people
    first, second, third = of_pair(one, two), of_pair(one, three), of_pair(two, three)
    # Another's answer, before they gave it: their own would be refused as the second.
    forged = DrillAnswer(id=uuid4(), drill=first, member=id_of(two), created_by=two, tag=bytes(32))
    forged.seal(paper="not signed by anybody")
    forged.save(force_insert=True)
    for person in (one, two):
        raw = answer_of(ours, first, person)
        with pytest.raises(ForgedDrill), entering(person, "test"):
            answer_drill(by=person, drill=first, answer=raw)
    assert first in waiting_for_member(id_of(two))  # it does not hide the drill either
    strange = _lay_strange_rows(ours, second, third)
    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + DRILL_LIFE)
    assert sweep_drills() == 3
    assert {one.state for one in Drill.objects.filter(pk__in=[first.pk, third.pk])} == {DrillState.OVERTAKEN}
    second.refresh_from_db()
    assert second.state == DrillState.LATE
    said = {
        f"drill-answer:{forged.pk}",
        f"drill:{third.pk}",
        *(f"drill-identity:{each.pk}" for each in strange),
    }
    assert set_aside() == said
    monkeypatch.setattr("accounts.drills.DRILL_EVERY", timedelta(0))
    for _month in range(3):
        for pair in ((one, two), (one, three), (two, three)):
            drill = of_pair(*pair)
            assert drill.identity_id not in {each.pk for each in strange}
            for person in pair:
                drill = say(ours, drill, person)
            assert drill.state == DrillState.PASSED
        assert sweep_drills() == 3
    assert set_aside() == said


def _lay_strange_rows(ours: Board, second: Drill, third: Drill) -> list[DrillIdentity]:
    """An invented identity that is a real one, one that is none, and a sealed column that is none."""
    strange = [
        DrillIdentity.objects.create(
            id=each, first=second.first, second=second.second, directory_number=9, commitment=bytes(32)
        )  # under keys that nobody has yet
        for each in (seal_real(ours), uuid4())
    ]
    with connection.cursor() as cursor:  # in a drill that is ours and over
        cursor.execute("UPDATE accounts_drill SET held_key = %s WHERE id = %s", [b"rubbish", third.pk])
    return strange


def seal_real(ours: Board) -> UUID:
    """Somebody's name, sealed to the same pairs as every other."""
    scope = uuid4()
    create_scope_key(Scope.case(scope), by="test")
    made = seal_to_pairs(
        case=(scope, "BAN-7K3Q"),
        witness=(uuid4(), "W-7K3Q"),
        identity={"given": "Amina"},
        directory=ours.directory,
        by="test",
    )
    return made.id


def test_what_stops_one_pair_stops_no_other(ours: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Pair] = []
    stopped: list[Pair] = []

    def stumbles(pair: Pair, directory: Directory) -> None:
        if not stopped:
            stopped.append(pair)
            raise NotVerified
        asked.append(pair)
        invent(pair, directory)

    invent = drills._invent
    with monkeypatch.context() as patched:
        patched.setattr(drills, "_invent", stumbles)
        assert sweep_drills() == 3
    assert len(asked) == Drill.objects.count() == 2
    assert set_aside() == {f"pair:{stopped[0].first}.{stopped[0].second}"}
    assert sweep_drills() == 1
