"""The form of the review workbench. `revision` is the number of the draft that was last kept."""

from uuid import UUID

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import Revised
from cases.forms.testimonies import LONGEST_NOTE, long_text
from cases.vocabulary import ReviewCheck


class ReviewForm(Revised):
    """What the reviewer confirms and says. `review` is the one that the page shows."""

    review = forms.UUIDField(widget=forms.HiddenInput)
    checks = forms.MultipleChoiceField(
        label=_("Checklist"),
        choices=ReviewCheck.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All of it before approving; none of it for a return."),
    )
    comments = long_text(
        _("Comments"), rows=7, help_text=_("The author reads them beside the text. Codes, never names.")
    )
    no_attestation_reason = long_text(
        _("Why it may be approved without being read back"),
        rows=3,
        help_text=_("Only where this version was not read back to the witness."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        for name in ("comments", "no_attestation_reason"):
            self.fields[name].validators.append(MaxLengthValidator(LONGEST_NOTE))

    def needs_no_reason(self) -> None:
        """The version was read back: there is nothing to explain."""
        del self.fields["no_attestation_reason"]

    def seen(self) -> UUID:
        """The review that the page showed."""
        review: UUID = self.cleaned_data["review"]
        return review

    def confirmed(self) -> frozenset[ReviewCheck]:
        """The points that were ticked."""
        return frozenset(ReviewCheck(value) for value in self.cleaned_data["checks"])
