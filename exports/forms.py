"""What is typed on the pages of this room. A form checks shape; the action decides."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vocabulary import Role
from cases.forms.fields import RowChoice, prose, question, words
from cases.models import Witness
from cases.vocabulary import ConsentPurpose, IdentityLevel, RecipientClass
from evidence.models import EvidenceItem
from exports.actions.disposal import DeedFacts, DisposalFacts
from exports.actions.recipients import RecipientFacts
from exports.package.ageing import checked_key
from exports.package.errors import BadRecipientKey
from exports.vocabulary import (
    PURPOSES,
    RECALL_STEPS,
    Channel,
    DestructionMethod,
    RecallState,
    Thing,
    Tier,
)
from exports.weighing import NAMING

_OFF = {"autocomplete": "off"}


class RecipientForm(forms.Form):
    """A body that may receive exports."""

    name = forms.CharField(label=_("Name of the body"), max_length=200, widget=forms.TextInput(attrs=_OFF))
    recipient_class = forms.ChoiceField(
        label=_("Kind of body"),
        choices=[(kind.value, kind.label) for kind in PURPOSES],
        help_text=_("Decides which answers of a witness's consent are asked."),
    )
    state_affiliated = forms.BooleanField(
        label=_("It belongs to, or answers to, the State that the case is about"),
        required=False,
        help_text=_("Then a consent counts only where it names such a body."),
    )
    death_penalty_risk = forms.BooleanField(
        label=_("The death penalty may be imposed where it works"), required=False
    )
    default_tier = forms.ChoiceField(label=_("Usual tier"), choices=Tier.choices, initial=Tier.CONFIDENTIAL)
    jurisdiction = forms.CharField(label=_("Jurisdiction"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("How to reach it"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreement_ref = forms.CharField(label=_("Agreement"), max_length=200, required=False)
    agreement_until = forms.DateField(
        label=_("Agreement valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    conditions = forms.CharField(
        label=_("Conditions agreed with it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Printed in every letter of transmittal."),
    )

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def facts(self) -> RecipientFacts:
        """Return what was typed as a value."""
        data: dict[str, Any] = dict(self.cleaned_data)
        data.pop("revision")
        data["recipient_class"] = RecipientClass(data["recipient_class"])
        data["default_tier"] = Tier(data["default_tier"])
        until: date | None = data.pop("agreement_until")
        return RecipientFacts(**data, agreement_until=until)


class KeyForm(forms.Form):
    """An age public key."""

    public_key = forms.CharField(
        label=_("age public key"),
        max_length=200,
        widget=forms.TextInput(attrs={**_OFF, "dir": "ltr", "spellcheck": "false"}),
        help_text=_("Begins with “age1”. The recipient makes it with: age-keygen"),
    )
    expires_at = forms.DateTimeField(
        label=_("Use it until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_public_key(self) -> str:
        """Refuse what is no key; the text is not repeated in the message."""
        try:
            return checked_key(self.cleaned_data["public_key"])
        except BadRecipientKey:
            raise ValidationError(
                _("This is not an age public key. Copy it whole, from “age1” to the end.")
            ) from None


class KeyCheckForm(forms.Form):
    """What the recipient read aloud, and how."""

    heard = forms.CharField(
        label=_("What the recipient read to you"),
        max_length=100,
        widget=forms.TextInput(attrs={**_OFF, "dir": "ltr", "spellcheck": "false"}),
        help_text=_(
            "At least the first four groups of eight signs. Type what you hear; do not copy it from here."
        ),
    )
    channel = forms.ChoiceField(label=_("How you compared it"), choices=Channel.choices)
    note = forms.CharField(
        label=_("With whom, and how you knew them"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class NumbersForm(forms.Form):
    """The eight numbers that stand under the words of a second key."""

    heard = forms.CharField(
        label=_("The eight numbers that the recipient read to you"),
        max_length=100,
        widget=forms.TextInput(attrs={**_OFF, "dir": "ltr", "spellcheck": "false", "inputmode": "numeric"}),
        help_text=_("Each has four digits. Never ask for the words, and stop whoever begins to read them."),
    )

    def clean_heard(self) -> str:
        """Refuse what is no numbers: what may be words of a key goes no further than this."""
        heard = str(self.cleaned_data["heard"]).replace(",", " ")
        if not all(part.isdecimal() for part in heard.split()):
            raise ValidationError(_("Only numbers are compared here: eight of them, of four digits each."))
        return heard


class HandoverForm(forms.Form):
    """Why identities go with an export."""

    reason = forms.CharField(
        label=_("What the custodians should know"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
        help_text=_("They read it before they sign. No names."),
    )


class ContactForm(forms.Form):
    """Who may fetch what is addressed to the body."""

    staff_code = forms.CharField(
        label=_("Code of the contact"), max_length=12, widget=forms.TextInput(attrs={**_OFF, "dir": "ltr"})
    )

    def clean_staff_code(self) -> User:
        """Find the person; somebody without the role of recipient is not found either."""
        code = str(self.cleaned_data["staff_code"]).strip().upper()
        user = User.objects.filter(staff_code=code, is_active=True).first()
        if user is None or not user.has_role(Role.RECIPIENT):
            raise ValidationError(_("There is no recipient with this code."))
        return user


class UseForm(forms.Form):
    """For what, and how much. Its choices follow from the recipient."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=ConsentPurpose.choices, widget=forms.RadioSelect)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, widget=forms.RadioSelect)
    identity_level = forms.ChoiceField(
        label=_("What it may say of a witness"),
        choices=[
            (IdentityLevel.PSEUDONYM.value, IdentityLevel.PSEUDONYM.label),
            (IdentityLevel.NONE.value, IdentityLevel.NONE.label),
            (IdentityLevel.CONFIDENTIAL_IDENTITY.value, IdentityLevel.CONFIDENTIAL_IDENTITY.label),
        ],
        widget=forms.RadioSelect,
        initial=IdentityLevel.PSEUDONYM,
        help_text=_(
            "Who a witness is travels at tier T3 alone: two custodians must agree, and nobody here opens it."
        ),
    )

    def restrict(self, purposes: tuple[ConsentPurpose, ...], tiers: tuple[Tier, ...]) -> None:
        """Offer only what this recipient can receive."""
        self.fields["purpose"].choices = [(one.value, one.label) for one in purposes]  # type: ignore[attr-defined]  # the stub knows Field only
        self.fields["tier"].choices = [(one.value, one.label) for one in tiers]  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        """Names travel at the highest tier alone."""
        data = super().clean() or {}
        if data.get("identity_level") in NAMING and data.get("tier") != Tier.JUDICIAL:
            self.add_error(
                "identity_level", _("Identities travel at tier T3 alone. Choose that tier, or less.")
            )
        return data


class NoteForm(forms.Form):
    """Why it is sent, in words."""

    note = forms.CharField(
        label=_("Why it is sent"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Printed in the letter of transmittal. Name no person."),
    )


class DecisionForm(forms.Form):
    """A decision about an export."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you refuse."),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal without a reason helps nobody."""
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("Say why, so that a better request can follow."))
        return data


class AcknowledgeForm(forms.Form):
    """The digest that the recipient computed."""

    sha512 = forms.CharField(
        label=_("Digest of the file that you received"),
        max_length=200,
        widget=forms.TextInput(attrs={**_OFF, "dir": "ltr", "spellcheck": "false"}),
        help_text=_("sha512sum prints it: 128 digits and letters from a to f."),
    )


class RecallForm(forms.Form):
    """How a letter went."""

    note = forms.CharField(
        label=_("How it goes, and to whom there"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
        help_text=_("For example: by their registrar's secure mail. Sealed. Nothing of the person."),
    )


class RecallAnswerForm(forms.Form):
    """What the recipient said."""

    to = forms.ChoiceField(label=_("What the recipient said"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In its words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
    )

    def offer(self, state: str) -> None:
        """Offer the steps that are possible from here."""
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        steps = RECALL_STEPS.get(RecallState(state), frozenset())
        field.choices = [(one.value, one.label) for one in RecallState if one in steps]


class ToldForm(forms.Form):
    """How the witness was told."""

    channel = forms.CharField(
        label=_("How the witness was told"),
        max_length=200,
        help_text=_("For example: read aloud by telephone. Sealed."),
        widget=forms.TextInput(attrs=_OFF),
    )


class ErasureForm(forms.Form):
    """Why it is asked for."""

    reason = forms.CharField(
        label=_("Why it is asked for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
        help_text=_("Sealed. It stays after the erasure: nothing of the person."),
    )


class ErasureDecisionForm(forms.Form):
    """The second person's word."""

    decision = forms.ChoiceField(
        choices=[("confirm", "confirm"), ("decline", "decline")], widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("Why it is declined"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
        help_text=_("Only where you decline. Sealed."),
    )

    def clean(self) -> dict[str, Any]:
        """Nothing is declined without a reason."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("decision") == "decline" and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why it is declined."))
        return data


class DisposalForm(forms.Form):
    """What is to end, and why."""

    thing = question(_("What it is"), Thing)
    item = RowChoice(
        label=_("Which exhibit"), required=False, help_text=_("Where it is an exhibit, and only then.")
    )
    witness = RowChoice(
        label=_("Whose it is"),
        required=False,
        help_text=_("For a consent form always. A paper or a disk is kept by a hold over any witness."),
    )
    mark = words(
        _("The number of its seal, or the label on it"),
        required=True,
        help_text=_("Sealed, and printed in the certificate: nothing of what it holds, and no name."),
    )
    method = forms.ChoiceField(label=_("How it is to end"), widget=forms.RadioSelect)
    reason = prose(
        _("Why it is asked for"),
        rows=3,
        longest=2000,
        required=True,
        help_text=_("Sealed. It stays: nothing of the person."),
    )
    early = prose(
        _("Why it should not wait for the retention rule"),
        rows=2,
        longest=2000,
        help_text=_("The rule of this case keeps it still. For example: a copy that nobody needs any more."),
    )

    def offer(self, items: list[tuple[str, str]], witnesses: list[tuple[str, str]], *, is_due: bool) -> None:
        """Offer what the reader may see of the case; one whose day has come asks for no reason to hurry."""
        for name, found in (("item", items), ("witness", witnesses)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
            field.choices = [("", _("None")), *found]
        methods = self.fields["method"]
        assert isinstance(methods, forms.ChoiceField)  # noqa: S101  # as above
        by_hand = [one for one in DestructionMethod if one != DestructionMethod.CRYPTO_SHRED]
        methods.choices = [(one.value, one.label) for one in by_hand]
        if is_due:
            del self.fields["early"]

    def facts(self, item: EvidenceItem | None, witness: Witness | None) -> DisposalFacts:
        """Return what was typed as a value."""
        said = self.cleaned_data
        return DisposalFacts(
            thing=Thing(said["thing"]),
            method=DestructionMethod(said["method"]),
            mark=said["mark"],
            reason=said["reason"],
            early=said.get("early", ""),
            item=item,
            witness=witness,
        )


class DeedForm(forms.Form):
    """What was done."""

    done_on = forms.DateField(
        label=_("On which day it was done"), widget=forms.DateInput(attrs={"type": "date"})
    )
    done_by = words(_("Who did it"), required=True, longest=400, help_text=_("A code, or a firm. Sealed."))
    place = words(_("Where"), required=True, longest=400, help_text=_("Sealed."))
    how = prose(
        _("How, and what was found on it before"),
        rows=4,
        longest=2000,
        required=True,
        help_text=_("The seal, the label; the tool or machine; for what is given back: to whom. Sealed."),
    )
    present = prose(
        _("Who was present"),
        rows=2,
        longest=2000,
        required=True,
        help_text=_("Codes where there are any. Sealed."),
    )

    def facts(self) -> DeedFacts:
        """Return what was typed as a value."""
        return DeedFacts(**self.cleaned_data)
