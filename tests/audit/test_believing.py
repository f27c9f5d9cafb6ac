"""What the log is believed to say: what we wrote, and what has its place in it."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
import time_machine
from django.db.models import QuerySet
from django.utils import timezone

from audit import believing
from audit.actions import event_mac, record
from audit.believing import AGAIN, LogDoubted, believed, is_ours, tell_once
from audit.models import Batch, Event, Position
from audit.tree import leaf_hash
from audit.vocabulary import Kind

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SCOPE = uuid4()


def of_case() -> list[Event]:
    return believed(Event.objects.of_scope(SCOPE).newest_first())


def written(kind: Kind = Kind.CASE_CLOSED) -> Event:
    return record(kind, by="SUP-01", subject=f"case:{SCOPE}", scope=SCOPE)


def forged(event: Event) -> Event:
    """A copy with another id, which the database's password is enough for."""
    leaf = json.loads(event.leaf) | {"id": str(uuid4())}
    return Event.objects.create(id=uuid4(), leaf=json.dumps(leaf), mac=bytes(event.mac))


def sealed_below(event: Event) -> None:
    """The sealer has been past this event's transaction."""
    after = Event.objects.get(pk=event.pk).transaction + 1
    Batch.objects.create(size=10**6, root=b"", frontier=b"", watermark=after, sealed_at=timezone.now())


def test_what_others_wrote_is_not_believed() -> None:
    event = written()
    copy = forged(event)
    assert [is_ours(one) for one in (event, copy)] == [True, False]
    assert of_case() == [event]


def test_what_was_passed_over_when_its_time_had_come_is_not_believed() -> None:
    """An event of ours that was taken back once, and put into the table by others, has no place."""
    event = written()
    assert of_case() == [event]
    sealed_below(event)
    assert of_case() == []
    Position.objects.create(index=0, event=event, leaf_hash=bytes(32))
    assert of_case() == []


class Slow:
    """Rows that are read in the moment before the sealer comes past."""

    def select_related(self, _name: str) -> "Slow":
        return self

    def __getitem__(self, cut: slice) -> list[Event]:
        found = list(Event.objects.of_scope(SCOPE)[cut])
        sealed_below(found[0])
        return found


def test_what_is_sealed_while_it_is_read_is_believed() -> None:
    event = written()
    assert believed(cast("QuerySet[Event]", Slow())) == [event]


def test_what_has_its_place_is_believed() -> None:
    event = written()
    sealed_below(event)
    Position.objects.create(index=0, event=event, leaf_hash=leaf_hash(event.leaf.encode()))
    assert of_case() == [event]


def test_a_leaf_under_another_events_id_is_not_believed() -> None:
    event = written()
    moved = Event(id=uuid4(), leaf=event.leaf, mac=event_mac(event.pk, event.leaf))
    moved.save(force_insert=True)
    assert of_case() == [event]


def test_a_flood_is_refused_and_not_read() -> None:
    event = written()
    for _time in range(5):
        forged(event)
    with pytest.raises(LogDoubted):
        believed(Event.objects.of_scope(SCOPE), most=5)


def test_a_sweep_tells_a_thing_once_unless_others_said_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Event] = []
    monkeypatch.setattr(believing, "seal_now", lambda *events: asked.extend(events))

    def tell(because: str = "NotVerified") -> Event | None:
        facts = {"because": because}
        return tell_once(Kind.ROW_SET_ASIDE, by="machine:sweep", subject="drill:1", facts=facts)

    earlier = record(
        Kind.ROW_SET_ASIDE, by="machine:sweep", subject="drill:2", facts={"because": "NotVerified"}
    )
    forged(record(Kind.ROW_SET_ASIDE, by="machine:sweep", subject="drill:1", facts={"because": "Forged"}))
    event = tell()
    assert event is not None
    assert event != earlier
    assert tell() is None
    assert tell("DestroyedKey") is not None
    assert len(asked) == 2


def test_what_is_still_amiss_or_amiss_again_is_told_anew_after_a_week() -> None:
    def tell() -> Event | None:
        return tell_once(Kind.ROW_SET_ASIDE, by="machine:sweep", subject="drill:1", facts={"because": "Lost"})

    with time_machine.travel("2026-03-08T10:00:00Z", tick=False) as clock:
        assert tell() is not None
        clock.shift(AGAIN)
        assert tell() is None
        clock.shift(timedelta(seconds=1))
        assert tell() is not None
        assert tell() is None
        clock.shift(-timedelta(days=1))  # a clock that went ahead silences nothing
        assert tell() is None
        clock.shift(-timedelta(days=8))
        assert tell() is not None


# What shows the log and marks in it what is not ours, and what looks for rows that are not ours.
READS_WITHOUT = {
    "accounts/alarms.py": "bounded, kind by kind; each is compared with its MAC",
    "cases/views/log.py": "shows the log, and says of each row whether it is ours",
    "casemgr/doctor.py": "looks for rows without a place",
}


def test_nobody_relies_on_an_event_but_through_here() -> None:
    """Of the rooms above, whoever asks the table asks `believed`, or what is made of it."""
    asking = set()
    for room in ("accounts", "cases", "evidence", "findings", "exports", "casemgr"):
        for path in (ROOT / room).rglob("*.py"):
            asks = re.findall(r"(?<![A-Za-z])Event\.objects", path.read_text())
            if len(asks) > len(re.findall(r"\b(believed|last_written)\(", path.read_text())):
                asking.add(str(path.relative_to(ROOT)))
    assert asking == set(READS_WITHOUT)
