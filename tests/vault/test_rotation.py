"""Rotating keys loses nothing: killed at any step, interrupted, run again, or run while others write."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.vault.cellar import Jar, jar
from tests.vault.filling import Filled, fill, write_round
from vault.errors import KeyStillInUse, RotationRunning, UnknownKey, VaultError, WrongRootKey
from vault.files import check_content
from vault.keys import check_root_key, epoch, held, locks, rotation, startup
from vault.keys.providers import KeyFile
from vault.keys.root import RootKeys
from vault.keys.rotation import rotate_epoch, rotate_root, rotate_scope, rotate_witnesses
from vault.keys.unitkeys import destroy_unit_key
from vault.models import KeystoreKey, ScopeKey, StoredFile
from vault.opening import open_rows
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import KeyState, Purpose, UnitKind

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


class Killed(BaseException):
    """The process ends here: no handler of ours catches it."""


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """Root and epoch of this test alone: other workers share those of the run."""
    path = tmp_path / "root.key"
    shutil.copy(settings.ROOT_KEY_FILE, path)
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    with held.using(KeyFile(path)):
        yield path


@pytest.fixture(scope="module")
def filled() -> list[Filled]:
    """What the first test of a worker made; the others, whose keys are copies of the same, begin with it."""
    return []


@pytest.fixture
def content(
    filled: list[Filled], media: Path, own_keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[UUID, str]:
    """Three cases, each with a witness and a file; return what every row says."""
    if filled:
        filled[0].put_back(media)
    else:
        filled.append(fill(media, tmp_path_factory.mktemp("filled") / "media"))
    return dict(filled[0].said)


def a_case() -> Scope:
    first = Jar.objects.filter(unit__isnull=True).order_by("title").first()
    assert first is not None
    return first.scope()


def keystore() -> list[KeystoreKey]:
    with transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        return list(KeystoreKey.objects.all())


def everything_opens(said: dict[UUID, str]) -> None:
    with transaction.atomic():
        check_root_key()
        opened = open_rows(Jar.objects.all(), "title", reader="INV-01", purpose=Purpose.LIST)
        assert {pk: values.text("title") for pk, values in opened.items()} == said
        for stored in StoredFile.objects.all():
            check_content(stored, reader="machine:integrity", purpose=Purpose.INTEGRITY)


def forget_the_process() -> None:
    """As after a restart: the root key is read from its file again."""
    held.reread()


def test_root(content: dict[UUID, str]) -> None:
    old = held.keys()
    count = rotate_root(by="machine:command")
    assert (count.done, count.before) == (5, 0)
    new = held.keys()
    assert new.primary != old.primary
    assert new.seed == old.seed
    assert new.older == ()
    assert set(ScopeKey.objects.values_list("root_id", flat=True)) == {new.primary.id}
    assert epoch.named_roots() == {new.primary.id}
    everything_opens(content)
    with held.using(_memory(old)), pytest.raises(WrongRootKey):
        check_root_key()


def _memory(keys: RootKeys) -> KeyFile:
    class Memory(KeyFile):
        def load(self) -> RootKeys:
            return keys

    return Memory(Path("/nowhere"))


def test_epoch(content: dict[UUID, str]) -> None:
    old = epoch.load().primary
    before = {key.pk: bytes(key.sealed) for key in keystore()}
    count = rotate_epoch(by="machine:command")
    assert (count.done, count.before) == (9, 0)  # three cases: a share each, a witness, a file
    assert epoch.load().older == ()
    new = epoch.load().primary
    assert new.id != old.id
    assert {key.epoch_id for key in keystore()} == {new.id}
    everything_opens(content)
    with transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        KeystoreKey.objects.filter(pk=min(before)).update(sealed=before[min(before)], epoch_id=old.id)
    with pytest.raises(UnknownKey):
        everything_opens(content)


def test_scope(content: dict[UUID, str]) -> None:
    case = a_case()
    first = ScopeKey.objects.get(scope_id=case.id)
    count = rotate_scope(case, by="machine:command")
    assert (count.done, count.before) == (2, 0)
    first.refresh_from_db()
    assert first.state == KeyState.DECRYPT_ONLY
    primary = ScopeKey.objects.get(scope_id=case.id, state=KeyState.PRIMARY)
    mine = [key for key in keystore() if key.scope_id == case.id]
    assert {key.scope_key_id for key in mine} == {primary.pk}
    everything_opens(content)
    row = jar(case, "after")
    assert row.title is not None
    assert row.title.header.key_id == primary.pk
    rotate_scope(case, by="machine:command")
    everything_opens({**content, row.pk: "after"})


def test_witness(content: dict[UUID, str]) -> None:
    """Each witness of the case has a new key; the old one opens, and goes with the new at an erasure."""
    case = a_case()
    before = {key.pk for key in keystore() if key.scope_id == case.id and key.kind == UnitKind.WITNESS}
    assert rotate_witnesses(case, by="machine:command").done == len(before) == 1
    now = [key for key in keystore() if key.scope_id == case.id and key.kind == UnitKind.WITNESS]
    assert {key.pk: key.state for key in now if key.pk in before} == dict.fromkeys(
        before, KeyState.DECRYPT_ONLY
    )
    (primary,) = [key for key in now if key.state == KeyState.PRIMARY]
    everything_opens(content)
    row = jar(primary.scope, "after")
    assert row.title is not None
    assert row.title.header.key_id == primary.pk
    everything_opens({**content, row.pk: "after"})
    with transaction.atomic():
        assert set(destroy_unit_key(primary.scope, by="machine:command")) == {key.pk for key in now}
    with pytest.raises(VaultError):
        everything_opens({**content, row.pk: "after"})


ROTATIONS: dict[str, tuple[Act, list[tuple[object, str]]]] = {
    "root": (
        lambda: rotate_root(by="machine:command"),
        [
            (rotation, "_rewrap_scope_key"), (rotation, "_finish_root"), (epoch, "replace"),
            (startup, "write_canary"), (locks, "finishing"), (KeyFile, "replace"), (held, "reread"),
        ],
    ),
    "epoch": (
        lambda: rotate_epoch(by="machine:command"),
        [(rotation, "_turn"), (epoch, "replace"), (epoch, "leave_behind"),
         (locks, "finishing"), (rotation, "_count")],
    ),
    "scope": (
        lambda: rotate_scope(a_case(), by="machine:command"),
        [
            (rotation, "_rewrap_unit_key"), (rotation, "_new_primary"), (locks, "finishing"),
            (rotation, "insert_scope_key"), (rotation, "_count"),
        ],
    ),
    "witness": (
        lambda: rotate_witnesses(a_case(), by="machine:command"),
        [(rotation, "_renew_unit_key"), (rotation, "keep_unit_key"), (rotation, "new_unit_key")],
    ),
}  # fmt: skip
STEPS = [(name, place, what) for name, (_, steps) in ROTATIONS.items() for place, what in steps]


def killing(real: Callable[..., object], at: int, *, after: bool) -> Callable[..., object]:
    """Return a step that dies in its call of a number, before or after its work is done."""
    calls = 0

    def step(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == at and not after:
            raise Killed
        result = real(*args, **kwargs)
        if calls == at:
            raise Killed
        return result

    return step


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("name", "place", "what"), STEPS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_killed_at_every_step_it_resumes(
    content: dict[UUID, str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    place: object,
    what: str,
    *,
    after: bool,
) -> None:
    """Killed before and after each call of each step in turn; then run again, to the end."""
    act = ROTATIONS[name][0]
    for at in range(1, 30):
        with monkeypatch.context() as patch:
            patch.setattr(place, what, killing(getattr(place, what), at, after=after))
            try:
                act()
            except Killed:
                pass
            else:
                break
        forget_the_process()
        everything_opens(content)
    else:
        pytest.fail("never reached the end")
    act()
    everything_opens(content)
    assert held.keys().older == ()
    assert epoch.load().older == ()
    assert not ScopeKey.objects.exclude(root_id=held.keys().primary.id).exists()
    assert not ScopeKey.objects.filter(state=KeyState.ENABLED).exists()
    assert {key.epoch_id for key in keystore()} == {epoch.load().primary.id}


KILLER = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from vault import ports
from vault.keys import rotation
class Silent:
    def opened(self, **_): pass
    def key_event(self, **_): pass
ports.install(Silent())
real, calls = getattr(rotation, sys.argv[2]), 0
def step(*args, **kwargs):
    global calls
    calls += 1
    if calls > 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **kwargs)
setattr(rotation, sys.argv[2], step)
call_command("rotate_keys", sys.argv[1])
"""


@pytest.mark.parametrize(
    ("what", "step"), [("root", "_rewrap_scope_key"), ("epoch", "_turn"), ("scopes", "_rewrap_unit_key")]
)
def test_a_process_killed_midway_is_resumed(
    content: dict[UUID, str], own_keys: Path, what: str, step: str, settings: LazySettings
) -> None:
    there = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {
        **os.environ,
        "DATABASE_URL": f"{there}/{connection.settings_dict['NAME']}",
        "ROOT_KEY_FILE": str(own_keys),
        "EPOCH_KEY_FILE": str(settings.EPOCH_KEY_FILE),
    }
    environment.pop("DATABASE_OWNER_URL")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLER, what, step], env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL
    forget_the_process()
    everything_opens(content)
    call_command("rotate_keys", what)
    everything_opens(content)


def test_a_row_of_the_old_key_keeps_a_rotation_from_ending(
    content: dict[UUID, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for step, name in (("_rewrap_scope_key", "root"), ("_turn", "epoch"), ("_rewrap_unit_key", "scope")):
        act = ROTATIONS[name][0]
        with monkeypatch.context() as patch:
            patch.setattr(rotation, step, lambda *_: 0)
            with pytest.raises(KeyStillInUse):
                act()
        everything_opens(content)
        act()
        everything_opens(content)


def test_two_rotations_never_run_at_once(content: dict[UUID, str]) -> None:
    seen: list[str] = []

    def second() -> None:
        try:
            rotate_root(by="machine:command")
        except RotationRunning:
            seen.append("refused")
        finally:
            connection.close()

    with locks.rotating():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert seen == ["refused"]
    rotate_root(by="machine:command")
    everything_opens(content)


def test_writers_lose_nothing_while_every_key_rotates(content: dict[UUID, str]) -> None:
    """Cases, witnesses, files and drafts are made in two threads while root, scopes and epoch turn in a
    third.
    """
    said, case, stop, errors = dict(content), a_case(), threading.Event(), []
    rounds = threading.Semaphore(0)  # so many a rotation: whoever never rests makes each wrap thousands anew

    def write() -> None:
        try:
            while rounds.acquire() and not stop.wait(0.02):
                write_round(case, said)
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            errors.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        for name in ("root", "witness", "epoch", "scope") * 3:
            rounds.release(4)
            ROTATIONS[name][0]()
    finally:
        stop.set()
        rounds.release(len(writers))
        for writer in writers:
            writer.join()
    assert errors == []
    assert len(said) > len(content)
    everything_opens(said)
    rotate_root(by="machine:command")
    everything_opens(said)


def test_the_command_counts_and_says_what_is_wrong(content: dict[UUID, str], tmp_path: Path) -> None:
    from io import StringIO

    out = StringIO()
    call_command("rotate_keys", "root", "scopes", "epoch", stdout=out)
    assert "root: 5 wrapped anew, 0 already were" in out.getvalue()
    assert "epoch: 12 wrapped anew" in out.getvalue()
    assert out.getvalue().count("case:") == 3
    out = StringIO()
    call_command("rotate_keys", "scopes", scope=f"case:{a_case().id}", stdout=out)
    assert out.getvalue().count("wrapped anew") == 1
    everything_opens(content)
    for scope in ("case", "case:x", "house:1"):
        with pytest.raises(CommandError, match="kind:uuid"):
            call_command("rotate_keys", "scopes", scope=scope)
    with pytest.raises(CommandError, match="no key"):
        call_command("rotate_keys", "scopes", scope=f"case:{uuid4()}")
    with held.using(KeyFile(tmp_path / "none.key")), pytest.raises(CommandError, match="no root key"):
        call_command("rotate_keys", "root")


def test_a_destroyed_scope_key_is_left_alone(content: dict[UUID, str]) -> None:
    key = ScopeKey.objects.get(scope_id=a_case().id)
    key.state, key.wrapped = KeyState.DESTROYED, b""
    key.save(update_fields=["state", "wrapped"])
    assert rotate_root(by="machine:command").done == 4
    with pytest.raises(VaultError):
        everything_opens(content)
