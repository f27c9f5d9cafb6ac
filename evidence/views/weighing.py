"""Checklists gathered for pages: what was asked in each analysis, and what was answered last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases.policy import CaseRequest
from evidence.models import Checklist, EvidenceItem
from evidence.views.rows import opened
from evidence.vocabulary import Answer, Method, MethodFamily, questions_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and its answer if somebody gave one."""

    words: str | Promise
    method: Method
    answer: Answer | None
    note: str


@dataclass(frozen=True, slots=True)
class Answers:
    """One analysis: its questions with the answers given last; `number` is 0 where nobody answered."""

    family: MethodFamily
    heading: str
    number: int = 0
    by_code: str = ""
    at: datetime | None = None
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def asked(self) -> list[Asked]:
        """Every question of the analysis, in its order."""
        found = []
        for question in questions_of(self.family):
            told = self.answers.get(question.code)
            answer = Answer(told["answer"]) if told else None
            found.append(Asked(question.words, question.method, answer, told["note"] if told else ""))
        return found

    def asked_of(self, method: Method) -> list[Asked]:
        """The questions that one method answers."""
        return [one for one in self.asked if one.method == method]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(one.answer is not None for one in self.asked)

    @property
    def against(self) -> int:
        """How many were answered with no."""
        return sum(one.answer == Answer.NO for one in self.asked)


def checklists_of(request: CaseRequest, item: EvidenceItem) -> dict[MethodFamily, Answers]:
    """Open the newest answers of each analysis, in one call."""
    rows = Checklist.objects.visible_to(request.user).filter(item=item).select_related("created_by")
    newest = rows.order_by("family", "-number").distinct("family")
    headings = {
        MethodFamily.SOURCE: _("Questions about the source"),
        MethodFamily.TECHNICAL: _("Questions about the file"),
        MethodFamily.CONTENT: _("Questions about what is shown"),
    }
    found = {family: Answers(family, heading) for family, heading in headings.items()}
    for line in opened(newest, "answers", request=request):
        family, told = MethodFamily(line.row.family), line.opened.json("answers")
        found[family] = Answers(
            family,
            headings[family],
            line.row.number,
            line.row.created_by.staff_code,
            line.row.created_at,
            dict(_told(told.items() if isinstance(told, dict) else ())),
        )
    return found


def _told(pairs: Iterable[tuple[object, object]]) -> Iterable[tuple[str, dict[str, str]]]:
    for code, told in pairs:
        if isinstance(told, dict):
            yield str(code), {"answer": str(told["answer"]), "note": str(told["note"])}
