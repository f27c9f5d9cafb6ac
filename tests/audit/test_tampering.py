"""A superuser of the database changes the log; the first leaf that is wrong is named, every time."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import transaction
from psycopg import sql

from audit import signing
from audit.actions import record
from audit.memory import Memory
from audit.models import Batch, Checkpoint, Event, Position
from audit.proofs import latest_checkpoint
from audit.sealing import seal_batch
from audit.signer import Signer
from audit.tree import Frontier, leaf_hash
from audit.verifying import check_last, verify
from audit.vocabulary import Kind

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 40


@pytest.fixture
def signed(folder: Path) -> int:
    """A log signed twice; returns the index of the first leaf that the test wrote."""
    start = seal_batch()
    with Signer() as signer:
        for _ in range(2):
            with transaction.atomic():
                for number in range(COUNT // 2):
                    record(Kind.CASE_CHANGED, by="INV-01", facts={"n": number})
            seal_batch()
            signer.sign()
    report = verify()
    assert report.is_sound, report.findings
    assert report.leaves == report.signed == start + COUNT
    return start


def rewrite(superuser: psycopg.Connection, leaves: list[tuple[object, str, bytes]]) -> None:
    """Make a whole new log out of these leaves, with every hash computed anew and every count fitting."""
    for table in ("audit_position", "audit_batch", "audit_subtree", "audit_event"):
        superuser.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    tree = Frontier()
    for index, (event, leaf, mac) in enumerate(leaves):
        hashed = leaf_hash(leaf.encode())
        superuser.execute("INSERT INTO audit_event (id, leaf, mac) VALUES (%s, %s, %s)", [event, leaf, mac])
        superuser.execute(
            "INSERT INTO audit_position (index, leaf_hash, event_id) VALUES (%s, %s, %s)",
            [index, hashed, event],
        )
        tree.extend([hashed])
    superuser.execute(
        "INSERT INTO audit_batch (size, root, frontier, watermark, sealed_at) VALUES (%s, %s, %s, 0, now())",
        [tree.size, tree.root(), tree.packed()],
    )


def read(superuser: psycopg.Connection) -> list[tuple[object, str, bytes]]:
    return superuser.execute(
        """SELECT e.id, e.leaf, e.mac FROM audit_position p
        JOIN audit_event e ON e.id = p.event_id ORDER BY p.index"""
    ).fetchall()


def edited(leaf: str) -> str:
    changed = json.loads(leaf)
    changed["actor"] = "SUP-09"
    return json.dumps(changed, sort_keys=True, separators=(",", ":"))


def forged() -> tuple[object, str, bytes]:
    event = uuid4()
    leaf = {"actor": "SUP-09", "at": 1, "id": str(event), "kind": "review:approved", "v": 1}
    return event, json.dumps(leaf, sort_keys=True, separators=(",", ":")), bytes(32)


def test_edited_leaf(signed: int, superuser: psycopg.Connection) -> None:
    place = signed + 7
    event = Position.objects.get(index=place).event
    superuser.execute("UPDATE audit_event SET leaf = %s WHERE id = %s", [edited(event.leaf), event.pk])
    assert verify().first_bad == place


def test_edited_leaf_with_its_hash(signed: int, superuser: psycopg.Connection) -> None:
    place = signed + 7
    event = Position.objects.get(index=place).event
    leaf = edited(event.leaf)
    superuser.execute("UPDATE audit_event SET leaf = %s WHERE id = %s", [leaf, event.pk])
    superuser.execute(
        "UPDATE audit_position SET leaf_hash = %s WHERE index = %s", [leaf_hash(leaf.encode()), place]
    )
    assert verify().first_bad == place


def test_edited_tag(signed: int, superuser: psycopg.Connection) -> None:
    event = Position.objects.get(index=signed + 3).event_id
    superuser.execute("UPDATE audit_event SET mac = %s WHERE id = %s", [bytes(32), event])
    assert verify().first_bad == signed + 3


def test_edited_column_that_pages_show(signed: int, superuser: psycopg.Connection) -> None:
    superuser.execute("ALTER TABLE audit_event ALTER COLUMN actor DROP EXPRESSION")
    try:
        superuser.execute("UPDATE audit_event SET actor = 'SUP-09'")
        assert "no longer read out" in str(verify().findings[0])
    finally:
        superuser.execute("ALTER TABLE audit_event DROP COLUMN actor")
        superuser.execute(
            "ALTER TABLE audit_event ADD COLUMN actor text"
            " GENERATED ALWAYS AS (((leaf)::json ->> 'actor')) STORED NOT NULL"
        )
        superuser.execute(
            "ALTER TABLE audit_event ADD CONSTRAINT event_is_complete"
            " CHECK (actor IS NOT NULL AND at IS NOT NULL AND kind IS NOT NULL)"
        )
    assert verify().is_sound


def test_deleted_event(signed: int, superuser: psycopg.Connection) -> None:
    event = Position.objects.get(index=signed + 5).event_id
    superuser.execute("DELETE FROM audit_event WHERE id = %s", [event])
    assert verify().first_bad == signed + 5


def test_deleted_event_with_its_place(signed: int, superuser: psycopg.Connection) -> None:
    event = Position.objects.get(index=signed + 5).event_id
    superuser.execute("DELETE FROM audit_position WHERE index = %s", [signed + 5])
    superuser.execute("DELETE FROM audit_event WHERE id = %s", [event])
    assert verify().first_bad == signed + 5


def test_two_places_exchanged(signed: int, superuser: psycopg.Connection) -> None:
    one, two = signed + 4, signed + 30
    superuser.execute("UPDATE audit_position SET index = -1 WHERE index = %s", [one])
    superuser.execute("UPDATE audit_position SET index = %s WHERE index = %s", [one, two])
    superuser.execute("UPDATE audit_position SET index = %s WHERE index = -1", [two])
    assert verify().first_bad == one


def test_cut_tail(signed: int, superuser: psycopg.Connection) -> None:
    superuser.execute("DELETE FROM audit_position WHERE index >= %s", [signed + 30])
    superuser.execute("DELETE FROM audit_batch WHERE size > %s", [signed + 30])
    assert verify().first_bad == signed + 30
    assert not check_last().is_sound


def test_appended_place(signed: int, superuser: psycopg.Connection) -> None:
    event, leaf, mac = forged()
    superuser.execute("INSERT INTO audit_event (id, leaf, mac) VALUES (%s, %s, %s)", [event, leaf, mac])
    superuser.execute(
        "INSERT INTO audit_position (index, leaf_hash, event_id) VALUES (%s, %s, %s)",
        [signed + COUNT, leaf_hash(leaf.encode()), event],
    )
    assert verify().first_bad == signed + COUNT
    assert not check_last().is_sound


def test_emptied_log(signed: int, superuser: psycopg.Connection) -> None:
    superuser.execute(
        "TRUNCATE audit_event, audit_position, audit_batch, audit_subtree, audit_checkpoint CASCADE"
    )
    assert verify().first_bad == 0
    assert not check_last().is_sound


Change = Callable[[list[tuple[object, str, bytes]], int], None]


def edit(leaves: list[tuple[object, str, bytes]], place: int) -> None:
    leaves[place] = (leaves[place][0], edited(leaves[place][1]), leaves[place][2])


def delete(leaves: list[tuple[object, str, bytes]], place: int) -> None:
    del leaves[place]


def insert(leaves: list[tuple[object, str, bytes]], place: int) -> None:
    leaves.insert(place, forged())


def exchange(leaves: list[tuple[object, str, bytes]], place: int) -> None:
    leaves[place], leaves[place + 6] = leaves[place + 6], leaves[place]


def cut(leaves: list[tuple[object, str, bytes]], place: int) -> None:
    del leaves[place:]


@pytest.mark.parametrize("change", [edit, delete, insert, exchange, cut])
@pytest.mark.parametrize("offset", [0, 11, 25])
def test_whole_log_rewritten_with_every_hash(
    signed: int, superuser: psycopg.Connection, change: Change, offset: int
) -> None:
    place = signed + offset
    leaves = read(superuser)
    change(leaves, place)
    rewrite(superuser, leaves)
    assert verify().first_bad == place
    assert not check_last().is_sound


@pytest.mark.parametrize("change", [delete, exchange, cut])
def test_without_the_leaf_hashes_the_checkpoints_still_bound_the_place(
    signed: int, superuser: psycopg.Connection, change: Change
) -> None:
    Memory().hashes.unlink()
    leaves = read(superuser)
    change(leaves, signed + 25)
    rewrite(superuser, leaves)
    report = verify()
    assert not report.is_sound
    assert report.first_bad is None or signed + COUNT // 2 <= report.first_bad <= signed + 25


def test_rewritten_root_alone(signed: int, superuser: psycopg.Connection) -> None:
    superuser.execute("UPDATE audit_batch SET root = %s WHERE size = %s", [bytes(32), signed + COUNT])
    assert not verify().is_sound
    assert not check_last().is_sound


@pytest.mark.parametrize("name", ["checkpoint", "checkpoints", "leaf-hashes", "log.pub"])
def test_damage_to_the_signers_memory_is_not_blamed_on_a_leaf(signed: int, name: str) -> None:
    path = Memory().folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    report = verify()
    assert not report.is_sound
    assert report.first_bad is None
    assert "memory" in str(report.findings[0])


def test_events_written_after_the_last_signature_are_sound(signed: int) -> None:
    with transaction.atomic():
        record(Kind.CASE_CHANGED, by="INV-01")
    assert verify().waiting == 1
    seal_batch()
    report = verify()
    assert report.is_sound
    assert (report.leaves, report.signed) == (signed + COUNT + 1, signed + COUNT)
    assert check_last().is_sound


def test_row_that_claims_a_transaction_to_come(signed: int, superuser: psycopg.Connection) -> None:
    with transaction.atomic():
        event = record(Kind.CASE_CHANGED, by="INV-01")
    superuser.execute("UPDATE audit_event SET transaction = %s WHERE id = %s", [2**60, event.pk])
    seal_batch()
    assert "never be sealed" in str(verify().findings[0])
    assert Batch.objects.latest("size").size == signed + COUNT


def test_event_passed_over_by_a_moved_watermark(signed: int, superuser: psycopg.Connection) -> None:
    with transaction.atomic():
        record(Kind.CASE_CHANGED, by="INV-01")
    superuser.execute(
        "UPDATE audit_batch SET watermark = pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        " WHERE size = %s",
        [signed + COUNT],
    )
    seal_batch()
    assert "passed over" in str(verify().findings[0])


def test_checkpoint_that_nobody_signed_is_found_and_not_handed_out(signed: int, folder: Path) -> None:
    real = latest_checkpoint()
    assert real is not None
    note = real.note.replace(f"\n{real.size}\n", f"\n{real.size + 1}\n")
    Checkpoint.objects.create(size=real.size + 1, note=note, signed_at=real.signed_at)
    assert latest_checkpoint() == real
    assert "did not sign" in str(verify().findings[0])


@pytest.mark.parametrize("size", [1, 7])
def test_batch_that_the_application_was_made_to_insert_stops_sealing_aloud(
    signed: int, folder: Path, size: int
) -> None:
    """The application's role may add rows: an injected one must be told, and end neither signer nor log."""
    Batch.objects.create(
        size=signed + COUNT + size,
        root=bytes(32),
        frontier=bytes(32),
        watermark=0,
        sealed_at="2026-01-01T00:00Z",
    )
    with Signer() as signer:
        assert "damaged" in signing.step(signer)
    assert Event.objects.filter(kind=Kind.LOG_FAILED, actor="machine:signer").exists()
    assert verify().first_bad == signed + COUNT
