"""Make the first administrator: print a one-time link. No account exists before, and none has a default
password.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.installation import make_first_administrator
from accounts.door import Machine, entering
from audit.refusals import Refusal
from casemgr import env


class Command(BaseCommand):
    """Refused once an administrator has enrolled; until then a second call replaces the first link."""

    help = "Print a one-time link with which the first administrator sets a password and a second factor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name to seal, and the address under which the product is reached."""
        parser.add_argument(
            "name", help="the administrator's name; it is sealed, only the staff code is shown"
        )
        parser.add_argument("--address", default=f"http://127.0.0.1:{env.text('PORT', '') or 8000}")

    def handle(self, *_args: object, **options: str) -> None:
        """Make the person and print their code and link."""
        try:
            with entering(Machine.COMMAND, "first-admin"):
                person, secret = make_first_administrator(name=options["name"])
        except Refusal:
            raise CommandError(
                "There is an administrator already, or this is a demonstration. Nothing was changed."
            ) from None
        self.stdout.write(f"Staff code: {person.staff_code}")
        self.stdout.write(f"Link, for one use within three days: {options['address']}/join/{secret}")
