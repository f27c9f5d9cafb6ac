"""Owed checks and integrity runs. A message names a row; what may be done is asked of the person it names."""

import logging
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.door import Machine, entering
from accounts.models import User
from accounts.owed import MOST_ATTEMPTS, wake
from audit.refusals import Refusal
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.actions import burning, files, ingest, integrity, redaction, uploads, viewing
from evidence.decoding import workshop
from evidence.decoding.chamber import Report, examine
from evidence.models import IngestJob, IntegrityRun, RedactionJob
from evidence.scanning import CLEAN, SILENT, ScannerSilent, TooLargeToScan, answers, scan
from evidence.vocabulary import DRAWN, BurnFault, FileFlag
from vault.errors import Damaged, StoreGone, VaultError
from vault.files import FileSealer, is_store_there, sweep_orphans

logger = logging.getLogger(__name__)
# A message is delivered again after an hour: no piece of a run comes near that.
RUN_SECONDS = 300
# What was found is written down after so many files, or so many seconds: a kill costs no more than that.
BATCH = 500
NOTE_SECONDS = 10
# What was committed a moment ago has its own message under way; a sweep looks after what has not.
FRESH = timedelta(minutes=1)
MOST_WOKEN = 200
REDACTING = "evidence-redaction"
# Making a copy of a clip may take long; until then nobody else takes it up.
BURNING = timedelta(seconds=workshop.BURNING.wall_seconds + 300)
ORPHAN_AGE = timedelta(days=1)


@shared_task(name=files.TASK)
def ingest_file(pk: str) -> None:
    """Hash the stored file again, look into it, make its preview. A refusal ends the row with its name."""
    job = IngestJob.claim(pk)
    if job is None or job.by is None:
        return
    try:
        _ingest(job, job.by, job.file_id)
    except StoreGone:
        job.put_off("store_out_of_reach")
        logger.warning("file not checked: the store is not there")
    except (Refusal, VaultError) as refused:
        job.fail(type(refused).__name__, final=True)
        logger.warning("file not checked: %s", type(refused).__name__)
    except Exception as fault:
        job.fail(type(fault).__name__)
        raise


def _ingest(job: IngestJob, person: User, file: UUID) -> None:
    with entering(person, "evidence-ingest"):
        received = ingest.open_received(by=person, file=file)
        if received is None:
            job.finish()
            return
    with received.opened:
        try:
            found = None if received.is_hashed else ingest.rehash(received.opened)
            if not received.is_hashed:
                with entering(person, "evidence-ingest"):
                    if not ingest.note_hashed(by=person, received=received, found=found):
                        job.finish()
                        return
            report = _look(job, received)
        except ScannerSilent:
            with entering(person, "evidence-ingest"):
                ingest.note_unscanned(by=person, job=job)
            logger.warning("file not looked into: the virus scanner does not answer")
            return
        except Damaged:
            with entering(person, "evidence-ingest"):
                ingest.note_hashed(by=person, received=received, found=None)
                job.finish()
            return
    with entering(person, "evidence-ingest"):
        ingest.note_report(by=person, file=file, report=report)
        job.finish()


def _look(job: IngestJob, received: ingest.Received) -> Report | None:
    """Let scanner and chamber look; a file that ended this process at every try is called broken unseen.

    What the scanner found something in, no decoder opens. Raises `ScannerSilent`.
    """
    if received.file.copy_kind in DRAWN:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        return Report(flag=FileFlag.BROKEN)
    opened = received.opened

    scanned = {}
    if settings.CLAMD is not None:
        try:
            found = scan(opened.read(0, opened.length))
        except TooLargeToScan:
            return Report(flag=FileFlag.UNSCANNED)
        if found:
            return Report(flag=FileFlag.INFECTED, metadata={"scanner": found})
        scanned = {"scanner": CLEAN}

    def read(start: int, end: int) -> bytes:
        return b"".join(opened.read(start, end))

    report = examine(read, length=opened.length, filename=received.filename)
    return replace(report, metadata=report.metadata | scanned)


@shared_task(name=redaction.TASK)
def burn_redaction(pk: str) -> None:
    """Make the copy that a set is owed, then look at it anew. A refusal ends the row with its name."""
    job = RedactionJob.claim(pk, after=BURNING)
    if job is None or job.by is None:
        return
    try:
        while _go_on(job, job.by, job.redaction_set_id):
            pass
        with entering(job.by, REDACTING):
            is_done = burning.is_done(by=job.by, redaction=job.redaction_set_id)
        if is_done:
            job.finish()
        else:
            job.fail("damaged", final=True)
    except StoreGone:
        job.put_off("store_out_of_reach")
        logger.warning("copy not made: the store is not there")
    except (Refusal, VaultError) as refused:
        job.fail(type(refused).__name__, final=True)
        logger.warning("copy not made: %s", type(refused).__name__)
    except Exception as fault:
        job.fail(type(fault).__name__)
        raise


def _go_on(job: RedactionJob, person: User, pk: UUID) -> bool:
    """Do the next step of a set, if there is one; tell whether another may follow."""
    with entering(person, REDACTING):
        source = burning.open_source(by=person, redaction=pk)
    if source is None:
        return False
    with closing(source):
        try:
            if source.copy is None:
                fault = _make(job, person, source)
            else:
                copy = source.reads(source.copy)
                fault = workshop.prove(source.piece, source.reads(), copy, source.copy.length)
        except burning.Unreadable as bad:
            with entering(person, REDACTING):
                viewing.note_damage(by=person, file=bad.file)
            return False
    if fault or source.copy is not None:
        with entering(person, REDACTING):
            burning.note_outcome(by=person, redaction=pk, fault=fault)
    return True


def _make(job: RedactionJob, person: User, source: burning.Source) -> str:
    """Make and keep the copy, or return the fault; then nothing of it is kept."""
    if job.attempts >= MOST_ATTEMPTS:  # it ended this process at every try before
        return BurnFault.BROKEN
    with FileSealer(scope=source.scope, by=person.staff_code) as sealer:
        fault = workshop.burn(source.piece, source.reads(), sealer.write)
        if not fault:
            with entering(person, REDACTING):
                burning.keep_made(by=person, redaction=source.redaction.pk, sealer=sealer)
    return fault


@shared_task(name=integrity.TASK)
def integrity_run(pk: str) -> None:
    """Walk on from the cursor for some minutes; what is left is owed again, and woken."""
    run = IntegrityRun.claim(pk)
    if run is None:
        return
    try:
        if run.by is not None and run.case_id is not None:
            with entering(run.by, "evidence-integrity"):
                check(run.by, Permission.EVIDENCE_INTEGRITY, run.case_id)
        if not walk(run, time.monotonic() + RUN_SECONDS):
            run.owe_on()
            wake(integrity.TASK, run.pk)
    except StoreGone:
        with entering(Machine.INTEGRITY, "integrity"):
            integrity.note_store_gone(run)
    except (Refusal, VaultError) as refused:
        run.fail(type(refused).__name__, final=True)
        logger.warning("integrity run not done: %s", type(refused).__name__)
    except Exception as fault:
        run.fail(type(fault).__name__)
        raise


def walk(run: IntegrityRun, until: float) -> bool:
    """Look at files until the time is over; tell whether all were looked at.

    Raises `StoreGone`, and writes down nothing that was found while the store went.
    """
    while time.monotonic() < until:
        batch, found = integrity.next_files(run, BATCH), []
        if batch and not is_store_there():
            raise StoreGone
        soon = min(until, time.monotonic() + NOTE_SECONDS)
        for stored in batch:
            found.append((stored, integrity.look(stored)))
            if time.monotonic() >= soon:
                break
        with entering(Machine.INTEGRITY, "integrity"):
            integrity.note_files(run, found)
            if not batch:
                integrity.finish_run(run)
                return True
    return False


@shared_task(name="evidence.start_integrity")
def start_integrity() -> None:
    """Begin the daily run over everything. Asked hourly: a machine that sleeps at night is checked too."""
    with entering(Machine.INTEGRITY, "integrity"):
        if integrity.is_full_run_due():
            integrity.start_full_run()


@shared_task(name="evidence.sweep")
def sweep() -> None:
    """Wake what nobody finished."""
    before = timezone.now() - FRESH
    jobs = IngestJob.stale().filter(created_at__lt=before)
    # Each file would wait for a scanner that does not answer, and everything else for the files.
    if jobs.filter(reason=SILENT).exists() and not answers():
        jobs = jobs.exclude(reason=SILENT)
    for job in jobs[:MOST_WOKEN]:
        wake(files.TASK, job.pk)
    for owed in RedactionJob.stale(after=BURNING).filter(created_at__lt=before)[:MOST_WOKEN]:
        wake(redaction.TASK, owed.pk)
    for run in IntegrityRun.stale().filter(created_at__lt=before)[:MOST_WOKEN]:
        wake(integrity.TASK, run.pk)


@shared_task(name="evidence.sweep_orphans")
def sweep_orphaned_files() -> None:
    """Drop uploads that nobody goes on with; remove sealed bytes that nobody could open."""
    with entering(Machine.SWEEP, "sweep"):
        left = uploads.left_uploads()
    for upload in left:
        with entering(Machine.SWEEP, "sweep"):
            uploads.drop_left_upload(upload)
    with entering(Machine.SWEEP, "sweep"):
        sweep_orphans(before=timezone.now() - ORPHAN_AGE)
