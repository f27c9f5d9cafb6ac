"""Asking for an export, one thing a page: for whom, for what, what, and a look at what would leave.

What was chosen travels in the address (ids and words of lists, never content), so going back loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.models import Case, Testimony
from cases.policy import CaseRequest, case_view
from cases.vocabulary import ConsentPurpose, IdentityLevel, Permission, RecipientClass
from evidence.models import EvidenceItem
from exports.actions.requests import Wish, check_scope, preview, request_export
from exports.forms import NoteForm, UseForm
from exports.models import Recipient
from exports.permissions import can_use_key
from exports.vocabulary import PURPOSES, Tier
from exports.weighing import REDACTED_ONLY, SENDABLE
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says was chosen so far; what is not the reader's or is no id counts as not chosen."""

    recipient: Recipient | None
    use: UseForm | None
    testimonies: Sequence[Testimony]
    evidence: Sequence[EvidenceItem]

    def wish(self, note: str = "") -> Wish | None:
        """Return the whole wish once recipient and use are chosen."""
        if self.recipient is None or self.use is None or not self.use.is_valid():
            return None
        data = self.use.cleaned_data
        return Wish(
            recipient=self.recipient,
            purpose=ConsentPurpose(data["purpose"]),
            tier=Tier(data["tier"]),
            identity_level=IdentityLevel(data["identity_level"]),
            testimonies=self.testimonies,
            evidence=self.evidence,
            note=note,
        )


def _ids(values: Sequence[str]) -> list[UUID]:
    found = []
    for value in values[:500]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _found(rows: QuerySet[M], data: QueryDict, name: str) -> list[M]:
    return list(rows.filter(pk__in=_ids(data.getlist(name))))


def _sendable(request: CaseRequest, case: Case) -> tuple[QuerySet[Testimony], QuerySet[EvidenceItem]]:
    testimonies = Testimony.objects.visible_to(request.user).filter(case=case, status__in=SENDABLE)
    evidence = EvidenceItem.objects.visible_to(request.user).filter(case=case)
    return (
        testimonies.select_related("witness", "current", "case").order_by("registration_no"),
        evidence.select_related("witness", "case").order_by("exhibit_no"),
    )


def _choices(recipient: Recipient, data: QueryDict | None) -> UseForm:
    first = {"tier": recipient.default_tier, "identity_level": IdentityLevel.PSEUDONYM}
    kind = RecipientClass(recipient.recipient_class)
    form = UseForm(data, initial={**first, "purpose": PURPOSES[kind][0]})
    form.restrict(PURPOSES[kind], REDACTED_ONLY if recipient.state_affiliated else tuple(Tier))
    return form


def _chosen(request: CaseRequest, case: Case, data: QueryDict) -> Chosen:
    ids = _ids(data.getlist("recipient"))
    recipient = Recipient.objects.filter(pk__in=ids).first() if ids else None
    use = _choices(recipient, data) if recipient and "purpose" in data else None
    testimonies, evidence = _sendable(request, case)
    return Chosen(recipient, use, _found(testimonies, data, "testimony"), _found(evidence, data, "evidence"))


@require_GET
@case_view(Permission.EXPORT_REQUEST)
def export_request(request: CaseRequest, case: Case) -> HttpResponse:
    """Show the page on which the next thing is chosen."""
    chosen = _chosen(request, case, request.GET)
    context: dict[str, object] = {"case": case, "chosen": chosen}
    if chosen.recipient is None:
        return render(request, "exports/wizard_recipient.html", {**context, **_recipients(request)})
    name = open_row(chosen.recipient, "name", reader=request.user.staff_code, purpose=Purpose.READ)
    context["recipient_name"] = name.text("name")
    wish = chosen.wish()
    if wish is None:
        form = chosen.use or _choices(chosen.recipient, None)
        return render(request, "exports/wizard_use.html", {**context, "form": form})
    if not request.GET.get("look") or not (chosen.testimonies or chosen.evidence):
        return render(request, "exports/wizard_objects.html", {**context, **_objects(request, case)})
    weighed = preview(by=request.user, case=case, wish=wish)
    context |= {
        "wish": wish,
        "note_form": NoteForm(),
        "back": _without_look(request.GET),
        "included": [one for one in weighed if one.reason is None],
        "left_out": [one for one in weighed if one.reason is not None],
    }
    return render(request, "exports/wizard_look.html", context)


def _without_look(query: QueryDict) -> str:
    back = query.copy()
    back.pop("look", None)
    return back.urlencode()


def _recipients(request: CaseRequest) -> dict[str, object]:
    rows = list(Recipient.objects.prefetch_related("keys").order_by("created_at"))
    opened = open_rows(rows, "name", reader=request.user.staff_code, purpose=Purpose.LIST)
    listed = []
    for row in rows:
        current = [key for key in row.keys.all() if key.revoked_at is None]
        listed.append((row, opened[row.pk].text("name"), bool(current) and can_use_key(current[0])))
    return {"recipients": listed}


def _objects(request: CaseRequest, case: Case) -> dict[str, object]:
    testimonies, evidence = _sendable(request, case)
    items = list(evidence[:500])
    titles = open_rows(items, "title", reader=request.user.staff_code, purpose=Purpose.LIST)
    return {
        "testimonies": testimonies[:500],
        "items": [(item, titles[item.pk].text("title")) for item in items],
        "picked": set(_ids(request.GET.getlist("testimony") + request.GET.getlist("evidence"))),
        "nothing_chosen": "look" in request.GET,
    }


@require_POST
@case_view(Permission.EXPORT_REQUEST)
def export_send(request: CaseRequest, case: Case) -> HttpResponse:
    """Ask for the export that was looked at, and ask every consent at once."""
    form = NoteForm(request.POST)
    wish = _chosen(request, case, request.POST).wish(form.cleaned_data["note"] if form.is_valid() else "")
    if wish is None or not form.is_valid():
        messages.error(request, _("Something in the address was not valid. Choose again; nothing was saved."))
        return redirect("export-request", case=case.pk)
    export = request_export(by=request.user, case=case, wish=wish)
    check_scope(by=request.user, export=export)
    messages.success(request, _("The export was asked for. A supervisor decides about it now."))
    return redirect("export-detail", case=case.pk, export=export.pk)
