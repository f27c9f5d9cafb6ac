"""Asking an authority over HTTP.

Promise: a question goes to the configured host and nowhere else: no redirect is followed, an address inside
the operator's own network is refused, and the name is looked up once, so that it cannot turn into another
between the look and the call. An answer is read up to a size and a time. Where a proxy is set everything goes
through it, and the name is looked up there. Called by the stamper alone.
"""

import ipaddress
import socket
import time
from typing import Final

import urllib3
from django.conf import settings
from urllib3.util import Timeout, Url, parse_url

from audit.stamps import MOST_BYTES, StampRefused

_TIMEOUT: Final = Timeout(connect=10, read=20)
_LONGEST: Final = 60.0  # seconds for one answer, however slowly it drips
_PIECE: Final = 4096
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


def ask(url: str, question: bytes) -> bytes:
    """Send a question and return the answer's bytes, unread. Raises `StampRefused`."""
    place = parse_url(url)
    if place.scheme not in {"http", "https"} or not place.host or place.auth:
        raise StampRefused("address_refused")
    try:
        with _answer(place, question) as answer:
            if answer.status != 200:
                raise StampRefused(f"http_{answer.status}")
            return _body(answer)
    except (urllib3.exceptions.HTTPError, OSError):
        raise StampRefused("unreachable") from None


def _answer(place: Url, question: bytes) -> urllib3.BaseHTTPResponse:
    if settings.STAMP_PROXY:
        _refuse_private(_literal(place))
        proxy = urllib3.ProxyManager(settings.STAMP_PROXY, timeout=_TIMEOUT, retries=False)
        return proxy.request(
            "POST", place.url, body=question, headers=_HEADERS, redirect=False, preload_content=False
        )
    port = place.port or (443 if place.scheme == "https" else 80)
    address = _address(str(place.host).strip("[]"), port)
    pool: urllib3.HTTPConnectionPool
    if place.scheme == "https":
        name = str(place.host)
        pool = urllib3.HTTPSConnectionPool(
            address, port, timeout=_TIMEOUT, server_hostname=name, assert_hostname=name
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=_TIMEOUT)
    return pool.urlopen(
        "POST",
        place.request_uri,
        body=question,
        headers={**_HEADERS, "Host": place.netloc or ""},
        redirect=False,
        retries=False,
        preload_content=False,
    )


def _address(host: str, port: int) -> str:
    """Look a name up once and return the address to call; every address it has must be a public one."""
    found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for one in found:
        _refuse_private(ipaddress.ip_address(one))
    return min(found)


def _literal(place: Url) -> "ipaddress.IPv4Address | ipaddress.IPv6Address | None":
    """An address written as such; what a name leads to is the proxy's business."""
    try:
        return ipaddress.ip_address(str(place.host).strip("[]"))
    except ValueError:
        if str(place.host).rstrip(".").endswith("localhost"):
            return ipaddress.ip_address("127.0.0.1")
        return None


def _refuse_private(address: "ipaddress.IPv4Address | ipaddress.IPv6Address | None") -> None:
    if address is None or settings.STAMP_PRIVATE_ADDRESSES:
        return
    inside = getattr(address, "ipv4_mapped", None) or address
    if not inside.is_global or inside.is_multicast:
        raise StampRefused("address_refused")


def _body(answer: urllib3.BaseHTTPResponse) -> bytes:
    body, until = bytearray(), time.monotonic() + _LONGEST
    while piece := answer.read1(_PIECE, decode_content=False):
        body += piece
        if len(body) > MOST_BYTES:
            raise StampRefused("too_large")
        if time.monotonic() > until:
            raise StampRefused("unreachable")
    return bytes(body)
