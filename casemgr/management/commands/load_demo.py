"""Load the demonstration's case. `up` calls it at every start of a demonstration."""

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.installation import is_demonstration
from casemgr.demo.loading import load


class Command(BaseCommand):
    """Writes through the same actions as people do; a second run finds everything there."""

    help = "Load the demonstration's case where it is not there yet."

    def handle(self, *_args: object, **_options: object) -> None:
        """Refuse outside a demonstration: invented people have no place beside real ones."""
        if not is_demonstration():
            raise CommandError("This database is no demonstration; nothing was loaded.")
        load()
