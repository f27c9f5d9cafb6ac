"""Identities that were handed over: who opens them, where they go, and what becomes of them."""

import csv
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pyrage
import pytest

from accounts.door import entering
from audit.models import Event
from audit.vocabulary import Kind
from casemgr.embedded.frontend import node
from exports import tasks
from exports.actions import delivery, secondkeys, withdrawal
from exports.errors import (
    ConsentGone,
    HandoverUnfit,
    SecondKeyUnfit,
)
from exports.models import HandoverConsent, IdentityHandover, SecondKey
from exports.recalling import handed_among, owed_to
from exports.vocabulary import ExportState, SecondKeyEnd
from tests.exports.handing import (
    NAMES,
    Handing,
    opened,
    tells_what_was_agreed,
)
from tests.exports.spoiling import cancel, refuse_contact, stop_of_gone, withdraw
from tests.exports.worlds import MECHANISM
from vault.errors import VaultError
from vault.files import open_file
from vault.vocabulary import Purpose

ROOT = Path(__file__).resolve().parents[2]
OPEN = Path(__file__).with_name("open_age_words.mjs")


def test_the_words_open_it_and_nothing_else_does(done: Handing, tmp_path: Path) -> None:
    sealed = done.sealed(done.done)
    for wrong in (done.words[1:], " ".join(reversed(done.words.split()))):  # each takes seconds, by design
        with pytest.raises(pyrage.DecryptError):
            pyrage.passphrase.decrypt(sealed, wrong)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [done.world.identity])
    (tmp_path / "words").write_text(done.words)
    (tmp_path / "sealed.age").write_bytes(sealed)
    arguments = [str(tmp_path / name) for name in ("words", "sealed.age", "opened.json")]
    subprocess.run([node(), str(OPEN), *arguments], check=True, cwd=ROOT, timeout=120)
    told = json.loads((tmp_path / "opened.json").read_text())
    tells_what_was_agreed(told)
    assert (told["export"], told["recipient"]) == (done.export.number, MECHANISM.name)


def test_its_length_tells_no_name(done: Handing) -> None:
    """The plain text has one length for so many versions, whatever they say."""
    plain = pyrage.passphrase.decrypt(done.sealed(done.done), done.words)
    assert len(plain) == 4 * 8192


def test_the_second_key_is_gone_with_its_use(done: Handing) -> None:
    key = done.key_now()
    assert (key.ended_as, key.secret) == (SecondKeyEnd.USED, None)
    with pytest.raises(SecondKeyUnfit), entering(done.officer, "test"):
        secondkeys.open_words(key, reader=done.officer.staff_code)
    with pytest.raises(HandoverUnfit):
        done.ask()
    assert len(done.world.events(Kind.SECOND_KEY_ENDED)) == 1


def test_the_file_goes_into_the_package_and_nowhere_else(done: Handing) -> None:
    built = done.world.build(done.world.now(done.export))
    row = done.now(done.done)
    assert row.stored
    with pytest.raises(VaultError), entering(done.officer, "test"):  # its own copy has no key any more
        open_file(row.stored, reader=done.officer.staff_code, purpose=Purpose.EXPORT)
    with zipfile.ZipFile(io.BytesIO(done.world.opened_as(built))) as bag:
        root = f"{built.number}/"
        inside = bag.read(f"{root}data/sealed/identities.age")
        told = opened(inside, done.words)
        index = list(csv.DictReader(io.StringIO(bag.read(f"{root}data/03_index.csv").decode("utf-8-sig"))))
        codes = {one["WITNESS_CODE"] for one in index}
        assert {one["code"] for one in told["witnesses"]} == codes
        assert "sealed/identities.age" in bag.read(f"{root}data/00_README.txt").decode()
        assert not [
            (name, one)
            for name in bag.namelist()
            for one in (*NAMES, done.words)
            if one.encode() in bag.read(name)
        ]


def test_a_row_that_nobody_asked_for_is_refused(done: Handing) -> None:
    with entering(done.officer, "test"):
        IdentityHandover.objects.update(taken_at=done.done.created_at)
    with pytest.raises(HandoverUnfit):
        done.world.build(done.world.now(done.export))


def test_a_row_put_back_to_before_its_file_builds_nothing_without_it(done: Handing) -> None:
    """Its old tag fits, so the row alone would say that nothing was handed over: the log knows better."""
    old = done.now(done.done)
    old.stored = old.taken_at = None
    old.put_tag()
    with entering(done.officer, "test"):
        old.save(update_fields=["stored", "taken_at", "tag"])
        assert IdentityHandover.objects.get().stored_id is None
    with pytest.raises(HandoverUnfit):
        done.world.build(done.world.now(done.export))
    done.second_key()
    with pytest.raises(HandoverUnfit):
        done.ask_alone()


def test_what_consents_do_not_cover_any_more_is_not_built(done: Handing) -> None:
    refuse_contact(done, done.done)
    with pytest.raises((HandoverUnfit, ConsentGone)):
        done.world.build(done.world.now(done.export))


def test_whoever_takes_the_word_back_reaches_what_was_delivered(done: Handing) -> None:
    world = done.world
    done.world.build(world.now(done.export))
    with entering(world.officer, "test"):
        verified = delivery.verify_export(by=world.officer, export=world.now(done.export))
    world.fetch(verified)
    refuse_contact(done, done.done)
    with pytest.raises(ConsentGone):
        world.fetch(verified)
    with entering(world.officer, "test"):
        (owed,) = owed_to(world.officer)
        assert [one.pk for one in handed_among(owed.items)] == [done.her.pk]
        notice = withdrawal.send_recall(by=world.officer, export=owed.export)
        assert notice.items.count() == 1
        assert owed_to(world.officer) == []
    withdraw(done, done.done)
    with entering(world.officer, "test"):
        assert [one.pk for one in handed_among(owed_to(world.officer)[0].items)] == [done.him.pk]


@pytest.mark.parametrize("end", [cancel, stop_of_gone], ids=lambda one: one.__name__)
def test_a_file_that_goes_nowhere_is_destroyed(
    done: Handing, end: Callable[[Handing, IdentityHandover], None]
) -> None:
    stored = done.done.stored
    assert stored
    end(done, done.done)
    assert done.world.now(done.export).state == ExportState.CANCELLED
    with pytest.raises(VaultError), entering(done.officer, "test"):
        open_file(stored, reader=done.officer.staff_code, purpose=Purpose.EXPORT)


def test_every_row_is_covered_by_a_leaf(done: Handing) -> None:
    with entering(done.officer, "test"):
        rows = [*IdentityHandover.objects.all(), *HandoverConsent.objects.all(), *SecondKey.objects.all()]
    said = "".join(event.leaf for event in Event.objects.all())
    assert [one.pk for one in rows if str(one.pk) not in said] == []
    assert len(rows) == 5


def test_another_export_needs_another_second_key(done: Handing) -> None:
    other = done.approved()
    with pytest.raises(SecondKeyUnfit):
        done.ask(export=other)
    done.done.second_key_id = uuid4()
    with pytest.raises(VaultError), entering(done.officer, "test"):
        done.done.verify_tag()


def test_turning_is_owed(done: Handing, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(tasks, "wake", lambda task, pk: woken.append(task))
    tasks.sweep()
    assert secondkeys.TURN in woken
