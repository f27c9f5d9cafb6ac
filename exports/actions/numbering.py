"""The numbers that papers are cited by.

Promise: a number says the kind and the year and nothing else, above all not how many there are; none is given
twice. Called by the actions that ask for an export, a disposal or an erasure.
"""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from exports.models import Destruction, Disposal, Export


def insert_numbered(row: Export | Disposal | Destruction, kind: str) -> None:
    """Insert under a random number; one that exists already, in a case nobody here sees, is drawn anew."""
    while True:
        row.number = f"{kind}-{timezone.localdate().year}-{secrets.randbelow(10**6):06d}"
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if "number" not in str(error):
                raise
        else:
            return
