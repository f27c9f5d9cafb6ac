"""Asking for an export, and asking every consent about it.

Promise: what consent does not cover is left out and listed with its reason, never sent and never forgotten; a
body that cannot receive is refused before anything is written. Called by views, the demonstration and tests.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.codes import ALPHABET
from cases.models import Case, Testimony
from cases.permissions import check
from cases.vocabulary import ConsentPurpose, IdentityLevel, Permission
from evidence.models import EvidenceItem
from exports.actions.numbering import insert_numbered
from exports.errors import (
    IdentityUnfit,
    KeyUnfit,
    NothingCovered,
    NothingSelected,
    PurposeUnfit,
    TierUnfit,
)
from exports.models import Export, ExportItem, ItemConsent, Recipient, RecipientKey
from exports.permissions import check_agreement, check_key
from exports.steps import check_step, locked, move
from exports.vocabulary import PURPOSES, ExportState, Inclusion, Reason, Tier
from exports.weighing import NAMING, REDACTED_ONLY, Ask, Weighed, objects_of, weigh


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: to whom, for what, how much."""

    recipient: Recipient
    purpose: ConsentPurpose
    tier: Tier
    testimonies: Sequence[Testimony] = ()
    evidence: Sequence[EvidenceItem] = ()
    identity_level: IdentityLevel = IdentityLevel.PSEUDONYM
    note: str = ""


def check_wish(case: Case, wish: Wish) -> RecipientKey:
    """Return the key to use; raises `KeyUnfit`, `RecipientUnfit`, `PurposeUnfit`, `TierUnfit`,
    `IdentityUnfit`, `NothingSelected`.
    """
    recipient, subject, scope = wish.recipient, f"case:{case.pk}", case.pk
    check_agreement(recipient)
    key = recipient.keys.filter(revoked_at__isnull=True).first()
    if key is None:
        raise KeyUnfit(subject=f"recipient:{recipient.pk}", scope=case.pk, why="none")
    check_key(key)
    if (
        wish.purpose
        not in PURPOSES[Ask.of(recipient, wish.purpose, wish.identity_level, wish.tier).recipient_class]
    ):
        raise PurposeUnfit(subject=subject, scope=scope)
    if recipient.state_affiliated and wish.tier not in REDACTED_ONLY:
        raise TierUnfit(subject=subject, scope=scope)
    if wish.identity_level in NAMING and wish.tier != Tier.JUDICIAL:
        raise IdentityUnfit(subject=subject, scope=scope)
    if not wish.testimonies and not wish.evidence:
        raise NothingSelected(subject=subject, scope=scope)
    return key


def preview(*, by: User, case: Case, wish: Wish) -> list[Weighed]:
    """Ask every consent without writing anything: what would go, and what would be left out and why."""
    check(by, Permission.EXPORT_REQUEST, case)
    check_wish(case, wish)
    ask = Ask.of(wish.recipient, wish.purpose, wish.identity_level, wish.tier)
    return weigh(wish.testimonies, wish.evidence, ask, at=timezone.now(), reader=by.staff_code)


def request_export(*, by: User, case: Case, wish: Wish) -> Export:
    """Ask for an export of the chosen objects of one case; objects of another case are not found."""
    check(by, Permission.EXPORT_REQUEST, case)
    key = check_wish(case, wish)
    export = Export(
        case=case,
        created_by=by,
        recipient=wish.recipient,
        key=key,
        purpose=wish.purpose,
        identity_level=wish.identity_level,
        tier=wish.tier,
    )
    export.seal(note=wish.note.strip() or None)
    insert_numbered(export, "EXP")
    for testimony in Testimony.objects.visible_to(by).filter(
        case=case, pk__in=[row.pk for row in wish.testimonies]
    ):
        _add_item(export, by, testimony=testimony)
    for item in EvidenceItem.objects.visible_to(by).filter(
        case=case, pk__in=[row.pk for row in wish.evidence]
    ):
        _add_item(export, by, evidence=item)
    count = export.items.count()
    if count == 0:
        raise NothingSelected(subject=f"case:{case.pk}", scope=case.pk)
    record(
        Kind.EXPORT_REQUESTED,
        by=by.staff_code,
        subject=f"export:{export.pk}",
        scope=case.pk,
        facts={
            "number": export.number,
            "recipient": str(wish.recipient.pk),
            "objects": count,
            "tier": export.tier,
        },
        rows=[export, *export.items.all()],
    )
    return export


def _add_item(
    export: Export, by: User, *, testimony: Testimony | None = None, evidence: EvidenceItem | None = None
) -> None:
    taken = set(export.items.values_list("exported_id", flat=True))
    name = ""
    while not name or name in taken:
        name = f"D-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"
    ExportItem.objects.create(
        case=export.case,
        created_by=by,
        export=export,
        kind="testimony" if testimony else "evidence",
        testimony=testimony,
        evidence=evidence,
        exported_id=name,
    )


def check_scope(*, by: User, export: Export) -> Export:
    """Ask every consent about every object, and write down what is in and what is left out, with its reason.

    May be repeated until somebody decides about the export. Raises `NothingCovered` when nothing is left.
    """
    check(by, Permission.EXPORT_REQUEST, export.case_id)
    export = locked(export)
    check_step(export, ExportState.SCOPE_CHECKED)
    check_key(export.key)
    items = list(export.items.select_for_update())
    decided = weigh_items(export, items, by)
    rests = [rest for item, weighed in decided for rest in _write(item, weighed, by)]
    included = [item for item in items if item.decision == Inclusion.INCLUDED]
    if not included:
        raise NothingCovered(subject=f"export:{export.pk}", scope=export.case_id)
    return move(
        export,
        ExportState.SCOPE_CHECKED,
        Kind.EXPORT_CHECKED,
        by=by,
        rows=(*items, *rests),
        included=len(included),
        left_out=len(items) - len(included),
    )


def weigh_items(export: Export, items: list[ExportItem], by: User) -> list[tuple[ExportItem, Weighed | None]]:
    """Ask again about what an export names; None for what the person may no longer see."""
    testimonies, exhibits, _ = objects_of(items, by)
    ask = Ask.of(export.recipient, export.purpose, export.identity_level, export.tier)
    answers = weigh(testimonies, exhibits, ask, at=timezone.now(), reader=by.staff_code)
    by_target: dict[UUID | None, Weighed] = {weighed.target.pk: weighed for weighed in answers}
    return [(item, by_target.get(item.testimony_id or item.evidence_id)) for item in items]


def _write(item: ExportItem, weighed: Weighed | None, by: User) -> list[ItemConsent]:
    reason = Reason.GONE if weighed is None else weighed.reason
    item.decision = Inclusion.INCLUDED if reason is None else Inclusion.LEFT_OUT
    item.reason = "" if reason is None else reason
    item.version = weighed.version if weighed is not None and reason is None else None
    item.save(update_fields=["decision", "reason", "version"])
    return remember_consents(item, weighed, by) if weighed is not None and reason is None else []


def remember_consents(item: ExportItem, weighed: Weighed, by: User) -> list[ItemConsent]:
    """Write down on which answers the item rests, and return the new rows; known answers are not repeated."""
    known = set(item.consents.values_list("answer_id", flat=True))
    return ItemConsent.objects.bulk_create(
        ItemConsent(
            case=item.case,
            created_by=by,
            export_id=item.export_id,
            item=item,
            consent_id=answer.consent_id,
            answer=answer,
        )
        for answer in weighed.answers
        if answer.pk not in known
    )


def cancel_export(*, by: User, export: Export) -> Export:
    """Give an export up before it is delivered; its package can no longer be fetched."""
    check(by, Permission.EXPORT_REQUEST, export.case_id)
    return move(locked(export), ExportState.CANCELLED, Kind.EXPORT_CANCELLED, by=by)
