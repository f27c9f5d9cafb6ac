"""Taking over a directory of custodians that they signed on their own machines.

Promise: this server signs nothing and decides nothing: a directory comes into force when the signatures that
its rules ask for are on it, each custodian in it is a person of that code with that role, and it follows the
one in force. Whatever is handed in is kept and told in the log. Called by the custodians' page, and by the
demonstration.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actions.installation import is_demonstration
from accounts.custodians import directory_in_force, founding_digest
from accounts.errors import DirectoryNotTaken, RoleRequired
from accounts.models import CustodianDirectory, User
from accounts.vocabulary import Role
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from vault.custodian import directory as directories
from vault.custodian.directory import Directory, Signed
from vault.custodian.errors import CustodianError
from vault.errors import NotVerified, RecoveryRefused
from vault.keys import recovery

_ONE_AT_A_TIME = 0x6375_7374  # an advisory lock: two papers of one number never meet


@transaction.atomic
def hand_in_directory(*, paper: bytes, by: User) -> CustodianDirectory:
    """Take over a paper: into force if it is signed by enough, else as a proposal that gathers signatures.

    Raises `DirectoryNotTaken` with the reason, `RoleRequired`, `DirectoryDoubted`.
    """
    if not by.has_role(Role.IDENTITY_CUSTODIAN):
        raise RoleRequired(subject="directory")
    return _take_over(paper, by)


@transaction.atomic
def enter_directory(*, by: User | None, paper: bytes) -> Directory:
    """Put a directory into force that is signed by enough, for a command or the demonstration's founding."""
    row = _take_over(paper, by)
    if not row.in_force:
        raise DirectoryNotTaken(_("Too few members have signed it."))
    return directories.read(bytes(row.paper)).directory


def _take_over(paper: bytes, by: User | None) -> CustodianDirectory:
    _alone()
    before = directory_in_force()
    try:
        signed = directories.read(paper)
        signed.directory.check(demonstration=is_demonstration())
    except CustodianError as refused:
        reason = _("The file was refused: %(reason)s") % {"reason": refused}
        raise DirectoryNotTaken(reason) from None
    _follows(signed.directory, before)
    signed = _gathered(signed, before)
    _are_people(signed.directory)
    _keep_no_share(signed.directory)
    try:
        directories.check_next(signed, before, demonstration=is_demonstration())
        in_force = True
    except CustodianError:
        in_force = False
    if in_force and before is None and signed.directory.digest.hex() != founding_digest():
        raise DirectoryNotTaken(
            _(
                "The first directory comes into force once its fingerprint stands in the configuration: "
                "CUSTODIAN_FOUNDING=%(digest)s"
            )
            % {"digest": signed.directory.digest.hex()}
        )
    return _keep(signed, by, in_force=in_force)


def _keep(signed: Signed, by: User | None, *, in_force: bool) -> CustodianDirectory:
    row = CustodianDirectory.objects.create(
        number=signed.directory.number,
        digest=signed.directory.digest,
        paper=signed.write(),
        in_force=in_force,
        created_by=by,
    )
    kind = Kind.DIRECTORY_ENTERED if in_force else Kind.DIRECTORY_PROPOSED
    facts: dict[str, str | int] = {
        "number": row.number,
        "digest": signed.directory.digest.hex(),
        "members": len(signed.directory.members),
        "signatures": len(signed.signatures),
    }
    actor = by.staff_code if by else "machine:command"
    seal_now(record(kind, by=actor, subject="directory", facts=facts, rows=[row]))
    return row


def proposals(number: int) -> list[CustodianDirectory]:
    """Return what was handed in under a number and is not in force: of each digest the newest."""
    newest: dict[bytes, CustodianDirectory] = {}
    for row in CustodianDirectory.objects.filter(number=number, in_force=False).order_by("created_at", "id"):
        newest[bytes(row.digest)] = row
    return sorted(newest.values(), key=_age, reverse=True)


def _age(row: CustodianDirectory) -> datetime:
    return row.created_at


def _follows(directory: Directory, before: Directory | None) -> None:
    number = before.number if before else 0
    if directory.number != number + 1 or directory.previous != (before.digest if before else b""):
        raise DirectoryNotTaken(
            _("Directory %(given)s does not follow directory %(number)s, which is in force.")
            % {"given": directory.number, "number": number}
        )


def _gathered(signed: Signed, before: Directory | None) -> Signed:
    """Add the signatures that were handed in before; each must be one of the judges'."""
    judges = before or signed.directory
    for row in proposals(signed.directory.number):
        if bytes(row.digest) == signed.directory.digest:
            for signature in directories.read(bytes(row.paper)).signatures:
                if all(one.by != signature.by for one in signed.signatures):
                    signed = signed.with_signature(signature)
    for signature in signed.signatures:
        try:
            judges.member(signature.by).keys.verify(
                signature.raw, directories.SIGNED_AS, signed.directory.digest
            )
        except (CustodianError, NotVerified):
            raise DirectoryNotTaken(_("A signature on it is not that of a member.")) from None
    return signed


def _are_people(directory: Directory) -> None:
    """Each custodian is a person of that code, here and now, with the role."""
    codes = [one.code for one in directory.custodians]
    people = {person.staff_code: person for person in User.objects.filter(staff_code__in=codes)}
    for code in codes:
        if code not in people or not people[code].has_role(Role.IDENTITY_CUSTODIAN):
            raise DirectoryNotTaken(_("%(code)s is not an identity custodian here.") % {"code": code})


def _keep_no_share(directory: Directory) -> None:
    """No outside body of it keeps a share of the root key, as the shares' file knows its name."""
    path = Path(settings.ROOT_RECOVERY_FILE)
    try:
        found = recovery.keepers_among(path, (one.code for one in directory.outside_bodies))
    except RecoveryRefused as refused:
        raise DirectoryNotTaken(str(refused)) from None
    for code in found:
        raise DirectoryNotTaken(
            _("%(code)s keeps a share of the root key, so it cannot hold a break-glass key.") % {"code": code}
        )


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
