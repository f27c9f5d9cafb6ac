"""Sending files in several turns, as a tus client does, and what is left of them."""

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from evidence.actions import uploads
from evidence.actions.files import AlreadyHere
from evidence.models import EvidenceItem, FileObject, Upload
from tests.evidence.worlds import World, photo
from tests.scenarios import Scenario

BODY = "application/offset+octet-stream"
SPEAKS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}


def place(world: World, item: EvidenceItem | None = None) -> str:
    return reverse("uploads", kwargs={"case": world.case.pk, "item": (item or world.item).pk})


def metadata(**said: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


def announce(browser: Client, where: str, length: int | None, **headers: str) -> Any:
    """Create an upload; the answer names its address."""
    said = SPEAKS | {"Upload-Metadata": metadata(filename="clip.mp4")}
    said |= {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
    said |= {key.replace("_", "-"): value for key, value in headers.items()}
    return browser.post(where, b"", content_type="application/octet-stream", headers=said)


def begun(browser: Client, world: World, length: int | None) -> str:
    answer = announce(browser, place(world), length)
    assert answer.status_code == 201, answer.content
    return str(answer["Location"])


def patch(browser: Client, where: str, offset: int, content: bytes, **headers: str) -> Any:
    said = SPEAKS | {"Upload-Offset": str(offset)}
    said |= {key.replace("_", "-"): value for key, value in headers.items()}
    return browser.generic(
        "PATCH", where, content, headers=said, CONTENT_TYPE=BODY, CONTENT_LENGTH=str(len(content))
    )


def head(browser: Client, where: str) -> Any:
    return browser.head(where, headers=SPEAKS)


def offset_of(browser: Client, where: str) -> int:
    return int(head(browser, where)["Upload-Offset"])


def upload_row(world: World) -> Upload:
    with entering(world.investigator, "test"):
        return Upload.objects.get()


def file_of(world: World, where: str) -> FileObject:
    """The file that an upload became."""
    with entering(world.investigator, "test"):
        return FileObject.objects.select_related("stored").get(
            upload_key=where.rstrip("/").rpartition("/")[2]
        )


def _announced(world: World, by: User) -> Upload:
    said = {"filename": "clip.mp4"}
    return uploads.begin_upload(by=by, item=world.item, length=len(photo()), metadata=said)


def _prepared(world: World) -> None:
    with entering(world.lead, "test"):
        world.__dict__["upload"] = _announced(world, world.lead)
        _in_a_turn(world, world.lead, lambda going: going.sealer.settle(more=True))
        Upload.objects.update(turn=None)


def _prepared_again(world: World) -> None:
    world.receive(photo(), item=world.register())
    _prepared(world)


def _in_a_turn(world: World, by: User, end: Callable[[uploads.Going], object]) -> None:
    upload = world.__dict__["upload"].pk
    size = len(photo())
    going = uploads.take_turn(by=by, item=world.item, upload=upload, offset=0, size=size, length=None)
    with going.sealer:
        going.sealer.write(photo())
        end(going)


def _finish(world: World, by: User) -> None:
    digest = hashlib.sha256(photo()).hexdigest()
    end = partial(uploads.finish_upload, by=by, length=len(photo()), sha256=digest)
    _in_a_turn(world, by, lambda going: end(going=going))


def _link(world: World, by: User) -> None:
    def end(going: uploads.Going) -> None:
        try:
            uploads.finish_upload(by=by, going=going, length=len(photo()), sha256="")
        except AlreadyHere as here:
            uploads.link_upload(by=by, going=going, digests=here.digests)

    _in_a_turn(world, by, end)


# Of the lead's own: nobody else sees what has not become a file.
_scenario = partial(Scenario[World], by="lead", denied=("supervisor", "analyst"))
SCENARIOS = [
    _scenario("begin_upload", Kind.UPLOAD_BEGUN, _announced, prepare=lambda w: w.item),
    _scenario("finish_upload", Kind.EVIDENCE_RECEIVED, _finish, prepare=_prepared),
    _scenario("link_upload", Kind.EVIDENCE_RECEIVED, _link, prepare=_prepared_again),
    _scenario(
        "drop_upload",
        Kind.UPLOAD_DROPPED,
        lambda w, by: uploads.drop_upload(by=by, item=w.item, upload=w.__dict__["upload"].pk),
        prepare=_prepared,
    ),
]
