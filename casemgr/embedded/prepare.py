"""What must be true before a web server may start: tables, keys, and, in a new demonstration, its case.

`python -m casemgr.embedded.prepare [--demo]`, run by `up` alone: the only process that is given the owner's
password. Its last line tells, as JSON, how to sign in; a trouble is one line and exit code 1.
"""

import json
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")
try:
    django.setup()
except ImproperlyConfigured as fault:
    sys.exit(str(fault))

from django.apps import apps  # what follows needs the settings
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

from accounts.actions import installation
from accounts.custodians import directory_in_force
from accounts.door import Machine, entering
from accounts.errors import DirectoryDoubted
from accounts.models import Installation, User
from casemgr.embedded.faults import StartError
from vault.errors import NotVerified, RootKeyMissing, RootKeyRefused, VaultError, WrongRootKey
from vault.keys.startup import initialise

HINT = "Sign in with your staff code. The first administrator is made by: manage.py first_admin NAME"


def reach(alias: str) -> None:
    """Raise `StartError` where the database does not answer; the line names the place, never the password."""
    config = connections[alias].settings_dict
    place = f"{config['HOST'] or 'the local socket'}:{config['PORT'] or 5432}, database {config['NAME']}"
    try:
        connections[alias].ensure_connection()
    except OperationalError as fault:
        reason = str(fault).strip().splitlines()[-1]
        name = "DATABASE_OWNER_URL" if alias == "owner" else "DATABASE_URL"
        raise StartError(f"{name}: no PostgreSQL at {place} for role {config['USER']}: {reason}") from fault


def migrate() -> None:
    """Bring the tables to this release as their owner; without the owner's address, only check them."""
    alias = "owner" if "owner" in connections else "default"
    reach(alias)
    executor = MigrationExecutor(connections[alias])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing and _has_permissions(alias):
        return
    if alias == "default":
        what = f"{len(missing)} migrations" if missing else "rows that follow the last migration"
        raise StartError(
            f"The database lacks {what} of this release, and `app` may not make them: "
            "set DATABASE_OWNER_URL_FILE for this start."
        )
    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    except InconsistentMigrationHistory as fault:
        raise StartError(
            "The tables are those of a version before the first release, and nothing leads from there to "
            "this one. Nothing was changed: begin with an empty DATA_DIR, or an empty database."
        ) from fault
    connections["owner"].close()


def _has_permissions(alias: str) -> bool:
    """Tell whether the rows that follow the last migration are there: a kill in between leaves them out."""
    wanted = sum(len(m._meta.default_permissions) + len(m._meta.permissions) for m in apps.get_models())
    return Permission.objects.using(alias).count() >= wanted


def open_keys() -> None:
    """Make the keys of an empty database, or make sure that we hold those of this one."""
    file = settings.ROOT_KEY_FILE
    try:
        initialise()
    except WrongRootKey as fault:
        raise StartError(
            f"The root key in {file} is not the one this database was sealed under. Nothing was changed: "
            "put the right file there, or name it with ROOT_KEY_FILE."
        ) from fault
    except RootKeyMissing as fault:
        raise StartError(
            f"The database holds sealed rows and a key file is missing: {file} or {settings.EPOCH_KEY_FILE}. "
            "No new key was made: restore the file."
        ) from fault
    except RootKeyRefused as fault:
        raise StartError(f"The root key in {file} was refused: {fault or RootKeyRefused.__doc__}") from fault
    except NotVerified as fault:
        raise StartError(
            f"{settings.EPOCH_KEY_FILE} is not what was sealed there, or rows of keys in the database "
            "are not. Nothing was changed: restore the file, or the database."
        ) from fault


def check_custodians() -> None:
    """Make sure that the custodians' directory is the one that they signed, before anything seals to it."""
    try:
        with entering(Machine.COMMAND, "start"):
            directory_in_force()
    except DirectoryDoubted:
        raise StartError(
            "The directory of custodians in the database is not the one that custodians signed, or "
            "CUSTODIAN_FOUNDING is not its first fingerprint. Nothing was changed: "
            "restore the rows, or the setting."
        ) from None


def _decide(*, wants_demonstration: bool) -> bool:
    """Make a new database a demonstration where that is wished; tell whether this one is."""
    with entering(Machine.COMMAND, "start"):
        if wants_demonstration and not (Installation.objects.exists() or User.objects.exists()):
            installation.mark_demonstration()
        return installation.is_demonstration()


def sign_in() -> dict[str, str]:
    """Return what `up` shows: the link of this start, or, outside a demonstration, how to begin."""
    with entering(Machine.COMMAND, "start"):
        if installation.is_demonstration():
            return {"link": installation.demonstration_link()}
    return {"hint": HINT}


def main(*, wants_demonstration: bool) -> dict[str, str]:
    """Do it all, in order."""
    reach("default")
    migrate()
    open_keys()
    if _decide(wants_demonstration=wants_demonstration):
        call_command("load_demo")
    check_custodians()
    return sign_in()


def _line(fault: Exception) -> str:
    if isinstance(fault, StartError):
        return str(fault)
    if isinstance(fault, VaultError):
        return f"A sealed value was refused ({type(fault).__name__}): {fault}. Nothing was changed."
    return f"The database refused: {str(fault).strip().splitlines()[0]}. Nothing half done was kept."


if __name__ == "__main__":
    try:
        told = main(wants_demonstration="--demo" in sys.argv[1:])
    except (StartError, VaultError, DatabaseError) as fault:
        sys.exit(_line(fault))
    sys.stdout.write(json.dumps(told) + "\n")
