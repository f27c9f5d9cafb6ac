"""Forms of safe contact. Nothing that names somebody belongs here: that is for the sealed identity alone."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.facts import ContactFacts, ContactRulesFacts, ReferralFacts
from cases.forms.fields import Once, Revised, prose, question
from cases.forms.fields import words as line
from cases.forms.witnesses import several
from cases.vocabulary import Channel, ContactOutcome, ContactSafety, ReferralAnswer, ReferralKind

NO_NUMBERS = _(
    "No names, numbers or addresses: those name the person and belong to the sealed identity alone."
)


class ContactRulesForm(Revised, Once):
    """How the person may be reached; carries the number of the rules that were read."""

    channels = several(_("The only ways in which the person may be reached"), Channel, help_text=NO_NUMBERS)
    hours = line(_("Only at these hours"), help_text=_("For example: Sundays, after the noon prayer."))
    through = line(
        _("Only through this person"), help_text=_("As a role: “a sister”. Who it is lies in the identity.")
    )
    words = line(_("Agreed words"), help_text=_("What both say, so that each knows the other is alone."))
    never = prose(
        _("Never"), rows=3, longest=2000, help_text=_("For example: never the number that the family knows.")
    )

    def facts(self) -> ContactRulesFacts:
        """What was entered."""
        found = self.cleaned_data
        return ContactRulesFacts(
            channels=tuple(Channel(one) for one in found["channels"]),
            hours=found["hours"],
            through=found["through"],
            words=found["words"],
            never=found["never"],
        )


class ContactForm(Once):
    """One contact or attempt."""

    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format="%Y-%m-%dT%H:%M"),
    )
    channel = question(_("How"), Channel)
    outcome = question(_("What came of it"), ContactOutcome)
    safety = question(_("Was it safe"), ContactSafety)
    note = prose(_("Note"), rows=3, longest=2000, help_text=NO_NUMBERS)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.initial.setdefault("at", timezone.localtime())

    def facts(self) -> ContactFacts:
        """What was entered."""
        found = self.cleaned_data
        return ContactFacts(
            at=found["at"],
            channel=Channel(found["channel"]),
            outcome=ContactOutcome(found["outcome"]),
            safety=ContactSafety(found["safety"]),
            note=found["note"],
        )


class ReferralForm(Once):
    """Help that was offered."""

    kind = question(_("What help was offered"), ReferralKind)
    answer = question(_("What the person said"), ReferralAnswer)
    note = prose(_("Note"), rows=3, longest=2000, help_text=NO_NUMBERS)

    def facts(self) -> ReferralFacts:
        """What was entered."""
        found = self.cleaned_data
        return ReferralFacts(
            kind=ReferralKind(found["kind"]), answer=ReferralAnswer(found["answer"]), note=found["note"]
        )
