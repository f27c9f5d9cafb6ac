"""The hierarchy of keys.

    L0 root key     in a file outside the database; read once a process
    L1 domain keys  derived from it, one a use
    L2 scope keys   one a case, the staff, the recipients; rows, wrapped under L1
    L3 unit keys    one a witness or file; rows of the keystore, wrapped twice: epoch key over scope key

Promise: a key leaves this package only towards the cipher. Actions of other rooms call `create_scope_key`
when a case is made and `create_unit_key` when a witness is; commands call `initialise`, `check_root_key` and
rotation.
"""

from vault.keys.ring import holding
from vault.keys.scopekeys import create_scope_key, ensure_fixed_scopes
from vault.keys.startup import check_root_key, initialise
from vault.keys.unitkeys import create_unit_key

__all__ = [
    "check_root_key",
    "create_scope_key",
    "create_unit_key",
    "ensure_fixed_scopes",
    "holding",
    "initialise",
]
