"""Who holds what is no longer covered.

Promise: what must be called back is asked of the consents themselves, each time, and stored nowhere: a
withdrawal that was recorded in the room of cases is owed its letters in the same instant, with no call
upwards and nothing that could be lost on the way. It opens nothing and changes nothing. Called by pages, by
what waits for the disclosure officer, and by actions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from cases.models import Consent, ConsentEvent, Witness
from cases.vocabulary import ConsentEventKind, ConsentState, Material, Permission
from exports.models import Export, ExportItem, HandoverConsent
from exports.vocabulary import HELD, ExportState, Inclusion, Reason
from exports.weighing import Ask, Consents

# What a witness took back or narrowed. A consent that merely ran out calls nothing back; one that is not as
# it was last written does: only what changed is weighed, and somebody may have put back what was taken back.
_TAKEN_BACK = frozenset(
    {
        Reason.CONSENT_WITHDRAWN,
        Reason.CONSENT_REFUSED,
        Reason.CONSENT_NOT_ASKED,
        Reason.CONSENT_IDENTITY,
        Reason.CONSENT_STATE_BODY,
        Reason.CONSENT_NOT_AUTHENTIC,
    }
)
_SAID = (ConsentEventKind.WITHDRAWN, ConsentEventKind.NARROWED)
_MOVED = (ConsentState.WITHDRAWN, ConsentState.PARTLY_WITHDRAWN, ConsentState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Owed:
    """One export that was delivered, and what in it must be called back."""

    export: Export
    items: tuple[ExportItem, ...]
    since: datetime


def witness_of(item: ExportItem) -> Witness | None:
    """Whose word an object rests on."""
    if item.testimony is not None:
        return item.testimony.witness
    return item.evidence.witness if item.evidence is not None else None


def _people(items: Iterable[ExportItem]) -> set[UUID]:
    return {witness.pk for item in items if (witness := witness_of(item)) is not None}


def owed(exports: "QuerySet[Export]", *, at: datetime | None = None) -> list[Owed]:
    """Return what of these exports must be called back and was not yet, oldest delivery first."""
    moment = at or timezone.now()
    found: dict[UUID, list[ExportItem]] = {}
    rows: dict[UUID, Export] = {}
    asked: dict[UUID, Consents] = {}
    doubtful = list(_doubtful(exports))
    for item in doubtful:
        export = item.export
        if export.pk not in asked:
            ask = Ask.of(export.recipient, export.purpose, export.identity_level, export.tier)
            people = _people(one for one in doubtful if one.export_id == export.pk)
            asked[export.pk], rows[export.pk] = Consents(ask, moment, people), export
        if _TAKEN_BACK.intersection(_gaps(asked[export.pk], export, item)):
            found.setdefault(export.pk, []).append(item)
    since = _since(found.values())
    return sorted(
        (Owed(rows[pk], tuple(items), since.get(pk, moment)) for pk, items in found.items()),
        key=lambda one: one.since,
    )


def owed_to(user: User, permission: Permission = Permission.EXPORT_BUILD) -> list[Owed]:
    """Return what waits for whoever carries exports, in all their cases."""
    return owed(Export.objects.visible_to(user, permission))


def _doubtful(exports: "QuerySet[Export]") -> "QuerySet[ExportItem]":
    """What was delivered and rests on a consent that changed since: few, and only these are weighed."""
    # Columns can be put back; that something was said cannot be unsaid.
    changed = (
        Q(consents__answer__withdrawn_at__isnull=False)
        | Q(consents__consent__state__in=_MOVED)
        | Q(consents__consent__events__kind__in=_SAID)
    )
    return (
        ExportItem.objects.filter(
            changed,
            export__in=exports.filter(state__in=HELD),
            decision=Inclusion.INCLUDED,
            recalled__isnull=True,
        )
        .select_related("export__recipient", "export__case", "testimony__witness", "evidence__witness")
        .distinct()
        .order_by("exported_id")
    )


def _material(item: ExportItem) -> Material | None:
    newest = item.consents.select_related("answer").order_by("-created_at").first()
    return None if newest is None else Material(newest.answer.material)


def _gaps(consents: Consents, export: Export, item: ExportItem) -> list[Reason | None]:
    """What consents lack now for an object, and for how its witness is reached where that goes with it."""
    witness, material = witness_of(item), _material(item)
    if witness is None or material is None:
        return []
    materials = [material, Material.CONTACT_DETAILS] if _told_contact(export, witness) else [material]
    return [consents.gap(witness, one)[0] for one in materials]


def _told_contact(export: Export, witness: Witness) -> bool:
    """Whether the package says how the witness is reached: an answer of its own, and called back as one."""
    rests = HandoverConsent.objects.filter(export=export, handover__stored__isnull=False)
    return rests.filter(answer__witness=witness, answer__material=Material.CONTACT_DETAILS).exists()


def handed_among(items: Sequence[ExportItem]) -> list[Witness]:
    """Whose identities were delivered, of the people behind these objects of one export."""
    people = {witness.pk: witness for item in items if (witness := witness_of(item)) is not None}
    exports = {item.export_id for item in items}
    rests = HandoverConsent.objects.filter(export__in=exports, handover__stored__isnull=False)
    named = set(rests.filter(answer__witness__in=people).values_list("answer__witness", flat=True))
    return [people[pk] for pk in sorted(named)]


def _since(groups: Iterable[list[ExportItem]]) -> dict[UUID, datetime]:
    """When the newest word was said on which each group rests."""
    said = {}
    for items in groups:
        people = [witness for item in items if (witness := witness_of(item)) is not None]
        kinds = (ConsentEventKind.WITHDRAWN, ConsentEventKind.NARROWED, ConsentEventKind.RENEWED)
        newest = ConsentEvent.objects.filter(witness__in=people, kind__in=kinds).aggregate(at=Max("at"))["at"]
        if newest is not None:
            said[items[0].export_id] = newest
    return said


@dataclass(frozen=True, slots=True)
class Reach:
    """What one withdrawal reached: exports that wait and are stopped, and those that were delivered."""

    stopped: tuple[Export, ...]
    held: tuple[Export, ...]


def reach_of(consent: Consent) -> Reach:
    """Return the exports in which something rests on the word of the consent's witness.

    An export that waits and holds nothing else of theirs than what is still covered is not stopped.
    """
    mine = Q(items__testimony__witness=consent.witness_id) | Q(items__evidence__witness=consent.witness_id)
    rows = (
        Export.objects.filter(mine, case=consent.case_id)
        .exclude(state__in=(ExportState.REFUSED, ExportState.CANCELLED))
        .select_related("recipient")
        .distinct()
        .order_by("created_at")
    )
    stopped, held = [], []
    for export in rows:
        items = export.items.filter(
            Q(testimony__witness=consent.witness_id) | Q(evidence__witness=consent.witness_id),
            decision=Inclusion.INCLUDED,
        )
        if not items.exists():
            continue
        if export.state in HELD:
            held.append(export)
        elif _is_stopped(export, items):
            stopped.append(export)
    return Reach(tuple(stopped), tuple(held))


def _is_stopped(export: Export, items: "QuerySet[ExportItem]") -> bool:
    consents = Consents(
        Ask.of(export.recipient, export.purpose, export.identity_level, export.tier), timezone.now()
    )
    for item in items.select_related("testimony__witness", "evidence__witness"):
        if any(gap is not None for gap in _gaps(consents, export, item)):
            return True
    return False
