"""Uploads to the real web server, by a real client, while that server is killed."""

import io
import os
import signal
import socket

import pytest
from django.conf import settings
from django.urls import reverse
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from accounts.door import entering
from evidence.models import FileObject, Upload
from evidence.vocabulary import CustodyKind
from tests.evidence.turning import BODY
from tests.evidence.worlds import World, make_world, stored_files
from tests.personas import signed_in
from tests.running import end_group, web_server
from vault.files import SEGMENT, check_content
from vault.vocabulary import Purpose

TOKEN = "b" * 32
LENGTH = 11 * SEGMENT + 4321
PIECE = 3 * SEGMENT + 7


def said_by(world: World) -> dict[str, str]:
    """Headers of a session of its own."""
    cookie = signed_in(world.investigator).cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    return {"Cookie": cookies, "X-CSRFToken": TOKEN}


def client(world: World, port: int) -> TusClient:
    where = reverse("uploads", kwargs={"case": world.case.pk, "item": world.item.pk})
    return TusClient(f"http://127.0.0.1:{port}{where}", headers=said_by(world))


def begin_a_piece(world: World, port: int, address: str, content: bytes, offset: int) -> socket.socket:
    """Send the head of a PATCH and half of its body, and hold the connection."""
    lines = {
        "Host": f"127.0.0.1:{port}",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Content-Type": BODY,
        "Content-Length": str(len(content)),
        **said_by(world),
    }
    head = f"PATCH {address} HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in lines.items())
    wire = socket.create_connection(("127.0.0.1", port), timeout=30)
    wire.sendall(head.encode() + b"\r\n" + content[: len(content) // 2])
    return wire


@pytest.mark.django_db(transaction=True)
def test_killed_server_costs_nothing_that_was_durable() -> None:
    world, content = make_world(), os.urandom(LENGTH)
    with web_server() as (port, server):
        sent = client(world, port).uploader(
            file_stream=io.BytesIO(content),
            chunk_size=PIECE,
            metadata={"filename": "clip.mp4"},
            upload_checksum=True,
        )
        sent.upload(stop_at=6 * SEGMENT)
        address = (sent.url or "").removeprefix(f"http://127.0.0.1:{port}")
        assert sent.offset == 6 * SEGMENT
        wire = begin_a_piece(world, port, address, content[6 * SEGMENT :], 6 * SEGMENT)
        while not _is_taken(world):
            pass
        end_group(server, signal.SIGKILL)
        wire.close()
    with pytest.raises((TusCommunicationError, TusUploadFailed)):
        sent.upload()
    with entering(world.investigator, "test"):
        Upload.objects.update(turn_at="2025-01-01T00:00:00Z")  # who was killed is silent
    with web_server() as (port, _server):
        again = client(world, port).uploader(
            file_stream=io.BytesIO(content), chunk_size=PIECE, url=f"http://127.0.0.1:{port}{address}"
        )
        assert again.offset == 6 * SEGMENT
        again.upload()
    with entering(world.investigator, "test"):
        file = FileObject.objects.select_related("stored").get(item=world.item)
        found = check_content(file.stored, reader="INV-01", purpose=Purpose.INTEGRITY)
        assert not Upload.objects.exists()
    assert found.length == LENGTH
    assert [entry.event for entry in world.custody()] == [CustodyKind.REGISTERED, CustodyKind.RECEIVED]
    assert file.stored.storage_ref in {one.name for one in stored_files()}
    assert not [
        one for one in stored_files() if one.parent.name == "pending" and one.name == file.stored_id.hex
    ]


def _is_taken(world: World) -> bool:
    with entering(world.investigator, "test"):
        return Upload.objects.filter(turn__isnull=False).exists()
