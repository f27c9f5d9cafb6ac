"""Notes on files: words, and the part of the file they speak of. Everything can be typed."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import Words, prose
from cases.vocabulary import TextLanguage
from evidence.actions.annotations import LONGEST_NOTE
from evidence.annotating import WHOLE, Box, Note, Point, Span
from evidence.decoding.kinds import Family
from evidence.forms.parts import Part, Parted, asked
from evidence.geometry import TYPED_NUMBERS
from evidence.vocabulary import Motivation

BOX = ("left", "top", "width", "height")
SPAN = ("start", "end")
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6}(?:\.\d{1,3})?)")
_POINT = re.compile(r"\s*(\d{1,3}(?:\.\d{1,6})?)\s*[,\s]\s*(\d{1,3}(?:\.\d{1,6})?)\s*")
_MINUTE = 60


class TypedField(forms.CharField):
    """A machine value that people type, in either kind of digits."""

    def __init__(self, label: Words, *, help_text: Words = "", mark: str = "", rows: int = 0) -> None:
        typed = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false", f"data-{mark}": ""}
        widget = forms.Textarea(attrs=typed | {"rows": rows}) if rows else forms.TextInput(attrs=typed)
        super().__init__(label=label, required=False, max_length=10_000, help_text=help_text, widget=widget)

    def clean(self, value: Any) -> str:
        """Return what was typed, in the digits of machines."""
        return str(super().clean(value) or "").strip().translate(TYPED_NUMBERS)


class ClockField(TypedField):
    """A time of a clip: seconds, or minutes and seconds, or hours too."""

    def clean(self, value: Any) -> Any:
        """Return seconds from the beginning, or None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        found = _CLOCK.fullmatch(typed)
        if found is None:
            raise forms.ValidationError(_("Type seconds, or minutes and seconds, such as 1:02.5."))
        hours, minutes, seconds = (Decimal(part or 0) for part in found.groups())
        return (hours * _MINUTE + minutes) * _MINUTE + seconds


class NoteForm(Parted):
    """What is noted of a file, and of which part of it; the parts are those that its kind can have."""

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        self.family = family
        parts = [Part(_("What you note"), ("text", "language", "motivation"))]
        if family in {Family.MOVING, Family.SOUND}:
            parts.append(Part(_("When"), SPAN, _("Both, or neither for the whole of it."), "is-paired"))
        if family in {Family.PICTURE, Family.MOVING}:
            parts.append(
                Part(
                    _("Where: a box"),
                    BOX,
                    _("In per cent of the upright picture, from its upper left corner. All four, or none."),
                    "is-paired",
                )
            )
        if family == Family.PICTURE:
            parts.append(Part(_("Where: an outline"), ("points",), _("Instead of a box.")))
        self.layout = tuple(parts)
        super().__init__(*args, **kwargs)

    text = prose(_("Note"), rows=4, longest=LONGEST_NOTE, required=True)
    language = forms.ChoiceField(
        label=_("Language of the note"), required=False, choices=[("", _("Not said")), *TextLanguage.choices]
    )
    motivation = asked(_("What the note does"), Motivation)

    @staticmethod
    def initial_from(note: Note) -> dict[str, object]:
        """Fill the form again with a note."""
        found: dict[str, object] = {
            "text": note.text,
            "language": note.language,
            "motivation": note.motivation.value,
            "points": "\n".join(f"{x}, {y}" for x, y in note.points),
        }
        for part, names in ((note.box, BOX), (note.span, SPAN)):
            found |= {name: str(getattr(part, name)) for name in names if part is not None}
        return found

    def further(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        if self.family in {Family.MOVING, Family.SOUND}:
            told = _("Seconds, or minutes and seconds, such as 1:02.5.")
            fields |= {
                "start": ClockField(_("From"), help_text=told, mark="start"),
                "end": ClockField(_("Until"), mark="end"),
            }
        if self.family in {Family.PICTURE, Family.MOVING}:
            labels = (_("From the left"), _("From the top"), _("Width"), _("Height"))
            fields |= {
                name: TypedField(label, mark=f"box-{name}") for name, label in zip(BOX, labels, strict=True)
            }
        if self.family == Family.PICTURE:
            told = _(
                "One point to a line, in their order round the edge: from the left, comma, from the top."
            )
            fields["points"] = TypedField(_("Points of the outline"), help_text=told, mark="points", rows=4)
        return fields

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        self._box = self._read_box(cleaned)
        self._span = self._read_span(cleaned)
        self._points = self._read_points(str(cleaned.get("points") or ""))
        if self._points and self._box is not None:
            self.add_error("points", _("Give a box or an outline, not both."))
        return cleaned

    def note(self) -> Note:
        """What was entered; call it after the form was found valid."""
        found = self.cleaned_data
        return Note(
            text=found["text"].strip(),
            motivation=Motivation(found["motivation"]),
            language=found["language"],
            box=self._box,
            span=self._span,
            points=self._points,
        )

    def _read_box(self, cleaned: dict[str, object]) -> Box | None:
        typed = [str(cleaned.get(name) or "") for name in BOX]
        if not any(typed):
            return None
        values = [_per_cent(text) for text in typed]
        for name, value in zip(BOX, values, strict=True):
            if value is None:
                self.add_error(name, _("A box needs all four numbers, each between 0 and 100."))
        if None in values:
            return None
        box = Box(*(value for value in values if value is not None))
        if not box.is_sound():
            self.add_error("width", _("This box has no size, or reaches beyond the picture."))
        return box

    def _read_span(self, cleaned: dict[str, object]) -> Span | None:
        start, end = cleaned.get("start"), cleaned.get("end")
        if isinstance(start, Decimal) and isinstance(end, Decimal):
            span = Span(start, end)
            if not span.is_sound():
                self.add_error("end", _("The end lies after the beginning."))
            return span
        if isinstance(start, Decimal) or isinstance(end, Decimal):
            self.add_error("start" if start is None else "end", _("Say from when until when."))
        return None

    def _read_points(self, typed: str) -> tuple[Point, ...]:
        found: list[Point] = []
        for line in filter(str.strip, re.split(r"[\n;]", typed)):
            match = _POINT.fullmatch(line)
            pair = (_per_cent(match[1]), _per_cent(match[2])) if match else (None, None)
            if pair[0] is None or pair[1] is None:
                self.add_error("points", _("Type one point to a line: two numbers between 0 and 100."))
                return ()
            found.append((pair[0], pair[1]))
        probe = Note(text="", motivation=Motivation.COMMENTING, points=tuple(found))
        if found and not probe.is_sound():
            self.add_error("points", _("An outline needs three to 200 points that enclose something."))
        return tuple(found)


def _per_cent(text: str) -> Decimal | None:
    value = Decimal(text) if re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text.strip()) else None
    return value if value is not None and value <= WHOLE else None


class WithdrawalForm(forms.Form):
    """Why a note stands no more."""

    reason = prose(_("Why does it stand no more?"), rows=3, longest=4000, required=True)
