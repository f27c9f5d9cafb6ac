"""Forms of a case and its members."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.facts import CaseFacts
from cases.forms.fields import Revised, choice, prose, words
from cases.vocabulary import ArmedConflict, MemberRole, RetentionRule, StandardOfProof


class CaseForm(Revised):
    """What a case says of itself."""

    title = words(_("Title"), longest=160, required=True, help_text=_("Sealed. No address shows it."))
    situation = words(
        _("Situation"), longest=60, required=True, help_text=_("A country or region. Kept in clear.")
    )
    mandate = prose(
        _("Mandate"),
        longest=4000,
        required=True,
        help_text=_("On whose word, and about what, people work. Sealed."),
    )
    standard_of_proof = choice(_("Standard of proof"), StandardOfProof)
    armed_conflict = choice(_("Armed conflict"), ArmedConflict)
    retention_rule = choice(_("How long it is kept"), RetentionRule)

    def facts(self) -> CaseFacts:
        """What was entered."""
        found = self.cleaned_data
        return CaseFacts(
            title=found["title"],
            situation=found["situation"],
            mandate=found["mandate"],
            standard_of_proof=StandardOfProof(found["standard_of_proof"]),
            armed_conflict=ArmedConflict(found["armed_conflict"]),
            retention_rule=RetentionRule(found["retention_rule"]),
        )


class NewCaseForm(CaseForm):
    """A case that is being opened: its letters are chosen once."""

    field_order = ("letters", "title", "situation", "mandate", "standard_of_proof")
    letters = forms.RegexField(
        r"^[A-Za-z]{2,5}$",
        label=_("Letters of the case"),
        help_text=_("Two to five letters, such as BAN. Numbers begin with them: BAN-WT-0001. Kept in clear."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "maxlength": 5}),
    )

    def clean_letters(self) -> str:
        return str(self.cleaned_data["letters"]).upper()


class MembershipForm(forms.Form):
    """In which role, and how long."""

    role = choice(_("Role in the case"), MemberRole)
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("The last day. Leave it empty for as long as the case is open."),
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}),
    )
    sees_strict = forms.BooleanField(label=_("Sees what is strictly confidential"), required=False)
    reason = words(_("Reason"), longest=300, required=True, help_text=_("Sealed."))

    def ends_at(self) -> dt.datetime | None:
        """The end of the last day."""
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day is None:
            return None
        after = day + dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(after, dt.time()))

    def clean_ends_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return day


class NewMemberForm(MembershipForm):
    """Somebody is named by their code: the list of all staff is nobody's to see."""

    field_order = ("staff_code", "role")
    staff_code = forms.CharField(
        label=_("Staff code"),
        max_length=12,
        help_text=_("The person tells it to you, for example INV-07."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def clean_staff_code(self) -> User:
        code = str(self.cleaned_data["staff_code"]).strip().upper()
        user = User.objects.filter(staff_code=code, is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody with an open account has this code."))
        return user
