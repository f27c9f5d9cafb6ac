"""The certificate of an erasure: what was destroyed, how, by how many people, and from when it is final.

Promise: it names no one, neither the person nor whoever did it; its number finds the entries of the log that
stand behind it; and it says "erased" only once that is true. Called by views.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from exports.models import Destruction
from exports.printing.paper import Machine, Paper, Part, day


def certificate(row: Destruction, *, language: str) -> Paper:
    """Return the certificate as it can be given today."""
    with override(language):
        return Paper(
            _("Certificate of erasure"),
            language,
            row.number,
            tuple(_facts(row)),
            (
                Part(_("Where it stands today"), (_standing(row),)),
                Part(
                    _("What this covers"),
                    (
                        _(
                            "Everything that one person gave lay under keys of their own. Those keys were "
                            "deleted, and the key that wrapped them was replaced, so that no copy of the "
                            "database or of the files can be read."
                        ),
                        _(
                            "It does not cover what was delivered to others before, what other people said, "
                            "nor the entries of the log, which say that something was done and when."
                        ),
                    ),
                ),
            ),
            (_("First person, day"), _("Second person, day")),
        )


def _facts(row: Destruction) -> Iterator[tuple[str, str]]:
    yield _("Certificate"), Machine(row.number)
    yield _("Case"), Machine(row.case.code)
    yield _("Issued by"), settings.EXPORT_SENDER
    yield _("Method"), str(row.get_method_display())
    yield _("Asked for"), day(row.created_at)
    if row.confirmed_at is not None:
        yield _("Confirmed by a second person"), day(row.confirmed_at)
    if row.keys_gone_at is not None:
        yield _("Keys deleted"), day(row.keys_gone_at)
        yield _("How many keys"), Machine(str(row.keys))
    if row.turned_at is not None:
        yield _("Their wrapping replaced"), day(row.turned_at)


def _standing(row: Destruction) -> str:
    if row.final_from is None:
        return _("Not erased: the keys can still be read, or copies of them can.")
    said = {"day": day(row.final_from)}
    if row.is_final:
        return _("Erased. Since %(day)s no copy of the keys exists.") % said
    return _("Unreadable here. Erased from %(day)s on, when the last copy of the keys has expired.") % said
