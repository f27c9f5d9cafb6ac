"""The authorities that put a time on our checkpoints, as the settings name them.

Promise: an authority is its address, the certificates that it is believed by, and the policy that it must
name; one without a root of its own among them is refused. One that is asked no more keeps its certificates,
so that what it said stays provable. Read by `audit` and by pages that say how things stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.x509 import ObjectIdentifier
from django.conf import settings


class AuthorityMisread(ValueError):
    """The settings name an authority in a way that cannot be used; the line says which and why."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom we ask, and how its answers are known."""

    name: str
    url: str
    policy: ObjectIdentifier
    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...]
    chain: str

    @property
    def is_asked(self) -> bool:
        """Its address is named; an earlier one keeps its certificates alone."""
        return bool(self.url)


_PARTS: Final = ("url", "chain", "policy")


def authorities() -> Iterator[Authority]:
    """Yield every authority that the settings name. Raises `AuthorityMisread`."""
    for name, said in settings.STAMP_AUTHORITIES.items():
        yield _read(name, *(said[part] for part in _PARTS))


def asked() -> list[Authority]:
    """Return those that are asked now."""
    return [one for one in authorities() if one.is_asked]


def _read(name: str, url: str, chain: str, policy: str) -> Authority:
    if not name.isascii() or not name.replace("-", "").isalnum() or len(name) > 40:
        raise AuthorityMisread("a name of an authority is letters, digits and hyphens")
    try:
        certificates = x509.load_pem_x509_certificates(chain.encode())
    except ValueError:
        raise AuthorityMisread(f"{name}: its certificates cannot be read") from None
    roots = tuple(one for one in certificates if one.issuer == one.subject)
    if not roots:
        raise AuthorityMisread(f"{name}: no root is among its certificates")
    try:
        oid = ObjectIdentifier(policy)
    except ValueError:
        raise AuthorityMisread(f"{name}: its policy is no object identifier") from None
    between = tuple(one for one in certificates if one not in roots)
    return Authority(name, url, oid, roots, between, chain)
