"""Search inside a case. The words come in the body of a form: an address would stay in histories and logs.

The answer to the form is the address of what was found, which holds a random handle: Back leads there again
without sending anything a second time.
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from casemgr.keeping import keep_words, kept_words
from casemgr.matching import words_in
from casemgr.search import Found, searched
from casemgr.search import search as find_rows
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
    """Show the box; words that can be looked for lead to the page of what is found."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        handle = keep_words(request.session, case, form.data["words"])
        return redirect("search-found", case=case.pk, search=handle)
    return _page(request, case, form, None)


@require_safe
@case_view(Permission.CASE_READ)
def search_found(request: CaseRequest, case: Case, search: UUID) -> HttpResponse:
    """Look again for what was asked, and show it below the box; an old search leads back to the empty box."""
    words = kept_words(request.session, case, search)
    form = SearchForm({"words": words or ""})
    if not form.is_valid():
        messages.info(request, _now("The words of that search are not kept any more. Search again."))
        return redirect("case-search", case=case.pk)
    return _page(
        request, case, form, find_rows(request.user, case, request.powers, form.cleaned_data["words"])
    )


def _page(request: CaseRequest, case: Case, form: SearchForm, found: list[Found] | None) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "longest": LONGEST,
        "found": found,
        "kinds": searched(request.powers),
    }
    return render(request, "case_search.html", context, status=422 if form.errors else 200)
