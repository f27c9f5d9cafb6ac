"""A person's credentials are believed only under a tag that is no row's to give.

The tag covers the password hash, every second factor, the state of the account and the moment of the last
reset, together. Whoever can write to the database can put in a hash or a passkey of their own, and it lets
them in nowhere. Every change verifies the old tag before it makes the new one; otherwise an honest change
would bless a forged row. Called by the adapters, by the actions of this room, and by the policy round the
library's pages.
"""

import hashlib
import json

from allauth.mfa.models import Authenticator

from accounts.errors import ForgedCredentials
from accounts.models import User
from vault.errors import VaultError
from vault.macs import Domain, mac, verify_mac

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_LASTING = ("secret", "seed", "credential", "migrated_codes")  # the rest are counters and names


def facts(user: User) -> bytes:
    """The bytes under the tag: canonical JSON, so that no two states read alike."""
    factors = [
        [row.pk, row.type, {name: row.data[name] for name in _LASTING if name in row.data}]
        for row in Authenticator.objects.filter(user_id=user.pk).order_by("pk")
    ]
    reset = user.credentials_reset_at
    state = [
        str(user.pk),
        user.staff_code,
        user.password,
        user.is_active,
        user.enrolled_at is not None,
        reset.isoformat() if reset else None,
        factors,
    ]
    return b"credentials:" + json.dumps(state, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(user: User) -> bytes:
    """A digest to see whether a page of the library changed something."""
    return hashlib.sha256(facts(user)).digest()


def put_tag(user: User) -> None:
    """Compute and save the tag; the caller has verified the state before the change."""
    user.credentials_tag = mac(Domain.GRANTS, facts(user))
    user.save(update_fields=["credentials_tag"])


def verify(user: User) -> None:
    """Raise `ForgedCredentials` when the stored credentials are not the ones we made."""
    try:
        verify_mac(Domain.GRANTS, facts(user), bytes(user.credentials_tag or b""))
    except VaultError as error:
        raise ForgedCredentials(subject=f"user:{user.pk}") from error


def factor_count(user: User) -> int:
    """How many second factors a person has; recovery codes are none."""
    return int(Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).count())


def has_recovery_codes(user: User) -> bool:
    """Tell whether the person has recovery codes."""
    return bool(
        Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).exists()
    )


def forget_factors(user: User) -> None:
    """Delete every factor; called when a reset is confirmed."""
    Authenticator.objects.filter(user_id=user.pk).delete()
