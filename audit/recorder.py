"""The log's side of the vault's port.

Promise: each call that opens sealed content writes one event before anything is shown, in the reader's own
transaction; if it cannot be written, nothing opens. Installed by `AuditConfig.ready`; called by the vault
alone.
"""

from collections.abc import Sequence
from uuid import UUID

from audit.actions import append
from audit.vocabulary import Kind
from vault.ports import Recorder
from vault.scopes import Scope
from vault.vocabulary import ScopeKind

_KEY_KINDS = {"created": Kind.KEY_CREATED, "rotated": Kind.KEY_ROTATED, "destroyed": Kind.KEY_DESTROYED}
_MOST_SCOPES = 200  # more cases than a page can show: then the count alone stands in the leaf


class LogRecorder(Recorder):
    """Turns what the vault tells into events: who, why, which kind of thing, how many; never a value."""

    def opened(
        self, *, reader: str, purpose: str, scopes: Sequence[Scope], kind: str, count: int, commitment: bytes
    ) -> None:
        cases = {scope.id for scope in scopes if scope.kind is ScopeKind.CASE}
        append(
            Kind.CONTENT_OPENED,
            by=reader,
            subject=f"table:{kind}",
            scopes=sorted(cases) if len(cases) <= _MOST_SCOPES else (),
            facts={
                "cases": len(cases),
                "commitment": commitment.hex(),
                "count": count,
                "purpose": str(purpose),
            },
        )

    def key_event(self, *, event: str, key_id: UUID, scope: Scope | None, by: str) -> None:
        is_case = scope is not None and scope.kind is ScopeKind.CASE
        append(
            _KEY_KINDS[event],
            by=by,
            subject=f"key:{key_id}",
            scopes=(scope.id,) if scope is not None and is_case else (),
            facts={"scope": scope.kind.value} if scope else None,
        )
