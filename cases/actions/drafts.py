"""Keeping what somebody is typing.

Promise: a draft is sealed, seen by nobody but its author, never older than what it replaces, and gone once
it was handed in. Keeping one is no event of the log: it says nothing yet. Called by autosave and by the
forms' views.
"""

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from cases.errors import DraftOutdated, ElsewhereRow
from cases.models import Case, Draft, Witness
from cases.permissions import check
from cases.vocabulary import Permission
from vault.opening import Opened, open_row
from vault.vocabulary import Purpose

LARGEST = 400_000
# A draft begins to count somewhere, so that no window mistakes a newer draft for one that was dropped.
_LOWEST, _SPAN = 10_000_000, 80_000_000


def keep_draft(
    *,
    by: User,
    case: Case,
    form: str,
    content: dict[str, str | list[str]],
    number: int,
    subject: UUID | None = None,
    witness: Witness | None = None,
) -> Draft:
    """Keep the newest state of a form. `number` is the one last seen, 0 for none: an older one is refused."""
    check(by, Permission.CASE_READ, case)
    if witness is not None and witness.case_id != case.pk:
        raise ElsewhereRow(subject=f"witness:{witness.pk}", scope=case.pk)
    if sum(len(key) + len(str(value)) for key, value in content.items()) > LARGEST:
        raise DraftOutdated(subject=f"case:{case.pk}", scope=case.pk, reason="too_large")
    draft = find_draft(by=by, case=case, form=form, subject=subject)
    if draft is None:
        draft = Draft(case=case, form=form, subject=subject, witness=witness, created_by=by)
        draft.number = _LOWEST + secrets.randbelow(_SPAN)
        return _first(draft, content)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    if held.number != number:
        raise DraftOutdated(subject=f"draft:{held.pk}", scope=case.pk)
    held.seal(content=content)
    held.number += 1
    held.updated_at = timezone.now()
    held.save(update_fields=["content", "number", "updated_at"])
    return held


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


def _first(draft: Draft, content: dict[str, str | list[str]]) -> Draft:
    draft.seal(content=content)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        raise DraftOutdated(subject=f"case:{draft.case_id}", scope=draft.case_id) from None
    return draft
