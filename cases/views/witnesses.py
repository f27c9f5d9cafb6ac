"""Witnesses by code and pseudonym: the list, one person's page, correcting it, and moving them on."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.consents import consent_in_force
from cases.actions.witness_steps import FOLLOWING, GONE, STEPS
from cases.actions.witnesses import change_witness, move_witness
from cases.errors import NotVisible
from cases.forms.witnesses import WitnessForm
from cases.models import Case, Consent, Interview, RiskAssessment, Testimony, Witness
from cases.models.risk import NEWEST
from cases.policy import CaseRequest, case_view
from cases.reading import standing_consents
from cases.views.common import (
    Line,
    attempting,
    find,
    form_page,
    opened_line,
    opened_lines,
    posted,
)
from cases.views.intake import unfinished_of
from cases.views.saving import desk_of
from cases.vocabulary import MAY_PROCEED, Permission, WitnessStatus
from vault.vocabulary import Purpose

FIELDS = (
    "public_pseudonym",
    "category",
    "sex",
    "age_band",
    "languages",
    "role_summary",
    "vulnerability",
    "protective_measures",
    "risk_level",
)
QUESTIONS = {
    WitnessStatus.ENGAGED: gettext_lazy("Is there contact with the witness?"),
    WitnessStatus.ACTIVE: gettext_lazy("Does the witness take part now?"),
    WitnessStatus.UNREACHABLE: gettext_lazy("Can the witness not be reached?"),
    WitnessStatus.WITHDRAWN: gettext_lazy("Did the witness withdraw?"),
    WitnessStatus.DECEASED: gettext_lazy("Did the witness die?"),
    WitnessStatus.PROTECTED: gettext_lazy("Is the witness under protection?"),
}
# From these no step leads back.
FINAL = (WitnessStatus.WITHDRAWN, WitnessStatus.DECEASED, WitnessStatus.PROTECTED)


@dataclass(frozen=True, slots=True)
class Person:
    """A witness as the list shows them."""

    line: Line[Witness]
    consent: Consent | None


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_READ)
def witness_list(request: CaseRequest, case: Case) -> HttpResponse:
    """All witnesses; pseudonyms and risk are opened in one call."""
    desk = desk_of(request, case, "witness-list", Permission.WITNESS_READ, state=WitnessStatus.values)
    if desk.answer:
        return desk.answer
    rows = Witness.objects.visible_to(request.user).filter(case=case)
    wanted = request.GET.get("state", "")
    if wanted in WitnessStatus.values:
        rows = rows.filter(status=wanted)
    lines = opened_lines(rows.order_by("created_at"), "public_pseudonym", "risk_level", request=request)
    consents = standing_consents([line.row.pk for line in lines], timezone.now())
    context = {
        "case": case,
        "people": [Person(line, consents.get(line.row.pk)) for line in lines],
        "states": WitnessStatus.choices,
        "wanted": wanted,
        "desk": desk,
        "unfinished": unfinished_of(request, case),
        "may_register": Permission.WITNESS_REGISTER in request.powers and case.is_written,
        "comparisons": reverse("comparison-list", args=[case.pk])
        if Permission.IDENTITY_SESSION in request.powers
        else "",
    }
    return render(request, "cases/witness_list.html", context, status=desk.status)


@require_safe
@case_view(Permission.WITNESS_READ)
def witness_detail(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """One witness: what is known, what they agreed to, what they told, and the steps that are open now."""
    row = find(Witness.objects.all(), request, case, witness)
    written = case.is_written
    may_edit = Permission.WITNESS_REGISTER in request.powers and written
    here = row.status not in GONE
    steps = STEPS[WitnessStatus(row.status)] - FOLLOWING if may_edit else frozenset()
    context = {
        "case": case,
        "line": opened_line(row, *FIELDS, request=request),
        "standing": standing_consents([row.pk], timezone.now()).get(row.pk),
        "consents": Consent.objects.visible_to(request.user).filter(witness=row).order_by("-number"),
        "interviews": Interview.objects.visible_to(request.user).filter(witness=row).order_by("-created_at"),
        "risk": _weighed(request, row),
        "today": timezone.localdate(),
        "accounts": _accounts(request, row),
        "steps": [step for step in WitnessStatus if step in steps],
        "may_edit": may_edit,
        "may_record": Permission.CONSENT_RECORD in request.powers
        and written
        and row.status != WitnessStatus.DECEASED,
        "may_withdraw": Permission.CONSENT_WITHDRAW in request.powers,
        "may_ask": Permission.IDENTITY_REQUEST in request.powers,
        "may_plan": Permission.INTERVIEW_WRITE in request.powers and written and here,
        "may_write": Permission.TESTIMONY_WRITE in request.powers and written and here,
    }
    return render(request, "cases/witness_detail.html", context)


def _weighed(request: CaseRequest, witness: Witness) -> tuple[RiskAssessment, bool] | None:
    """The assessment that counts, and whether it lets a meeting be held."""
    rows = RiskAssessment.objects.visible_to(request.user).filter(witness=witness)
    newest = rows.order_by(*NEWEST).first()
    if newest is None:
        return None
    opened = opened_line(newest, "decision", request=request).opened
    return newest, opened.text("decision") in MAY_PROCEED


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def witness_edit(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Correct what is known of a witness; the code never changes."""
    row = find(Witness.objects.all(), request, case, witness)
    line = opened_line(row, *FIELDS, request=request, why=Purpose.EDIT)
    form = WitnessForm(posted(request), initial=_initial(line))
    if Permission.STRICT_READ not in request.powers:
        form.leave_out_strict()
    if request.method == "POST" and form.is_valid():
        counted = consent_in_force(row)
        with attempting(request, form):
            change_witness(by=request.user, witness=row, expected=form.read_revision(), facts=form.facts())
            messages.success(request, _("What is known of the witness was changed."))
            if counted is not None and consent_in_force(row) is None:
                messages.warning(
                    request,
                    _(
                        "The person is a minor, and no guardian consented with them: the consent counts no "
                        "more. Record one with the guardian, the child's assent and a note."
                    ),
                )
            return redirect("witness-detail", case=case.pk, witness=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Correct what is known of a witness"),
        verb=_("Save the change"),
        back=reverse("witness-detail", args=[case.pk, row.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def witness_move(request: CaseRequest, case: Case, witness: UUID, to: str) -> HttpResponse:
    """One step on, after one plain question."""
    row = find(Witness.objects.all(), request, case, witness)
    if to not in QUESTIONS:
        raise NotVisible(subject=f"witness:{row.pk}", scope=case.pk)
    step = WitnessStatus(to)
    if request.method == "POST":
        move_witness(by=request.user, witness=row, to=step)
        messages.success(request, _("The witness is now: %(state)s.") % {"state": step.label})
        return redirect("witness-detail", case=case.pk, witness=row.pk)
    context = {
        "case": case,
        "line": row,
        "question": str(QUESTIONS[step]),
        "consequences": _consequences(step),
        "verb": step.label,
        "is_grave": step in FINAL,
        "cancel_url": reverse("witness-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/witness_move.html", context)


def _consequences(step: WitnessStatus) -> list[str]:
    """What the step brings with it, where that is not plain from its word."""
    found = []
    if step in FINAL:
        found.append(_("No step leads back from this."))
    if step in (WitnessStatus.WITHDRAWN, WitnessStatus.DECEASED):
        found.append(_("No account of theirs can be taken down, handed in or approved any more."))
    if step == WitnessStatus.WITHDRAWN:
        found.append(_("The consent in force is withdrawn with it, from this instant."))
    return found


def _accounts(request: CaseRequest, witness: Witness) -> list[Testimony]:
    if Permission.TESTIMONY_READ not in request.powers:
        return []
    rows = Testimony.objects.visible_to(request.user).filter(witness=witness)
    return list(rows.order_by("created_at"))


def _initial(line: Line[Witness]) -> dict[str, object]:
    opened = line.opened
    texts = ("public_pseudonym", "sex", "age_band", "role_summary", "risk_level")
    lists = ("category", "languages", "vulnerability", "protective_measures")
    return {
        **{name: opened.text(name) for name in texts},
        **{name: opened.json(name) or [] for name in lists},
        "sensitivity": line.row.sensitivity,
        "revision": line.row.revision,
    }
