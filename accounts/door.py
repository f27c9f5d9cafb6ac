"""The door, through which everybody and everything that acts comes in.

Promise: nowhere else is the outermost transaction opened. The door names the reader to the database for this
one transaction (row-level security shows nothing without a name), and when an action refuses, it undoes
everything and then writes the refusal's event in a transaction of its own: an attempt leaves a trace even
though its effects do not. Called by policies, tasks, commands and the API.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from accounts.models import User
from audit.actions import record
from audit.refusals import Refusal
from audit.sealing import seal_now
from audit.vocabulary import Kind
from vault.errors import DrillTouched, KeyLocked, RootKeyUnreachable, VaultError
from vault.keys.ring import holding


class Machine(StrEnum):
    """The machines that may act in their own name; each sees only what row-level security names it for."""

    ALARM = "alarm"
    BUILD = "build"
    COMMAND = "command"
    DEMONSTRATION = "demonstration"
    INTEGRITY = "integrity"
    SESSIONS = "sessions"
    SIGNER = "signer"
    SWEEP = "sweep"


# The reader before is read first: a CTE that is materialised is whole before the name is set.
_NAME_READER = """
    WITH before AS MATERIALIZED (SELECT current_setting('app.reader', true) AS reader)
    SELECT before.reader, set_config('app.reader', %s, true) FROM before
"""

Reader = User | Machine | AnonymousUser | None


def reader_code(reader: Reader) -> str:
    """Name a reader for the log: a staff code, `machine:<name>` or `anonymous`."""
    if isinstance(reader, User):
        return reader.staff_code
    return f"machine:{reader}" if isinstance(reader, Machine) else "anonymous"


def _setting(reader: Reader) -> str:
    """The value that row-level security compares; empty for nobody, who sees nothing."""
    if isinstance(reader, User):
        return str(reader.pk)
    return f"machine:{reader}" if isinstance(reader, Machine) else ""


@contextmanager
def entering(reader: Reader, purpose: str) -> Iterator[None]:
    """Open the outermost transaction with `reader` named to the database; render the answer inside.

    A key is unwrapped once behind it, and forgotten with it.

    `purpose` says in one word what for, and goes with a refusal into the log. A `Refusal` or a sealed value
    that does not verify undoes everything, is recorded, and is raised again for the caller to show.
    """
    is_outermost = not connection.in_atomic_block  # then the name ends with the transaction, by itself
    try:
        with transaction.atomic(), holding():
            before = _name_reader(_setting(reader))
            yield
            if not is_outermost:
                _name_reader(before)
    except Refusal as refusal:
        with transaction.atomic():
            _name_reader(_setting(reader))
            note_refusal(refusal, reader, purpose)
        raise
    except (KeyLocked, RootKeyUnreachable):  # not now: nothing is wrong with what was asked for
        raise
    except VaultError as error:
        with transaction.atomic():
            _note_unopened(error, reader, purpose)
        raise


def note_refusal(refusal: Refusal, reader: Reader, purpose: str) -> None:
    """Record a refusal. Called by the door, and by a view that goes on after one and tells of it."""
    record(
        refusal.kind,
        by=reader_code(reader),
        subject=refusal.subject,
        scope=refusal.scope,
        facts={**refusal.facts, "purpose": purpose},
    )


def _note_unopened(error: VaultError, reader: Reader, purpose: str) -> None:
    """Record what did not open; who reached for an invented identity has set off an alarm."""
    facts, by = {"error": type(error).__name__, "purpose": purpose}, reader_code(reader)
    if isinstance(error, DrillTouched):
        seal_now(record(Kind.DRILL_TOUCHED, by=by, facts=facts))
    else:
        record(Kind.CONTENT_UNVERIFIED, by=by, facts=facts)


def _name_reader(value: str) -> str:
    """Set the reader until the end of this transaction, and return who was named before."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME_READER, [value])
        row = cursor.fetchone()
    return str(row[0] or "") if row else ""
