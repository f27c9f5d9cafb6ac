"""Passwords: Argon2id over a peppered password. The pepper is no row, so a stolen table cannot be guessed
at.
"""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

from vault.macs import Domain, mac

# Each hash takes 64 MiB; however many sign in at once, two at a time are counted in a process.
_at_once = threading.BoundedSemaphore(2)


def _peppered(password: str) -> str:
    return mac(Domain.PEPPER, password.encode()).hex()


class PepperedArgon2(Argon2PasswordHasher):
    """Argon2id of HMAC(pepper, password)."""

    algorithm = "argon2_peppered"
    time_cost = 3
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        with _at_once:
            return str(super().encode(_peppered(password), salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password with a hash."""
        with _at_once:
            return bool(super().verify(_peppered(password), encoded))
