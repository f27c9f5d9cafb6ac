"""Checking a built package, handing it over, and hearing back.

Promise: what is fetched was asked of every consent in that instant, by whoever fetches it, and each time is
an event; a contact fetches what is addressed to their own body and nothing else. Called by views, the task
and tests.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from typing import cast

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.believing import Leaves
from cases.permissions import check
from cases.vocabulary import Material, Permission
from exports.actions.approvals import ask_again, check_approval
from exports.actions.requests import remember_consents
from exports.errors import BuildFailed, ConsentGone, DigestMalformed, NotAddressed
from exports.models import Export, HandoverConsent, ItemConsent, Receipt
from exports.package.errors import PackageError
from exports.package.signing import check_signature, public_pem
from exports.permissions import contact_of
from exports.signer import signing_key
from exports.steps import check_step, locked, move
from exports.vocabulary import DELIVERABLE, ExportState, Inclusion, ReceiptKind
from exports.weighing import Ask
from vault.errors import Damaged, Missing
from vault.files import SealedReader, check_sealed, open_file
from vault.keys.ring import Ring
from vault.models import StoredFile
from vault.opening import open_row
from vault.scopes import Scope
from vault.vocabulary import Purpose

_SHA512 = re.compile(r"[0-9a-f]{128}\Z")


@dataclass(frozen=True, slots=True)
class Letters:
    """What goes beside the package, or by another way."""

    statement: bytes
    signature: bytes
    receipt: bytes


def verify_export(*, by: User, export: Export) -> Export:
    """Check what lies in the store and its signature once more, and every consent. Raises `BuildFailed`."""
    check(by, Permission.EXPORT_BUILD, export.case_id)
    export = locked(export)
    check_step(export, ExportState.VERIFIED)
    check_approval(export)
    ask_again(export, by)
    ask_identities(export)
    letters = open_letters(export, reader=by.staff_code)
    try:
        check_sealed(cast("StoredFile", export.stored))  # a constraint: what is built has a package
        check_signature(letters.statement, letters.signature, public_pem(signing_key()))
    except (PackageError, Damaged, Missing) as error:
        why = type(error).__name__
        raise BuildFailed(subject=f"export:{export.pk}", scope=export.case_id, why=why) from error
    return move(export, ExportState.VERIFIED, Kind.EXPORT_VERIFIED, by=by)


def open_letters(export: Export, *, reader: str) -> Letters:
    """Open statement and signature, and write the receipt: digest and size of the ciphertext."""
    opened = open_row(
        export, "statement", "signature", "package_sha512", reader=reader, purpose=Purpose.EXPORT
    )
    receipt = (
        f"Export: {export.number}\n"
        f"File: {export.number}.zip.age\n"
        f"Size: {export.package_size}\n"
        f"SHA-512: {opened.text('package_sha512')}\n"
    )
    return Letters(
        opened.text("statement").encode(), base64.b64decode(opened.text("signature")), receipt.encode()
    )


def addressed_to(user: User, export: Export) -> Export:
    """Return the export, locked, if it is addressed to the person's own body; raises `NotAddressed`."""
    contact = contact_of(user)
    found = (
        Export.objects.select_for_update(of=("self",))
        .filter(pk=export.pk, recipient=contact.recipient_id, state__in=DELIVERABLE)
        .select_related("recipient")
        .first()
    )
    if found is None:
        raise NotAddressed(subject=f"export:{export.pk}")
    return found


def ask_recorded(export: Export) -> None:
    """Ask the consents on which each object was recorded to rest; what a contact may see of them suffices."""
    ask = Ask.of(export.recipient, export.purpose, export.identity_level, export.tier)
    now = timezone.now()
    rests = ItemConsent.objects.filter(export=export.pk, item__decision=Inclusion.INCLUDED)
    # Counted before the consents are joined: one that the reader cannot see must not count as none needed.
    lost = set(rests.values_list("item_id", flat=True))
    seen = list(rests.select_related("consent", "answer"))
    leaves = Leaves(rest.consent for rest in seen)
    for rest in seen:
        if leaves.gap(rest.consent, ask.use(Material(rest.answer.material)), now)[0] is None:
            lost.discard(rest.item_id)
    if lost:
        raise ConsentGone(
            subject=f"export:{export.pk}", scope=export.case_id, item=str(min(lost)), reason="recorded"
        )
    ask_identities(export)


def ask_identities(export: Export) -> None:
    """Ask the answers on which identities in the package rest, each of them. Raises `ConsentGone`."""
    ask, now = Ask.of(export.recipient, export.purpose, export.identity_level, export.tier), timezone.now()
    rests = HandoverConsent.objects.filter(export=export.pk, handover__stored__isnull=False)
    # Counted first, as above: a consent that the reader cannot see is not one that says yes.
    gone = set(rests.values_list("pk", flat=True))
    seen = list(rests.select_related("consent", "answer"))
    leaves = Leaves(rest.consent for rest in seen)
    for rest in seen:
        if leaves.gap(rest.consent, ask.use(Material(rest.answer.material)), now)[0] is None:
            gone.discard(rest.pk)
    if gone:
        raise ConsentGone(subject=f"export:{export.pk}", scope=export.case_id, reason="identities")


def fetch_for_recipient(*, by: User, export: Export) -> SealedReader:
    """Open the package for a contact of the body it is addressed to. Raises `NotAddressed`, `ConsentGone`."""
    export = addressed_to(by, export)
    ask_recorded(export)
    return _fetch(by, export)


def fetch_for_officer(*, by: User, export: Export) -> SealedReader:
    """Open the package for whoever carries it to the recipient; consents are asked as they stand now."""
    check(by, Permission.EXPORT_BUILD, export.case_id)
    export = locked(export)
    if export.state not in DELIVERABLE:
        check_step(export, ExportState.DELIVERED)
    check_approval(export)
    ask_identities(export)
    rests = [rest for item, weighed in ask_again(export, by) for rest in remember_consents(item, weighed, by)]
    return _fetch(by, export, *rests)


def go_on_for_recipient(*, by: User, export: Export) -> None:
    """Ask again while a package flows to a contact. Raises `NotAddressed`, `ConsentGone`, `KeyLocked`."""
    row = addressed_to(by, export)
    ask_recorded(row)
    Ring().primary(Scope.case(row.case_id))  # a contact sees nothing of the case, not even that it is locked


def go_on_for_officer(*, by: User, export: Export) -> None:
    """Ask again while a package flows to its officer. Raises `CaseLocked`, `ConsentGone`, `NotAddressed`."""
    check(by, Permission.EXPORT_BUILD, export.case_id)
    ask_recorded(export)
    if not Export.objects.filter(pk=export.pk, state__in=DELIVERABLE).exists():
        raise NotAddressed(subject=f"export:{export.pk}", scope=export.case_id)


def _fetch(by: User, export: Export, *rests: ItemConsent) -> SealedReader:
    if export.stored is None:
        raise NotAddressed(subject=f"export:{export.pk}")
    receipt = Receipt(case_id=export.case_id, created_by=by, export=export, kind=ReceiptKind.DOWNLOADED)
    receipt.save(force_insert=True)
    record(
        Kind.EXPORT_DOWNLOADED,
        by=by.staff_code,
        subject=f"export:{export.pk}",
        scope=export.case_id,
        facts={"number": export.number},
        rows=[receipt, *rests],
    )
    if export.state == ExportState.VERIFIED:
        move(export, ExportState.DELIVERED, Kind.EXPORT_DELIVERED, by=by)
    return open_file(export.stored, reader=by.staff_code, purpose=Purpose.EXPORT)


def acknowledge(*, by: User, export: Export, sha512: str) -> Receipt:
    """Record the digest that the recipient computed; the right one acknowledges. Raises `DigestMalformed`."""
    export = addressed_to(by, export)
    told = "".join(sha512.split()).lower()
    if not _SHA512.match(told):
        raise DigestMalformed(subject=f"export:{export.pk}", scope=export.case_id)
    opened = open_row(export, "package_sha512", reader=by.staff_code, purpose=Purpose.EXPORT)
    is_matching = hmac.compare_digest(told, opened.text("package_sha512"))
    receipt = Receipt(
        case_id=export.case_id,
        created_by=by,
        export=export,
        kind=ReceiptKind.ACKNOWLEDGED,
        is_matching=is_matching,
    )
    receipt.save(force_insert=True)
    record(
        Kind.RECEIPT_RECORDED,
        by=by.staff_code,
        subject=f"export:{export.pk}",
        scope=export.case_id,
        facts={"number": export.number, "matching": int(is_matching)},
        rows=[receipt],
    )
    if is_matching and export.state == ExportState.DELIVERED:
        move(export, ExportState.ACKNOWLEDGED, Kind.EXPORT_ACKNOWLEDGED, by=by)
    return receipt
