"""Owed checks and integrity runs. A message names a row; what may be done is asked of the person it names."""

import logging
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.door import Machine, entering
from accounts.models import User
from accounts.owed import MOST_ATTEMPTS, RESTS, wake
from accounts.sweeping import alone
from audit.refusals import Refusal
from cases.errors import CaseLocked
from evidence.actions import burning, files, ingest, integrity, planning, redaction, uploads, viewing
from evidence.actions.inside import look_inside
from evidence.checking import STORE_GONE, walk
from evidence.decoding import workshop
from evidence.decoding.chamber import Report, examine
from evidence.models import IngestJob, IntegrityRun, RedactionJob
from evidence.scanning import CLEAN, SILENT, ScannerSilent, TooLargeToScan, answers, scan
from evidence.vocabulary import DRAWN, BurnFault, FileFlag, RunKind
from vault.errors import Damaged, KeyLocked, RootKeyUnreachable, StoreGone, VaultError
from vault.files import FileSealer, sweep_orphans

logger = logging.getLogger(__name__)
# A message is delivered again after an hour: no piece of a run comes near. Uploads wait in the same line.
DEEP_SECONDS = 120
# What was committed a moment ago has its own message under way; a sweep looks after what has not.
FRESH = timedelta(minutes=1)
MOST_WOKEN = 200
REDACTING = "evidence-redaction"
# Making a copy of a clip may take long; until then nobody else takes it up.
BURNING = timedelta(seconds=workshop.BURNING.wall_seconds + 300)
ORPHAN_AGE = timedelta(days=1)
LOCKED = (CaseLocked, KeyLocked)  # the work waits; nothing of it is lost, and nothing is to blame


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
    except RootKeyUnreachable:
        job.put_off("keys_out_of_reach")
    except LOCKED:
        job.rest()
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
    except RootKeyUnreachable:
        job.put_off("keys_out_of_reach")
    except LOCKED:
        job.rest()
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


@shared_task(name=planning.DEEP_TASK)
def deep_check(pk: str) -> None:
    """Open and compare the files of a deep run for some minutes; while something is left, wake again."""
    run = IntegrityRun.objects.filter(pk=pk, kind=RunKind.DEEP, state__in=planning.UNFINISHED).first()
    if run is None or not _is_allowed(run):
        return
    try:
        took = walk(RunKind.DEEP, run=run.pk, until=time.monotonic() + DEEP_SECONDS, looking=look_inside)
    except StoreGone:
        logger.warning("files not opened: the store is not there")
        return
    if took:
        wake(planning.DEEP_TASK, run.pk)


@shared_task(name="evidence.note_integrity")
def note_integrity() -> None:
    """Tell what walkers found since the last time, and end the runs that are walked."""
    for run in integrity.runs_under_way():
        if _is_allowed(run):
            _note(run)


def _is_allowed(run: IntegrityRun) -> bool:
    """Ask again whether the person who asked for a run still may; what they may no more is ended."""
    if run.by is None:
        return True
    try:
        with entering(run.by, "evidence-integrity"):
            integrity.allow_run(run)
    except LOCKED:
        IntegrityRun.objects.filter(pk=run.pk).update(reason=RESTS)
        return False
    except RootKeyUnreachable:
        return False  # the next sweep asks again
    except (Refusal, VaultError) as refused:
        with entering(Machine.INTEGRITY, "integrity"):
            integrity.stop_run(run, type(refused).__name__)
        logger.warning("integrity run not done: %s", type(refused).__name__)
        return False
    return True


def _note(run: IntegrityRun) -> None:
    """A few chunks a transaction: what is told stays told, whatever happens to the next."""
    more = True
    while more:
        with entering(Machine.INTEGRITY, "integrity"):
            locked = IntegrityRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                pk=run.pk, state__in=planning.UNFINISHED
            )
            row = locked.first()
            if row is None:  # somebody else is telling of it
                return
            chunks = integrity.chunks_to_note(row)
            for chunk in chunks:
                integrity.note_chunk(row, chunk)
            more = bool(chunks)
            if not chunks and row.chunks.filter(finished_at__isnull=True, reason=STORE_GONE).exists():
                integrity.note_store_gone(row)
            elif not chunks and integrity.is_walked(row):
                integrity.finish_run(row)


@shared_task(name="evidence.start_integrity")
def start_integrity() -> None:
    """Begin what is due. Asked hourly: a machine that sleeps at night is checked too."""
    with entering(Machine.INTEGRITY, "integrity"):
        if planning.is_full_run_due():
            planning.watch(routine=planning.start_full_run(only_due=True))
            planning.start_deep_run()


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
    deep = IntegrityRun.objects.filter(
        kind=RunKind.DEEP, state__in=planning.UNFINISHED, created_at__lt=before
    )
    for run in deep.exclude(reason=RESTS).filter(chunks__finished_at__isnull=True).distinct()[:MOST_WOKEN]:
        wake(planning.DEEP_TASK, run.pk)
    for owed in RedactionJob.stale(after=BURNING).filter(created_at__lt=before)[:MOST_WOKEN]:
        wake(redaction.TASK, owed.pk)


@shared_task(name="evidence.sweep_orphans")
def sweep_orphaned_files() -> None:
    """Drop uploads that nobody goes on with; remove sealed bytes that nobody could open."""
    with entering(Machine.SWEEP, "sweep"):
        left = uploads.left_uploads()
    for upload in left:
        alone("sweep", partial(uploads.drop_left_upload, upload), about=f"upload:{upload}")
    with entering(Machine.SWEEP, "sweep"):
        sweep_orphans(before=timezone.now() - ORPHAN_AGE)
