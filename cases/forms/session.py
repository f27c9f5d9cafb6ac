"""The form that asks for an identity session."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cases.actions.sessions import SessionFacts
from cases.forms.fields import prose
from cases.vocabulary import SessionCheck, SessionPurpose


class SessionForm(forms.Form):
    """Why names are compared, and for which questions."""

    purpose = forms.ChoiceField(
        label=_("Why the names must be compared"),
        choices=[(one.value, one.label) for one in SessionPurpose if one != SessionPurpose.HANDOVER],
        widget=forms.RadioSelect,
        help_text=_(
            "Where a life is in danger nothing is waited for. Else it begins an hour after two approved."
        ),
    )
    checks = forms.MultipleChoiceField(
        label=_("What is asked"),
        choices=[(one.value, one.label) for one in (SessionCheck.DUPLICATES, SessionCheck.PSEUDONYMS)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = prose(
        _("What the custodians should know"),
        rows=3,
        longest=600,
        required=True,
        help_text=_("They read it before they sign. No names."),
    )

    def asked(self) -> SessionFacts:
        """What was entered."""
        found = self.cleaned_data
        return SessionFacts(
            purpose=SessionPurpose(found["purpose"]),
            checks=tuple(SessionCheck(one) for one in found["checks"]),
            reason=found["reason"],
            texts=tuple(UUID(one) for one in found.get("texts", ())),
        )


def session_form(sent: QueryDict | None, *, texts: Sequence[tuple[str, str]]) -> SessionForm:
    """The form, with the accounts that may be chosen, where there are any."""
    form = SessionForm(sent)
    if texts:
        form.fields["texts"] = forms.MultipleChoiceField(
            label=_("Accounts in which a name may stand"),
            choices=texts,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("As they are now. What you wrote yourself somebody else must ask about."),
        )
        form.order_fields(["purpose", "checks", "texts", "reason"])
    return form
