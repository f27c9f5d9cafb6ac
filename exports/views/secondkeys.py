"""The second key of a recipient: made and shown once, confirmed by another person, given up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policy import StaffRequest, fresh, signed_in
from exports.actions import secondkeys
from exports.forms import NumbersForm
from exports.models import Recipient, SecondKey
from exports.vocabulary import KEEPERS, KEY_CHECKERS
from vault.opening import open_row
from vault.vocabulary import Purpose


@require_http_methods(["GET", "POST"])
@signed_in(*KEEPERS)
@fresh
@sensitive_variables("made", "context")
def second_key_make(request: StaffRequest, recipient: UUID) -> HttpResponse:
    """Draw the words; they are shown in this one answer and never again."""
    row = get_object_or_404(Recipient, pk=recipient)
    if request.method == "POST":
        made = secondkeys.make_second_key(by=request.user, recipient=row)
        context = {
            "recipient": row,
            "name": _name(request, row),
            "words": made.words.split(),
            "numbers": secondkeys.numbers_on(made.key),
        }
        return render(request, "exports/second_key_shown.html", context)
    context = {
        "frame": "base.html",
        "recipient": row,
        "name": _name(request, row),
        "question": _("Make a second key?"),
        "consequences": [
            _("Ten words are shown to you once. Write them on paper, by hand, where nobody looks on."),
            _("Give the paper to the recipient in person. It goes by no post, no message and no telephone."),
            _("Another person confirms that it arrived. The key serves for the identities of one export."),
        ],
        "verb": _("Show the ten words now"),
        "cancel_url": reverse("recipient-detail", args=[row.pk]),
    }
    return render(request, "exports/second_key_make.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*KEY_CHECKERS)
@fresh
@sensitive_post_parameters("heard")
def second_key_confirm(request: StaffRequest, key: UUID) -> HttpResponse:
    """Type the eight numbers that the recipient reads from the paper. What we hold is not shown here."""
    row = get_object_or_404(SecondKey.objects.select_related("recipient"), pk=key)
    form = NumbersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        secondkeys.confirm_second_key(by=request.user, key=row, heard=form.cleaned_data["heard"])
        messages.success(request, _("It is recorded that the recipient holds the second key."))
        return redirect("recipient-detail", recipient=row.recipient_id)
    if form.is_bound:  # what is no numbers may be the words: it is not printed again
        form.data = QueryDict()
    context = {"form": form, "key": row, "name": _name(request, row.recipient)}
    return render(request, "exports/second_key_confirm.html", context)


@require_POST
@signed_in(*KEEPERS)
@fresh
def second_key_revoke(request: StaffRequest, key: UUID) -> HttpResponse:
    """Give up a key that was not used."""
    row = secondkeys.revoke_second_key(by=request.user, key=get_object_or_404(SecondKey, pk=key))
    messages.success(request, _("The second key was destroyed. Tell the recipient to burn the paper."))
    return redirect("recipient-detail", recipient=row.recipient_id)


def _name(request: StaffRequest, row: Recipient) -> str:
    return open_row(row, "name", reader=request.user.staff_code, purpose=Purpose.READ).text("name")
