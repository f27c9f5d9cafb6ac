"""Owed packages. A message names a row; what may be done is asked of the person the row names, now."""

import logging

from celery import shared_task

from accounts.door import entering
from accounts.owed import wake
from audit.refusals import Refusal
from exports.actions.building import TASK, build_export
from exports.actions.delivery import verify_export
from exports.models import BuildJob, Export
from exports.vocabulary import ExportState
from vault.errors import VaultError

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
            export = (
                Export.objects.select_related("case", "recipient", "key").filter(pk=job.export_id).first()
            )
            if export is not None and export.state == ExportState.APPROVED:
                build_export(by=person, export=export)
        with entering(person, "export-verify"):
            export = (
                Export.objects.select_related("case", "recipient", "key").filter(pk=job.export_id).first()
            )
            if export is not None and export.state == ExportState.BUILT:
                verify_export(by=person, export=export)
            job.finish()
    except (Refusal, VaultError) as refused:
        job.fail(type(refused).__name__, final=True)
        logger.warning("export not built: %s", type(refused).__name__)
    except Exception as fault:
        job.fail(type(fault).__name__)
        raise


@shared_task(name="exports.sweep")
def sweep() -> None:
    """Wake what nobody finished."""
    for job in BuildJob.stale():
        wake(TASK, job.pk)
