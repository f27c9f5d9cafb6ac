"""Counters of tries in PostgreSQL, behind Django's cache interface, which the sign-in library counts
through.

Redis would be faster, but whoever reaches Redis can empty it. Keys hold addresses and codes, so only a
keyed digest of a key is stored; values are JSON, since a pickle in a table would let a database
administrator run code here.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Throttle
from vault.macs import Domain, mac

_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class ThrottleCache(BaseCache):
    """A small cache for counters alone: nothing that was opened may ever be put here."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _digest(self, key: str, version: int | None) -> bytes:
        return mac(Domain.SESSION, b"throttle:" + self.make_and_validate_key(key, version).encode())

    def _until(self, timeout: object) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FAR if not isinstance(seconds, int | float) else timezone.now() + timedelta(seconds=seconds)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the counter, or `default` when there is none or it has lapsed."""
        row = Throttle.objects.filter(pk=self._digest(key, version), expires_at__gt=timezone.now()).first()
        return default if row is None else json.loads(row.value)

    def set(
        self,
        key: str,
        value: Any,
        timeout: object = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Write a counter."""
        Throttle.objects.update_or_create(
            digest=self._digest(key, version),
            defaults={"value": json.dumps(value), "expires_at": self._until(timeout)},
        )

    def add(
        self,
        key: str,
        value: Any,
        timeout: object = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Write only when there is none; of two at the same moment exactly one gets True."""
        digest = self._digest(key, version)
        Throttle.objects.filter(pk=digest, expires_at__lte=timezone.now()).delete()
        try:
            with transaction.atomic():
                Throttle.objects.create(
                    digest=digest, value=json.dumps(value), expires_at=self._until(timeout)
                )
        except IntegrityError:
            return False
        return True

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget one counter."""
        return Throttle.objects.filter(pk=self._digest(key, version)).delete()[0] > 0

    def clear(self) -> None:
        """Forget every counter."""
        Throttle.objects.all().delete()


def forget_lapsed() -> int:
    """Delete counters that have lapsed; called by the sweep. Returns how many."""
    return Throttle.objects.filter(expires_at__lte=timezone.now()).delete()[0]
