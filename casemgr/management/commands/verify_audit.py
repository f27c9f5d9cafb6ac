"""Reads the whole log again, and says whether it is what it was; or compares the rows with it alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.comparing import compare_rows, foreign_words
from audit.leaving import write_out
from audit.verifying import Finding, Report, check_last, verify

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Hashes every leaf of the log again, compares it with the sealed tree and the signer's memory, and"
        " compares every row with what the log last said about it (this last as owner: DATABASE_OWNER_URL)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--last", action="store_true", help="compare the last checkpoint only: quick")
        group.add_argument(
            "--cells", action="store_true", help="compare the rows with the log only, and name every one"
        )
        parser.add_argument("--export", type=Path, help="also write the log there, for a check elsewhere")

    def handle(self, *args: Any, last: bool, cells: bool, export: Path | None, **options: Any) -> None:
        if cells:
            self._cells()
            return
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

    def _cells(self) -> None:
        """Name each difference as it is found: there may be many, and none is held in memory."""
        if "owner" not in settings.DATABASES:
            raise CommandError("The rows are compared as owner: DATABASE_OWNER_URL is not set.")
        count = 0
        for finding in _differences():
            self.stderr.write(str(finding))
            count += 1
        if count:
            raise CommandError(f"The rows are not as they were last written: {count} findings.")
        self.stdout.write("Every row is as it was last written.")

    def _compare(self, report: Report) -> None:
        if "owner" in settings.DATABASES:
            report.findings += compare_rows("owner")
        else:
            self.stderr.write("The rows were not compared with the log: DATABASE_OWNER_URL is not set.")


def _differences() -> Iterator[Finding]:
    yield from foreign_words("owner")
    yield from compare_rows("owner")


def _told(report: Report) -> str:
    where = "" if report.first_bad is None else f" The first bad leaf is {report.first_bad}."
    return f"The log is not sound: {len(report.findings)} findings.{where}"
