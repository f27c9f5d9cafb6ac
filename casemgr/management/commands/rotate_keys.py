"""Give keys new ones in the place of old: `rotate_keys root`, `scopes`, `witnesses`, `epoch`, or several.

`provider` has the service that seals the root key's file seal it anew under its newest key.

Killed at any row it is simply called again. It opens its own transactions, one a row, and none of them reads
content.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from vault.errors import (
    KeyStillInUse,
    RootKeyMissing,
    RootKeyRefused,
    RootKeyUnreachable,
    RotationRunning,
    UnknownKey,
    WrongRootKey,
)
from vault.keys import held
from vault.keys.rotation import Count, every_scope, rotate_epoch, rotate_root, rotate_scope, rotate_witnesses
from vault.keys.transit import TransitFile
from vault.scopes import Scope
from vault.vocabulary import ScopeKind

_BY = "machine:command"
_SAID = {
    KeyStillInUse: "A row still names the old key. Nothing is lost; call the command again.",
    RootKeyMissing: "There is no root key here, or the database has none yet: `manage.py up` makes one.",
    RootKeyRefused: "The root key's file is readable by others, damaged, or its passphrase is wrong.",
    RootKeyUnreachable: "Whoever seals the root key does not answer. Nothing was changed.",
    RotationRunning: "Another rotation is under way.",
    UnknownKey: "There is no key for this scope.",
    WrongRootKey: "This is not the root key of this database. Nothing was changed.",
}


class Command(BaseCommand):
    """Says for each thing rotated how many rows were wrapped anew and how many were so already."""

    help = "Rotate the root key, the keys of scopes or the epoch of the keystore; resumable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to rotate; `--scope case:<uuid>` narrows `scopes` and `witnesses` to one."""
        parser.add_argument("what", nargs="+", choices=["root", "scopes", "witnesses", "epoch", "provider"])
        parser.add_argument("--scope", help="staff:<uuid>, recipients:<uuid> or case:<uuid>", default="")

    def handle(self, *_args: object, what: list[str], scope: str, **_options: object) -> None:
        """Rotate, and report each step as it is done."""
        try:
            for count in _steps(what, scope):
                self.stdout.write(
                    f"{count.what}: {count.done} wrapped anew, {count.before} already were, none is left"
                )
        except tuple(_SAID) as error:
            raise CommandError(_SAID[type(error)]) from None


def _steps(what: list[str], scope: str) -> Iterator[Count]:
    if "provider" in what:
        _rewrap()
        yield Count("provider", 1, 0)
    if "root" in what:
        yield rotate_root(by=_BY)
    if "scopes" in what:
        for one in [_scope(scope)] if scope else list(every_scope()):
            yield rotate_scope(one, by=_BY)
    if "witnesses" in what:
        for one in [_scope(scope)] if scope else list(every_scope()):
            if one.kind == ScopeKind.CASE:
                yield rotate_witnesses(one, by=_BY)
    if "epoch" in what:
        yield rotate_epoch(by=_BY)


def _rewrap() -> None:
    provider = held.provider()
    if not isinstance(provider, TransitFile):
        raise CommandError(
            "Only a file that a service seals is sealed anew; here `rotate_keys root` does it."
        )
    provider.rewrap()


def _scope(said: str) -> Scope:
    kind, _, scope_id = said.partition(":")
    try:
        return Scope(ScopeKind(kind), UUID(scope_id))
    except ValueError:
        raise CommandError("A scope is written kind:uuid, for example case:<uuid>.") from None
