"""Sending files as the page's script does."""

from typing import Any
from urllib.parse import quote

from django.test import Client
from django.urls import reverse

from evidence.models import EvidenceItem
from tests.evidence.worlds import World

OCTETS = "application/octet-stream"


def address(world: World, item: EvidenceItem | None = None) -> str:
    return reverse("file-receive", kwargs={"case": world.case.pk, "item": (item or world.item).pk})


def send(
    browser: Client,
    where: str,
    content: bytes,
    *,
    name: str = "stairs.jpg",
    content_type: str = OCTETS,
    **headers: str,
) -> Any:
    """Send a file as the page's script does."""
    said = {"X-File-Name": quote(name), "Accept": "application/json"}
    said |= {key.replace("_", "-"): value for key, value in headers.items()}
    return browser.post(where, content, content_type=content_type, headers=said)
