"""Sending files as the page's script does."""

from typing import Any

from django.test import Client

from evidence.models import EvidenceItem
from tests.evidence.turning import announce, metadata, patch, place
from tests.evidence.worlds import World


def address(world: World, item: EvidenceItem | None = None) -> str:
    return place(world, item)


def send(browser: Client, where: str, content: bytes, *, name: str = "stairs.jpg", **headers: str) -> Any:
    """Announce a file and send it in one piece; the answer is a refusal, or says what was kept."""
    begun = announce(browser, where, len(content), Upload_Metadata=metadata(filename=name))
    if begun.status_code != 201:
        return begun
    sent = patch(browser, begun["Location"], 0, content, **headers)
    if sent.status_code != 204:
        return sent
    key = begun["Location"].rstrip("/").rpartition("/")[2]
    return browser.get(f"{where.removesuffix('uploads/')}files/kept/{key}/")
