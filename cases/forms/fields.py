"""Small parts that several forms share."""

from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID, uuid4

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"


class Revised(forms.Form):
    """Carries the revision that the person read: a newer one is never overwritten unseen."""

    revision = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def read_revision(self) -> int:
        """Return the revision that was read; without one nothing can be overwritten."""
        return int(self.cleaned_data.get("revision") or 0)


class Once(forms.Form):
    """Carries the id that was drawn with the page: sent twice, it makes one row."""

    once = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)

    def drawn(self) -> UUID | None:
        """Return the id that what is made here will have."""
        once: UUID | None = self.cleaned_data["once"]
        return once


class RowChoice(forms.ChoiceField):
    """One row of the case, on a form where nothing else is typed.

    Any id is taken here, offered or not: the view looks for the row and refuses one that the reader may not
    know of as every address does, and so the attempt stands in the log.
    """

    def valid_value(self, value: object) -> bool:
        """Pass whatever names a row."""
        try:
            UUID(str(value))
        except ValueError:
            return False
        return True


def choice(
    label: Words, kind: type[TextChoices], *, optional: bool = False, help_text: Words = ""
) -> forms.ChoiceField:
    """A choice from one of the fixed lists; an optional one may stay open."""
    choices = [("", _("Not known")), *kind.choices] if optional else kind.choices
    return forms.ChoiceField(label=label, choices=choices, required=not optional, help_text=help_text)


def question(label: Words, kind: type[TextChoices], *, help_text: Words = "") -> forms.ChoiceField:
    """A choice that nobody has made until they make it: no answer stands there beforehand."""
    choices = [("", _("Choose")), *kind.choices]
    return forms.ChoiceField(label=label, choices=choices, help_text=help_text)


def words(
    label: Words, *, longest: int = 200, required: bool = False, help_text: Words = ""
) -> forms.CharField:
    """One line of text, in whichever script it is written."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


def prose(
    label: Words, *, longest: int = 20_000, required: bool = False, rows: int = 4, help_text: Words = ""
) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": rows}),
    )


def lines(value: object) -> tuple[str, ...]:
    """Split a text into its lines, without the empty ones."""
    return tuple(line.strip() for line in str(value or "").splitlines() if line.strip())
