"""Building a package.

Promise: a package is built from what was approved and from nothing else; every consent is asked before the
first byte and again after the last; plaintext exists in memory alone, a few chunks at a time; what fails
leaves nothing behind. Called by the task, with the rights of the person the owed row names, and by tests.
"""

import base64
from contextlib import ExitStack

from django.utils.translation import override

from accounts.models import User
from accounts.owed import wake
from accounts.vocabulary import OwedState
from audit.actions import record
from audit.vocabulary import Kind
from cases.models import Testimony, Witness
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from exports.actions.approvals import ask_again, check_approval
from exports.actions.codes import CodeBook
from exports.actions.handovers import check_none_under_way, handed_with
from exports.actions.keys import open_public_key
from exports.actions.requests import remember_consents
from exports.errors import BuildFailed, LeakFound
from exports.gathering.package import Packed, address_of, pack
from exports.identities import named_in
from exports.models import BuildJob, Export, ExportItem, ItemConsent
from exports.package.ageing import fingerprint
from exports.package.errors import Leak, PackageError
from exports.package.guard import Guard
from exports.package.pouring import Poured, pour
from exports.package.statement import Address, write_statement
from exports.permissions import check_agreement, check_key
from exports.signer import signing_key
from exports.steps import check_step, locked, move
from exports.vocabulary import ExportState
from exports.weighing import Weighed
from vault.files import FileSealer
from vault.models import StoredFile
from vault.opening import open_row
from vault.scopes import Scope
from vault.vocabulary import Purpose

TASK = "exports.build"


def owe_build(*, by: User, export: Export) -> BuildJob:
    """Write down that a package is owed, with the rights of `by`, and wake the worker after commit."""
    check(by, Permission.EXPORT_BUILD, export.case_id)
    export = locked(export)
    check_step(export, ExportState.BUILT)
    check_approval(export)
    check_none_under_way(export)
    job, made = BuildJob.objects.get_or_create(export=export, defaults={"by": by})
    if not made and job.state == OwedState.FAILED:
        job.by, job.state, job.attempts, job.finished_at = by, OwedState.OWED, 0, None
        job.save(update_fields=["by", "state", "attempts", "finished_at"])
    record(
        Kind.WORK_OWED,
        by=by.staff_code,
        subject=f"export:{export.pk}",
        scope=export.case_id,
        facts={"job": str(job.pk), "number": export.number},
    )
    wake(TASK, job.pk)
    return job


def build_export(*, by: User, export: Export) -> Export:
    """Build, check, encrypt, sign. Raises `ApprovalVoid`, `ConsentGone`, `LeakFound`, `BuildFailed`."""
    check(by, Permission.EXPORT_BUILD, export.case_id)
    export = locked(export)
    check_step(export, ExportState.BUILT)
    approval = check_approval(export)
    check_none_under_way(export)
    check_agreement(export.recipient)
    check_key(export.key)
    answered = ask_again(export, by)
    public_key = open_public_key(export.key, reader=by.staff_code)
    name = open_row(export.recipient, "name", reader=by.staff_code, purpose=Purpose.EXPORT).text("name")
    address = address_of(export, recipient=name, fingerprint=fingerprint(public_key))
    subject, scope = f"export:{export.pk}", export.case_id
    try:
        with ExitStack() as stack:
            codes = CodeBook(export, by)
            packed = _pack(export, answered, address, codes=codes, stack=stack, by=by)
            poured, stored = _pour(export, packed, to=public_key, by=by)
            _sign(export, address, poured)
    except Leak as leak:
        raise LeakFound(subject=subject, scope=scope, places=len(leak.places), first=leak.places[0]) from leak
    except PackageError as error:
        raise BuildFailed(subject=subject, scope=scope, why=type(error).__name__) from error
    rests = _deliver_digests(answered, packed, by)
    changed = ("stored", "package_size", "package_sha512", "statement", "signature")
    return move(
        export,
        ExportState.BUILT,
        Kind.EXPORT_BUILT,
        by=by,
        rows=(approval, stored, *(item for item, _weighed in answered), *rests, *codes.drawn),
        changed=changed,
        size=poured.size,
    )


def _pack(
    export: Export,
    answered: list[tuple[ExportItem, Weighed]],
    address: Address,
    *,
    codes: CodeBook,
    stack: ExitStack,
    by: User,
) -> Packed:
    # One language for all that is set, whatever the worker or the page last spoke; accounts keep their own.
    with override("en"):
        handed = handed_with(export, named_in(export, answered))
        return pack(
            export, answered, address=address, codes=codes, guard=_guard(export), by=by, stack=stack,
            handed=handed,
        )  # fmt: skip


def _guard(export: Export) -> Guard:
    """Name what must not leave: staff codes, codes and numbers of the case, and ids of its rows."""
    case = export.case_id
    witnesses = Witness.objects.filter(case=case).values_list("code", "pk")
    numbers = Testimony.objects.filter(case=case).values_list("registration_no", "pk")
    exhibits = EvidenceItem.objects.filter(case=case).values_list("exhibit_no", "pk")
    staff = User.objects.values_list("staff_code", "pk")
    pairs = [*witnesses, *numbers, *exhibits, *staff, (export.case.code, case), ("", export.pk)]
    return Guard([code for code, _ in pairs], [str(pk) for _, pk in pairs])


def _pour(export: Export, packed: Packed, *, to: str, by: User) -> tuple[Poured, StoredFile]:
    with FileSealer(scope=Scope.case(export.case_id), by=by.staff_code) as sealer:
        poured = pour(packed.files, sealer.write, to=to)
        # A consent may have been withdrawn while the package was poured: then nothing of it is kept.
        ask_again(export, by)
        stored, _ = sealer.commit()
    export.stored, export.package_size = stored, poured.size
    return poured, stored


def _sign(export: Export, address: Address, poured: Poured) -> None:
    statement = write_statement(address, poured.checked.sha512)
    signature = base64.b64encode(signing_key().sign(statement)).decode()
    export.seal(statement=statement.decode(), signature=signature, package_sha512=poured.sha512)


def _deliver_digests(
    answered: list[tuple[ExportItem, Weighed]], packed: Packed, by: User
) -> list[ItemConsent]:
    """Write down who has what: the digest of each delivered document, and the answers it rests on."""
    rests: list[ItemConsent] = []
    for item, weighed in answered:
        if item.exported_id in packed.delivered:
            item.seal(sha256_delivered=packed.delivered[item.exported_id])
            item.save(update_fields=["sha256_delivered"])
        rests += remember_consents(item, weighed, by)
    return rests
