"""Sealing who a witness is.

Promise: what is typed here is sealed in the one transaction that takes it and lies nowhere else, not in a
draft, not in the log, not in an answer; outside a demonstration it is refused before a byte is written, since
there are no custodians yet who alone could open it. Called by the identity page alone.
"""

import json
from collections.abc import Mapping

from accounts.actions.installation import is_demonstration
from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.consents import consent_in_force
from cases.errors import (
    IdentityEmpty,
    IdentityNotSealedHere,
    IdentitySealed,
    IdentityTooLong,
    IdentityWithoutConsent,
    PseudonymTells,
)
from cases.models import Testimony, Witness
from cases.names import sounds_like, stands_in
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission
from vault.errors import IdentityRefused
from vault.identities import LEAST, seal_demo_identity
from vault.opening import open_row, open_rows
from vault.scopes import Scope
from vault.vocabulary import Purpose

# Of an identity: what people are called, themselves and those around them.
NAMES = ("given", "father", "grandfather", "family", "kunya", "laqab", "mother", "latin_forms", "relatives")
OWN_NAMES = NAMES[:-1]
# What padding adds, with room to spare: a longer one would be told apart by its size.
LONGEST = LEAST - 64


def seal_identity(*, by: User, witness: Witness, identity: Mapping[str, str]) -> Witness:
    """Seal the names and whatever else says who the person is; once, and never shown again.

    Raises `IdentityNotSealedHere` outside a demonstration, `IdentitySealed`, `IdentityWithoutConsent`,
    `IdentityEmpty`, `IdentityTooLong`, and `PseudonymTells` where the pseudonym gives a name away.
    """
    check(by, Permission.WITNESS_REGISTER, witness.case_id)
    subject, scope = f"witness:{witness.pk}", witness.case_id
    if not is_demonstration():
        raise IdentityNotSealedHere(subject=subject, scope=scope)
    held = Witness.objects.select_for_update(of=("self",)).select_related("case").get(pk=witness.pk)
    open_for_work(held.case)
    if held.vault_ref is not None:
        raise IdentitySealed(subject=subject, scope=scope)
    if consent_in_force(held) is None:
        raise IdentityWithoutConsent(subject=subject, scope=scope)
    said = {name: value.strip() for name, value in identity.items() if value.strip()}
    if not any(name in said for name in OWN_NAMES):
        raise IdentityEmpty(subject=subject, scope=scope)
    if _length(said) > LONGEST:
        raise IdentityTooLong(subject=subject, scope=scope)
    opened = open_row(held, "public_pseudonym", reader=by.staff_code, purpose=Purpose.INTAKE)
    if sounds_like(opened.text("public_pseudonym"), _names(said)):
        raise PseudonymTells(subject=subject, scope=scope)
    return _seal(by, held, said)


def accounts_that_name(*, by: User, witness: Witness, identity: Mapping[str, str]) -> list[str]:
    """The registration numbers of this witness's accounts in which one of the person's own names stands.

    Asked in the request that typed the names, for whoever typed them; it says where, never which.
    """
    rows = Testimony.objects.visible_to(by).filter(witness=witness, current__isnull=False)
    accounts = list(rows.select_related("current").order_by("registration_no"))
    versions = [account.current for account in accounts if account.current]
    opened = open_rows(versions, "text", reader=by.staff_code, purpose=Purpose.INTAKE)
    own = [identity.get(name, "") for name in OWN_NAMES]
    return [
        account.registration_no
        for account in accounts
        if account.current and any(stands_in(name, [opened[account.current.pk].text("text")]) for name in own)
    ]


def _length(said: Mapping[str, str]) -> int:
    """How many bytes are sealed; more than any identity holds where there is no text at all."""
    try:
        return len(json.dumps(dict(said), ensure_ascii=False).encode())
    except UnicodeEncodeError:  # it would carry the text into a report
        return LONGEST + 1


def _seal(by: User, witness: Witness, said: Mapping[str, str]) -> Witness:
    try:
        witness.vault_ref = seal_demo_identity(
            scope=Scope.witness(witness.case_id, witness.pk),
            identity=said,
            by=by.staff_code,
            is_demonstration=is_demonstration,
        )
    except IdentityRefused:
        raise IdentityNotSealedHere(subject=f"witness:{witness.pk}", scope=witness.case_id) from None
    witness.save(update_fields=["vault_ref"])
    record(
        Kind.IDENTITY_SEALED,
        by=by.staff_code,
        subject=f"witness:{witness.pk}",
        scope=witness.case_id,
        rows=[witness],
    )
    return witness


def _names(said: Mapping[str, str]) -> list[str]:
    return [said[name] for name in NAMES if name in said]
