"""An event stands with its effect or not at all, and holds nothing but codes, ids, states and counts."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.actions import OutsideTransaction, commitment, event_mac, record
from audit.canonical import UnfitForLog, encode
from audit.models import Event
from audit.refusals import Refusal
from audit.vocabulary import Kind

CASE = UUID("11111111-1111-4111-8111-111111111111")


@pytest.mark.django_db
def test_event_is_readable_by_its_columns() -> None:
    event = record(Kind.CASE_OPENED, by="INV-01", subject=f"case:{CASE}", scope=CASE, facts={"members": 2})
    returned = event
    event = Event.objects.get(pk=event.pk)
    for column in ("leaf", "at", "actor", "kind", "subject", "scope", "scopes", "transaction"):
        assert getattr(returned, column) == getattr(event, column), column
    assert (event.actor, event.kind, event.scope) == ("INV-01", "case:opened", CASE)
    assert event.subject == f"case:{CASE}"
    assert abs(datetime.now(UTC) - event.at) < timedelta(seconds=30)
    leaf = json.loads(event.leaf)
    assert leaf["facts"] == {"members": 2}
    assert leaf["id"] == str(event.pk)
    assert encode(leaf) == event.leaf
    assert event_mac(event.pk, event.leaf) == bytes(event.mac)


@pytest.mark.django_db(transaction=True)
def test_event_outside_a_transaction_is_refused() -> None:
    before = Event.objects.count()
    with pytest.raises(OutsideTransaction):
        record(Kind.CASE_OPENED, by="INV-01")
    assert Event.objects.count() == before


def undone() -> None:
    record(Kind.CASE_OPENED, by="INV-01")
    assert Event.objects.filter(actor="INV-01").exists()
    record(Kind.CASE_CLOSED, by="")


@pytest.mark.django_db(transaction=True)
def test_effect_and_event_are_undone_together() -> None:
    before = Event.objects.count()
    with pytest.raises(UnfitForLog), transaction.atomic():
        undone()
    assert Event.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "\r",
        "\x1b[2Jcleared",
        "\u202eturned",
        "سميرة",
        "\x00",
        "\x7f",
        "\u2028",
        "a" * 201,
        "\ud800",
    ],
)
def test_what_could_split_or_fake_a_line_is_refused_without_being_repeated(text: str) -> None:
    for arguments in (
        {"by": text},
        {"by": "INV-01", "subject": text},
        {"by": "INV-01", "facts": {"reason": text}},
        {"by": "INV-01", "facts": {text: 1}},
    ):
        with pytest.raises(UnfitForLog) as caught:
            record(Kind.CASE_OPENED, **arguments)
        assert text not in str(caught.value)


@pytest.mark.django_db
@pytest.mark.parametrize("value", [1.5, True, None, 2**53, -(2**53), b"bytes", {1, 2}])
def test_what_two_readers_might_write_differently_is_refused(value: object) -> None:
    with pytest.raises(UnfitForLog):
        record(Kind.CASE_OPENED, by="INV-01", facts={"value": value})  # type: ignore[dict-item]


@pytest.mark.django_db
def test_nobody_is_no_actor() -> None:
    with pytest.raises(UnfitForLog):
        record(Kind.CASE_OPENED, by="")


@pytest.mark.django_db
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_printable_text_stays_inside_its_string(text: str) -> None:
    event = record(Kind.CASE_OPENED, by="INV-01", facts={"reason": text})
    assert "\n" not in event.leaf
    assert json.loads(event.leaf)["facts"] == {"reason": text}
    assert json.loads(event.leaf)["kind"] == "case:opened"
    assert encode(json.loads(event.leaf)) == event.leaf


@pytest.mark.django_db
def test_detail_is_committed_to_but_not_told() -> None:
    one = record(Kind.CONSENT_WITHDRAWN, by="INV-01", secret={"channel": "by phone"})
    two = record(Kind.CONSENT_WITHDRAWN, by="INV-01", secret={"channel": "by phone"})
    assert "phone" not in one.leaf
    first, second = (json.loads(event.leaf)["commitment"] for event in (one, two))
    assert first != second
    assert first == commitment(one.pk, {"channel": "by phone"})
    assert first != commitment(one.pk, {"channel": "in person"})


@pytest.mark.django_db
def test_columns_cannot_be_written_apart_from_the_leaf() -> None:
    event = record(Kind.CASE_OPENED, by="INV-01")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (id, leaf, mac, actor) VALUES (%s, %s, %s, 'SUP-01')",
            [uuid4(), event.leaf, bytes(event.mac)],
        )
    for leaf in ("{}", "not json", '{"actor":"a","kind":"k"}'):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Event.objects.create(leaf=leaf, mac=b"")


@pytest.mark.django_db
def test_pages_go_on_where_the_last_one_ended() -> None:
    scope, other = uuid4(), uuid4()
    made = [record(Kind.CASE_CHANGED, by="INV-01", scope=scope, facts={"n": n}).pk for n in range(7)]
    record(Kind.CASE_CHANGED, by="INV-01", scope=other)
    seen: list[UUID] = []
    after = None
    while page := Event.objects.of_scope(scope).page(after=after, size=3):
        seen += [event.pk for event in page]
        after = (page[-1].at, page[-1].pk)
    assert seen == made[::-1]


@pytest.mark.django_db
def test_queries_by_actor_kind_and_subject() -> None:
    scope = uuid4()
    record(Kind.CASE_OPENED, by="INV-01", scope=scope, subject="case:a")
    record(Kind.CASE_CLOSED, by="SUP-01", scope=scope, subject="case:b")
    events = Event.objects.of_scope(scope)
    assert [event.actor for event in events.of_actor("SUP-01")] == ["SUP-01"]
    assert [event.actor for event in events.of_kinds([Kind.CASE_OPENED])] == ["INV-01"]
    assert [event.actor for event in events.of_subject("case:b")] == ["SUP-01"]


def test_every_kind_is_recorded_somewhere() -> None:
    """A kind that nothing records would read as a promise: the log shows a gap that was never watched."""
    root = Path(__file__).resolve().parents[2]
    rooms = ("vault", "audit", "accounts", "cases", "evidence", "findings", "exports", "casemgr")
    code = "".join(path.read_text() for room in rooms for path in (root / room).rglob("*.py"))
    recorded = set(re.findall(r"\bKind\.(\w+)", code))
    assert [kind.name for kind in Kind if kind.name not in recorded] == []


def test_kinds_are_sorted_and_unique_and_spelled_alike() -> None:
    names = [kind.name for kind in Kind]
    assert names == sorted(names)
    assert len({kind.value for kind in Kind}) == len(Kind.__members__)
    for kind in Kind:
        subject, colon, verb = kind.value.partition(":")
        assert colon
        assert f"{subject}_{verb}".replace("-", "_").upper() == kind.name


def test_refusal_carries_its_event() -> None:
    refusal = Refusal(subject="case:1", scope=CASE, reason="closed", count=3)
    assert (refusal.subject, refusal.scope, refusal.facts) == (
        "case:1",
        CASE,
        {"reason": "closed", "count": 3},
    )
    assert (refusal.kind, refusal.status) == (Kind.ACCESS_REFUSED, 403)
    assert str(refusal) == "Refusal"
