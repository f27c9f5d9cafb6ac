"""A newcomer's card: their public keys, signed with their own.

Promise: a card was made by whoever holds the private keys on it. It says nothing of who that is: the people
who put it into a directory compare its words by voice. Called by the tool and by the page of the directory.
"""

from dataclasses import dataclass
from typing import Final

from vault.custodian import canonical
from vault.custodian.canonical import Reader, written
from vault.custodian.directory import Member
from vault.custodian.errors import PaperRefused
from vault.custodian.keys import PrivateKeys
from vault.errors import NotVerified

LIMIT: Final = 16 * 1024
_KIND: Final = "casemgr card"


@dataclass(frozen=True, slots=True)
class Card:
    """A member as they wish to stand in the directory."""

    member: Member
    signature: bytes

    @staticmethod
    def make(member: Member, keys: PrivateKeys) -> "Card":
        """Sign `member` with its own keys."""
        return Card(member, keys.sign(_KIND, canonical.encode(member.facts())))

    def write(self) -> bytes:
        return canonical.encode(
            {"kind": _KIND, "member": self.member.facts(), "signature": written(self.signature)}
        )

    @staticmethod
    def read(raw: bytes) -> "Card":
        """Read a card and its signature; raises `PaperRefused` or `DirectoryRefused`."""
        reader = Reader(canonical.decode(raw, limit=LIMIT))
        if reader.text("kind") != _KIND:
            raise PaperRefused("This is not a card.")
        card = Card(Member.read(reader.part("member")), reader.raw("signature", 64))
        reader.end()
        try:
            card.member.keys.verify(card.signature, _KIND, canonical.encode(card.member.facts()))
        except NotVerified:
            raise PaperRefused("The card is not signed with its own key.") from None
        return card
