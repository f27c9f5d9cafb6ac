"""A case is locked by one person and opens to two custodians alone; nothing that waits is lost."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.door import Machine, entering
from accounts.models import Session
from audit.refusals import Refusal
from audit.verifying import verify
from audit.vocabulary import Kind
from cases.actions.holds import place_hold
from cases.actions.locking import epochs_to_turn, lock_case, note_lock_turned, owed_turns
from cases.actions.members import end_membership
from cases.actions.rekeying import owed_rekeys
from cases.errors import (
    AnswerMisread,
    CaseLocked,
    IsOpen,
    LockedAlready,
    NobodyAsked,
    NobodyToReopen,
    NotItsKey,
    NotReopenedYet,
    NotVisible,
    NotYoursToReopen,
    ReasonMissing,
    StepNotPossible,
    WordsMisread,
)
from cases.models import Case, CaseLock, Membership, Testimony
from cases.permissions import can, check, powers
from cases.tasks import rekey_now, turn_locked_now
from cases.vocabulary import WHILE_LOCKED, Permission
from tests.cases.guards import Guards, found
from tests.cases.locked import Locking
from tests.cases.worlds import World, make_world
from tests.custodians import id_of
from tests.personas import signed_in
from vault import caselocks, unsealing
from vault.custodian import pairs, papers
from vault.custodian.errors import CustodianError
from vault.custodian.keys import PrivateKeys
from vault.custodian.papers import Ask, Verdict
from vault.errors import KeyLocked
from vault.keys import epoch, held, locks, rotation
from vault.keys.providers import KeyFile
from vault.keys.rotation import rotate_epoch, rotate_root
from vault.opening import open_row
from vault.passphrase import Cost
from vault.vocabulary import Purpose


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))


@pytest.fixture
def own_keys(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Root and epoch of this test alone: other workers share those of the run."""
    shutil.copy(settings.ROOT_KEY_FILE, tmp_path / "root.key")
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    with held.using(KeyFile(tmp_path / "root.key")):
        yield


@pytest.fixture
def locking(world: World, guards: Guards) -> Locking:
    assert world.testimony
    return Locking(world, guards)


def title(world: World) -> str:
    with entering(world.lead, "test"):
        case = Case.objects.get(pk=world.case.pk)
        return open_row(case, "title", reader="INV-01", purpose=Purpose.READ).text("title")


def refused(locking: Locking, why: type[Refusal], act: Callable[[], object], kind: Kind) -> None:
    """It is refused with its event, and the case stays as it was."""
    known = len(locking.world.events(kind))
    with pytest.raises(why):
        act()
    assert len(locking.world.events(kind)) == known + 1
    with pytest.raises(KeyLocked):
        title(locking.world)


def test_a_locked_case_opens_to_nobody_and_after_two_custodians_to_everybody(locking: Locking) -> None:
    world, said = locking.world, title(locking.world)
    browser = signed_in(world.investigator)
    row = locking.lock()
    assert not Session.objects.filter(user__memberships__case=world.case).exists()
    with pytest.raises(KeyLocked):
        title(world)
    with entering(world.lead, "test"):
        assert not Testimony.objects.visible_to(world.lead).exists()
        assert not Case.objects.visible_to(world.lead).exists()
        assert powers(world.lead, world.case) == WHILE_LOCKED
        assert not can(world.lead, Permission.CASE_READ, world.case)
    with pytest.raises(CaseLocked), entering(world.investigator, "test"):
        check(world.investigator, Permission.TESTIMONY_READ, world.case)
    assert browser.get(reverse("case-detail", args=[world.case.pk])).status_code == 302  # to sign in
    assert locking.reopened().locked_at is None
    assert title(world) == said
    with entering(world.lead, "test"):
        assert Testimony.objects.visible_to(world.lead).count() == 1
    steps = [one.kind for one in world.events() if "lock" in one.kind or "reopening" in one.kind]
    assert steps == [
        "case:locked",
        "case:reopening-asked",
        "case:lock-answered",
        "case:lock-answered",
        "case:unlocked",
    ]
    assert verify().findings == []
    assert row.code.startswith("LOCK-")


def test_a_hold_does_not_stop_it_and_who_left_cannot(locking: Locking) -> None:
    world = locking.world
    with entering(world.lead, "test"):
        place_hold(by=world.lead, case=world.case, authority="Court order 7/2026")
        gone = Membership.objects.get(case=world.case, user=world.supervisor)
        end_membership(by=world.lead, membership=gone)
    with pytest.raises(NotVisible):
        locking.lock(world.supervisor)
    assert title(world)
    locking.lock(world.custodian)
    with pytest.raises(LockedAlready):
        locking.lock()
    assert [one.kind for one in world.events(Kind.CASE_LOCK_REFUSED)] == ["case:lock-refused"]
    # Somebody left just before: the new key is owed, waits, and is made when the case is open again.
    with entering(Machine.SWEEP, "test"):
        assert owed_rekeys() == []
    rekey_now(str(world.case.pk))
    locking.reopened()
    with entering(Machine.SWEEP, "test"):
        assert owed_rekeys() == [world.case.pk]
    rekey_now(str(world.case.pk))
    assert title(world)
    # Both of its keys come and go together.
    assert locking.lock().keys == 2
    locking.reopened()
    assert title(world)


def test_nobody_locks_what_nobody_could_reopen(world: World) -> None:
    with pytest.raises(NobodyToReopen), entering(world.lead, "test"):
        lock_case(by=world.lead, case=world.case)
    assert title(world)


def test_what_does_not_reopen(locking: Locking) -> None:
    world, guards, kind = locking.world, locking.guards, Kind.CASE_LOCK_REFUSED
    with pytest.raises(IsOpen):
        locking.ask()
    locking.lock()
    refused(locking, NobodyAsked, lambda: locking.reopen(words="a b c d e f"), kind)
    refused(locking, NobodyAsked, lambda: locking.handed(0), kind)
    refused(locking, ReasonMissing, lambda: locking.ask(reason=" \n"), Kind.RECORD_REFUSED)
    locking.ask()
    refused(locking, NotReopenedYet, locking.reopen, kind)
    first = locking.paper(0)
    refused(locking, AnswerMisread, lambda: locking.answer(1, first), kind)
    refused(locking, AnswerMisread, lambda: locking.answer(0, first.replace(b"approve", b"veto")), kind)
    locking.answer(0, first)
    refused(locking, AnswerMisread, lambda: locking.answer(0, first), kind)
    refused(locking, NotReopenedYet, locking.reopen, kind)
    # Asked anew: what was said and the words of before are worth nothing.
    old_words, second = locking.words, locking.paper(1)
    locking.ask()
    refused(locking, AnswerMisread, lambda: locking.answer(1, second), kind)
    locking.say(1)
    refused(locking, NotReopenedYet, locking.reopen, kind)
    locking.say(2, Verdict.VETO)
    locking.say(0)
    refused(locking, NotReopenedYet, locking.reopen, kind)
    locking.say(1, Verdict.LIFT)
    locking.say(0, Verdict.LIFT)
    refused(locking, NotYoursToReopen, lambda: locking.reopen(world.supervisor), kind)
    refused(locking, WordsMisread, lambda: locking.reopen(words=old_words), kind)
    assert locking.reopen().locked_at is None
    # A custodian who asks does not answer.
    locking.lock()
    locking.ask(guards.people[0])
    refused(locking, AnswerMisread, lambda: locking.say(0), kind)


def test_an_answer_to_a_lock_opens_no_name_and_the_other_way_round(locking: Locking) -> None:
    """The halves are bound to what they are of, the papers say what they ask, and each refuses the other."""
    locking.lock()
    row = locking.ask()
    me = id_of(locking.guards.people[0])
    keys: PrivateKeys = locking.guards.keys[me]
    ask = locking.handed(0)
    facts = dict(ask.request.facts())
    assert "witnesses" not in facts
    subject = ask.request.subjects[0]
    as_a_name = pairs.Subject(
        subject.case_id, subject.case_code, subject.witness_id, subject.witness_code, subject.version
    )
    assert as_a_name.context(b"x") != subject.context(b"x")
    half = ask.halves[0]
    moved = pairs.Half(
        pairs.Binding(as_a_name, half.binding.pair, half.binding.side, half.binding.directory),
        half.encrypted,
        half.digest,
    )
    with pytest.raises(CustodianError):
        pairs.open_half(moved, keys.box)
    for kind in (papers.Kind.UNSEAL, papers.Kind.SESSION):
        raw = ask.write().replace(b'"kind":"reopen"', f'"kind":"{kind}"'.encode())
        for changed in (raw, raw.replace(b'"locks":', b'"witnesses":')):
            with pytest.raises(CustodianError):
                Ask.read(changed)
    # A lock's paper over another lock's halves: the digest of what was sealed is signed with it.
    assert dict(ask.request.bound)["sealed"] == caselocks.digest_of(bytes(row.sealed))


def test_what_was_altered_does_not_open(locking: Locking) -> None:
    row = locking.lock()
    locking.ask()
    locking.say(0)
    locking.say(1)
    sealed = bytes(row.sealed)
    at = sealed.index(b'"wrapped":"') + 60
    other = b"A" if sealed[at : at + 1] != b"A" else b"B"
    altered = sealed[:at] + other + sealed[at + 1 :]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(caselocks, "_read", _reading(caselocks._read, altered))
        refused(locking, NotItsKey, locking.reopen, Kind.CASE_LOCK_REFUSED)
    assert locking.reopen().locked_at is None


def _reading(read: Callable[..., object], other: bytes) -> Callable[..., object]:
    return lambda _sealed, subject: read(other, subject)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("own_keys")
def test_two_who_lock_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    locking = Locking(world, found(world))
    results: list[object] = []

    def lock(who: str) -> None:
        try:
            results.append(locking.lock(getattr(world, who)))
        except Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=lock, args=(who,)) for who in ("lead", "supervisor", "custodian")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(type(one).__name__ for one in results) == ["CaseLock", "LockedAlready", "LockedAlready"]
    the_epoch_turns_however_often_it_is_killed(locking, monkeypatch)


class Killed(BaseException):
    """The process ends here: no handler of ours catches it."""


def the_epoch_turns_however_often_it_is_killed(locking: Locking, monkeypatch: pytest.MonkeyPatch) -> None:
    world = locking.world
    with entering(Machine.SWEEP, "test"):
        (lock,) = owed_turns()
        epochs = epochs_to_turn(lock)
    with pytest.raises(StepNotPossible), entering(Machine.SWEEP, "test"):
        note_lock_turned(lock)

    def die(*_args: object, **_more: object) -> None:
        raise Killed

    for place, name in ((rotation, "_turn"), (epoch, "leave_behind"), (locks, "finishing")):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, die)
            with pytest.raises(Killed):
                turn_locked_now(str(lock))
        with entering(Machine.SWEEP, "test"):
            assert owed_turns() == [lock]
    turn_locked_now(str(lock))
    turn_locked_now(str(lock))
    with entering(Machine.SWEEP, "test"):
        assert owed_turns() == []
        assert CaseLock.objects.get(pk=lock).final_from is not None
    assert not set(epochs) & {one.id for one in (epoch.load().primary, *epoch.load().older)}
    assert [one.kind for one in world.events(Kind.CASE_LOCK_TURNED)] == ["case:lock-turned"]
    # While it is locked, the keys of everything else rotate as ever; then it opens.
    rotate_epoch(by="machine:command")
    rotate_root(by="machine:command")
    with monkeypatch.context() as patched:
        locking.ask()
        locking.say(0)
        locking.say(2)
        patched.setattr(caselocks, "destroy_unit_key", die)
        with pytest.raises(Killed):
            locking.reopen()
    with pytest.raises(KeyLocked):
        title(world)
    assert locking.reopen().locked_at is None
    assert title(world)


@pytest.mark.usefixtures("contexts")
def test_pages_from_the_lock_to_the_reopening(locking: Locking) -> None:
    world, guards = locking.world, locking.guards
    here = [world.case.pk]
    lead, member = signed_in(world.lead), signed_in(world.investigator)
    with entering(world.lead, "test"):
        place_hold(by=world.lead, case=world.case, authority="Court order 7/2026")
    overview = lead.get(reverse("case-detail", args=here)).content.decode()
    assert "Under legal hold" in overview
    assert reverse("lock-place", args=here) in overview
    assert member.get(reverse("lock-place", args=here)).status_code == 403
    assert lead.get(reverse("lock-detail", args=here)).status_code == 409
    done = lead.post(reverse("lock-place", args=here))
    assert "The case is locked" in done.content.decode()
    assert lead.get("/").status_code == 302
    lead, member = signed_in(world.lead), signed_in(world.investigator)
    what_members_meet(world, lead, member)
    assert lead.post(reverse("lock-ask", args=here), {"reason": " "}).status_code == 422
    asked = lead.post(reverse("lock-ask", args=here), {"reason": "The danger is over"})
    six = str(asked.context["six_words"])
    for place in (0, 1):
        person = guards.people[place]
        custodian = signed_in(person)
        paper = Ask.read(custodian.get(reverse("lock-paper", args=here)).content)
        answer = papers.approve(paper, id_of(person), guards.keys[id_of(person)]).write().decode()
        assert custodian.post(reverse("lock-answer", args=here), {"answer": "{}"}).status_code == 422
        assert custodian.post(reverse("lock-answer", args=here), {"answer": answer}).status_code == 302
    assert lead.post(reverse("lock-open", args=here), {"words": "one two"}).status_code == 422
    stands = lead.get(reverse("lock-detail", args=here)).content.decode()
    assert stands.count("A custodian approved") == 2
    assert "Killings" not in stands
    opened = lead.post(reverse("lock-open", args=here), {"words": six}, follow=True).content.decode()
    assert "The case is open again" in opened
    assert "Killings" in opened


def what_members_meet(world: World, lead: Client, member: Client) -> None:
    """On every page of the case, and on the one that lists their cases: that it is locked, and no title."""
    here = [world.case.pk]
    for name in ("case-detail", "witness-list", "testimony-list", "exhibit-list", "export-list", "case-log"):
        for browser in (lead, member):
            page = browser.get(reverse(name, args=here))
            assert page.status_code in {403, 423}, name
            assert "Killings" not in page.content.decode()
    told = lead.get(reverse("case-detail", args=here))
    assert "This case is locked" in told.content.decode()
    assert reverse("lock-detail", args=here) in told.content.decode()
    hidden = member.get(reverse("case-detail", args=here)).content.decode()
    assert reverse("lock-detail", args=here) not in hidden
    json = member.get(reverse("case-detail", args=here), headers={"accept": "application/json"})
    assert (json.status_code, "locked" in json.json()["message"]) == (423, True)
    start = lead.get("/").content.decode()
    assert world.case.code in start
    assert "Killings" not in start
