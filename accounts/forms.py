"""Forms of the people and account pages."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.trainings import TrainingFacts
from accounts.models import User
from accounts.vocabulary import Role, TrainingKind
from vault.custodian.directory import LIMIT as LONGEST_DIRECTORY

_LONGEST_ANSWER = 32 * 1024  # one pair's half, signed
_LONGEST_HELP = 2 * 1024 * 1024  # of 25 identities, with sixteen custodians

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _day(label: "_StrPromise") -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}, format="%Y-%m-%d")
    )


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Sealed. Other people see only the staff code."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one."),
    )

    def clean_roles(self) -> list[Role]:
        """Turn the values into roles."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class RoleForm(forms.Form):
    """One role to give or to take."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def clean_role(self) -> Role:
        """Turn the value into a role."""
        return Role(self.cleaned_data["role"])


class TrainingForm(forms.Form):
    """What a certificate says."""

    kind = forms.ChoiceField(label=_("Trained for"), choices=[("", _("Choose")), *TrainingKind.choices])
    completed_on = _day(_("Completed on"))
    expires_on = _day(_("Counts up to and with"))
    certificate = forms.CharField(
        label=_("Who gave it, and where the paper is"),
        max_length=400,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Sealed. Opened by whoever checks it."),
    )

    def clean(self) -> dict[str, Any]:
        """A training lies behind us and ends."""
        found = super().clean() or {}
        done, until = found.get("completed_on"), found.get("expires_on")
        if done and done > timezone.localdate():
            self.add_error("completed_on", _("This day has not come yet."))
        if done and until and until <= done:
            self.add_error("expires_on", _("It cannot end before it was completed."))
        return found

    def facts(self) -> TrainingFacts:
        """What was entered."""
        found = self.cleaned_data
        return TrainingFacts(
            kind=TrainingKind(found["kind"]),
            completed_on=found["completed_on"],
            expires_on=found["expires_on"],
            certificate=found["certificate"],
        )


class DirectoryForm(forms.Form):
    """A directory of custodians as their tool wrote it: one line of text."""

    paper = forms.CharField(
        label=_("The content of the file"),
        max_length=LONGEST_DIRECTORY,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Open the file that your tool wrote, copy all of it and paste it here."),
    )


class DrillAnswerForm(forms.Form):
    """What a custodian's tool wrote in answer to a drill: one line of text."""

    paper = forms.CharField(
        label=_("The content of the file"),
        max_length=_LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Open the file that your tool wrote, copy all of it and paste it here."),
    )


class RepairForm(forms.Form):
    """What a helper or a newcomer signed: one line of text, and a long one."""

    paper = forms.CharField(
        label=_("The content of the file"),
        max_length=_LONGEST_HELP,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Open the file that your tool wrote, copy all of it and paste it here."),
    )


class NewPasswordForm(forms.Form):
    """The password of a person who holds a one-time link."""

    password = forms.CharField(
        label=_("New password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 12 characters. Four or five unrelated words are good and easy to keep in mind."
        ),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Compare the two, and judge the password as everywhere."""
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        if password:
            try:
                password_validation.validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PreferenceForm(forms.Form):
    """How a person wants to see the pages; kept in their browser alone."""

    language = forms.ChoiceField(choices=[("en", "en"), ("ar", "ar")], required=False)
    appearance = forms.ChoiceField(
        choices=[(name, name) for name in ("light", "dark", "auto")], required=False
    )
    cover = forms.ChoiceField(choices=[(name, name) for name in ("always", "marked")], required=False)
    next = forms.CharField(max_length=2000, required=False)
