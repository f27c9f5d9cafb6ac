"""Sessions whose table opens nothing: the key of the cookie is kept only as a keyed digest.

The content is sealed for exactly that digest, so a row copied, edited or written by a database
administrator does not open either. A session ends when it rests, and at a fixed time after it began,
whatever the browser says.
"""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Session
from vault import smallsecrets
from vault.errors import VaultError
from vault.macs import Domain, mac

_NOTED_EVERY = timedelta(minutes=1)
# As text: every request asks it, and composing it takes longer than the answer.
_LIVING = "SELECT * FROM accounts_session WHERE digest = %s AND seen_at > %s AND started_at > %s"
DEVICE = "_device"


def digest(key: str) -> bytes:
    """The only trace of a session key in the database."""
    return mac(Domain.SESSION, b"key:" + key.encode())


def ended_before() -> tuple[Any, Any]:
    """The moments before which a session must have been seen, and must have begun, to have ended."""
    now = timezone.now()
    idle, longest = settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE
    return now - timedelta(seconds=idle), now - timedelta(seconds=longest)


class SessionStore(SessionBase):
    """Django's session interface over `accounts.Session`."""

    def _row(self) -> Session | None:
        key = self.session_key
        if not key:
            return None
        return next(iter(Session.objects.raw(_LIVING, [digest(key), *ended_before()])), None)

    def load(self) -> dict[str, Any]:
        """Return the content, or nothing when there is no such session, it has ended, or it does not
        verify.
        """
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        try:
            content = smallsecrets.unseal(Domain.SESSION, _context(row.digest), bytes(row.content))
        except VaultError:
            self._session_key = None
            return {}
        _note_seen(row)
        loaded: dict[str, Any] = json.loads(content)
        # A row is bound to its person inside the seal; the plain column is only there to list sessions by.
        if loaded.get(SESSION_KEY) != (str(row.user_id) if row.user_id else None):
            self._session_key = None
            return {}
        return loaded

    def exists(self, session_key: str) -> bool:
        """Tell whether there is such a session."""
        return Session.objects.filter(digest=digest(session_key)).exists()

    def goes_on(self) -> bool:
        """Tell whether this session lives still, and note that it is used: what takes long is use, too."""
        row = self._row()
        if row is not None:
            _note_seen(row)
        return row is not None

    def create(self) -> None:
        """Begin a session under a new random key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs leave it out
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # the library's signature
        """Write the content; a session that was ended meanwhile is not brought back."""
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # as above
        key = digest(self.session_key)
        columns = {
            "user_id": content.get(SESSION_KEY),
            "device": str(content.get(DEVICE, ""))[:60],
            "content": smallsecrets.seal(Domain.SESSION, _context(key), json.dumps(content).encode()),
        }
        if not must_create:
            if not Session.objects.filter(digest=key).update(**columns):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                Session.objects.create(digest=key, **columns)
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the rows of sessions that have ended; called by the sweep."""
        rested, aged = ended_before()
        (Session.objects.filter(seen_at__lte=rested) | Session.objects.filter(started_at__lte=aged)).delete()


def _note_seen(row: Session) -> None:
    if timezone.now() - row.seen_at > _NOTED_EVERY:
        Session.objects.filter(pk=row.pk).update(seen_at=timezone.now())


def _context(key_digest: bytes | memoryview) -> bytes:
    return b"session:" + bytes(key_digest)
