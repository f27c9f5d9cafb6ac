"""Sealing who a witness is.

Promise: what is typed here is sealed to two custodians in the one transaction that takes it and lies nowhere
else, not in a draft, not in the log, not in an answer; where no custodians are it is refused before a byte is
written. A later addition is a sealed supplement of its own. Called by the identity page and the
demonstration.
"""

from collections.abc import Mapping

from accounts.custodians import directory_in_force, member_of
from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.consents import consent_in_force
from cases.errors import (
    CustodianSealsNothing,
    IdentityEmpty,
    IdentityNotSealed,
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
from vault.custodian.directory import Directory
from vault.identities import LONGEST, SealedAs, seal_to_pairs, written
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

# Of an identity: what people are called, themselves and those around them.
NAMES = ("given", "father", "grandfather", "family", "kunya", "laqab", "mother", "latin_forms", "relatives")
OWN_NAMES = NAMES[:-1]
Said = Mapping[str, str]


def seal_identity(*, by: User, witness: Witness, identity: Said) -> Witness:
    """Seal the names and whatever else says who the person is; once, and never shown again.

    Raises `IdentityNotSealedHere` where no directory is in force, `CustodianSealsNothing`, `IdentitySealed`,
    `IdentityWithoutConsent`, `IdentityEmpty`, `IdentityTooLong`, and `PseudonymTells` where the pseudonym
    gives a name away.
    """
    held, directory = _may_seal(by, witness)
    if held.vault_ref is not None:
        raise IdentitySealed(subject=f"witness:{held.pk}", scope=held.case_id)
    said = _said(held, identity)
    if not any(name in said for name in OWN_NAMES):
        raise IdentityEmpty(subject=f"witness:{held.pk}", scope=held.case_id)
    _tells_nobody(by, held, said)
    made = _seal(by, held, said, directory)
    held.vault_ref = made.id
    held.save(update_fields=["vault_ref"])
    _record(by, held, made)
    return held


def add_to_identity(*, by: User, witness: Witness, identity: Said) -> Witness:
    """Seal what was learned later beside what is sealed: a supplement with a key and a secret of its own.

    Raises `IdentityNotSealed` where there is nothing yet to add to, and else as `seal_identity`.
    """
    held, directory = _may_seal(by, witness)
    if held.vault_ref is None:
        raise IdentityNotSealed(subject=f"witness:{held.pk}", scope=held.case_id)
    said = _said(held, identity)
    if not said:
        raise IdentityEmpty(subject=f"witness:{held.pk}", scope=held.case_id)
    _tells_nobody(by, held, said)
    _record(by, held, _seal(by, held, said, directory))
    return held


def accounts_that_name(*, by: User, witness: Witness, identity: Said) -> list[str]:
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


def names_of(identity: Said) -> list[str]:
    """What people are called in it."""
    return [identity[name].strip() for name in NAMES if identity.get(name, "").strip()]


def _may_seal(by: User, witness: Witness) -> tuple[Witness, Directory]:
    """The witness, locked, and the custodians, where this person may seal an identity now."""
    check(by, Permission.WITNESS_REGISTER, witness.case_id)
    subject, scope = f"witness:{witness.pk}", witness.case_id
    directory = directory_in_force()
    if directory is None:
        raise IdentityNotSealedHere(subject=subject, scope=scope)
    if member_of(by, directory) is not None:
        raise CustodianSealsNothing(subject=subject, scope=scope)
    held = Witness.objects.select_for_update(of=("self",)).select_related("case").get(pk=witness.pk)
    open_for_work(held.case)
    if consent_in_force(held) is None:
        raise IdentityWithoutConsent(subject=subject, scope=scope)
    return held, directory


def _said(witness: Witness, identity: Said) -> dict[str, str]:
    """What was typed, without what was left empty. Raises `IdentityTooLong`."""
    said = {name: value.strip() for name, value in identity.items() if value.strip()}
    try:
        length = len(written(said))
    except UnicodeEncodeError:  # it would carry the text into a report
        length = LONGEST + 1
    if length > LONGEST:
        raise IdentityTooLong(subject=f"witness:{witness.pk}", scope=witness.case_id)
    return said


def _tells_nobody(by: User, witness: Witness, said: Said) -> None:
    opened = open_row(witness, "public_pseudonym", reader=by.staff_code, purpose=Purpose.INTAKE)
    if sounds_like(opened.text("public_pseudonym"), names_of(said)):
        raise PseudonymTells(subject=f"witness:{witness.pk}", scope=witness.case_id)


def _seal(by: User, witness: Witness, said: Said, directory: Directory) -> SealedAs:
    return seal_to_pairs(
        case=(witness.case_id, witness.case.code),
        witness=(witness.pk, witness.code),
        identity=said,
        directory=directory,
        by=by.staff_code,
    )


def _record(by: User, witness: Witness, made: SealedAs) -> None:
    """The leaf by which a changed identity, a changed half or another's half is found later."""
    facts: dict[str, str | int] = {
        "identity": str(made.id),
        "version": made.version,
        "directory": made.directory,
        "digest": made.digest,
        "halves": made.halves,
    }
    record(
        Kind.IDENTITY_SEALED,
        by=by.staff_code,
        subject=f"witness:{witness.pk}",
        scope=witness.case_id,
        facts=facts,
        rows=[witness],
    )
