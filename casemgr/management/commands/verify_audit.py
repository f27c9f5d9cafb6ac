"""Reads the whole log again, and says whether it is what it was."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.comparing import compare_rows
from audit.leaving import write_out
from audit.verifying import Report, check_last, verify

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Hashes every leaf of the log again, compares it with the sealed tree and the signer's memory, and"
        " compares every row with what the log last said about it (this last as owner: DATABASE_OWNER_URL)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--last", action="store_true", help="compare the last checkpoint only: quick")
        parser.add_argument("--export", type=Path, help="also write the log there, for a check elsewhere")

    def handle(self, *args: Any, last: bool, export: Path | None, **options: Any) -> None:
        report = check_last() if last else verify()
        if not last:
            self._compare(report)
        for finding in report.findings[:_SHOWN]:
            self.stderr.write(str(finding))
        if export:
            self.stdout.write(f"{write_out(export)} leaves written to {export}; there: python check.py .")
        if not report.is_sound:
            raise CommandError(_told(report))
        self.stdout.write(
            f"The log is sound: {report.leaves} leaves, {report.signed} signed, {report.waiting} waiting."
        )

    def _compare(self, report: Report) -> None:
        if "owner" in settings.DATABASES:
            report.findings += compare_rows("owner")
        else:
            self.stderr.write("The rows were not compared with the log: DATABASE_OWNER_URL is not set.")


def _told(report: Report) -> str:
    where = "" if report.first_bad is None else f" The first bad leaf is {report.first_bad}."
    return f"The log is not sound: {len(report.findings)} findings.{where}"
