"""The daily reading of the whole log. A message can only make it happen: it carries nothing."""

import logging

from celery import shared_task
from django.db import transaction

from audit.actions import record
from audit.authorities import AuthorityMisread
from audit.stamping import owe, stamp_owed
from audit.verifying import verify
from audit.vocabulary import Kind

CHECKER = "machine:checker"
_log = logging.getLogger(__name__)


@shared_task(name="audit.verify_log", ignore_result=True)
def verify_log() -> bool:
    """Verify the log and record that it was done; a missing record is a sign in itself."""
    report = verify()
    for finding in report.findings:
        _log.critical("the log is not sound: %s", finding)
    with transaction.atomic():
        if report.is_sound:
            facts: dict[str, str | int] = {"leaves": report.leaves, "signed": report.signed}
            record(Kind.LOG_VERIFIED, by=CHECKER, facts=facts)
        else:
            first = report.first_bad
            facts = {"findings": len(report.findings), "what": report.findings[0].what}
            record(Kind.LOG_FAILED, by=CHECKER, facts=facts if first is None else {**facts, "index": first})
    return report.is_sound


@shared_task(name="audit.stamp", ignore_result=True)
def stamp() -> int:
    """Owe what the clock asks for, and have what is owed stamped."""
    try:
        owe()
        return stamp_owed()
    except AuthorityMisread as misread:
        _log.error("no time stamps: %s", misread)
        return 0
