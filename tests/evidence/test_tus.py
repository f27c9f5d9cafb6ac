"""What the text of tus 1.0.0 says a server must do, line by line, with the extensions that we name."""

import base64
import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.http import parse_http_date

from accounts.door import entering
from audit.vocabulary import Kind
from evidence.models import Upload
from evidence.vocabulary import CustodyKind
from tests.evidence.turning import (
    BODY,
    SPEAKS,
    announce,
    begun,
    file_of,
    head,
    metadata,
    offset_of,
    patch,
    place,
    upload_row,
)
from tests.evidence.worlds import World, stored_files
from tests.personas import signed_in
from vault.files import SEGMENT, check_content
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

CONTENT = os.urandom(2 * SEGMENT + 1234)
Step = Callable[[World, Client], Any]


def _digest(name: str, content: bytes) -> str:
    return f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"


def _plain(world: World, browser: Client) -> str:
    return begun(browser, world, len(CONTENT))


# What is sent, and the status that answers it; each line is a MUST of the text, or of an extension.
REFUSALS: dict[str, tuple[Step, int]] = {
    "creation: neither length nor its deferral": (
        lambda w, b: b.post(place(w), headers=SPEAKS | {"Upload-Metadata": metadata(filename="x")}),
        411,
    ),
    "creation: length and its deferral": (
        lambda w, b: announce(b, place(w), 5, Upload_Defer_Length="1"),
        400,
    ),
    "creation: deferral is 1 or nothing": (
        lambda w, b: announce(b, place(w), None, Upload_Defer_Length="2"),
        400,
    ),
    "creation: length is a number": (lambda w, b: announce(b, place(w), -1), 400),
    "creation: length within Tus-Max-Size": (
        lambda w, b: announce(b, place(w), settings.MAX_UPLOAD + 1),
        413,
    ),
    "creation: key of metadata twice": (
        lambda w, b: announce(
            b, place(w), 5, Upload_Metadata=metadata(filename="x") + "," + metadata(filename="y")
        ),
        400,
    ),
    "creation: metadata is base64": (
        lambda w, b: announce(b, place(w), 5, Upload_Metadata="filename ***"),
        400,
    ),
    "creation: no file without a name": (
        lambda w, b: announce(b, place(w), 5, Upload_Metadata="filename"),
        400,
    ),
    "creation: no file without a byte": (lambda w, b: announce(b, place(w), 0), 409),
    "creation: metadata of a bounded length": (
        lambda w, b: announce(b, place(w), 5, Upload_Metadata=metadata(filename="x", more="y" * 4096)),
        400,
    ),
    "core: another version": (lambda w, b: announce(b, place(w), 5, Tus_Resumable="0.2.2"), 412),
    "core: no version": (lambda w, b: b.post(place(w), headers={"Upload-Length": "5"}), 412),
    "core: another version in PATCH": (
        lambda w, b: patch(b, _plain(w, b), 0, CONTENT, Tus_Resumable="2.0.0"),
        412,
    ),
    "core: another type of body": (
        lambda w, b: b.patch(
            _plain(w, b), CONTENT, content_type="text/plain", headers=SPEAKS | {"Upload-Offset": "0"}
        ),
        415,
    ),
    "core: PATCH without an offset": (
        lambda w, b: b.patch(
            _plain(w, b), CONTENT, content_type="application/offset+octet-stream", headers=SPEAKS
        ),
        400,
    ),
    "core: PATCH without a length": (
        lambda w, b: b.generic(
            "PATCH",
            _plain(w, b),
            b"x",
            headers=SPEAKS | {"Upload-Offset": "0"},
            CONTENT_TYPE=BODY,
            CONTENT_LENGTH="",
        ),
        411,
    ),
    "core: offset is a number": (lambda w, b: patch(b, _plain(w, b), -1, CONTENT), 400),
    "core: another offset than the upload's": (
        lambda w, b: patch(b, _plain(w, b), SEGMENT, CONTENT[SEGMENT:]),
        409,
    ),
    "core: more bytes than were announced": (lambda w, b: patch(b, _plain(w, b), 0, CONTENT + b"x"), 409),
    "core: unknown upload": (
        lambda w, b: patch(b, place(w) + "00000000-0000-4000-8000-00000000dead/", 0, CONTENT),
        404,
    ),
    "core: HEAD of an unknown upload": (
        lambda w, b: head(b, place(w) + "00000000-0000-4000-8000-00000000dead/"),
        404,
    ),
    "core: piece in which no segment is whole": (
        lambda w, b: patch(b, _plain(w, b), 0, CONTENT[:900_000]),
        400,
    ),
    "core: method in a header is believed of a POST alone": (
        lambda w, b: patch(b, _plain(w, b), 0, CONTENT, X_HTTP_Method_Override="DELETE"),
        400,
    ),
    "core: no other method in a header": (
        lambda w, b: b.post(_plain(w, b), headers=SPEAKS | {"X-HTTP-Method-Override": "PUT"}),
        405,
    ),
    "defer-length: another length than was said": (
        lambda w, b: patch(b, _plain(w, b), 0, CONTENT, Upload_Length=str(len(CONTENT) + 1)),
        409,
    ),
    "checksum: unknown algorithm": (
        lambda w, b: patch(b, _plain(w, b), 0, CONTENT, Upload_Checksum="md5 AAAA"),
        400,
    ),
    "checksum: not base64": (lambda w, b: patch(b, _plain(w, b), 0, CONTENT, Upload_Checksum="sha1 *"), 400),
    "checksum: differs": (
        lambda w, b: patch(b, _plain(w, b), 0, CONTENT, Upload_Checksum=_digest("sha1", b"other")),
        460,
    ),
    "digest of the whole: differs": (
        lambda w, b: patch(b, _plain(w, b), 0, CONTENT, X_File_SHA256="0" * 64),
        409,
    ),
    "digest of the whole: is one": (lambda w, b: patch(b, _plain(w, b), 0, CONTENT, X_File_SHA256="0"), 400),
}


@pytest.mark.parametrize("line", REFUSALS)
def test_what_must_be_refused(
    world: World, browser: Client, line: str, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    step, status = REFUSALS[line]
    kept = [path for path in stored_files() if path.parent.name != "pending"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = step(world, browser)
    assert answer.status_code == status, answer.content
    assert answer["Tus-Resumable"] == "1.0.0"
    assert "Upload-Offset" not in answer
    if status == 412:
        assert answer["Tus-Version"] == "1.0.0"
    assert [path for path in stored_files() if path.parent.name != "pending"] == kept
    with entering(world.investigator, "test"):
        assert [row.segments for row in Upload.objects.all()] in ([], [0])
    assert not world.events(Kind.EVIDENCE_RECEIVED)


def test_options_tell_what_the_server_can(world: World, browser: Client) -> None:
    for where in (place(world), _plain(world, browser)):
        answer = browser.options(where)
        assert answer.status_code == 204
        assert answer["Tus-Version"] == "1.0.0"
        assert set(answer["Tus-Extension"].split(",")) == {
            "creation",
            "creation-defer-length",
            "expiration",
            "checksum",
            "termination",
        }
        assert answer["Tus-Max-Size"] == str(settings.MAX_UPLOAD)
        assert "sha1" in answer["Tus-Checksum-Algorithm"].split(",")


def test_creation_says_where_and_until_when(world: World, browser: Client) -> None:
    answer = announce(browser, place(world), 5)
    assert answer.status_code == 201
    assert answer["Location"].startswith(place(world))
    assert parse_http_date(answer["Upload-Expires"]) > timezone.now().timestamp() + 13 * 86_400
    (event,) = world.events(Kind.UPLOAD_BEGUN)
    assert "clip" not in event.leaf


def test_head_says_offset_length_and_metadata_and_is_never_kept(world: World, browser: Client) -> None:
    said = metadata(filename="الدرج.mp4", fingerprint="abc") + ",bare"
    where = announce(browser, place(world), len(CONTENT), Upload_Metadata=said)["Location"]
    answer = head(browser, where)
    assert answer.status_code == 200
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("0", str(len(CONTENT)))
    assert answer["Upload-Metadata"] == said
    assert answer["Cache-Control"] == "no-store"
    assert patch(browser, where, 0, CONTENT[: SEGMENT + 7]).status_code == 204
    assert offset_of(browser, where) == SEGMENT


def test_pieces_make_the_file(world: World, browser: Client) -> None:
    where, ends = begun(browser, world, len(CONTENT)), [SEGMENT + 99, len(CONTENT)]
    first = patch(browser, where, 0, CONTENT[: ends[0]])
    assert (first.status_code, first["Upload-Offset"]) == (204, str(SEGMENT))
    assert "Upload-Expires" in first
    last = patch(
        browser, where, SEGMENT, CONTENT[SEGMENT:], X_File_SHA256=hashlib.sha256(CONTENT).hexdigest()
    )
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(CONTENT)))
    assert "Upload-Expires" not in last
    file = file_of(world, where)
    with entering(world.investigator, "test"):
        found = check_content(file.stored, reader="INV-01", purpose=Purpose.INTEGRITY)
    assert found.sha256 == hashlib.sha256(CONTENT).digest()
    assert [entry.event for entry in world.custody()] == [CustodyKind.REGISTERED, CustodyKind.RECEIVED]
    complete = head(browser, where)
    assert complete["Upload-Offset"] == complete["Upload-Length"] == str(len(CONTENT))


def test_length_may_be_said_late(world: World, browser: Client) -> None:
    where = begun(browser, world, None)
    told = head(browser, where)
    assert told["Upload-Defer-Length"] == "1"
    assert "Upload-Length" not in told
    # Two whole segments: the second may be the last, so that it is asked for again.
    assert patch(browser, where, 0, CONTENT[: 2 * SEGMENT])["Upload-Offset"] == str(SEGMENT)
    last = patch(browser, where, SEGMENT, CONTENT[SEGMENT:], Upload_Length=str(len(CONTENT)))
    assert last["Upload-Offset"] == str(len(CONTENT))
    assert file_of(world, where)


def test_length_that_is_said_late_is_never_less_than_what_is_there(world: World, browser: Client) -> None:
    where = begun(browser, world, None)
    patch(browser, where, 0, CONTENT)
    assert patch(browser, where, 2 * SEGMENT, b"", Upload_Length=str(2 * SEGMENT)).status_code == 409
    assert offset_of(browser, where) == 2 * SEGMENT


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_piece_that_is_what_it_says_is_kept_whole(world: World, browser: Client, name: str) -> None:
    where, piece = begun(browser, world, len(CONTENT)), CONTENT[: 2 * SEGMENT]
    assert patch(browser, where, 0, piece, Upload_Checksum=_digest(name, piece))["Upload-Offset"] == str(
        2 * SEGMENT
    )
    rest = CONTENT[2 * SEGMENT :]
    assert patch(browser, where, 2 * SEGMENT, rest, Upload_Checksum=_digest(name, b"x")).status_code == 460
    assert offset_of(browser, where) == 2 * SEGMENT
    assert patch(browser, where, 2 * SEGMENT, rest, Upload_Checksum=_digest(name, rest)).status_code == 204
    assert file_of(world, where)


def test_what_is_over_is_gone(world: World, browser: Client) -> None:
    where = begun(browser, world, len(CONTENT))
    patch(browser, where, 0, CONTENT[:SEGMENT])
    with entering(world.investigator, "test"):
        Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert patch(browser, where, SEGMENT, CONTENT[SEGMENT:]).status_code == 410
    assert head(browser, where).status_code == 404


@pytest.mark.parametrize("override", [False, True])
def test_termination_leaves_nothing(
    world: World, browser: Client, django_capture_on_commit_callbacks: Callable[..., Any], *, override: bool
) -> None:
    where = begun(browser, world, len(CONTENT))
    patch(browser, where, 0, CONTENT[:SEGMENT])
    assert upload_row(world).segments == 1
    kept = stored_files()
    said = SPEAKS | ({"X-HTTP-Method-Override": "DELETE"} if override else {})
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.generic("POST" if override else "DELETE", where, headers=said)
    assert answer.status_code == 204
    assert len(stored_files()) == len(kept) - 1
    assert head(browser, where).status_code == 404
    assert patch(browser, where, SEGMENT, CONTENT[SEGMENT:]).status_code == 404
    (event,) = world.events(Kind.UPLOAD_DROPPED)
    assert '"reason":"asked"' in event.leaf


def test_forged_requests_are_refused(world: World) -> None:
    strict = signed_in(world.investigator)
    strict.handler.enforce_csrf_checks = True
    where = begun(signed_in(world.investigator), world, len(CONTENT))
    assert announce(strict, place(world), 5).status_code == 403
    assert patch(strict, where, 0, CONTENT).status_code == 403
    assert strict.delete(where, headers=SPEAKS).status_code == 403
    assert strict.post(where, headers=SPEAKS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 403
