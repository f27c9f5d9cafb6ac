"""Deciding about an export.

Promise: whoever asked never decides; a decision counts for the export exactly as it was, and asks every
consent again. Called by views, the demonstration and tests.
"""

import hashlib
import hmac
import json

from accounts.models import User
from audit.vocabulary import Kind
from cases.permissions import check
from cases.vocabulary import Permission
from exports.actions.requests import weigh_items
from exports.errors import ApprovalVoid, ConsentGone, RequesterMayNotApprove
from exports.models import Approval, Export, ExportItem
from exports.permissions import check_agreement, check_key
from exports.steps import check_step, locked, move
from exports.vocabulary import ApprovalDecision, ExportState, Inclusion
from exports.weighing import Weighed
from vault.errors import VaultError


def digest_of(export: Export) -> bytes:
    """Return SHA-256 over all that an approval is about: recipient, key, purpose, every object."""
    recipient = export.recipient
    facts = {
        "export": str(export.pk),
        "number": export.number,
        "recipient": [str(recipient.pk), recipient.revision, recipient.row_digest().hex()],
        "key": [str(export.key_id), bytes(export.key.key_index).hex()],
        "use": [export.purpose, export.identity_level, export.tier],
        "items": sorted(_item_facts(item) for item in export.items.select_related("evidence")),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).digest()


def _item_facts(item: ExportItem) -> list[str]:
    evidence = item.evidence
    revision = evidence.revision if evidence is not None else 0
    ids = [str(part or "") for part in (item.pk, item.testimony_id, item.version_id, item.evidence_id)]
    return [*ids, item.exported_id, item.decision, item.reason, str(revision)]


def approve_export(*, by: User, export: Export, reason: str = "") -> Approval:
    """Approve what consent covers. Raises `RequesterMayNotApprove`, `ConsentGone`, `KeyUnfit`."""
    export = _decidable(by, export, ExportState.APPROVED)
    check_agreement(export.recipient)
    check_key(export.key)
    ask_again(export, by)
    return _decide(by, export, ApprovalDecision.APPROVED, reason)


def refuse_export(*, by: User, export: Export, reason: str) -> Approval:
    """Refuse it for good; a new request may be better."""
    return _decide(by, _decidable(by, export, ExportState.REFUSED), ApprovalDecision.REFUSED, reason)


def _decidable(by: User, export: Export, to: ExportState) -> Export:
    check(by, Permission.EXPORT_APPROVE, export.case_id)
    export = locked(export)
    if export.created_by_id == by.pk:
        raise RequesterMayNotApprove(subject=f"export:{export.pk}", scope=export.case_id)
    check_step(export, to)
    return export


def _decide(by: User, export: Export, decision: ApprovalDecision, reason: str) -> Approval:
    approval = Approval(
        case=export.case,
        created_by=by,
        export=export,
        decision=decision,
        approved_digest=digest_of(export),
    )
    approval.seal(reason=reason.strip() or None)
    approval.put_tag()
    approval.save(force_insert=True)
    approved = decision == ApprovalDecision.APPROVED
    to, kind = (
        (ExportState.APPROVED, Kind.EXPORT_APPROVED)
        if approved
        else (ExportState.REFUSED, Kind.EXPORT_REFUSED)
    )
    move(export, to, kind, by=by, rows=(approval,), at_once=True)
    return approval


def check_approval(export: Export) -> Approval:
    """Return the approval that stands for the export as it is now; raises `ApprovalVoid`."""
    subject, scope = f"export:{export.pk}", export.case_id
    approval = export.approvals.filter(decision=ApprovalDecision.APPROVED).first()
    if approval is None or approval.created_by_id == export.created_by_id:
        raise ApprovalVoid(subject=subject, scope=scope, why="none")
    try:
        approval.verify_tag()
    except VaultError as error:
        raise ApprovalVoid(subject=subject, scope=scope, why="forged") from error
    if not hmac.compare_digest(bytes(approval.approved_digest), digest_of(export)):
        raise ApprovalVoid(subject=subject, scope=scope, why="edited")
    return approval


def ask_again(export: Export, by: User) -> list[tuple[ExportItem, Weighed]]:
    """Ask every consent once more about what is in the export; raises `ConsentGone` at the first that says
    no.
    """
    items = list(export.items.filter(decision=Inclusion.INCLUDED).order_by("exported_id"))
    answered: list[tuple[ExportItem, Weighed]] = []
    for item, weighed in weigh_items(export, items, by):
        if weighed is None or weighed.reason is not None or weighed.version != item.version:
            reason = "gone" if weighed is None else str(weighed.reason or "version")
            raise ConsentGone(
                subject=f"export:{export.pk}", scope=export.case_id, item=str(item.pk), reason=reason
            )
        answered.append((item, weighed))
    return answered
