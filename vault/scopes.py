"""Under whose key a value lies.

Promise: a scope is a name and nothing more; it holds no key and gives no right. Every room may make one.
"""

from dataclasses import dataclass
from uuid import UUID

from vault.vocabulary import ScopeKind


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A case, the staff or the recipients; with `unit`, one witness or file in it, whose own key seals.

    `unit` is None where the scope's own key (L2) seals; else it names the key in the keystore (L3).
    """

    kind: ScopeKind
    id: UUID
    unit: UUID | None = None

    # Written out: comparing the scopes of ten thousand rows costs as much as opening them otherwise.
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scope):
            return NotImplemented
        if self.id.int != other.id.int or self.kind is not other.kind:
            return False
        mine, theirs = self.unit, other.unit
        return mine is theirs or (mine is not None and theirs is not None and mine.int == theirs.int)

    def __hash__(self) -> int:
        return hash((self.id.int, self.unit.int if self.unit else 0))

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
