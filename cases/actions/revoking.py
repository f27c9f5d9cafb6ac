"""Following a change of custodians, identity by identity. Called by the sweep alone.

Promise: once a directory without somebody is in force, their halves are deleted wherever two others can open
the identity, and the server's share of every identity is a new one, so that what they kept fits no older copy
of the database. A kill leaves each identity as it was or as it shall be; the next sweep goes on.
"""

from uuid import UUID

from accounts.custodians import chain, directory_in_force
from accounts.door import Machine, reader_code
from accounts.models import CustodianDirectory
from audit.actions import record
from audit.vocabulary import Kind
from cases.models import Case, Witness
from vault import revoking
from vault.custodian.directory import Directory, held_since
from vault.custodian.pairs import Subject
from vault.drills import drill_subject, is_drill
from vault.identities import identity_of, renew_share, subject_of
from vault.models import SealedIdentity


def behind_the_directory() -> list[UUID]:
    """Return the identities that still stand as an earlier directory left them."""
    directory = directory_in_force()
    if directory is None or directory.number == 1:
        return []
    row = CustodianDirectory.objects.get(number=directory.number, in_force=True)
    return sorted(revoking.with_older_share(row.created_at) | revoking.with_gone_halves(_since()))


def follow_the_directory(identity: UUID) -> None:
    """Bring one identity up to the directory in force; safe to repeat."""
    directory = directory_in_force()
    if directory is None:
        return
    entered = CustodianDirectory.objects.get(number=directory.number, in_force=True).created_at
    row = identity_of(identity)
    if Case.objects.filter(pk=row.scope_id, locked_at__isnull=False).exists():
        return  # its shares open again with the case; until then this is owed
    dropped = revoking.drop_halves(identity, _since(), (one.id for one in directory.custodians))
    about = bound_to(row)
    by = reader_code(Machine.SWEEP)
    is_older = identity in revoking.with_older_share(entered)
    if is_older:
        renew_share(row, case_code=about.case_code, witness_code=about.witness_code, by=by)
    if is_older or dropped:
        facts = {"directory": directory.number, "halves": dropped, "share": int(is_older)}
        scope = None if is_drill(row) else row.scope_id
        record(Kind.IDENTITY_FOLLOWED, by=by, subject=f"witness:{row.subject}", scope=scope, facts=facts)


def bound_to(row: SealedIdentity) -> Subject:
    """What a sealed identity is bound to: its witness's codes, or what stands for them in an invented one."""
    if is_drill(row):
        return drill_subject(row)
    witness = Witness.objects.select_related("case").get(pk=row.subject)
    return subject_of(row, case_code=witness.case.code, witness_code=witness.code)


def _since() -> dict[UUID, int]:
    directories: list[Directory] = [signed.directory for signed in chain()]
    return held_since(directories)
