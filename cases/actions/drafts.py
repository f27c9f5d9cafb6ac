"""Keeping what somebody is typing.

Promise: a draft is sealed, seen by nobody but its author, never older than what it replaces, and gone once
it was handed in. Keeping one is no event of the log: it says nothing yet. Called by autosave and by the
forms' views.
"""

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from cases.actions.consents import may_be_analysed
from cases.actions.witness_steps import not_gone
from cases.errors import DraftOutdated, DraftTooLong, DraftWithoutConsent, ElsewhereRow
from cases.models import Case, Draft, Witness
from cases.models.draft import FIRST_TEXT, NEXT_TEXT
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission
from vault.opening import Opened, open_row
from vault.vocabulary import Purpose

Content = Mapping[str, str | list[str]]

LARGEST = 400_000
# A draft begins to count somewhere, so that no window mistakes a newer draft for one that was dropped.
_LOWEST, _SPAN = 10_000_000, 80_000_000


def keep_draft(
    *,
    by: User,
    case: Case,
    form: str,
    content: Content,
    number: int,
    subject: UUID | None = None,
    witness: Witness | None = None,
) -> Draft:
    """Keep the newest state of a form. `number` is the one last seen, 0 for none: an older one is refused.

    Raises `DraftOutdated`, `DraftTooLong`; and where a first one could lead to nothing, `CaseClosed`,
    `DraftWithoutConsent` or `WitnessNotReady`.
    """
    membership = check(by, Permission.CASE_READ, case)
    if witness is not None and witness.case_id != case.pk:
        raise ElsewhereRow(subject=f"witness:{witness.pk}", scope=case.pk)
    if size_of(content) > LARGEST:
        raise DraftTooLong(subject=f"case:{case.pk}", scope=case.pk)
    draft = find_draft(by=by, case=case, form=form, subject=subject)
    if draft is None:
        _may_begin(membership.case, form, witness)
        draft = Draft(case=case, form=form, subject=subject, witness=witness, created_by=by)
        draft.number = _LOWEST + secrets.randbelow(_SPAN)
        return _first(draft, content)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    if held.number != number:
        raise DraftOutdated(subject=f"draft:{held.pk}", scope=case.pk)
    held.seal(content=dict(content))
    held.number += 1
    held.updated_at = timezone.now()
    held.save(update_fields=["content", "number", "updated_at"])
    return held


def size_of(content: Content) -> int:
    """Count what a form holds, as a draft counts it: the characters of its names and of what was typed."""
    return sum(
        len(name) + len(typed)
        for name, value in content.items()
        for typed in ([value] if isinstance(value, str) else value)
    )


def find_draft(*, by: User, case: Case, form: str, subject: UUID | None = None) -> Draft | None:
    """The person's own draft of this form, if there is one."""
    return Draft.objects.filter(created_by=by, case=case, form=form, subject=subject).first()


def read_draft(*, by: User, draft: Draft) -> dict[str, str | list[str]]:
    """Open a draft for its author."""
    opened: Opened = open_row(draft, "content", reader=by.staff_code, purpose=Purpose.EDIT)
    content = opened.json("content")
    return content if isinstance(content, dict) else {}


def drop_draft(
    *, by: User, case: Case, form: str, subject: UUID | None = None, number: int | None = None
) -> None:
    """Delete the person's draft: it was handed in, or they no longer want it.

    `number` is the one last seen: a newer one, which another window kept, is not deleted unseen.
    """
    rows = Draft.objects.filter(created_by=by, case=case, form=form, subject=subject)
    held = rows.select_for_update(of=("self",)).first()
    if held is None:
        return
    if number is not None and held.number != number:
        raise DraftOutdated(subject=f"draft:{held.pk}", scope=case.pk)
    held.delete()


def _may_begin(case: Case, form: str, witness: Witness | None) -> None:
    """Refuse a first draft where nothing may come of it; one that lies there already can be gone on with."""
    open_for_work(case)
    if witness is None or form not in (FIRST_TEXT, NEXT_TEXT):
        return
    not_gone(witness, f"witness:{witness.pk}")
    if not may_be_analysed(witness):
        raise DraftWithoutConsent(subject=f"witness:{witness.pk}", scope=case.pk)


def _first(draft: Draft, content: Content) -> Draft:
    draft.seal(content=dict(content))
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        raise DraftOutdated(subject=f"case:{draft.case_id}", scope=draft.case_id) from None
    return draft
