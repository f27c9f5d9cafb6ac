"""Examine the installation: one line a finding, exit code 1 when one of them is bad."""

import sys

from django.core.management.base import BaseCommand

from casemgr.doctor import State, examine


class Command(BaseCommand):
    """Reads and compares; changes nothing."""

    help = "Check versions, keys, grants, disk and clocks; one line each, exit code 1 when something is bad."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        """Print the findings as they come."""
        bad = 0
        for finding in examine():
            self.stdout.write(f"{finding.state.value:<5} {finding.text}")
            bad += finding.state is State.BAD
        if bad:
            sys.exit(1)
