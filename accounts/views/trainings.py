"""The administrators' pages of trainings: what people were trained for, and until when."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import trainings
from accounts.forms import TrainingForm
from accounts.models import Training, User
from accounts.policy import StaffRequest, fresh, signed_in
from accounts.vocabulary import Role
from vault.opening import open_row
from vault.vocabulary import Purpose


@require_http_methods(["GET", "POST"])
@signed_in(Role.SYSADMIN)
@fresh
def training_note(request: StaffRequest, person: UUID) -> HttpResponse:
    """Enter what a person was trained for."""
    row = get_object_or_404(User, pk=person)
    form = TrainingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        trainings.note_training(user=row, facts=form.facts(), by=request.user)
        messages.success(request, _("The training was entered. It counts up to and with its last day."))
        return redirect("person-detail", row.pk)
    context = {"person": row, "form": form}
    return render(request, "accounts/training_note.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in(Role.SYSADMIN)
@fresh
def training_end(request: StaffRequest, training: UUID) -> HttpResponse:
    """Take back what was entered, after one plain question."""
    row = get_object_or_404(Training.objects.select_related("user"), pk=training)
    if request.method == "POST":
        trainings.end_training(training=row, by=request.user)
        messages.success(request, _("The training counts no more."))
        return redirect("person-detail", row.user_id)
    context = {
        "frame": "base.html",
        "training": row,
        "question": _("Take this training back?"),
        "consequences": [
            _("It counts no more from now on. What the person did meanwhile stays as it is."),
            _("If it was entered wrongly, enter it anew afterwards."),
        ],
        "verb": _("Take it back"),
        "is_grave": True,
        "cancel_url": reverse("person-detail", args=[row.user_id]),
    }
    return render(request, "accounts/training_end.html", context)


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def training_paper(request: StaffRequest, training: UUID) -> HttpResponse:
    """Open who gave a training, once; the opening is recorded."""
    row = get_object_or_404(Training.objects.select_related("user"), pk=training)
    opened = open_row(row, "certificate", reader=request.user.staff_code, purpose=Purpose.READ)
    context = {"training": row, "certificate": opened.text("certificate")}
    return render(request, "accounts/training_paper.html", context)
