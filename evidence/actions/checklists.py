"""Answering the questions of an analysis.

Promise: every saving keeps all answers of one analysis as a row of its own, so that what somebody answered
before stands beside it; whoever saves over answers they have not read is refused; a "no" says why. Called by
the page of checklists.
"""

from collections.abc import Mapping

from django.db.models import Max

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import EditedMeanwhile
from evidence.actions.custody import subject
from evidence.actions.verification import LONGEST_TEXT, usable
from evidence.errors import AnalysisIncomplete
from evidence.facts import Answered
from evidence.models import Checklist, EvidenceItem
from evidence.vocabulary import Answer, MethodFamily, questions_of

LONGEST_NOTE = LONGEST_TEXT // 10


def answer_checklist(
    *, by: User, item: EvidenceItem, family: MethodFamily, answers: Mapping[str, Answered], expected: int
) -> Checklist:
    """Keep the answers to one analysis by the codes of its questions; `expected` is the number that was read.

    Raises `EditedMeanwhile`, and `AnalysisIncomplete` where nothing is answered or a "no" is not explained.
    """
    row = usable(item, by)
    last = Checklist.objects.filter(item=row, family=family).aggregate(last=Max("number"))["last"] or 0
    if last != expected:
        raise EditedMeanwhile(subject=subject(row), scope=row.case_id, expected=expected, now=last)
    asked = {question.code for question in questions_of(family)}
    if not answers or not answers.keys() <= asked:
        raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field="answers")
    for code, answered in answers.items():
        note = answered.note.strip()
        if len(note) > LONGEST_NOTE or (answered.answer == Answer.NO and not note):
            raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field=f"{code}_note")
    checklist = Checklist(case_id=row.case_id, item=row, family=family, number=last + 1, created_by=by)
    told = {code: {"answer": one.answer.value, "note": one.note.strip()} for code, one in answers.items()}
    checklist.seal(answers=told)
    checklist.save(force_insert=True)
    record(
        Kind.CHECKLIST_ANSWERED,
        by=by.staff_code,
        subject=subject(row),
        scope=row.case_id,
        facts={"number": row.exhibit_no, "family": family.value, "version": checklist.number},
        rows=[checklist],
    )
    return checklist
