"""Erasing what a witness gave, by destroying the keys to it.

Promise: one person asks and another confirms, a legal hold refuses both and that is recorded; the keys, what
hangs on them and every way to it that lies here go together; killed anywhere, it goes on where it stopped;
and it is called erased only from the day on which the last copy that could open it has expired. Called by
the pages of erasure and the task.
"""

from django.db.models import Q
from django.utils import timezone

from accounts.door import Machine, reader_code
from accounts.models import User
from accounts.owed import OwedWork, wake
from accounts.vocabulary import OwedState
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.believing import kept_by
from cases.errors import ElsewhereRow, ReasonMissing, StepNotPossible
from cases.models import LegalHold, Witness
from cases.models.consent import IN_FORCE
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.models import FileObject, IngestJob, RedactionJob
from exports.actions.numbering import insert_numbered
from exports.believing import refuse_altered
from exports.errors import ConsentStands, ErasedBefore, ErasureByTwo, UnderHold
from exports.models import BuildJob, Destruction, ErasureJob, Export
from exports.steps import move
from exports.vocabulary import EXPORT_STEPS, DestructionState, ExportState
from vault.files import drop_file
from vault.forgetting import forget_identities
from vault.keys.shredding import is_past, shred
from vault.scopes import Scope

TASK = "exports.shred"


def ask_erasure(*, by: User, witness: Witness, reason: str) -> Destruction:
    """Ask that what a witness gave be erased. Raises `UnderHold`, `ConsentStands`, `ErasedBefore`."""
    check(by, Permission.ERASURE_ASK, witness.case_id)
    subject, scope = f"witness:{witness.pk}", witness.case_id
    if not Witness.objects.visible_to(by).filter(pk=witness.pk).exists():
        raise ElsewhereRow(subject=subject, scope=scope)
    held = Witness.objects.select_for_update(of=("self",)).select_related("case").get(pk=witness.pk)
    _refuse_held(held)
    if held.consent_rows.filter(state__in=IN_FORCE).exists():
        raise ConsentStands(subject=subject, scope=scope)
    if held.destructions.exclude(state=DestructionState.DECLINED).exists():
        raise ErasedBefore(subject=subject, scope=scope)
    if not reason.strip():
        raise ReasonMissing(subject=subject, scope=scope, field="reason")
    row = Destruction(case=held.case, witness=held, created_by=by, sensitivity=held.sensitivity)
    row.seal(reason=reason.strip())
    insert_numbered(row, "DES")
    _record(Kind.ERASURE_ASKED, by, row)
    return row


def confirm_erasure(*, by: User, destruction: Destruction) -> Destruction:
    """Agree as the second person; the worker carries it out with this person's rights.

    Raises `ErasureByTwo`, `UnderHold`.
    """
    row = _decidable(by, destruction)
    _refuse_held(row.witness)
    now = timezone.now()
    row.state, row.state_at, row.confirmed_at, row.confirmed_by = DestructionState.CONFIRMED, now, now, by
    row.save(update_fields=["state", "state_at", "confirmed_at", "confirmed_by"])
    job = ErasureJob.objects.filter(destruction=row).first() or ErasureJob(destruction=row)
    job.by, job.state, job.attempts, job.finished_at, job.reason = by, OwedState.OWED, 0, None, ""
    job.save()
    _record(Kind.ERASURE_CONFIRMED, by, row)
    wake(TASK, job.pk)
    return row


def decline_erasure(*, by: User, destruction: Destruction, reason: str) -> Destruction:
    """Decline; it may be asked for again."""
    row = _decidable(by, destruction)
    if not reason.strip():
        raise ReasonMissing(subject=f"destruction:{row.pk}", scope=row.case_id, field="reason")
    row.state, row.state_at = DestructionState.DECLINED, timezone.now()
    row.seal(reason=reason.strip())
    row.save(update_fields=["state", "state_at", "reason"])
    _record(Kind.ERASURE_DECLINED, by, row)
    return row


def check_erasable(*, by: User, destruction: Destruction) -> None:
    """Raise what `destroy_keys` would raise, before anything is deleted."""
    _confirmed(by, destruction)


def destroy_keys(*, by: User, destruction: Destruction) -> Destruction:
    """Delete the keys and what hangs on them, with the rights of whoever confirmed, asked again now.

    Raises `UnderHold`: a hold that came in between is in time.
    """
    row, witness = _confirmed(by, destruction)
    code, now = by.staff_code, timezone.now()
    _end_work(witness)
    for export in _exports_of(witness):
        _stop_export(export, by)
    files = FileObject.objects.filter(item__witness=witness).values_list("stored_id", flat=True)
    key_ids, epochs = shred(Scope.witness(witness.case_id, witness.pk), by=code)
    for stored in set(files):  # of files their witness's erasure did not reach, and the bytes of all
        drop_file(stored, scope=Scope.case(witness.case_id), by=code)
    forget_identities(witness.pk)
    witness.erased_at, witness.vault_ref = now, None
    witness.save(update_fields=["erased_at", "vault_ref"])
    row.state, row.state_at, row.keys_gone_at = DestructionState.KEYS_GONE, now, now
    row.keys, row.epochs = len(key_ids), epochs
    row.save(update_fields=["state", "state_at", "keys_gone_at", "keys", "epochs"])
    _record(Kind.ERASURE_KEYS_DESTROYED, by, row, witness)
    return row


def note_turned(destruction: Destruction) -> Destruction:
    """Say that no epoch is left that could open a copy of the keys: the machine's step, whoever confirmed.

    Raises `StepNotPossible` while one is.
    """
    row = _locked(destruction)
    if row.state != DestructionState.KEYS_GONE or not is_past(row.epochs):
        raise StepNotPossible(subject=f"destruction:{row.pk}", scope=row.case_id, before=row.state)
    now = timezone.now()
    row.state, row.state_at, row.turned_at = DestructionState.TURNED, now, now
    row.save(update_fields=["state", "state_at", "turned_at"])
    _record(Kind.ERASURE_EPOCH_TURNED, reader_code(Machine.SWEEP), row)
    return row


def _locked(destruction: Destruction) -> Destruction:
    rows = Destruction.objects.select_for_update(of=("self",)).select_related("witness", "case")
    row = rows.get(pk=destruction.pk)
    refuse_altered(row)
    return row


def _confirmed(by: User, destruction: Destruction) -> tuple[Destruction, Witness]:
    """What may be carried out: what this very person confirmed, as they left it, and no hold came since."""
    check(by, Permission.ERASURE_CONFIRM, destruction.case_id)
    row = _locked(destruction)
    if row.state != DestructionState.CONFIRMED or row.confirmed_by_id != by.pk:
        raise StepNotPossible(subject=f"destruction:{row.pk}", scope=row.case_id, before=row.state)
    witness = Witness.objects.select_for_update(of=("self",)).get(pk=row.witness_id)
    _refuse_held(witness)
    return row, witness


def _decidable(by: User, destruction: Destruction) -> Destruction:
    check(by, Permission.ERASURE_CONFIRM, destruction.case_id)
    row = _locked(destruction)
    subject = f"destruction:{row.pk}"
    if row.created_by_id == by.pk:
        raise ErasureByTwo(subject=subject, scope=row.case_id)
    # What was confirmed and then refused, by a hold that came in between, waits for a decision again.
    again = ErasureJob.objects.filter(destruction=row, state=OwedState.FAILED).exists()
    if row.state != DestructionState.ASKED and not (row.state == DestructionState.CONFIRMED and again):
        raise StepNotPossible(subject=subject, scope=row.case_id, before=row.state)
    return row


def _refuse_held(witness: Witness) -> None:
    if hold := kept_by(witness.case_id, LegalHold.over(witness.case_id, witness.pk)):
        raise UnderHold(subject=f"witness:{witness.pk}", scope=witness.case_id, hold=hold)


def _exports_of(witness: Witness) -> list[Export]:
    mine = Q(items__testimony__witness=witness.pk) | Q(items__evidence__witness=witness.pk)
    rows = Export.objects.filter(mine, case=witness.case_id).values("pk")
    return list(Export.objects.select_for_update(of=("self",)).filter(pk__in=rows).order_by("created_at"))


def _stop_export(export: Export, by: User) -> None:
    """Nothing of it can be fetched here any more, whatever was delivered."""
    if ExportState.CANCELLED in EXPORT_STEPS.get(ExportState(export.state), frozenset()):
        move(export, ExportState.CANCELLED, Kind.EXPORT_CANCELLED, by=by)
    for job in BuildJob.objects.filter(export=export.pk):
        _give_up(job)
    if export.stored_id is not None:
        drop_file(export.stored_id, scope=Scope.case(export.case_id), by=by.staff_code)


def _end_work(witness: Witness) -> None:
    """Owed work on what they gave could only fail from now on."""
    for job in IngestJob.objects.filter(file__item__witness=witness.pk):
        _give_up(job)
    for made in RedactionJob.objects.filter(redaction_set__file__item__witness=witness.pk):
        _give_up(made)


def _give_up(job: OwedWork) -> None:
    if job.state in (OwedState.OWED, OwedState.RUNNING):
        job.fail("erased", final=True)


def _record(kind: Kind, by: User | str, row: Destruction, *others: Witness) -> None:
    leaf = record(
        kind,
        by=by if isinstance(by, str) else by.staff_code,
        subject=f"destruction:{row.pk}",
        scope=row.case_id,
        facts={"number": row.number, "witness": str(row.witness_id), "state": row.state, "keys": row.keys},
        rows=[row, *others],
    )
    seal_now(leaf)
