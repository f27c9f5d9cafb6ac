"""Handing identities over to the recipient of an export.

Promise: only an approved export of the highest tier whose level names people may carry identities; exactly
those go in whose consents cover it at that level, to the export's recipient and nobody else, under a second
key that another person confirmed; all of it is asked at every step; the file goes into this one package, and
its key is gone with it. Asking is called by views; the rest through the port of `cases`, by the keeper.
"""

from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from audit.actions import record
from audit.believing import believed
from audit.models import Event
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.actions.handovers import ask_for_handover
from cases.chamber.holding import Entry, Letter
from cases.handing import Terms
from cases.models import IdentitySession, SessionItem
from cases.permissions import check
from cases.vocabulary import LIVE_SESSION, IdentityField, Permission
from exports.actions.approvals import ask_again, check_approval
from exports.actions.codes import CodeBook
from exports.actions.keys import open_public_key
from exports.actions.secondkeys import end_second_key, numbers_on, open_words
from exports.errors import HandoverUnderWay, HandoverUnfit, SecondKeyUnfit
from exports.identities import Named, codes_of, named_in
from exports.models import Export, HandoverConsent, IdentityHandover, SecondKey
from exports.package.ageing import fingerprint
from exports.permissions import check_agreement, check_key, check_second_key
from exports.steps import locked
from exports.vocabulary import ExportState, PseudonymKind, SecondKeyEnd, Tier
from exports.weighing import NAMING
from vault.errors import VaultError
from vault.files import FileSealer
from vault.opening import open_row, open_rows
from vault.rows import SealedRow
from vault.scopes import Scope
from vault.vocabulary import Purpose

_SPOKEN: Final = 35  # of a fingerprint: its first half, in four groups


def ask_handover(*, by: User, export: Export, reason: str) -> IdentityHandover:
    """Ask two custodians to let the identities of an export's witnesses go to its recipient.

    Raises `HandoverUnfit`, `HandoverUnderWay`, `SecondKeyUnfit`, and what a build of the export would raise.
    """
    check(by, Permission.EXPORT_BUILD, export.case_id)
    export = locked(export)
    _check_export(export)
    check_none_under_way(export)
    if export.handovers.filter(stored__isnull=False).exists():
        raise _unfit(export, "taken")
    _check_never_taken(export)
    key = _held_key(export.recipient.second_keys.filter(ended_at__isnull=True).first(), export)
    named = named_in(export, ask_again(export, by))
    if not named:
        raise _unfit(export, "nobody")
    codes = CodeBook(export, by)
    for one in named:
        codes.of(PseudonymKind.WITNESS, one.witness.pk)
    session = ask_for_handover(by=by, case=export.case, reason=reason, people=_digests(export, named))
    row = IdentityHandover(
        case=export.case, created_by=by, session=session, export=export, recipient_key=export.key,
        second_key=key,
    )  # fmt: skip
    row.put_tag()
    row.save(force_insert=True)
    rests = HandoverConsent.objects.bulk_create(
        HandoverConsent(
            case=export.case,
            created_by=by,
            export=export,
            handover=row,
            consent_id=answer.consent_id,
            answer=answer,
        )
        for one in named
        for answer in one.answers
    )
    _record(Kind.HANDOVER_ASKED, by, row, *rests, *codes.drawn, witnesses=len(named))
    return row


class ExportHandovers:
    """What `cases` asks while a hand-over is under way (`cases.handing.Handing`)."""

    def terms(self, session: IdentitySession, *, by: User) -> Terms:
        """Ask everything anew: export, approval, keys, every consent."""
        row, export, named = _asked(session, by)
        contact = sum(one.has_contact for one in named)
        bound = (
            ("export", export.number),
            ("recipient", _name(export, by)),
            ("kind of recipient", export.recipient.recipient_class),
            ("recipient key", fingerprint(open_public_key(export.key, reader=by.staff_code))[:_SPOKEN]),
            ("second key", numbers_on(row.second_key)),
            ("for", export.purpose),
            ("witnesses", str(len(named))),
            ("with contact details", str(contact)),
        )
        return Terms(bound, _digests(export, named))

    def letter(self, session: IdentitySession, *, by: User) -> Letter:
        """Return what the process needs beside the names."""
        row, export, named = _asked(session, by)
        reader, codes = by.staff_code, codes_of(export, [one.witness.pk for one in named])
        told = open_rows(codes.values(), "code", reader=reader, purpose=Purpose.EXPORT)
        people = [one.witness for one in named]
        called = open_rows(people, "public_pseudonym", reader=reader, purpose=Purpose.EXPORT)
        with override("en"):
            about = {"recipient": _name(export, by), "purpose": str(export.get_purpose_display())}
            labels = {one.value: str(one.label) for one in IdentityField}
        entries = [
            Entry(
                one.witness.pk,
                told[codes[one.witness.pk].pk].text("code"),
                called[one.witness.pk].text("public_pseudonym"),
                tuple(field.value for field in one.fields),
            )
            for one in named
        ]
        entries.sort(key=lambda one: one.code)
        words = open_words(row.second_key, reader=reader)
        return Letter(words, {"export": export.number, **about}, labels, tuple(entries))

    def take(self, session: IdentitySession, sealed: bytes, *, by: User) -> None:
        """Keep the file with the export, and destroy the second key. Raises `HandoverUnfit`."""
        row, export, _named = _asked(session, by)
        try:
            with FileSealer(scope=Scope.case(export.case_id), by=by.staff_code) as sealer:
                sealer.write(sealed)
                row.stored, _digests_of_it = sealer.commit()
        except OSError:  # the store is full or gone
            raise _unfit(export, "store") from None
        row.taken_at = timezone.now()
        row.put_tag()
        row.save(update_fields=["stored", "taken_at", "tag"])
        end_second_key(row.second_key, SecondKeyEnd.USED, by)
        _record(Kind.HANDOVER_TAKEN, by, row, row.stored)


def check_none_under_way(export: Export) -> None:
    """Raise `HandoverUnderWay` while custodians still decide: what is built now would lack its identities."""
    if export.handovers.filter(session__state__in=LIVE_SESSION).exists():
        raise HandoverUnderWay(subject=f"export:{export.pk}", scope=export.case_id)


def handed_with(export: Export, named: list[Named]) -> IdentityHandover | None:
    """Return the hand-over whose file belongs into the package, if there is one.

    `named` is whom consents cover now. Raises `HandoverUnfit` where it is not what two custodians let go.
    """
    row = export.handovers.filter(stored__isnull=False).select_related("stored").first()
    if row is None:
        _check_never_taken(export)
        return None
    _believe(row)
    items = SessionItem.objects.filter(session=row.session_id)
    said: dict[UUID | None, bytes] = {one.subject: bytes(one.digest) for one in items}
    if row.recipient_key_id != export.key_id or said != _digests(export, named):
        raise _unfit(export, "changed")
    return row


def _check_never_taken(export: Export) -> None:
    """A row put back to before its file would build a package silently without it: the log is asked too."""
    events = Event.objects.of_subject(f"export:{export.pk}").of_kinds([Kind.HANDOVER_TAKEN])
    if believed(events):
        raise _unfit(export, "changed")


def _asked(session: IdentitySession, by: User) -> tuple[IdentityHandover, Export, list[Named]]:
    """Read a session's hand-over, held, where all on which it rests still stands."""
    check(by, Permission.EXPORT_BUILD, session.case_id)
    rows = IdentityHandover.objects.select_for_update(of=("self",)).select_related("stored")
    row = rows.filter(session=session.pk).first()
    if row is None:
        raise HandoverUnfit(subject=f"identity-session:{session.pk}", scope=session.case_id, why="none")
    _believe(row)
    export = locked(row.export)
    _check_export(export)
    if row.stored_id is not None or row.recipient_key_id != export.key_id:
        raise _unfit(export, "changed")
    key = SecondKey.objects.filter(pk=row.second_key_id, recipient=export.recipient_id).first()
    row.second_key = _held_key(key, export)
    return row, export, named_in(export, ask_again(export, by))


def _check_export(export: Export) -> None:
    if export.state != ExportState.APPROVED or export.tier != Tier.JUDICIAL:
        raise _unfit(export, "state")
    if export.identity_level not in NAMING or export.recipient.state_affiliated:
        raise _unfit(export, "level")
    check_approval(export)
    check_agreement(export.recipient)
    check_key(export.key)


def _held_key(found: SecondKey | None, export: Export) -> SecondKey:
    if found is None:
        raise SecondKeyUnfit(subject=f"recipient:{export.recipient_id}", scope=export.case_id, why="none")
    key = SecondKey.objects.select_for_update(of=("self",)).get(pk=found.pk)
    check_second_key(key)
    return key


def _believe(row: IdentityHandover) -> None:
    try:
        row.verify_tag()
    except VaultError as error:
        raise HandoverUnfit(subject=f"handover:{row.pk}", scope=row.case_id, why="forged") from error


def _digests(export: Export, named: list[Named]) -> dict[UUID, bytes]:
    """What custodians sign of each witness; one without a code has none, and is missed."""
    codes = codes_of(export, [one.witness.pk for one in named])
    return {one.witness.pk: one.digest(codes[one.witness.pk]) for one in named if one.witness.pk in codes}


def _name(export: Export, by: User) -> str:
    opened = open_row(export.recipient, "name", reader=by.staff_code, purpose=Purpose.EXPORT)
    return opened.text("name")


def _unfit(export: Export, why: str) -> HandoverUnfit:
    return HandoverUnfit(subject=f"export:{export.pk}", scope=export.case_id, why=why)


def _record(kind: Kind, by: User, row: IdentityHandover, *rows: SealedRow, **facts: int) -> None:
    told: dict[str, str | int] = {"number": row.export.number, "session": str(row.session_id), **facts}
    seal_now(
        record(
            kind, by=by.staff_code, subject=f"export:{row.export_id}", scope=row.case_id, facts=told,
            rows=[row, *rows],
        )
    )  # fmt: skip
