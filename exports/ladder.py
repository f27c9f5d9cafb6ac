"""The steps of an export as a ladder: who took each, when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.believing import believed
from audit.models import Event
from audit.vocabulary import Kind
from exports.models import Export
from exports.vocabulary import ExportState


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: `standing` is done, now or later."""

    word: Promise | str
    hint: Promise | str
    standing: str
    by: str = ""
    at: datetime | None = None


_STEPS: tuple[tuple[Kind, Promise | str, Promise | str], ...] = (
    (Kind.EXPORT_REQUESTED, _("Requested"), _("Recipient, purpose and objects are chosen.")),
    (
        Kind.EXPORT_CHECKED,
        _("Consent checked"),
        _("Every object asks every consent; what is not covered is left out."),
    ),
    (Kind.EXPORT_APPROVED, _("Approved"), _("A supervisor decides, never the person who asked.")),
    (
        Kind.EXPORT_BUILT,
        _("Built"),
        _("Consents are asked again; the package is encrypted to the recipient."),
    ),
    (Kind.EXPORT_VERIFIED, _("Verified"), _("What lies in the store is read and checked once more.")),
    (Kind.EXPORT_DELIVERED, _("Delivered"), _("The recipient, or whoever carries it, has fetched it.")),
    (Kind.EXPORT_ACKNOWLEDGED, _("Acknowledged"), _("The recipient confirmed the digest of what arrived.")),
)
_ENDS = {
    ExportState.REFUSED: (Kind.EXPORT_REFUSED, _("Refused")),
    ExportState.CANCELLED: (Kind.EXPORT_CANCELLED, _("Cancelled")),
    ExportState.RECALLED: (Kind.EXPORT_RECALLED, _("Called back")),
}


def rungs(export: Export) -> list[Rung]:
    """Return the steps in order, each with its newest event; an export that was ended stops there."""
    kinds = [kind for kind, _word, _hint in _STEPS] + [kind for kind, _word in _ENDS.values()]
    said = Event.objects.of_subject(f"export:{export.pk}").of_kinds(kinds).order_by("at")
    events = {event.kind: event for event in believed(said)}
    found: list[Rung] = []
    for kind, word, hint in _STEPS:
        event = events.get(kind)
        if event is not None:
            found.append(Rung(word, hint, "done", event.actor, event.at))
        elif export.state not in _ENDS:
            found.append(
                Rung(word, hint, "later" if any(rung.standing == "now" for rung in found) else "now")
            )
    if export.state in _ENDS:
        kind, word = _ENDS[ExportState(export.state)]
        event = events.get(kind)
        found.append(Rung(word, "", "done", event.actor if event else "", event.at if event else None))
    return found
