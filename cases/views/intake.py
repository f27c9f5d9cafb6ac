"""Taking in a witness: one thing a page, kept as it is typed, taken in by one confirmation."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.intake import (
    begin_intake,
    clear_account,
    discard_intake,
    needs_agreement,
    note_agreement,
    numbers_of,
    take_in,
    unfinished_intakes,
)
from cases.actions.specialists import needs_fitting
from cases.errors import DraftOutdated, NotVisible
from cases.models import Case, Draft, Witness
from cases.models.draft import INTAKE, INTAKE_LIFE
from cases.names import stands_in
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted
from cases.views.drafting import autosaved, is_autosave, keep
from cases.views.pieces import (
    ACCOUNT,
    BY_NAME,
    CONSENT,
    MEETING,
    PIECES,
    WITNESS,
    Forms,
    Piece,
    Pieces,
    Told,
    agrees,
    different,
    read_pieces,
    told,
)
from cases.views.spoken import readings
from cases.vocabulary import Permission

STEPS = len(PIECES) + 1


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An intake of the reader's own that waits to be gone on with."""

    id: UUID
    begun_at: datetime
    kept_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Here:
    """One page of one intake, with what is kept of it."""

    case: Case
    intake: UUID
    piece: Piece
    pieces: Pieces


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def intake_start(request: CaseRequest, case: Case) -> HttpResponse:
    """What an intake asks for and in which order; those that were begun; and a new one."""
    if request.method == "POST":
        return redirect(
            "intake-step", case=case.pk, intake=begin_intake(by=request.user, case=case), step=CONSENT.name
        )
    context = {
        "case": case,
        "unfinished": unfinished_of(request, case),
        "may_begin": case.is_written,
    }
    return render(request, "cases/intake_start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def intake_step(request: CaseRequest, case: Case, intake: UUID, step: str) -> HttpResponseBase:
    """One page of an intake."""
    if step not in BY_NAME:
        raise NotVisible(subject=f"witness:{intake}", scope=case.pk)
    if not _is_open(request, case, intake):
        return _over(request, case, intake)
    if is_autosave(request):
        return _autosaved(request, case, intake, BY_NAME[step])
    here = Here(case, intake, BY_NAME[step], read_pieces(request, case, intake))
    if here.piece is not CONSENT and not here.pieces.is_agreed():
        return _without_consent(here)
    if request.method == "POST":
        return _sent(request, here)
    return _page(request, here, here.pieces.fresh(here.piece))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def intake_check(request: CaseRequest, case: Case, intake: UUID) -> HttpResponseBase:
    """All answers on one page, each with the way to change it, and one confirmation."""
    if not _is_open(request, case, intake):
        return _over(request, case, intake)
    pieces = read_pieces(request, case, intake)
    if pieces.is_agreed() is False:
        return redirect("intake-stopped", case=case.pk, intake=intake)
    missing = pieces.first_open()
    if missing is not None:
        messages.info(request, _("This page still needs an answer."))
        return redirect("intake-step", case=case.pk, intake=intake, step=missing.name)
    form = forms.Form(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            seen = _seen(request.POST.get("seen", ""))
            made = take_in(by=request.user, case=case, intake=intake, facts=pieces.facts(), seen=seen)
            messages.success(request, _("%(code)s was taken in.") % {"code": made.code})
            return redirect("witness-identity", case=case.pk, witness=made.pk)
    context = {
        "case": case,
        "intake": intake,
        "form": form,
        "sections": [(piece, told(pieces.fresh(piece))) for piece in PIECES],
        "account": pieces.of(ACCOUNT).text("text"),
        "is_named_there": stands_in(
            pieces.of(WITNESS).text("public_pseudonym"), [pieces.of(ACCOUNT).text("text")]
        ),
        "seen": "-".join(str(pieces.of(piece).number) for piece in PIECES),
        "step_words": _step_words(STEPS),
    }
    return render(request, "cases/intake_check.html", context, status=409 if form.errors else 200)


@require_safe
@case_view(Permission.WITNESS_REGISTER)
def intake_stopped(request: CaseRequest, case: Case, intake: UUID) -> HttpResponse:
    """A kind end: without agreement nothing may be recorded about the account."""
    if not _is_open(request, case, intake):
        return _over(request, case, intake)
    if numbers_of(by=request.user, case=case, intake=intake).keys() - {CONSENT.form}:
        # The page says that nothing about an account is there: first that must be so.
        return redirect("intake-step", case=case.pk, intake=intake, step=CONSENT.name)
    return render(request, "cases/intake_stopped.html", {"case": case, "intake": intake})


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def intake_discard(request: CaseRequest, case: Case, intake: UUID) -> HttpResponse:
    """Forget an intake, after one plain question."""
    if request.method == "POST":
        discard_intake(by=request.user, case=case, intake=intake)
        messages.success(request, _("The intake is forgotten. Nothing of it was kept."))
        return redirect("witness-list", case=case.pk)
    if not _is_open(request, case, intake):
        return _over(request, case, intake)
    context = {
        "case": case,
        "question": _("Forget this intake?"),
        "consequences": [
            _("Everything that was typed in it is deleted, and the key it was sealed with is destroyed."),
            _("No witness is registered. This cannot be undone."),
        ],
        "verb": _("Forget the intake"),
        "is_grave": True,
        "cancel_url": reverse("intake-check", args=[case.pk, intake]),
    }
    return render(request, "cases/intake_discard.html", context)


def unfinished_of(request: CaseRequest, case: Case) -> list[Unfinished]:
    """The reader's own unfinished intakes in the case; nothing is opened."""
    marks = unfinished_intakes(request.user).filter(case=case).order_by("created_at")
    rows = Draft.objects.filter(created_by=request.user, case=case, form__startswith=INTAKE)
    kept: dict[UUID | None, datetime] = {}
    for subject, at in rows.values_list("subject", "updated_at"):
        kept[subject] = max(at, kept.get(subject, at))
    return [
        Unfinished(mark.subject, mark.created_at, kept[mark.subject], kept[mark.subject] + INTAKE_LIFE)
        for mark in marks
        if mark.subject
    ]


def _is_open(request: CaseRequest, case: Case, intake: UUID) -> bool:
    """Tell whether the reader has begun this intake and not ended it; a POST keeps it open meanwhile."""
    marks = unfinished_intakes(request.user).filter(case=case, subject=intake)
    if request.method == "POST":
        marks = marks.select_for_update(of=("self",))
    return marks.first() is not None


def _over(request: CaseRequest, case: Case, intake: UUID) -> HttpResponse:
    """An intake that was taken in leads to its witness; any other is not there."""
    rows = Witness.objects.visible_to(request.user).filter(case=case, pk=intake, created_by=request.user)
    if not rows.exists():
        raise NotVisible(subject=f"witness:{intake}", scope=case.pk)
    if is_autosave(request):
        raise DraftOutdated(subject=f"witness:{intake}", scope=case.pk)
    messages.info(request, _("This intake was taken in already."))
    return redirect("witness-detail", case=case.pk, witness=intake)


def _autosaved(request: CaseRequest, case: Case, intake: UUID, piece: Piece) -> HttpResponse:
    """Keep a page in passing; nothing is opened for it."""
    if piece is CONSENT:
        _note(request, case, intake)
    else:
        needs_agreement(by=request.user, case=case, intake=intake)
    return autosaved(request, case, piece.desk(intake))


def _note(request: CaseRequest, case: Case, intake: UUID) -> None:
    is_agreed = agrees(CONSENT.bound(request.POST)) is True
    note_agreement(by=request.user, case=case, intake=intake, is_agreed=is_agreed)


def _without_consent(here: Here) -> HttpResponse:
    """No page but the first is shown, and nothing of another is kept, before the person agreed."""
    if here.pieces.is_agreed() is False:
        return redirect("intake-stopped", case=here.case.pk, intake=here.intake)
    return redirect("intake-step", case=here.case.pk, intake=here.intake, step=CONSENT.name)


def _sent(request: CaseRequest, here: Here) -> HttpResponse:
    """Keep what was sent, whatever it is; then go on, or show what is to mend."""
    found = here.pieces.sent(here.piece, request.POST)
    is_kept = False
    with attempting(request, found[0]):
        keep(request, here.case, here.piece.desk(here.intake))
        if here.piece is CONSENT:
            _note(request, here.case, here.intake)
            if "stop" in request.POST or agrees(found) is False:
                clear_account(by=request.user, case=here.case, intake=here.intake)
        is_kept = True
    if not is_kept:
        is_newer = request.POST.get("revision", "") != str(here.pieces.of(here.piece).number or "")
        others = different(found, here.pieces.fresh(here.piece)) if is_newer else []
        return _page(request, here, found, others=others, status=409 if is_newer else 422)
    here = replace(here, pieces=read_pieces(request, here.case, here.intake))
    if "stop" in request.POST:
        return redirect("intake-stopped", case=here.case.pk, intake=here.intake)
    if "keep" in request.POST:
        return redirect(request.get_full_path())
    if not all(form.is_valid() for form in found) or not _may_be_heard(request, here, found):
        return _page(request, here, found, status=422)
    return _next(request, here)


def _may_be_heard(request: CaseRequest, here: Here, found: Forms) -> bool:
    """Ask as soon as both are known, not at the end: a person whom we may not hear tells nothing more."""
    people = here.pieces.people() if here.piece in (WITNESS, MEETING) else None
    if people is None:
        return True
    person, held = people
    with attempting(request, found[0]):
        day = timezone.localdate(held.started_at)
        needs_fitting(here.case, f"witness:{here.intake}", person=person, meeting=held, on=day)
    return not found[0].errors


def _next(request: CaseRequest, here: Here) -> HttpResponse:
    if here.pieces.is_agreed() is False:
        return redirect("intake-stopped", case=here.case.pk, intake=here.intake)
    place = PIECES.index(here.piece) + 1
    if place == len(PIECES) or "check" in request.GET:
        return redirect("intake-check", case=here.case.pk, intake=here.intake)
    return redirect("intake-step", case=here.case.pk, intake=here.intake, step=PIECES[place].name)


def _page(
    request: CaseRequest, here: Here, found: Forms, *, others: Told | None = None, status: int = 200
) -> HttpResponse:
    kept = here.pieces.of(here.piece)
    is_consent = here.piece is CONSENT
    context = {
        "case": here.case,
        "form": found[0],
        "uses": found[1] if is_consent else None,
        "readings": readings() if is_consent else [],
        "number": kept.number or "",
        "saved_words": kept.words(),
        "autosave_url": request.path,
        "others": others or [],
        "has_more": is_consent and any(here.pieces.of(one).number for one in PIECES[1:]),
        "step_words": _step_words(PIECES.index(here.piece) + 1),
        "step_title": here.piece.title,
        "back_url": _back(request, here),
        "discard_url": reverse("intake-discard", args=[here.case.pk, here.intake]),
    }
    return render(request, f"cases/intake_{here.piece.name}.html", context, status=status)


def _back(request: CaseRequest, here: Here) -> str:
    place, address = PIECES.index(here.piece), [here.case.pk, here.intake]
    if "check" in request.GET:
        return reverse("intake-check", args=address)
    if place:
        return reverse("intake-step", args=[*address, PIECES[place - 1].name])
    return reverse("intake-start", args=[here.case.pk])


def _step_words(place: int) -> str:
    return _("Step %(place)s of %(steps)s") % {"place": place, "steps": STEPS}


def _seen(text: str) -> dict[str, int]:
    """The numbers of the pieces as the page with the answers carried them."""
    numbers = [
        int(one) if one.isascii() and one.isdecimal() and len(one) < 9 else 0 for one in text.split("-")
    ]
    return {piece.form: number for piece, number in zip(PIECES, numbers, strict=False)}
