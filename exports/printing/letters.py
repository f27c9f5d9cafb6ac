"""The letter that calls something back, and what a witness is told of their withdrawal.

Promise: the letter speaks of documents by the random codes under which they were delivered, and says nothing
of a person; what the witness is told says what was stopped, who holds it already and when the rest is
erased, and promises no more. Called by views.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import Consent
from exports.models import Export, RecallNotice
from exports.printing.paper import Machine, Paper, Part, day
from exports.recalling import Reach
from exports.vocabulary import RecallState


def recall_letter(
    notice: RecallNotice,
    *,
    recipient: str,
    digests: dict[str, str],
    language: str,
    identities: Sequence[str] = (),
) -> Paper:
    """Return the letter to a recipient; `digests` holds of each document the digest that was delivered,
    `identities` the codes of those whose identity was.
    """
    with override(language):
        parts = [_wish(notice), _documents(notice, digests)]
        if identities:
            parts.append(_identities(identities))
        if notice.reminders:
            told = _("This is reminder %(number)d.") % {"number": notice.reminders}
            parts.insert(0, Part(_("Reminder"), (told,)))
        return Paper(
            _("Recall of delivered documents"),
            language,
            notice.export.number,
            (
                (_("Sender"), settings.EXPORT_SENDER),
                (_("Recipient"), recipient),
                (_("Export"), Machine(notice.export.number)),
                (_("Day"), day(notice.asked_at)),
            ),
            tuple(parts),
            (_("For the sender"), _("For the recipient: received, day")),
        )


def _wish(notice: RecallNotice) -> Part:
    until = notice.asked_at + timedelta(days=settings.RECALL_DAYS)
    return Part(
        _("What we ask of you"),
        (
            _(
                "A person on whose consent this delivery rested no longer agrees. The documents "
                "named below may not be used any more from the day of this letter."
            ),
            _(
                "Please stop using them, take them out of your files, delete your copies and the "
                "encrypted package, and ask the same of everybody to whom you passed them."
            ),
            _(
                "Please answer by %(day)s: that you received this letter, what you deleted, and what "
                "you cannot give up and why. Do not try to find out whose consent it was."
            )
            % {"day": day(until)},
        ),
    )


def _documents(notice: RecallNotice, digests: dict[str, str]) -> Part:
    rows = tuple(
        (
            Machine(one.item.exported_id),
            str(one.item.get_kind_display()),
            Machine(digests.get(one.item.exported_id, "")[:16] or "-"),
        )
        for one in notice.items.select_related("item").order_by("item__exported_id")
    )
    return Part(_("Documents"), (), (_("Document"), _("Kind"), _("Begin of its digest (SHA-256)")), rows)


def _identities(codes: Sequence[str]) -> Part:
    told = _(
        "The package also held sealed/identities.age. Delete what it says under these codes, wherever you "
        "wrote it down, and every copy of the file; if you still need what it says of others, tell us first."
    )
    return Part(_("Identities"), (told,), (_("Witness"),), tuple((Machine(one),) for one in codes))


@dataclass(frozen=True, slots=True)
class Erasing:
    """How far the erasure has come: the day from which nothing older can be read, if it was carried out."""

    asked: bool = False
    final_from: datetime | None = None


def withdrawal_paper(
    consent: Consent,
    reach: Reach,
    *,
    names: dict[object, str],
    pseudonym: str,
    whole: bool,
    erasing: Erasing,
    language: str,
) -> Paper:
    """Return what the witness is told. `names` holds the recipients' names by id."""
    with override(language):
        at = consent.withdrawn_at
        facts = [(_("Person"), pseudonym or Machine(consent.witness.code))]
        if at is not None:
            facts.append((_("Withdrawn"), day(at)))
        return Paper(
            _("What your withdrawal reached"),
            language,
            "",
            tuple(facts),
            (
                Part(_("What you took back"), (_what(consent, whole=whole),)),
                _stopped(reach, names),
                _held(reach, names),
                Part(_("What we keep"), _kept(erasing)),
            ),
            (_("Told by, day"),),
        )


def _what(consent: Consent, *, whole: bool) -> str:
    if whole:
        return _("You took back your whole consent. It counts from the instant you said it.")
    purposes = {
        one.purpose: str(one.get_purpose_display()) for one in consent.scopes.all() if one.withdrawn_at
    }
    listed = _("; ").join(purposes.values())
    return _("You took back your consent for: %(purposes)s. The rest of it stands.") % {"purposes": listed}


def _stopped(reach: Reach, names: dict[object, str]) -> Part:
    heading = _("What was stopped")
    if not reach.stopped:
        return Part(heading, (_("Nothing of yours was on its way to anybody."),))
    rows = tuple((names.get(one.recipient_id, ""), Machine(one.number)) for one in reach.stopped)
    told = _("This was being prepared and does not leave with anything of yours:")
    return Part(heading, (told,), (_("For whom"), _("Number")), rows)


def _held(reach: Reach, names: dict[object, str]) -> Part:
    heading = _("Who already holds something of yours")
    if not reach.held:
        return Part(heading, (_("Nobody outside this organisation."),))
    told = _(
        "They received it before you took it back. We ask each of them in writing to delete it; we cannot "
        "make them, and we tell you what they answer."
    )
    rows = tuple(
        (names.get(one.recipient_id, ""), Machine(one.number), _answer_of(one)) for one in reach.held
    )
    return Part(heading, (told,), (_("Who"), _("Number"), _("What we asked, and the answer")), rows)


def _answer_of(export: Export) -> str:
    newest = RecallNotice.objects.filter(export=export).order_by("-created_at").first()
    if newest is None:
        return _("The letter is still to be written")
    return _("Asked on %(day)s: %(answer)s") % {
        "day": day(newest.asked_at),
        "answer": RecallState(newest.state).label,
    }


def _kept(erasing: Erasing) -> tuple[str, ...]:
    if erasing.final_from is not None:
        return (
            _("The keys to what you gave us were destroyed. From %(day)s on no copy of it can be read by us.")
            % {"day": day(erasing.final_from)},
            _(
                "What other people said, and what was delivered before, is not erased with it. The log keeps "
                "that something was done and when, not what you said."
            ),
        )
    if erasing.asked:
        return (
            _("Erasing it was asked for and waits for a second person. We tell you the day when it is done."),
        )
    return (
        _("What you gave us is still here, and is used for nothing that you took back."),
        _(
            "You can ask us to erase it. Two people must agree, and a court may forbid it; "
            "we tell you either."
        ),
    )
