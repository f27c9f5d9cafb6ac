"""The certificate of an end: what, how, by which two people, what stays, and from when it is true.

Promise: it names nobody and says nothing of what was destroyed: a person stands in it by their staff code, a
witness not at all, a thing by its number or label. The log's entries behind it and the newest checkpoint let
others check it; and it says "erased" or "destroyed" only once that is true. Called by views.
"""

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from accounts.models import User
from audit.believing import believed
from audit.models import Event, Position
from audit.proofs import latest_checkpoint
from audit.vocabulary import Kind
from evidence.models import FileObject
from exports.models import Destruction, Disposal, Export
from exports.printing.paper import Machine, Paper, Part, day
from exports.remains import Remains, remains_of, remains_of_item
from exports.vocabulary import HELD, DestructionMethod, DisposalState, Inclusion, Thing

Fact = tuple[str, str]
_ERASING = {
    Kind.ERASURE_ASKED: gettext_lazy("Asked for"),
    Kind.ERASURE_CONFIRMED: gettext_lazy("Confirmed by a second person"),
    Kind.ERASURE_KEYS_DESTROYED: gettext_lazy("Keys deleted"),
    Kind.ERASURE_EPOCH_TURNED: gettext_lazy("Their wrapping replaced"),
}
_DISPOSING = {
    Kind.DISPOSAL_ASKED: gettext_lazy("Asked for"),
    Kind.DISPOSAL_AGREED: gettext_lazy("Agreed by a second person"),
    Kind.DISPOSAL_CARRIED_OUT: gettext_lazy("Carried out"),
    Kind.DISPOSAL_CONFIRMED: gettext_lazy("Confirmed by a person who saw it"),
}


def certificate(row: Destruction, *, reader: User, language: str) -> Paper:
    """Return the certificate of an erasure as it can be given today."""
    with override(language):
        return Paper(
            _("Certificate of erasure"),
            language,
            row.number,
            (*_common(row.number, row.case.code, str(row.get_method_display())), *_keys(row), *_checkpoint()),
            (
                Part(_("Where it stands today"), (_standing(row),)),
                *_covered(row),
                _steps(f"destruction:{row.pk}", _ERASING),
                Part(_("What remains"), tuple(_left(row, remains_of(row.witness, reader)))),
            ),
            (_("First person, day"), _("Second person, day")),
        )


def _covered(row: Destruction) -> Iterator[Part]:
    if row.final_from is None:
        return  # nothing is covered that may yet be refused, or is only under way
    yield Part(
        _("What this covers"),
        (
            _(
                "Everything that one person gave lay under keys of their own. Those keys were "
                "deleted, and the key that wrapped them was replaced. From %(day)s on no copy of "
                "the database, of its keys or of the files opens any of it."
            )
            % {"day": day(row.final_from)},
        ),
    )


def disposal_certificate(row: Disposal, *, mark: str, reader: User, language: str) -> Paper:
    """Return the certificate of what ends by hand. `mark` is the number or label that was on it."""
    with override(language):
        given_back = row.method == DestructionMethod.GIVEN_BACK
        return Paper(
            _("Certificate of return") if given_back else _("Certificate of destruction"),
            language,
            row.number,
            (
                *_common(row.number, row.case.code, str(row.get_method_display())),
                *_thing(row, mark),
                *_checkpoint(),
            ),
            (
                Part(_("Where it stands today"), (_stands(row),)),
                _steps(f"disposal:{row.pk}", _DISPOSING),
                Part(_("What remains"), tuple(_kept(row, reader))),
            ),
            (_("Whoever did it, day"), _("Whoever saw it, day")),
        )


def _common(number: str, case: str, method: str) -> Iterator[Fact]:
    yield _("Certificate"), Machine(number)
    yield _("Case"), Machine(case)
    yield _("Issued by"), settings.EXPORT_SENDER
    yield _("Method"), method


def _keys(row: Destruction) -> Iterator[Fact]:
    if row.keys_gone_at is not None:
        yield _("How many keys"), Machine(str(row.keys))


def _thing(row: Disposal, mark: str) -> Iterator[Fact]:
    yield _("What it is"), str(row.get_thing_display())
    if row.item is not None:
        yield _("Exhibit"), Machine(row.item.exhibit_no)
    yield _("Seal or label"), mark
    if row.state == DisposalState.CONFIRMED and row.done_on is not None:
        yield _("Done on"), day(row.done_on)


def _checkpoint() -> Iterator[Fact]:
    """Origin, size and root of the newest signed note: the log can be held against the paper later."""
    newest = latest_checkpoint()
    if newest is None:
        yield _("Newest checkpoint of the log"), _("none yet")
        return
    origin, size, root = newest.note.splitlines()[:3]
    yield _("Newest checkpoint of the log"), Machine(origin)
    yield _("Entries that it covers"), Machine(size)
    yield _("Root"), Machine(root)


def _steps(subject: str, words: "Mapping[Kind, Promise | str]") -> Part:
    """Each step with who took it, when, and its place in the log."""
    events = believed(Event.objects.of_subject(subject).of_kinds(list(words)).order_by("at"))
    found = Position.objects.filter(event__in=events).values_list("event", "index")
    places = {event: Machine(str(index)) for event, index in found}
    rows = tuple(
        (
            str(words[Kind(event.kind)]),
            Machine(event.actor),
            day(event.at),
            places.get(event.pk, _("not sealed yet")),
        )
        for event in events
    )
    columns = (_("Step"), _("By"), _("Day"), _("Entry of the log"))
    return Part(_("Who decided, and where the log says so"), (), columns, rows)


def _standing(row: Destruction) -> str:
    if row.final_from is None:
        return _("Not erased: the keys can still be read, or copies of them can.")
    said = {"day": day(row.final_from)}
    if row.is_final:
        return _("Erased. Since %(day)s no copy of the keys exists.") % said
    return _("Unreadable here. Erased from %(day)s on, when the last copy of the keys has expired.") % said


def _stands(row: Disposal) -> str:
    if row.state == DisposalState.DECLINED and row.carried_out_at is not None:
        return _("Not confirmed: one person wrote down that it was done, and another did not confirm it.")
    if row.state != DisposalState.CONFIRMED or row.done_on is None:
        return _("Not done: two people have not confirmed it. This paper proves nothing yet.")
    said = {"day": day(row.done_on)}
    if row.method == DestructionMethod.GIVEN_BACK:
        return _("Given back on %(day)s. What becomes of it is no longer in our hands.") % said
    if row.method == DestructionMethod.SECURE_ERASE:
        return _("Overwritten. Since %(day)s nothing on it can be read.") % said
    return _("Destroyed. It does not exist since %(day)s.") % said


def _left(row: Destruction, remains: Remains) -> Iterator[str]:
    yield _(
        "It does not cover what was delivered to others before, what other people said, "
        "nor the entries of the log, which say that something was done and when."
    )
    mine = Q(items__testimony__witness=row.witness_id) | Q(items__evidence__witness=row.witness_id)
    yield from _counted(mine, remains)


def _kept(row: Disposal, reader: User) -> Iterator[str]:
    if row.thing != Thing.EXHIBIT or row.item is None:
        yield _("What this system holds about it stays, and so do copies that were made of it.")
        return
    yield _("The record of the exhibit, its chain of custody and the entries of the log stay.")
    files = FileObject.objects.filter(item=row.item).count()
    yield ngettext(
        "%(count)d file of it stays in this system.", "%(count)d files of it stay in this system.", files
    ) % {"count": files}
    yield from _counted(Q(items__evidence=row.item), remains_of_item(row.item, reader))


def _counted(mine: Q, remains: Remains) -> Sequence[str]:
    """How much rests on it still, as far as the reader may see."""
    held = Export.objects.filter(mine, state__in=HELD, items__decision=Inclusion.INCLUDED)
    delivered = held.distinct().count()
    rest = len(remains.assertions) + len(remains.incidents)
    return (
        ngettext(
            "%(count)d delivery to others holds something of it.",
            "%(count)d deliveries to others hold something of it.",
            delivered,
        )
        % {"count": delivered},
        ngettext(
            "%(count)d fact or incident rested on it among others, and waits for a person to look at it.",
            "%(count)d facts and incidents rested on it among others, and wait for a person to look at them.",
            rest,
        )
        % {"count": rest},
    )
