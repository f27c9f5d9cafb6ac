"""The pieces of an intake: which forms each page has, what is kept of them, and what the answers say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.door import reader_code
from cases.actions.intake import may_be_taken_down
from cases.actions.specialists import interpreters
from cases.facts import IntakeFacts, MeetingFacts, WitnessFacts
from cases.forms.consent import Row, TalkForm, UsesForm, consent_facts
from cases.forms.intake import AccountForm, MeetingForm, PersonForm
from cases.models import Case, Draft
from cases.models.draft import INTAKE
from cases.policy import CaseRequest
from cases.views.drafting import Desk, Kept
from cases.vocabulary import Decision, Permission
from vault.opening import open_rows
from vault.vocabulary import Purpose

Forms = tuple[forms.Form, ...]
Told = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One page of an intake and its forms."""

    name: str
    title: str | Promise
    kinds: tuple[type[forms.Form], ...]

    @property
    def form(self) -> str:
        """The name under which its draft is kept."""
        return f"{INTAKE}-{self.name}"

    def desk(self, intake: UUID) -> Desk:
        """Where its draft lies."""
        fields = {name: field for one in self.unbound({}) for name, field in one.fields.items()}
        lists = tuple(name for name, field in fields.items() if isinstance(field, forms.MultipleChoiceField))
        texts = tuple(name for name in fields if name not in lists)
        return Desk(form=self.form, subject=intake, witness=None, names=texts, lists=lists)

    def unbound(self, content: Mapping[str, str | list[str]]) -> Forms:
        """Its forms as they are first shown, with what was kept."""
        return tuple(kind(initial=dict(content)) for kind in self.kinds)

    def bound(self, sent: "QueryDict | MultiValueDict[str, str]") -> Forms:
        """Its forms with what was sent, or with what was kept as if it were sent now."""
        return tuple(kind(sent) for kind in self.kinds)


CONSENT = Piece("consent", gettext_lazy("Consent"), (TalkForm, UsesForm))
WITNESS = Piece("witness", gettext_lazy("The witness"), (PersonForm,))
MEETING = Piece("meeting", gettext_lazy("The meeting"), (MeetingForm,))
ACCOUNT = Piece("account", gettext_lazy("The account"), (AccountForm,))
# What an open field means, where it means something.
UNSAID = {"given_on": gettext_lazy("today"), "valid_until": gettext_lazy("until it is withdrawn")}
OF_A_MINOR = ("guardian_consented", "child_assented", "best_interest_note")
PIECES = (CONSENT, WITNESS, MEETING, ACCOUNT)
BY_NAME = {piece.name: piece for piece in PIECES}


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is kept of one intake; opened in one call."""

    kept: Mapping[str, Kept]
    sees_strict: bool
    interviewer: str
    interpreters: tuple[str, ...]

    def of(self, piece: Piece) -> Kept:
        """What is kept of one page."""
        return self.kept.get(piece.form, Kept())

    def fresh(self, piece: Piece) -> Forms:
        """The forms of a page, filled with what is kept."""
        return self._narrowed(piece.unbound(self.of(piece).content))

    def sent(self, piece: Piece, data: QueryDict) -> Forms:
        """The forms of a page with what was sent."""
        return self._narrowed(piece.bound(data))

    def filled(self, piece: Piece) -> Forms:
        """The forms of a page, to be asked whether they are complete."""
        content = self.of(piece).content
        lists = {name: value if isinstance(value, list) else [value] for name, value in content.items()}
        return self._narrowed(piece.bound(MultiValueDict(lists)))

    def first_open(self) -> Piece | None:
        """The first page that is not complete."""
        for piece in PIECES:
            if not all(form.is_valid() for form in self.filled(piece)):
                return piece
        return None

    def is_agreed(self) -> bool | None:
        """Tell whether the person agreed to our own analysis; None while the page is not complete."""
        return agrees(self.filled(CONSENT))

    def people(self) -> tuple[WitnessFacts, MeetingFacts] | None:
        """Who is heard, and by whom; None while one of the two pages is not complete."""
        person, meeting = self.filled(WITNESS)[0], self.filled(MEETING)[0]
        if not (person.is_valid() and meeting.is_valid()):
            return None
        return cast("PersonForm", person).facts(), self._held(cast("MeetingForm", meeting))

    def facts(self) -> IntakeFacts:
        """All answers as one value; call it when no page is open any more."""
        found = [form for piece in PIECES for form in self.filled(piece)]
        if not all(form.is_valid() for form in found):
            raise ValueError("A page of the intake is not complete.")
        talk, uses, person, meeting, account = found
        return IntakeFacts(
            consent=consent_facts(cast("TalkForm", talk), cast("UsesForm", uses)),
            witness=cast("PersonForm", person).facts(),
            meeting=self._held(cast("MeetingForm", meeting)),
            account=cast("AccountForm", account).facts(),
        )

    def _held(self, form: MeetingForm) -> MeetingFacts:
        held = form.meeting()
        return replace(held, interview=replace(held.interview, interviewer=self.interviewer))

    def _narrowed(self, found: Forms) -> Forms:
        for form in found:
            if isinstance(form, PersonForm) and not self.sees_strict:
                form.leave_out_strict()
            if isinstance(form, MeetingForm):
                form.offer_seats((), self.interpreters)
        return found


def agrees(found: Forms) -> bool | None:
    """Tell whether the two forms of consent agree to our own analysis; None where one is not complete."""
    talk, uses = found
    if not all([talk.is_valid(), uses.is_valid()]):
        return None
    return may_be_taken_down(consent_facts(cast("TalkForm", talk), cast("UsesForm", uses)))


def read_pieces(request: CaseRequest, case: Case, intake: UUID) -> Pieces:
    """Open what the reader kept of an intake."""
    names = [piece.form for piece in PIECES]
    rows = list(Draft.objects.filter(created_by=request.user, case=case, subject=intake, form__in=names))
    opened = open_rows(rows, "content", reader=reader_code(request.user), purpose=Purpose.EDIT)
    kept = {}
    for row in rows:
        content = opened[row.pk].json("content")
        kept[row.form] = Kept(content if isinstance(content, dict) else {}, row.number, row.updated_at)
    me = request.user.staff_code
    others = tuple(one for one in interpreters(case) if one != me)
    return Pieces(kept, Permission.STRICT_READ in request.powers, me, others)


def told(found: Forms) -> Told:
    """What was answered, question by question, in words; the account itself stands apart."""
    return [line for form in found for line in _told(form)]


def different(mine: Forms, theirs: Forms) -> Told:
    """What the other window kept, where it is not what was sent."""
    here = [*told(mine), *_account(mine)]
    return [line for line in (*told(theirs), *_account(theirs)) if line not in here]


def _account(found: Forms) -> Told:
    return [
        (str(form["text"].label), words_in(form["text"])) for form in found if isinstance(form, AccountForm)
    ]


def _told(form: forms.Form) -> Iterator[tuple[str, str]]:
    if isinstance(form, UsesForm):
        for purpose, rows in form.groups():
            for row in rows:
                yield f"{purpose.label} · {row.title}", _use(row)
        return
    # What only a minor is asked stands there only for one; the account has a place of its own.
    unasked = () if form.data.get("is_minor") or form.initial.get("is_minor") else OF_A_MINOR
    for field in form.visible_fields():
        if field.name in unasked or (isinstance(form, AccountForm) and field.name == "text"):
            continue
        words = words_in(field)
        yield str(field.label), words or str(UNSAID.get(field.name, ""))


def _use(row: Row) -> str:
    decision = words_in(row.decision)
    if row.decision.value() != Decision.GRANTED:
        return decision
    parts = [decision, words_in(row.materials), words_in(row.level)]
    further = [field for field in (row.state_body, row.recontact) if field is not None and field.value()]
    parts += [str(field.label) for field in further]
    return "\n".join(part for part in (*parts, words_in(row.conditions)) if part)


def words_in(field: BoundField) -> str:
    """One answer as it is read: the words of a choice, never its value."""
    kind, value = field.field, field.value()
    if isinstance(kind, forms.ChoiceField):
        return " · ".join(str(one.choice_label) for one in field.subwidgets if one.data["selected"])
    if isinstance(kind, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(kind, forms.DateField | forms.DateTimeField) and value:
        return format_html('<bdi dir="ltr" class="machine">{}</bdi>', str(value)[:16].replace("T", " "))
    return str(value or "")
