"""The chain of custody: numbered without a gap, never changed, each entry a leaf of the log."""

import threading
from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence.actions.custody import append_custody, record_custody
from evidence.actions.files import receive_file
from evidence.errors import CustodyIncomplete
from evidence.facts import CustodyFacts
from evidence.models import CustodyEvent
from evidence.vocabulary import BY_HAND, CustodyKind
from tests.evidence.worlds import World, make_world, photo
from vault.opening import open_row
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

HANDED = CustodyFacts(event=CustodyKind.EXAMINED, condition="Sealed bag, intact", seal_no="A-0417")


def write(world: World, facts: CustodyFacts, by: User | None = None) -> CustodyEvent:
    person = by or world.investigator
    with entering(person, "test"):
        return record_custody(by=person, item=world.item, facts=facts)


def test_entries_are_numbered_from_one_within_each_exhibit(world: World) -> None:
    other = world.register()
    world.receive(photo())
    write(world, HANDED)
    world.receive(photo(seed=50), item=other)
    assert [entry.seq for entry in world.custody()] == [1, 2, 3]
    assert [entry.seq for entry in world.custody(other)] == [1, 2]


def test_each_entry_names_its_leaf_and_the_leaf_tells_the_same(world: World) -> None:
    file = world.receive(photo())
    entry = world.custody()[-1]
    leaf = Event.objects.get(pk=entry.leaf_id)
    assert (leaf.kind, leaf.actor) == (Kind.EVIDENCE_RECEIVED, world.investigator.staff_code)
    for said in (f'"seq":{entry.seq}', '"custody":"received"', str(file.pk), str(entry.pk)):
        assert said in leaf.leaf
    assert bytes(entry.sealed_digest or b"") == bytes(file.stored.sealed_digest)


def test_entry_by_hand_keeps_its_words_sealed(world: World) -> None:
    when = Dated("2025-03-10T11", Precision.HOUR)
    facts = CustodyFacts(
        event=CustodyKind.EXAMINED, when=when, place="The office in the hills", purpose="Safe"
    )
    entry = write(world, facts)
    with entering(world.investigator, "test"):
        read = open_row(
            entry,
            "place",
            "purpose",
            "when",
            reader=world.investigator.staff_code,
            purpose=Purpose.READ,
        )
    assert (read.text("place"), read.json("when")) == ("The office in the hills", when.cell())
    assert (entry.to_code, entry.by_code) == ("", world.investigator.staff_code)
    assert "hills" not in Event.objects.get(pk=entry.leaf_id).leaf


WRONG: dict[str, Callable[[World], CustodyFacts]] = {
    "what only the act itself writes": lambda w: CustodyFacts(event=CustodyKind.RECEIVED),
    "a hand-over, which has two sides": lambda w: CustodyFacts(event=CustodyKind.MOVED),
    "come back what was never outside": lambda w: CustodyFacts(event=CustodyKind.RETURNED),
    "a day that does not exist": lambda w: CustodyFacts(
        event=CustodyKind.EXAMINED, when=Dated("2025-02-30", Precision.DAY)
    ),
    "a text without end": lambda w: CustodyFacts(event=CustodyKind.EXAMINED, condition="x" * 20_001),
}


@pytest.mark.parametrize("what", WRONG)
def test_entry_that_cannot_be_is_refused_and_leaves_no_gap(world: World, what: str) -> None:
    assert world.item
    before = world.state()
    with pytest.raises(CustodyIncomplete):
        write(world, WRONG[what](world))
    assert world.state() == before
    assert write(world, HANDED).seq == 2


def test_file_of_another_exhibit_is_not_named(world: World) -> None:
    elsewhere = world.receive(photo(), item=world.register())
    with pytest.raises(ElsewhereRow):
        write(world, CustodyFacts(event=CustodyKind.EXAMINED, file=elsewhere))


def test_what_programs_write_is_written_by_nobody_by_hand() -> None:
    automatic = {
        CustodyKind.RECEIVED,
        CustodyKind.REGISTERED,
        CustodyKind.ACCESSED,
        CustodyKind.MOVED,
        CustodyKind.FIXITY_OK,
        CustodyKind.FIXITY_FAIL,
        CustodyKind.EXPORTED,
        CustodyKind.DESTROYED,
    }
    assert automatic.isdisjoint(BY_HAND)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_custodyevent SET event = 'copied'",
        "UPDATE evidence_custodyevent SET seq = seq + 1",
        "DELETE FROM evidence_custodyevent",
        "TRUNCATE evidence_custodyevent CASCADE",
        "UPDATE evidence_fileobject SET stored_id = stored_id",
        "UPDATE evidence_fileobject SET sha256 = sha256",
        "DELETE FROM evidence_fileobject",
        "DELETE FROM evidence_evidenceitem",
        "UPDATE evidence_evidenceitem SET exhibit_no = 'X'",
        "UPDATE evidence_mediarecord SET metadata = metadata",
        "UPDATE evidence_decision SET reason = reason",
        "DELETE FROM evidence_fixitycheck",
    ],
)
def test_application_itself_cannot_rewrite_what_was_recorded(world: World, statement: str) -> None:
    world.receive(photo())
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        entering(world.investigator, "test"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_people_who_write_at_once_get_numbers_of_their_own() -> None:
    world = make_world()
    item = world.item
    barrier = threading.Barrier(4)
    failed: list[BaseException] = []

    def act(number: int) -> None:
        try:
            barrier.wait(20)
            with entering(world.investigator, "test"):
                if number % 2:
                    receive_file(
                        by=world.investigator,
                        item=item,
                        chunks=[photo(seed=20 * number)],
                        filename=f"{number}.jpg",
                    )
                else:
                    append_custody(
                        item, CustodyKind.EXAMINED, by=world.investigator, kind=Kind.CUSTODY_RECORDED
                    )
        except BaseException as error:  # noqa: BLE001  # told to the test, in its own thread
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert [entry.seq for entry in world.custody()] == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_the_same_content_brought_at_once_is_stored_once() -> None:
    world = make_world()
    items = [world.item, world.register()]
    barrier = threading.Barrier(2)
    failed: list[BaseException] = []

    def act(number: int) -> None:
        def chunks() -> list[bytes]:
            barrier.wait(20)  # both have asked for what is there already, and found nothing
            return [photo()]

        try:
            with entering(world.investigator, "test"):
                receive_file(
                    by=world.investigator,
                    item=items[number],
                    chunks=(piece for _ in range(1) for piece in chunks()),
                    filename="same.jpg",
                )
        except BaseException as error:  # noqa: BLE001  # told to the test, in its own thread
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with entering(world.investigator, "test"):
        rows = [row for item in items for row in item.files.all()]
    assert len(rows) == 2
    assert len({row.stored_id for row in rows}) == 1
    assert sorted(row.same_as_id is None for row in rows) == [False, True]
