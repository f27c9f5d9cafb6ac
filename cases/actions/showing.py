"""Showing a name once, to the one person who asked.

Promise: before anything opens, what is stored is compared with what the log says was sealed; two approvals
are judged anew, under the directory in force; then it opens once, and the one-time key is gone. Called by the
page that shows, and by the download for the requester's own tool.
"""

import json
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from audit.believing import believed
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.unsealing_papers import (
    as_sealed,
    directory_for,
    held,
    paper_of,
    subject_of,
    trace,
    unfinished,
    words_on,
)
from cases.errors import (
    FalseHalf,
    IdentityAltered,
    NotAgreedYet,
    NotOpened,
    NotYetTime,
    NotYourRequest,
    SeenAlready,
    StandsStopped,
    WordsExhausted,
    WrongWords,
)
from cases.models import IdentityRequest, Witness
from cases.permissions import check
from cases.vocabulary import MOST_WRONG_WORDS, AccessState, Permission
from vault import unsealing
from vault.custodian import judging
from vault.custodian.answers import Answer
from vault.custodian.directory import Directory
from vault.custodian.errors import CustodianError, HalfRefused
from vault.custodian.keys import BoxSecret
from vault.errors import PassphraseRefused, VaultError


@dataclass(frozen=True, slots=True)
class Shown:
    """What was asked for of who a witness is: for each field what each version says, the oldest first."""

    request: IdentityRequest
    values: dict[str, list[str]] = field(repr=False)


def show_identity(*, by: User, request: IdentityRequest, typed: str) -> Shown:
    """Open the name with the six words, for this one answer.

    Raises `NotAgreedYet`, `StandsStopped`, `NotYetTime`, `SeenAlready`, `WrongWords`, `WordsExhausted`,
    `FalseHalf`, `IdentityAltered`, `RequestOver`, and `NotYourRequest` for everybody else.
    """
    row, answer, directory = _answer(by, request)
    is_break_glass = judging.is_break_glass(answer.approvals, directory)
    one_time = _one_time(row, typed)
    try:
        said = [json.loads(content) for content in answer.open(one_time).values()]
    except HalfRefused as refused:
        code = directory.member(refused.holder).code
        raise FalseHalf(subject=subject_of(row), scope=row.case_id, member=code) from None
    except VaultError:
        raise IdentityAltered(subject=subject_of(row), scope=row.case_id) from None
    values = {
        name: [str(one[name]) for one in said if one.get(name)]
        for name in answer.request.fields
        if any(one.get(name) for one in said)
    }
    _opened(by, row, how="page", fields=len(answer.request.fields), is_break_glass=is_break_glass)
    return Shown(row, values)


def fetch_answer(*, by: User, request: IdentityRequest) -> bytes:
    """The file that the requester's own tool opens; the server cannot. Handed out once."""
    row, answer, directory = _answer(by, request)
    if row.held_key is not None:
        raise NotOpened(subject=subject_of(row), scope=row.case_id)
    is_break_glass = judging.is_break_glass(answer.approvals, directory)
    _opened(by, row, how="file", fields=len(answer.request.fields), is_break_glass=is_break_glass)
    return answer.write()


def _answer(by: User, request: IdentityRequest) -> tuple[IdentityRequest, Answer, Directory]:
    """Everything that opens the name but the one-time key, where two agreed and it is time."""
    check(by, Permission.IDENTITY_REQUEST, request.case_id)
    row = held(request)
    _may_open(by, row)
    paper, directory = paper_of(row, by), directory_for(row, subject="", scope=row.case_id)
    try:
        two = judging.agreed(paper, words_on(row, paper, by), directory, timezone.now().timestamp())
    except CustodianError:
        raise NotAgreedYet(subject=subject_of(row), scope=row.case_id) from None
    versions = unsealing.versions_of([row.witness_id])
    as_sealed(row, versions)
    subjects = unsealing.subjects_of(
        versions, case_code=row.case.code, codes={row.witness_id: row.witness.code}
    )
    asked = [one for one in versions if subjects[one.pk] in paper.subjects]
    kept = {one.pk: subjects[one.pk] for one in asked}
    items = tuple(unsealing.items_of(asked, kept))
    return row, Answer(paper, two, items, unsealing.digests_of(kept)), directory


def _may_open(by: User, row: IdentityRequest) -> None:
    subject, scope = subject_of(row), row.case_id
    if row.created_by_id != by.pk:
        raise NotYourRequest(subject=subject, scope=scope)
    if row.opened_at is not None:
        raise SeenAlready(subject=subject, scope=scope)
    unfinished(row)
    if row.state == AccessState.DENIED:
        raise StandsStopped(subject=subject, scope=scope)
    if row.state != AccessState.APPROVED_2 or row.opens_at is None:
        raise NotAgreedYet(subject=subject, scope=scope)
    if timezone.now() < row.opens_at:
        raise NotYetTime(subject=subject, scope=scope)


def _one_time(row: IdentityRequest, typed: str) -> BoxSecret:
    """The one-time key under the words. Each wrong try is an event of the log, and they are counted there."""
    subject, scope = subject_of(row), row.case_id
    refused = Event.objects.of_scope(scope).of_kinds([WrongWords.kind]).of_subject(subject)
    tries = sum(
        1 for event in believed(refused) if json.loads(event.leaf).get("facts", {}).get("words") == "wrong"
    )
    if tries >= MOST_WRONG_WORDS:
        raise WordsExhausted(subject=subject, scope=scope)
    if row.held_key is None:
        raise NotOpened(subject=subject, scope=scope)
    try:
        return unsealing.one_time_with(bytes(row.held_key), row.pk, typed)
    except PassphraseRefused:
        raise WrongWords(subject=subject, scope=scope, words="wrong") from None


def _opened(by: User, row: IdentityRequest, *, how: str, fields: int, is_break_glass: bool) -> None:
    """It was shown: the key goes, the risk to the witness must be weighed anew, break-glass is an alarm."""
    row.state, row.opened_at, row.held_key = AccessState.OPEN, timezone.now(), None
    row.put_tag()
    row.save(update_fields=["state", "opened_at", "held_key", "tag"])
    Witness.objects.filter(pk=row.witness_id).update(risk_raised_at=row.opened_at)
    trace(Kind.IDENTITY_OPENED, by.staff_code, row, how=how, fields=fields, witness=row.witness.code)
    if is_break_glass:
        trace(Kind.IDENTITY_BREAK_GLASS_OPENED, by.staff_code, row, how=how)
