"""Make the key that signs statements of exports, where there is none. An existing key stays as it is."""

from django.core.management.base import BaseCommand

from exports import signer
from exports.package.signing import public_pem


class Command(BaseCommand):
    """Prints the public half, to be handed to recipients in person."""

    help = "Make the export signing key beside the root key, once, and print its public half."

    def handle(self, *_args: object, **_options: object) -> None:
        """Make it and print."""
        signer.prepare()
        self.stdout.write(public_pem(signer.signing_key()).decode())
