"""Search inside a case. The words come in the body of a form: an address would stay in histories and logs."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casemgr.matching import words_in
from casemgr.search import Found, search, searched
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.vocabulary import Permission

LONGEST = 100


class SearchForm(forms.Form):
    """The words that are looked for."""

    words = forms.CharField(
        label=_("Words or a code"),
        max_length=LONGEST,
        error_messages={
            "required": _("Write a word or a code to look for."),
            "max_length": _("Write at most 100 signs: a few words that stand in what you look for."),
            "null_characters_not_allowed": _("Write words or a code; other signs cannot be looked for."),
        },
    )

    def clean_words(self) -> list[str]:
        """Return the words as they are looked for."""
        words = words_in(self.cleaned_data["words"])
        if not words:
            raise forms.ValidationError(self.fields["words"].error_messages["required"])
        return words


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_READ)
def case_search(request: CaseRequest, case: Case) -> HttpResponse:
    """Show the box, and below it what was found. Nothing is kept: to see it again is to search again."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[Found] | None = None
    if form.is_bound and form.is_valid():
        found = search(request.user, case, request.powers, form.cleaned_data["words"])
    context = {
        "case": case,
        "form": form,
        "longest": LONGEST,
        "found": found,
        "kinds": searched(request.powers),
    }
    return render(request, "case_search.html", context, status=422 if form.errors else 200)
