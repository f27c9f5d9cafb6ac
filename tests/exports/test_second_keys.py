"""The second key of a recipient: shown once, confirmed by another person, and gone when it has ended."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from accounts.door import entering
from audit.models import Event
from audit.vocabulary import Kind
from exports import tasks
from exports.actions import secondkeys
from exports.errors import ConfirmedByMaker, NumbersDiffer, SecondKeyInUse, SecondKeyUnfit
from exports.models import SecondKey
from exports.vocabulary import SecondKeyEnd
from tests.exports.erasing import keystore
from tests.exports.worlds import World
from tests.personas import signed_in
from vault.custodian import words
from vault.errors import KeyStillInUse, NotVerified, RootKeyUnreachable, RotationRunning, VaultError
from vault.keys import wrapping
from vault.keys.epoch import load
from vault.opening import open_row
from vault.sealed import Sealed
from vault.vocabulary import Purpose


@pytest.fixture(autouse=True)
def own_epoch(settings: Any, tmp_path: Path) -> None:
    """The epoch of this test alone: other tests share that of the run."""
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"


def made_by(world: World) -> secondkeys.Made:
    with entering(world.officer, "test"):
        return secondkeys.make_second_key(by=world.officer, recipient=world.recipient)


def confirmed_by(world: World, made: secondkeys.Made, heard: str | None = None) -> SecondKey:
    said = secondkeys.numbers_on(made.key) if heard is None else heard
    with entering(world.supervisor, "test"):
        return secondkeys.confirm_second_key(by=world.supervisor, key=made.key, heard=said)


def revoked(world: World, made: secondkeys.Made) -> SecondKey:
    with TestCase.captureOnCommitCallbacks(), entering(world.officer, "test"):
        return secondkeys.revoke_second_key(by=world.officer, key=made.key)


def opens(world: World, key: SecondKey) -> str:
    with entering(world.officer, "test"):
        return secondkeys.open_words(SecondKey.objects.get(pk=key.pk), reader=world.officer.staff_code)


def test_ten_words_serve_once_another_person_confirmed(world: World) -> None:
    made = made_by(world)
    assert len(made.words.split()) == 10
    assert set(made.words.split()) <= set(words.word_list())
    assert made.words not in repr(made)
    with pytest.raises(SecondKeyUnfit):
        opens(world, made.key)
    key = confirmed_by(world, made)
    assert opens(world, key) == made.words
    with pytest.raises(SecondKeyUnfit):  # once
        confirmed_by(world, made)
    with pytest.raises(SecondKeyInUse):
        made_by(world)
    assert [len(world.events(one)) for one in (Kind.SECOND_KEY_MADE, Kind.SECOND_KEY_CONFIRMED)] == [1, 1]
    assert not [one for one in Event.objects.all() if made.words in one.leaf]


def test_whoever_saw_the_words_confirms_nothing(world: World) -> None:
    made = made_by(world)
    heard = secondkeys.numbers_on(made.key)
    with pytest.raises(ConfirmedByMaker), entering(world.officer, "test"):
        secondkeys.confirm_second_key(by=world.officer, key=made.key, heard=heard)
    for heard in ("", "0001 " * 8, made.words, secondkeys.numbers_on(made.key)[:-1], " ".join(["ban"] * 8)):
        with pytest.raises(NumbersDiffer):
            confirmed_by(world, made, heard)
    assert SecondKey.objects.get().confirmed_at is None


FORGED = ("fingerprint", "secret", "tag", "confirmed_by_id", "confirmed_at", "recipient_id", "created_by_id")


@pytest.mark.parametrize("what", FORGED)
def test_what_was_written_past_us_is_refused(world: World, what: str) -> None:
    """Whatever a database administrator puts into a row, be it from another row of ours."""
    first = made_by(world)
    revoked(world, first)
    mine = confirmed_by(world, made_by(world))
    others: dict[str, object] = {"confirmed_by_id": world.lead.pk, "created_by_id": world.lead.pk}
    others |= {"confirmed_at": mine.created_at, "recipient_id": uuid4()}
    assert first.key.secret
    others["secret"] = Sealed(first.key.secret.blob)
    mine.refresh_from_db()
    setattr(mine, what, others.get(what, getattr(first.key, what)))
    with pytest.raises((SecondKeyUnfit, VaultError)), entering(world.officer, "test"):
        secondkeys.open_words(mine, reader=world.officer.staff_code)


def test_a_confirmation_that_nobody_gave_counts_for_nothing(world: World) -> None:
    key = made_by(world).key
    SecondKey.objects.filter(pk=key.pk).update(confirmed_at=key.created_at, confirmed_by=world.supervisor)
    with pytest.raises(SecondKeyUnfit):
        opens(world, key)


def test_a_key_that_was_given_up_opens_nowhere(world: World) -> None:
    """Neither here, nor from a copy of the database and the keystore that was taken before."""
    made = made_by(world)
    confirmed_by(world, made)
    with entering(world.officer, "test"):
        copy = SecondKey.objects.get(pk=made.key.pk)
    stolen = [row for row in keystore() if row.unit == made.key.pk]
    assert len(stolen) == 1
    ended = revoked(world, made)
    assert (ended.ended_as, ended.secret) == (SecondKeyEnd.REVOKED, None)
    assert not [row for row in keystore() if row.unit == made.key.pk]
    with pytest.raises(VaultError), entering(world.officer, "test"):
        open_row(copy, "secret", reader=world.officer.staff_code, purpose=Purpose.EXPORT)
    assert wrapping.open_outer(stolen[0], load())  # of the stolen row the epoch's layer still comes off
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.turn_second_key(str(made.key.pk))
    with pytest.raises(VaultError):
        wrapping.open_outer(stolen[0], load())
    assert SecondKey.objects.get().turned_at
    assert len(world.events(Kind.SECOND_KEY_TURNED)) == 1
    with pytest.raises(SecondKeyUnfit):
        revoked(world, made)
    assert len(made_by(world).words.split()) == 10  # the next one may be made


def test_the_sweep_turns_what_nobody_turned(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_by(world)
    revoked(world, made)
    woken: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks, "wake", lambda task, pk: woken.append((task, str(pk))))
    with monkeypatch.context() as busy:

        def running(*_args: object, **_named: object) -> None:
            raise RotationRunning

        busy.setattr(tasks, "turn_past", running)
        tasks.turn_second_key(str(made.key.pk))
    assert SecondKey.objects.get().turned_at is None
    tasks.sweep()
    assert (secondkeys.TURN, str(made.key.pk)) in woken
    tasks.turn_second_key(str(made.key.pk))
    tasks.turn_second_key(str(made.key.pk))  # late and repeated: nothing more
    woken.clear()
    tasks.sweep()
    assert woken == []
    assert len(world.events(Kind.SECOND_KEY_TURNED)) == 1


def test_it_is_final_when_the_last_backup_from_before_has_expired(world: World, settings: Any) -> None:
    """The keystore's backup of yesterday, with its epoch, opens the words after the turn still."""
    made = made_by(world)
    assert revoked(world, made).final_from is None
    body, officer = {"recipient": world.recipient.pk}, signed_in(world.officer)
    assert "its last copy is being made unreadable" in page(officer, "recipient-detail", **body)
    tasks.turn_second_key(str(made.key.pk))
    key = SecondKey.objects.get()
    assert key.turned_at
    assert key.final_from == key.turned_at + timedelta(days=7)
    assert not key.is_final
    assert "backups of the server can open it until" in page(officer, "recipient-detail", **body)
    settings.KEYSTORE_BACKUP_DAYS = 0
    assert SecondKey.objects.get().is_final
    assert "can open it until" not in page(officer, "recipient-detail", **body)


def page(browser: Client, name: str, **kwargs: Any) -> str:
    answer = browser.get(reverse(name, kwargs=kwargs))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_words_are_on_one_page_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Drawn by chance, one of them might stand on any page: "auto" and "key" are words of the list.
    drawn = "zebra hamster giraffe dolphin lobster kangaroo leopard raccoon squirrel tortoise"
    monkeypatch.setattr(words, "draw", lambda _count: drawn)
    officer, supervisor = signed_in(world.officer), signed_in(world.supervisor)
    body = {"recipient": world.recipient.pk}
    assert "Make a second key" in page(officer, "recipient-detail", **body)
    answer = officer.post(reverse("second-key-make", kwargs=body))
    shown, key = answer.content.decode(), SecondKey.objects.get()
    said = [one for one in words.word_list() if f">{one}</bdi>" in shown]
    assert answer.headers["Cache-Control"] == "no-store"
    with entering(world.officer, "test"):
        opened = open_row(key, "secret", reader=world.officer.staff_code, purpose=Purpose.EXPORT)
    held: Any = opened.json("secret")
    assert held["words"] == drawn
    assert set(drawn.split()) == set(said)
    for browser in (officer, supervisor):
        told = page(browser, "recipient-detail", **body)
        assert [one for one in drawn.split() if one in told] == []
        assert secondkeys.numbers_on(key) not in told
    assert "Confirm this second key" not in page(officer, "recipient-detail", **body)
    assert "Confirm this second key" in page(supervisor, "recipient-detail", **body)
    assert secondkeys.numbers_on(key) not in page(supervisor, "second-key-confirm", key=key.pk)
    url = reverse("second-key-confirm", kwargs={"key": key.pk})
    wrong = supervisor.post(url, {"heard": held["words"]}).content.decode()
    assert "Only numbers are compared here" in wrong
    assert held["words"] not in wrong  # who read them aloud has done harm enough
    told = supervisor.post(url, {"heard": secondkeys.numbers_on(key)}, follow=True).content.decode()
    assert "holds the second key" in told
    gone = officer.post(reverse("second-key-revoke", kwargs={"key": key.pk}), follow=True).content.decode()
    assert "was destroyed" in gone
    assert "Given up" in gone


def test_an_epoch_that_cannot_turn_is_an_alarm_and_one_that_waits_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row of rubbish in the keystore would leave every word readable, and nobody told."""
    made = made_by(world)
    revoked(world, made)
    alarms = []
    for fault in (RotationRunning, RootKeyUnreachable, NotVerified, NotVerified, KeyStillInUse):

        def fails(*_args: object, fault: type[Exception] = fault, **_named: object) -> None:
            raise fault

        monkeypatch.setattr(tasks, "turn_past", fails)
        tasks.turn_second_key(str(made.key.pk))
        alarms.append([json.loads(one.leaf)["facts"]["because"] for one in world.events(Kind.ROW_SET_ASIDE)])
    assert alarms == [[], [], ["NotVerified"], ["NotVerified"], ["NotVerified", "KeyStillInUse"]]
    assert {one.subject for one in world.events(Kind.ROW_SET_ASIDE)} == {f"second-key:{made.key.pk}"}
    assert SecondKey.objects.get().turned_at is None
