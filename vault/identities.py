"""Sealing who a witness is.

Promise: outside a demonstration nothing is sealed here, since a name once sealed under a key that the server
can open stays in its write-ahead log and in every backup. Sealing for two custodians comes with their keys;
the table and the schema, which `app` can write and not read, are there. Called by the intake's action only.
"""

import json
from collections.abc import Callable, Mapping
from uuid import UUID, uuid4

from django.db import transaction

from vault import envelope, padding, ports
from vault.envelope import Place
from vault.errors import IdentityRefused
from vault.keys.ring import ring
from vault.models.identities import SealedIdentity
from vault.scopes import Scope
from vault.vocabulary import Use

LEAST = 4096  # every identity is one length: the longest name tells nothing


def seal_demo_identity(
    *,
    scope: Scope,
    identity: Mapping[str, str],
    by: str,
    is_demonstration: Callable[[], bool],
    version: int = 1,
) -> UUID:
    """Seal an invented person under the case's key and return the id of the sealed identity.

    `scope` names case and witness. `is_demonstration` asks the database whether it was born as a
    demonstration; where it was not, `IdentityRefused` is raised before anything is sealed. Must run in a
    transaction.
    """
    if not is_demonstration():
        raise IdentityRefused
    if scope.unit is None:
        raise ValueError("An identity belongs to a witness.")
    ports.current()
    key_id, key = ring().primary(scope.whole)
    sealed_id = uuid4()
    place = Place(Use.IDENTITY, "sealed_identity", f"sealed|{scope.unit}|{version}", sealed_id, scope.whole)
    content = json.dumps(dict(identity), ensure_ascii=False).encode()
    row = SealedIdentity(
        id=sealed_id,
        scope_id=scope.id,
        subject=scope.unit,
        version=version,
        sealed=envelope.seal(key, key_id, place, padding.pad(content, LEAST)),
        created_by=by,
    )
    with transaction.atomic():
        row.save(force_insert=True)
    return sealed_id
