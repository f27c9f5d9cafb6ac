"""Invented identities, by which custodians prove every month that names can be recovered.

They are sealed by the code that seals real ones, to the same pairs, and stand in the same tables. Which rows
they are follows from the root key alone: they lie in a scope whose id is a keyed digest. Their halves are
bound to `papers.DRILLS` in the place of a case's code, so that a custodian's tool knows a drill by what its
key opens and not by what a server says.

Promise: of what an invented identity holds, the server keeps a keyed commitment and nothing else: two
custodians who open it prove that they opened this one, and nobody can say so without. Called by the actions
of drills, and by what must know drills from names.
"""

import secrets
from uuid import UUID, uuid4

from vault.custodian.directory import Directory
from vault.custodian.pairs import Subject
from vault.custodian.papers import DRILLS
from vault.envelope import encode
from vault.identities import SealedAs, seal_to_pairs, subject_of, written
from vault.keys.scopekeys import create_scope_key
from vault.macs import Domain, mac, verify_mac
from vault.models.identities import SealedIdentity
from vault.models.keys import ScopeKey
from vault.scopes import Scope

_GIVEN = ("Ahmad", "Amina", "Bilal", "Dima", "Farid", "Hala", "Ibrahim", "Karima", "Marwan", "Nadia", "Omar")
_FAMILY = ("Darwish", "Fares", "Habib", "Issa", "Kanaan", "Mansour", "Nasser", "Qasim", "Saleh", "Tawil")


def drills_scope() -> UUID:
    """The scope in which invented identities lie; nobody finds them without the root key."""
    return UUID(bytes=mac(Domain.DRILL, b"scope of invented identities")[:16], version=4)


def is_drill(row: SealedIdentity) -> bool:
    """Tell whether a sealed identity was invented."""
    return row.scope_id == drills_scope()


def drill_code(subject: UUID) -> str:
    """What stands in the place of a witness's code."""
    return f"{DRILLS}-{subject.hex[:8].upper()}"


def drill_subject(row: SealedIdentity) -> Subject:
    """What an invented identity is bound to."""
    return subject_of(row, case_code=DRILLS, witness_code=drill_code(row.subject))


def seal_invented(directory: Directory, *, by: str) -> tuple[SealedAs, bytes]:
    """Invent an identity and seal it for every pair; return which row it is, and the commitment.

    Must run in a transaction.
    """
    scope, subject, identity = drills_scope(), uuid4(), _invented()
    if not ScopeKey.objects.filter(kind=Scope.case(scope).kind, scope_id=scope).exists():
        create_scope_key(Scope.case(scope), by=by)
    made = seal_to_pairs(
        case=(scope, DRILLS),
        witness=(subject, drill_code(subject)),
        identity=identity,
        directory=directory,
        by=by,
    )
    return made, mac(Domain.DRILL, _committed(made.id, written(identity)))


def check_opened(identity: UUID, content: bytes, commitment: bytes) -> None:
    """Raise `NotVerified` unless this is what was sealed as that identity."""
    verify_mac(Domain.DRILL, _committed(identity, content), commitment)


def _committed(identity: UUID, content: bytes) -> bytes:
    return encode(b"content of an invented identity 1", identity.bytes, content)


def _invented() -> dict[str, str]:
    """Nobody; whoever opens it unasked must not see at once that it is nobody."""
    return {
        "given": secrets.choice(_GIVEN),
        "father": secrets.choice(_GIVEN),
        "family": secrets.choice(_FAMILY),
        "born": str(1950 + secrets.randbelow(50)),
        "phones": f"+963 9{secrets.randbelow(10)}{secrets.randbelow(10)} {secrets.randbelow(10**6):06}",
    }
