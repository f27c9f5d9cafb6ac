"""Where a hand-over asks the room above, which knows exports, recipients and what witnesses agreed to.

Promise: who goes in, for whom and to which key is asked anew at every step, and answered by nobody else; with
nobody installed every hand-over is refused. `exports` installs itself at start. What the process is handed it
is handed by this port, and what the process made goes up through it. Called by the steps of a hand-over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from accounts.models import User
from cases.chamber.holding import Letter
from cases.errors import HandoverNotPossible
from cases.models import IdentitySession


@dataclass(frozen=True, slots=True)
class Terms:
    """What a hand-over rests on, as it is now: `bound` is read and signed by custodians; `people` holds, by
    witness, a digest over all on which it rests that they go in.
    """

    bound: tuple[tuple[str, str], ...]
    people: Mapping[UUID, bytes]


class Handing(Protocol):
    """What the room above answers. Each raises the refusal that it deserves."""

    def terms(self, session: IdentitySession, *, by: User) -> Terms:
        """Ask everything anew: export, approval, keys, every consent."""

    def letter(self, session: IdentitySession, *, by: User) -> Letter:
        """Return what the process needs beside the names: the words of the second key, codes, pseudonyms."""

    def take(self, session: IdentitySession, sealed: bytes, *, by: User) -> None:
        """Keep what the process made, with the export, and destroy the second key."""


_installed: list[Handing] = []


def install(handing: Handing) -> None:
    """Make it the one that is asked."""
    _installed[:] = [handing]


def current(session: IdentitySession) -> Handing:
    """Return who is asked, or raise `HandoverNotPossible`."""
    if not _installed:
        raise HandoverNotPossible(subject=f"{session.noun}:{session.pk}", scope=session.case_id)
    return _installed[0]
