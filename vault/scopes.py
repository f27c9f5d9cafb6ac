"""Under whose key a value lies.

Promise: a scope is a name and nothing more; it holds no key and gives no right. Every room may make one.
"""

from typing import NamedTuple
from uuid import UUID

from vault.vocabulary import ScopeKind


class Scope(NamedTuple):
    """A case, the staff or the recipients; with `unit`, one witness or file in it, whose own key seals.

    `unit` is None where the scope's own key (L2) seals; else it names the key in the keystore (L3). A named
    tuple: each row of ten thousand makes one, and a frozen dataclass takes four times as long to make.
    """

    kind: ScopeKind
    id: UUID
    unit: UUID | None = None

    @staticmethod
    def case(case_id: UUID) -> "Scope":
        return Scope(ScopeKind.CASE, case_id)

    @staticmethod
    def witness(case_id: UUID, witness_id: UUID) -> "Scope":
        return Scope(ScopeKind.CASE, case_id, witness_id)

    @property
    def whole(self) -> "Scope":
        """The scope without its unit."""
        return self if self.unit is None else Scope(self.kind, self.id)

    @property
    def name(self) -> bytes:
        """The scope as it stands in a context: its kind and its id (a unit is bound by its key's id)."""
        return self.kind.encode() + b":" + self.id.bytes


STAFF = Scope(ScopeKind.STAFF, UUID("5afe0000-0000-4000-8000-000000000001"))
RECIPIENTS = Scope(ScopeKind.RECIPIENTS, UUID("5afe0000-0000-4000-8000-000000000002"))
