"""Owed packages. A message names a row; what may be done is asked of the person the row names, now."""

import logging
from functools import partial

from celery import shared_task

from accounts.door import Machine, entering, reader_code
from accounts.owed import wake
from accounts.sweeping import alone, set_aside
from audit.refusals import Refusal
from cases.errors import CaseLocked, NotVisible
from exports.actions.building import TASK, build_export
from exports.actions.delivery import verify_export
from exports.actions.purging import purge_derived
from exports.actions.secondkeys import TURN, ended_second_keys, note_second_key_turned
from exports.actions.shredding import TASK as SHRED
from exports.actions.shredding import check_erasable, destroy_keys, note_turned
from exports.actions.stopping import exports_of_gone, stop_export_of_gone
from exports.models import BuildJob, Destruction, ErasureJob, Export
from exports.vocabulary import DestructionState, ExportState
from vault.errors import KeyLocked, RootKeyUnreachable, RotationRunning, VaultError
from vault.keys.shredding import turn_past

logger = logging.getLogger(__name__)


@shared_task(name=TASK)
def build(pk: str) -> None:
    """Build the package that the row owes, then check it; a refusal ends the row with its name."""
    job = BuildJob.claim(pk)
    if job is None or job.by is None:
        return
    person = job.by
    try:
        with entering(person, "export-build"):
            export = _export_of(job)
            if export.state == ExportState.APPROVED:
                build_export(by=person, export=export)
        with entering(person, "export-verify"):
            export = _export_of(job)
            if export.state == ExportState.BUILT:
                verify_export(by=person, export=export)
            job.finish()
    except (CaseLocked, KeyLocked):
        job.rest()
    except RootKeyUnreachable:
        job.put_off("keys_out_of_reach")
    except (Refusal, VaultError) as refused:
        job.fail(type(refused).__name__, final=True)
        logger.warning("export not built: %s", type(refused).__name__)
    except Exception as fault:
        job.fail(type(fault).__name__)
        raise


def _export_of(job: BuildJob) -> Export:
    """The export, if who is named may know of it still."""
    rows = Export.objects.select_related("case", "recipient", "key")
    export = rows.filter(pk=job.export_id).first()
    if export is None:
        raise NotVisible(subject=f"export:{job.export_id}")
    return export


@shared_task(name=SHRED)
def shred(pk: str) -> None:
    """Carry out the erasure that the row owes, from wherever it stopped.

    The keys go with the rights of the person who confirmed, asked again now; once they are gone what is left
    is the machine's, and no departure of that person stops it. The turning of the epoch stands between two
    transactions: each of its rows commits by itself.
    """
    job = ErasureJob.claim(pk)
    if job is None or job.by is None:
        return
    by = job.by
    try:
        with entering(Machine.SWEEP, "erasure"):
            row = Destruction.objects.get(pk=job.destruction_id)
        if row.state == DestructionState.CONFIRMED:
            with entering(by, "erasure"):
                check_erasable(by=by, destruction=row)
            with entering(Machine.SWEEP, "erasure"):
                purge_derived(row)
            with entering(by, "erasure"):
                destroy_keys(by=by, destruction=row)
        _turn(job)
    except RotationRunning:
        job.put_off("rotation_running")
    except RootKeyUnreachable:
        job.put_off("keys_out_of_reach")
    except (CaseLocked, KeyLocked):
        job.rest()
    except (Refusal, VaultError) as refused:
        job.fail(type(refused).__name__, final=isinstance(refused, Refusal))
        logger.warning("erasure not carried out: %s", type(refused).__name__)
    except Exception as fault:
        job.fail(type(fault).__name__)
        raise


def _turn(job: ErasureJob) -> None:
    with entering(Machine.SWEEP, "erasure"):
        row = Destruction.objects.get(pk=job.destruction_id)
    if row.state == DestructionState.KEYS_GONE:
        turn_past(row.epochs, by=reader_code(Machine.SWEEP))
        with entering(Machine.SWEEP, "erasure"):
            note_turned(row)
    job.finish()


@shared_task(name=TURN)
def turn_second_key(pk: str) -> None:
    """Turn the epoch past the key of a second key that has ended; each row commits by itself."""
    with entering(Machine.SWEEP, "second-key"):
        row = ended_second_keys().filter(pk=pk).first()
    if row is None:
        return
    try:
        turn_past(row.epochs, by=reader_code(Machine.SWEEP))
    except (RotationRunning, RootKeyUnreachable):
        return  # the sweep comes again
    except VaultError as fault:
        # As long as it does not turn, a copy of the words can be opened: somebody must hear of it.
        with entering(Machine.SWEEP, "second-key"):
            set_aside(f"second-key:{row.pk}", because=type(fault).__name__)
        return
    with entering(Machine.SWEEP, "second-key"):
        note_second_key_turned(row)


@shared_task(name="exports.stop_of_gone")
def stop_exports_of_gone(_about: str = "") -> None:
    """Stop what people asked for whose account was closed; a message is no authority, the rows say whose."""
    with entering(Machine.SWEEP, "stop-exports"):
        owed = exports_of_gone()
    for export in owed:
        alone("stop-exports", partial(stop_export_of_gone, export), about=f"export:{export}")


@shared_task(name="exports.sweep")
def sweep() -> None:
    """Wake what nobody finished, and stop what nobody stands behind."""
    stop_exports_of_gone()
    for job in BuildJob.stale():
        wake(TASK, job.pk)
    for owed in ErasureJob.stale():
        wake(SHRED, owed.pk)
    with entering(Machine.SWEEP, "second-key"):
        ended = list(ended_second_keys().values_list("pk", flat=True))
    for key in ended:
        wake(TURN, key)
