"""The words of the pages: into the catalogues, out of them compiled, and whether they are in step."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from casemgr import messages


class Command(BaseCommand):
    """Needs no gettext program: babel alone reads and writes."""

    help = (
        "Take every word that is shown into <room>/locale; --compile makes .mo files, --check only compares."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one of three verbs; the first is the default."""
        verbs = parser.add_mutually_exclusive_group()
        for verb in ("extract", "compile", "check"):
            verbs.add_argument(f"--{verb}", action="store_const", const=verb, dest="verb", default="extract")

    def handle(self, *_args: object, **options: str) -> None:
        """Do it for every room."""
        code = messages.main(options["verb"])
        if code:
            sys.exit(code)
