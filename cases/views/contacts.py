"""Reaching a witness without harm: the rules, the log of contacts, and help that was offered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.actions.contacts import log_contact, offer_referral, set_contact_rules
from cases.forms.contact import ContactForm, ContactRulesForm, ReferralForm
from cases.models import Case, ContactRules, Witness
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, find, opened_line, posted, status_of
from cases.views.drafting import refill
from cases.vocabulary import Permission
from vault.vocabulary import Purpose

RULES = ("channels", "hours", "through", "words", "never")


def rules_of(
    request: CaseRequest, witness: Witness, why: Purpose = Purpose.READ
) -> Line[ContactRules] | None:
    """The rules that count now, opened for whoever is about to contact the person."""
    rows = ContactRules.objects.visible_to(request.user).filter(witness=witness).select_related("created_by")
    row = rows.order_by("-number").first()
    return opened_line(row, *RULES, request=request, why=why) if row else None


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def contact_rules(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Set the rules anew; what counted until now stands in the form."""
    row = find(Witness.objects.all(), request, case, witness)
    now = rules_of(request, row, Purpose.EDIT)
    form = ContactRulesForm(posted(request), initial=_initial(now))
    is_overtaken = False
    if request.method == "POST" and form.is_valid():
        read = form.read_revision()
        with attempting(request, form):
            set_contact_rules(
                by=request.user, witness=row, facts=form.facts(), expected=read, once=form.drawn()
            )
        if form.is_valid():
            messages.success(request, _("The rules count from now on."))
            return redirect("witness-care", case=case.pk, witness=row.pk)
        now = rules_of(request, row, Purpose.EDIT)
        is_overtaken = now is not None and now.row.number != read
        if now is not None and is_overtaken:
            # The newer rules stand above the form now: what is set next was written with them in sight.
            refill(form, revision=str(now.row.number))
    heading = _("How %(code)s may be reached") % {"code": row.code}
    rules = now if is_overtaken else None
    return _page(request, case, row, form, heading=heading, verb=_("Set the rules"), rules=rules)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def contact_create(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Record a contact or an attempt, with the rules above it."""
    row = find(Witness.objects.all(), request, case, witness)
    form = ContactForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            log_contact(by=request.user, witness=row, facts=form.facts(), once=form.drawn())
            messages.success(request, _("The contact was recorded."))
            return redirect("witness-care", case=case.pk, witness=row.pk)
    heading = _("A contact with %(code)s") % {"code": row.code}
    return _page(
        request, case, row, form, heading=heading, verb=_("Record the contact"), rules=rules_of(request, row)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def referral_create(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Record help that was offered."""
    row = find(Witness.objects.all(), request, case, witness)
    form = ReferralForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            offer_referral(by=request.user, witness=row, facts=form.facts(), once=form.drawn())
            messages.success(request, _("The offer was recorded."))
            return redirect("witness-care", case=case.pk, witness=row.pk)
    heading = _("Help offered to %(code)s") % {"code": row.code}
    return _page(request, case, row, form, heading=heading, verb=_("Record the offer"), rules=None)


def _page(
    request: CaseRequest,
    case: Case,
    witness: Witness,
    form: ContactRulesForm | ContactForm | ReferralForm,
    *,
    heading: str,
    verb: str,
    rules: Line[ContactRules] | None,
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "heading": heading,
        "verb": verb,
        "rules": rules,
        "shows_rules": rules is not None or isinstance(form, ContactForm),
        "back": reverse("witness-care", args=[case.pk, witness.pk]),
    }
    return render(request, "cases/contact_form.html", context, status=status_of(form))


def _initial(line: Line[ContactRules] | None) -> dict[str, object]:
    if line is None:
        return {}
    texts = {name: line.opened.text(name) for name in RULES[1:]}
    return {**texts, "channels": line.opened.json("channels") or [], "revision": line.row.number}
