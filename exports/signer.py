"""The key that signs statements, as the settings name it. Making one is an explicit step."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from exports.package.signing import create_key, load_key


def prepare() -> None:
    """Make the key where there is none. Called when an installation is set up, and by `make_export_key`."""
    create_key(settings.EXPORT_SIGNING_KEY_FILE)


def signing_key() -> Ed25519PrivateKey:
    """Return the key; raises `SigningKeyMissing`."""
    return load_key(settings.EXPORT_SIGNING_KEY_FILE)
