"""Time stamps of an authority that the test makes: asked by the clock, verified, refused with a reason."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
import time_machine
import urllib3
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

import audit.actions
from audit import asking, stamping, tasks
from audit.actions import record
from audit.authorities import AuthorityMisread, authorities
from audit.models import Checkpoint, Event, Stamp, StampOwed, StampTry
from audit.sealing import seal_batch
from audit.signer import Signer
from audit.stamps import StampRefused
from audit.verifying import verify
from audit.vocabulary import Kind
from tests.audit.authority import OTHER_POLICY, Authority, make_authority, openssl, serving

NOON = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Authority]:
    folder = tmp_path_factory.mktemp("authorities")
    return make_authority(folder / "one"), make_authority(folder / "two")


@pytest.fixture
def authority(made: tuple[Authority, Authority], settings: Settings) -> Iterator[Authority]:
    one, two = made
    with serving(one, two):
        one.how, one.asked = "", []
        settings.STAMP_AUTHORITIES = {"one": one.settings()}
        settings.STAMP_PRIVATE_ADDRESSES = True
        yield one


@pytest.fixture
def checkpoint(db: None) -> Checkpoint:
    return sign(1)


def sign(size: int) -> Checkpoint:
    """A checkpoint as exports carry it; who signed it is another test's matter."""
    note = f"casemgr/log/0011223344556677\n{size}\nAAAA\n\n\u2014 casemgr/log/0011223344556677 AAAA\n"
    return Checkpoint.objects.create(size=size, note=note, signed_at=timezone.now())


def events(kind: Kind) -> list[dict[str, str | int]]:
    found = Event.objects.of_kinds([kind]).order_by("at")
    return [json.loads(event.leaf)["facts"] for event in found]


def test_newest_checkpoint_is_stamped_and_openssl_verifies_the_stored_answer(
    authority: Authority, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    assert tasks.stamp() == 1
    (stamp,) = Stamp.objects.all()
    assert stamp.owed.checkpoint == checkpoint
    assert abs(stamp.said_at - timezone.now()) < timedelta(minutes=1)
    (told,) = events(Kind.STAMP_RECEIVED)
    assert (told["authority"], told["size"], told["serial"]) == ("one", 1, stamp.serial)
    call_command("stamps", str(tmp_path / "out"))
    there = tmp_path / "out" / "one"
    assert (there / "checkpoint").read_text() == checkpoint.note
    verify_with = ("ts", "-verify", "-in", there / "checkpoint.tsr", "-CAfile", there / "chain.pem")
    good = openssl(*verify_with, "-data", there / "checkpoint")
    assert b"Verification: OK" in good.stdout + good.stderr
    (there / "other").write_text(checkpoint.note + "x")
    bad = openssl(*verify_with, "-data", there / "other")
    assert bad.returncode != 0
    with pytest.raises(CommandError, match="there already"):
        call_command("stamps", str(tmp_path / "out"))


def test_only_the_digest_leaves(authority: Authority, checkpoint: Checkpoint) -> None:
    tasks.stamp()
    (query,) = authority.asked
    assert len(query) < 100
    assert b"casemgr" not in query


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("garbage", "not_an_answer"),
        ("page", "not_an_answer"),
        ("nothing", "not_an_answer"),
        ("giant", "too_large"),
        ("policy", "wrong_policy"),
        ("other", "not_signed_by_authority"),
        ("imprint", "wrong_imprint"),
        ("rejected", "rejected"),
        ("error", "http_500"),
        ("elsewhere", "http_307"),
    ],
)
def test_answer_that_is_not_believed_is_refused_recorded_and_asked_again(
    authority: Authority, checkpoint: Checkpoint, how: str, reason: str
) -> None:
    authority.how = how
    assert tasks.stamp() == 0
    assert not Stamp.objects.exists()
    assert [row.reason for row in StampTry.objects.all()] == [reason]
    assert [one["reason"] for one in events(Kind.STAMP_REFUSED)] == [reason]
    assert len(authority.asked) == 1, "no redirect is followed"
    authority.how = "" if how == "elsewhere" else how
    if how != "elsewhere":
        tasks.stamp()
        assert StampTry.objects.count() == 1, "the same reason is told once"
    authority.how = ""
    assert tasks.stamp() == 1


def test_answer_to_an_earlier_question_is_refused(authority: Authority, checkpoint: Checkpoint) -> None:
    with time_machine.travel(time.time() - 24 * 3600, tick=True):
        stamping.owe()
    tasks.stamp()
    assert Stamp.objects.count() == 2
    sign(2)
    authority.how = "replay"
    with time_machine.travel(time.time() + 24 * 3600, tick=True):
        stamping.owe()
    assert stamping.stamp_owed() == 0
    assert StampTry.objects.get().reason == "wrong_nonce"


def test_authority_whose_clock_is_wrong_is_not_believed(authority: Authority, checkpoint: Checkpoint) -> None:
    with time_machine.travel(time.time() + 3600, tick=True):
        tasks.stamp()
    assert StampTry.objects.get().reason == "wrong_time"


def test_nobody_there_is_unreachable(
    authority: Authority, checkpoint: Checkpoint, settings: Settings
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.STAMP_AUTHORITIES = {
            "one": authority.settings(url=f"http://127.0.0.1:{free.getsockname()[1]}/")
        }
        tasks.stamp()
    assert StampTry.objects.get().reason == "unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://10.0.0.7/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.7]/",
        "http://0.0.0.0:1/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://user:secret@example.org/",
    ],
)
@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
def test_addresses_inside_are_refused_with_and_without_a_proxy(
    settings: Settings, url: str, proxy: str
) -> None:
    settings.STAMP_PROXY = proxy
    with pytest.raises(StampRefused) as refused:
        asking.ask(url, b"")
    assert refused.value.reason == "address_refused"


def test_name_that_leads_inside_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_args: object, **_more: object) -> list[object]:
        return [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("192.168.1.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(StampRefused) as refused:
        asking.ask("http://tsa.example.org/", b"")
    assert refused.value.reason == "address_refused"


def test_name_is_looked_up_once_and_the_certificate_is_that_of_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[tuple[str, dict[str, object]]] = []

    class Pool(urllib3.HTTPSConnectionPool):
        def __init__(self, host: str, port: int, **more: object) -> None:
            made.append((host, more))
            raise urllib3.exceptions.LocationValueError("far enough")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_m: [(2, 1, 6, "", ("93.184.216.34", 443))])
    monkeypatch.setattr(urllib3, "HTTPSConnectionPool", Pool)
    with pytest.raises(StampRefused):
        asking.ask("https://tsa.example.org/tsr", b"")
    ((host, more),) = made
    assert host == "93.184.216.34"
    assert (more["server_hostname"], more["assert_hostname"]) == ("tsa.example.org", "tsa.example.org")


def test_question_goes_through_the_operators_proxy(
    authority: Authority, checkpoint: Checkpoint, settings: Settings
) -> None:
    """The proxy here is the authority's own server: it is asked for the whole address."""
    settings.STAMP_PROXY = f"http://127.0.0.1:{authority.port}"
    settings.STAMP_AUTHORITIES = {"one": authority.settings(url="http://tsa.invalid/tsr")}
    assert tasks.stamp() == 1


def test_clock_asks_even_when_nothing_happened(authority: Authority, checkpoint: Checkpoint) -> None:
    asked = []
    for hours in (0, 1, 5.9, 6, 11.9, 12):
        with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
            stamping.owe()
            stamping.owe()
            asked.append(StampOwed.objects.count())
    assert asked == [1, 1, 1, 2, 2, 3]
    assert {owed.checkpoint_id for owed in StampOwed.objects.all()} == {1}


def test_time_before_the_first_of_the_day_is_yesterdays_last(settings: Settings) -> None:
    settings.STAMP_TIMES = ["18:00", "06:00"]
    early = datetime(2026, 5, 4, 5, 59, tzinfo=UTC)
    assert stamping.due_at(early) == datetime(2026, 5, 3, 18, 0, tzinfo=UTC)
    assert stamping.due_at(early + timedelta(minutes=1)) == datetime(2026, 5, 4, 6, 0, tzinfo=UTC)


def test_backlog_is_stamped_in_order_when_the_authority_is_back_and_is_told_while_it_waits(
    authority: Authority, checkpoint: Checkpoint
) -> None:
    authority.how = "error"
    now = time.time()
    for day in (4, 3, 2):
        with time_machine.travel(now - day * 24 * 3600, tick=True):
            stamping.owe()
            sign(10 - day)
    assert stamping.stamp_owed() == 0
    assert len(authority.asked) == 1, "what waits behind the first is not tried before it"
    (stands,) = stamping.standing()
    assert (stands.waiting, stands.reason, stands.is_late) == (3, "http_500", True)
    authority.how = ""
    assert stamping.stamp_owed() == 3
    order = Stamp.objects.order_by("received_at").values_list("owed__checkpoint", flat=True)
    assert list(order) == [1, 6, 7]
    (stands,) = stamping.standing()
    assert (stands.waiting, stands.is_late) == (0, True), "the clock asked for nothing since yesterday"
    stamping.owe()
    (stands,) = stamping.standing()
    assert (stands.waiting, stands.is_late) == (1, False)


def test_nothing_is_owed_before_the_first_checkpoint(authority: Authority, db: None) -> None:
    assert tasks.stamp() == 0
    assert not StampOwed.objects.exists()


def test_stamp_stands_with_its_event_or_not_at_all(
    authority: Authority, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> Event:
        raise OSError("the log cannot be written")

    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", broken)
        with pytest.raises(OSError, match="cannot be written"):
            tasks.stamp()
        authority.how = "error"
        with pytest.raises(OSError, match="cannot be written"):
            tasks.stamp()
    assert not Stamp.objects.exists()
    assert not StampTry.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"chain": "nothing"}, "cannot be read"),
        ({"policy": "one.two"}, "object identifier"),
    ],
)
def test_authority_that_cannot_be_used_is_told(
    authority: Authority, settings: Settings, db: None, more: dict[str, str], said: str
) -> None:
    settings.STAMP_AUTHORITIES = {"one": authority.settings(**more)}
    with pytest.raises(AuthorityMisread, match=said):
        list(authorities())
    assert tasks.stamp() == 0
    leaf = (authority.folder / "tsa.pem").read_text()
    settings.STAMP_AUTHORITIES = {"one": authority.settings(chain=leaf)}
    with pytest.raises(AuthorityMisread, match="no root"):
        list(authorities())


@pytest.mark.django_db(transaction=True)
def test_verification_reads_every_stamp_again(
    authority: Authority,
    folder: Path,
    superuser: psycopg.Connection,
    settings: Settings,
    made: tuple[Authority, Authority],
) -> None:
    with transaction.atomic():
        record(Kind.CASE_OPENED, by="INV-01")
    seal_batch()
    with Signer() as signer:
        signer.sign()
    assert tasks.stamp() == 1
    assert verify().is_sound
    settings.STAMP_AUTHORITIES = {"one": authority.settings(url="")}
    assert verify().is_sound, "one that is asked no more still proves what it said"
    settings.STAMP_AUTHORITIES = {}
    assert "certificates are not configured" in said()
    settings.STAMP_AUTHORITIES = {"one": made[1].settings(url="")}
    assert "not_signed_by_authority" in said()
    settings.STAMP_AUTHORITIES = {"one": authority.settings(policy=OTHER_POLICY)}
    assert "wrong_policy" in said()
    settings.STAMP_AUTHORITIES = {"one": authority.settings()}
    for attack, word in ATTACKS.items():
        with attacked(superuser, attack):
            assert word in said(), attack
        assert verify().is_sound, attack


ATTACKS: dict[LiteralString, str] = {
    "UPDATE audit_stamp SET token = decode('00', 'hex')": "not the one that the log speaks of",
    "UPDATE audit_stamp SET nonce = '1'": "wrong_nonce",
    "UPDATE audit_stamp SET said_at = said_at - interval '1 day'": "another time than its row",
    "UPDATE audit_checkpoint SET note = note || 'x'": "wrong_imprint",
    "DELETE FROM audit_stamp": "that the log speaks of is gone",
}


@contextmanager
def attacked(superuser: psycopg.Connection, attack: LiteralString) -> Iterator[None]:
    """Do what a superuser may, and undo it."""
    tables: tuple[LiteralString, ...] = ("audit_stamp", "audit_checkpoint")
    kept = {table: superuser.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    superuser.execute(attack)
    yield
    with superuser.transaction():
        for table, rows in kept.items():
            superuser.execute(f"DELETE FROM {table}")
            for row in rows:
                places = ", ".join(["%s"] * len(row))
                superuser.execute(f"INSERT INTO {table} VALUES ({places})", row)


def said() -> str:
    return "\n".join(map(str, verify().findings))


@pytest.mark.parametrize("table", ["audit_stamp", "audit_stampowed", "audit_stamptry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_app_may_add_stamps_and_nothing_else(db: None, table: str, statement: str) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
