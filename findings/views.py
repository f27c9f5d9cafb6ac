"""Findings of a case: figures with their scope, facts with what speaks for and against each."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, posted, status_of
from cases.vocabulary import CaseStatus, CountClass, Permission
from findings.actions.assertions import (
    judge_assertion,
    link_assertion,
    record_assertion,
    take_back_link,
)
from findings.actions.claims import record_claim
from findings.forms import AssertionForm, ClaimForm, JudgementForm, LinkForm, RetractionForm
from findings.models import FactAssertion, FactLink
from findings.reading import claim_lines, exhibits, fact_lines, own_count, own_sentence, sources
from findings.vocabulary import FactState
from vault.vocabulary import Purpose


@require_GET
@case_view(Permission.FINDING_READ)
def finding_list(request: CaseRequest, case: Case) -> HttpResponse:
    """Show the own count apart, then others' figures, each with its scope in its line, then facts."""
    return _list(request, case)


@require_http_methods(["GET", "POST"])
@case_view(Permission.FINDING_WRITE)
def claim_add(request: CaseRequest, case: Case) -> HttpResponse:
    """Write down a figure that somebody gives."""
    form = ClaimForm(posted(request), exhibits=exhibits(case, request.user))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            record_claim(by=request.user, case=case, facts=form.facts(), item=form.exhibit())
            messages.success(request, _("The figure stands beside the others. Nothing was added up."))
            return redirect("finding-list", case=case.pk)
    context = {"case": case, "form": form}
    return render(request, "findings/claim_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@case_view(Permission.FINDING_WRITE)
def assertion_add(request: CaseRequest, case: Case) -> HttpResponse:
    """Write down a fact and what it rests on."""
    form = AssertionForm(posted(request), sources=sources(case, request.user))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            text = form.cleaned_data["text"]
            record_assertion(by=request.user, case=case, text=text, links=[form.link()])
            messages.success(request, _("The assertion was written down. It is not established by that."))
            return redirect("finding-list", case=case.pk)
    context = {"case": case, "form": form, "heading": _("Write down a fact")}
    return render(request, "findings/assertion_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@case_view(Permission.FINDING_WRITE)
def assertion_link(request: CaseRequest, case: Case, assertion: UUID) -> HttpResponse:
    """Set beside a fact what speaks for or against it."""
    row = _fact(request, case, assertion)
    form = LinkForm(posted(request), sources=sources(case, request.user))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            link_assertion(by=request.user, assertion=row, facts=form.link())
            messages.success(request, _("It stands beside the fact. Its state is as it was: judge it anew."))
            return redirect("finding-list", case=case.pk)
    context = {
        "case": case,
        "form": form,
        "heading": _("Add what speaks for or against a fact"),
        "line": fact_lines(case, request.user, only=row.pk)[0],
    }
    return render(request, "findings/assertion_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@case_view(Permission.FINDING_WRITE)
def assertion_unlink(request: CaseRequest, case: Case, assertion: UUID, link: UUID) -> HttpResponse:
    """Take back what was set beside a fact in error, with the reason; it stays readable."""
    row = _fact(request, case, assertion)
    held = find(FactLink.objects.filter(assertion=row), request, case, link)
    form = RetractionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            fact = take_back_link(by=request.user, link=held, reason=form.cleaned_data["reason"])
            messages.success(request, _("It was taken back. It stays readable with the reason."))
            if fact.state != row.state:
                told = _(
                    "What is left no longer carries the fact: it is called asserted again. Judge it anew."
                )
                messages.warning(request, told)
            return redirect("finding-list", case=case.pk)
    line = fact_lines(case, request.user, only=row.pk)[0]
    context = {
        "case": case,
        "form": form,
        "line": line,
        "one": next(one for one in line.links if one.link.pk == held.pk),
        "question": _("Take this back?"),
        "verb": _("Take it back"),
        "cancel_url": reverse("finding-list", args=[case.pk]),
        "consequences": _consequences(row),
    }
    return render(request, "findings/link_retract.html", context, status=status_of(form))


def _consequences(fact: FactAssertion) -> list[str]:
    kept = _(
        "It stays beside the fact, marked as taken back, with your code and the reason, and counts no more."
    )
    if fact.state != FactState.CORROBORATED:
        return [kept, _("The state of the fact stays as it is: judge it anew.")]
    return [kept, _("If what is left does not carry the fact, it is called asserted again.")]


@require_POST
@case_view(Permission.FINDING_WRITE)
def assertion_judge(request: CaseRequest, case: Case, assertion: UUID) -> HttpResponse:
    """Give a fact its state."""
    row = _fact(request, case, assertion)
    form = JudgementForm({**request.POST.dict(), "assertion": str(assertion)})
    if form.is_valid():
        state, expected = FactState(form.cleaned_data["state"]), form.cleaned_data["revision"]
        with attempting(request, form):
            judge_assertion(by=request.user, assertion=row, expected=expected, state=state)
            messages.success(request, _("The state was changed."))
            return redirect("finding-list", case=case.pk)
    else:
        form.add_error(None, _("There is no such state. Nothing was changed."))
    return _list(request, case, refused=form, about=row.pk)


def _list(
    request: CaseRequest, case: Case, *, refused: JudgementForm | None = None, about: UUID | None = None
) -> HttpResponse:
    """Show the whole page; a judgement that was refused is told beside its fact."""
    counts = own_count(case, request.user)
    is_open = case.status not in {CaseStatus.CLOSED, CaseStatus.ARCHIVED}
    context = {
        "case": case,
        "own": own_sentence(counts),
        "counts": [(CountClass(word).label, count) for word, count in counts.items()],
        "claims": claim_lines(case, request.user, Purpose.READ),
        "facts": fact_lines(case, request.user),
        "states": FactState.choices,
        "may_write": is_open and Permission.FINDING_WRITE in request.powers,
        "refused": refused,
        "about": about,
    }
    return render(
        request, "findings/finding_list.html", context, status=status_of(refused) if refused else 200
    )


def _fact(request: CaseRequest, case: Case, assertion: UUID) -> FactAssertion:
    return find(FactAssertion.objects.all(), request, case, assertion)
