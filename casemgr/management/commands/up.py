"""Start everything. `manage.py` runs it before Django is set up; here it stands in the list of commands."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from casemgr.embedded.up import main


class Command(BaseCommand):
    """PostgreSQL, Redis, web server, worker, scheduler and signer, started and stopped together."""

    help = "Start PostgreSQL, Redis, web server, worker, scheduler and signer; Ctrl-C stops them all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Hand on what `up` itself reads."""
        parser.add_argument("given", nargs="*")

    def handle(self, *_args: object, **options: list[str]) -> None:
        """Run until told to stop."""
        sys.exit(main(options["given"]))
