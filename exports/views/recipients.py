"""Recipients, their keys and their contacts: outside every case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policy import StaffRequest, fresh, signed_in
from exports.actions import keys, recipients
from exports.forms import ContactForm, KeyCheckForm, KeyForm, RecipientForm
from exports.models import Recipient, RecipientContact, RecipientKey
from exports.permissions import believed_checks, can_keep, can_use_key
from exports.vocabulary import KEEPERS, KEY_CHECKERS, Channel
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

_WORDS = ("name", "jurisdiction", "contact", "agreement_ref", "conditions")


@require_GET
@signed_in(*KEY_CHECKERS)
def recipient_list(request: StaffRequest) -> HttpResponse:
    """List the bodies that may receive, and whether their keys may be used."""
    rows = list(Recipient.objects.prefetch_related("keys").order_by("created_at"))
    opened = open_rows(rows, "name", reader=request.user.staff_code, purpose=Purpose.LIST)
    listed = [
        (row, opened[row.pk].text("name"), [key for key in row.keys.all() if key.revoked_at is None])
        for row in rows
    ]
    ready = {key.pk for _row, _name, current in listed for key in current if can_use_key(key)}
    context = {"recipients": listed, "ready": ready, "may_keep": can_keep(request.user)}
    return render(request, "exports/recipient_list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*KEEPERS)
def recipient_add(request: StaffRequest) -> HttpResponse:
    """Enter a body."""
    form = RecipientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = recipients.add_recipient(by=request.user, facts=form.facts())
        messages.success(request, _("The recipient was entered. Now add its key."))
        return redirect("recipient-detail", recipient=row.pk)
    return render(request, "exports/recipient_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@signed_in(*KEEPERS)
def recipient_change(request: StaffRequest, recipient: UUID) -> HttpResponse:
    """Change what is known of a body; approvals given before no longer fit."""
    row = get_object_or_404(Recipient, pk=recipient)
    if request.method == "POST":
        form = RecipientForm(request.POST)
        if form.is_valid():
            expected = form.cleaned_data["revision"] or 0
            recipients.change_recipient(by=request.user, recipient=row, expected=expected, facts=form.facts())
            messages.success(
                request, _("The change was saved. Exports approved before must be approved anew.")
            )
            return redirect("recipient-detail", recipient=row.pk)
    else:
        opened = open_row(row, *_WORDS, reader=request.user.staff_code, purpose=Purpose.EDIT)
        plain = (
            "revision",
            "recipient_class",
            "state_affiliated",
            "death_penalty_risk",
            "default_tier",
            "agreement_until",
        )
        form = RecipientForm(
            initial={name: opened.text(name) for name in _WORDS}
            | {name: getattr(row, name) for name in plain}
        )
    return render(request, "exports/recipient_form.html", {"form": form, "recipient": row})


@require_GET
@signed_in(*KEY_CHECKERS)
def recipient_detail(request: StaffRequest, recipient: UUID) -> HttpResponse:
    """One body: what was agreed, its key as a ladder of steps, and who fetches for it."""
    row = get_object_or_404(Recipient, pk=recipient)
    key = row.keys.filter(revoked_at__isnull=True).select_related("created_by").first()
    checks = believed_checks(key) if key else []
    context = {
        "recipient": row,
        "opened": open_row(row, *_WORDS, reader=request.user.staff_code, purpose=Purpose.READ),
        "key": key,
        "checks": checks,
        "is_ready": key is not None and can_use_key(key),
        "has_checked": request.user.pk in {check.created_by_id for check in checks},
        "contacts": row.contacts.filter(ended_at__isnull=True).select_related("user"),
        "may_keep": can_keep(request.user),
        "second_key": row.second_keys.filter(ended_at__isnull=True)
        .select_related("created_by", "confirmed_by")
        .first(),
        "used_keys": row.second_keys.filter(ended_at__isnull=False)
        .select_related("created_by", "ended_by")
        .order_by("-ended_at")[:20],
        "key_form": KeyForm(),
        "contact_form": ContactForm(),
    }
    return render(request, "exports/recipient_detail.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*KEEPERS)
def recipient_key_add(request: StaffRequest, recipient: UUID) -> HttpResponse:
    """Enter a body's public key."""
    row = get_object_or_404(Recipient, pk=recipient)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        keys.add_key(
            by=request.user, recipient=row, public_key=data["public_key"], expires_at=data["expires_at"]
        )
        messages.success(request, _("The key was entered. Two people must compare it before it is used."))
        return redirect("recipient-detail", recipient=row.pk)
    return render(request, "exports/recipient_key_form.html", {"form": form, "recipient": row})


@require_http_methods(["GET", "POST"])
@signed_in(*KEY_CHECKERS)
@fresh
def recipient_key_check(request: StaffRequest, key: UUID) -> HttpResponse:
    """Compare a key: type what the recipient reads. What we hold is not shown here."""
    row = get_object_or_404(RecipientKey.objects.select_related("recipient"), pk=key)
    form = KeyCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        keys.check_key_with(
            by=request.user,
            key=row,
            heard=data["heard"],
            channel=Channel(data["channel"]),
            note=data["note"],
        )
        messages.success(request, _("Your comparison was recorded."))
        return redirect("recipient-detail", recipient=row.recipient_id)
    name = open_row(row.recipient, "name", reader=request.user.staff_code, purpose=Purpose.READ).text("name")
    return render(request, "exports/recipient_key_check.html", {"form": form, "key": row, "name": name})


@require_POST
@signed_in(*KEEPERS)
@fresh
def recipient_key_revoke(request: StaffRequest, key: UUID) -> HttpResponse:
    """Withdraw a key."""
    row = keys.revoke_key(by=request.user, key=get_object_or_404(RecipientKey, pk=key))
    messages.success(request, _("The key was withdrawn. Nothing more is encrypted to it."))
    return redirect("recipient-detail", recipient=row.recipient_id)


@require_POST
@signed_in(*KEEPERS)
def recipient_contact_add(request: StaffRequest, recipient: UUID) -> HttpResponse:
    """Let a person fetch for a body."""
    row = get_object_or_404(Recipient, pk=recipient)
    form = ContactForm(request.POST)
    if form.is_valid():
        recipients.add_contact(by=request.user, recipient=row, user=form.cleaned_data["staff_code"])
        messages.success(request, _("The contact can now fetch what is addressed to this recipient."))
    else:
        messages.error(request, _("There is no recipient with this code. Nothing was changed."))
    return redirect("recipient-detail", recipient=row.pk)


@require_POST
@signed_in(*KEEPERS)
def recipient_contact_end(request: StaffRequest, contact: UUID) -> HttpResponse:
    """End what a person may fetch."""
    row = recipients.end_contact(by=request.user, contact=get_object_or_404(RecipientContact, pk=contact))
    messages.success(request, _("The contact can fetch nothing any more."))
    return redirect("recipient-detail", recipient=row.recipient_id)
