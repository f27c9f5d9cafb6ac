"""What a witness agreed to, on one paper that they can be read aloud from, and keep if that is safe.

Promise: it says what was agreed, to whom, for what, how much of the person may be known, until when and how
to take it back; it names nobody: the person stands in it under the pseudonym they know. Called by views.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import Consent, ConsentScope
from cases.views.common import Line
from cases.views.sentences import Said, by_purpose
from cases.vocabulary import ConsentMethod, ConsentState, TextLanguage
from exports.printing.paper import Machine, Paper, Part, day


def agreed_paper(
    line: Line[Consent], answers: Iterable[Line[ConsentScope]], *, pseudonym: str, language: str
) -> Paper:
    """Return the paper. `line` holds the consent's `circumstances`, `answers` their `conditions`."""
    listed = list(answers)
    with override(language):
        parts = [
            Part(purpose, tuple(sentence for one in said for sentence in _sentences(one)))
            for purpose, said in by_purpose(listed)
        ]
        return Paper(
            _("What you agreed to"),
            language,
            "",
            tuple(_facts(line, pseudonym)),
            (
                Part(
                    _("How to read this"),
                    (_("What does not stand here was not agreed to, and is not done."),),
                ),
                *parts,
                Part(_("What was explained to you"), _explained(line)),
                Part(_("How to take it back"), _back()),
            ),
            (_("The person, or their mark"), _("Read aloud by, day")),
        )


def _facts(line: Line[Consent], pseudonym: str) -> Iterable[tuple[str, str]]:
    row, said = line.row, line.opened.json("circumstances")
    circumstances = said if isinstance(said, dict) else {}
    yield _("Person"), pseudonym
    yield _("Given"), day(row.given_at)
    yield _("Valid until"), day(row.valid_until) if row.valid_until else _("until it is withdrawn")
    if row.state in (ConsentState.WITHDRAWN, ConsentState.PARTLY_WITHDRAWN, ConsentState.EXPIRED):
        yield _("State"), str(row.get_state_display())
    yield _("How you agreed"), _label(ConsentMethod, circumstances.get("method"))
    yield _("Language of the talk"), _label(TextLanguage, circumstances.get("language"))
    yield _("Information sheet"), Machine(row.sheet_version)


def _label(words: type[ConsentMethod] | type[TextLanguage], value: object) -> str:
    return str(words(str(value)).label) if value in words.values else "-"


def _sentences(said: Said) -> Iterable[str]:
    yield " ".join([f"{said.label}:", said.sentence, *said.further])
    if said.conditions:
        yield _("In your words: %(words)s") % {"words": said.conditions}
    if said.withdrawn_at:
        yield _("You took this back on %(day)s.") % {"day": day(said.withdrawn_at)}


def _explained(line: Line[Consent]) -> tuple[str, ...]:
    said = line.opened.json("circumstances")
    circumstances = said if isinstance(said, dict) else {}
    told = [
        _("You were told what we can keep secret, what we cannot, and what a court may order."),
        _("You could ask, and you understood what you decided. Saying no has no disadvantage for you."),
    ]
    if circumstances.get("guardian_consented"):
        told.append(_("Whoever cares for you agreed too, and you yourself said yes."))
    return tuple(told)


def _back() -> tuple[str, ...]:
    return (
        _(
            "You can take all of it back, or a part, at any time and without a reason. Tell anybody of us, "
            "in the way that is safe for you, and say your pseudonym or code."
        ),
        _("It counts from that instant. What is on its way to anybody is stopped."),
        _(
            "Whoever received something before is asked in writing to delete it; we tell you who that is and "
            "what they answer. You can also ask us to erase what we keep."
        ),
        _("Who keeps this: %(sender)s") % {"sender": settings.EXPORT_SENDER},
    )
