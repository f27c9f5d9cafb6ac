"""Taking down an account: its versions, its hand-in, its end.

Promise: a version is never changed; whoever saves later than somebody else is told so and loses nothing;
without consent to our own analysis nothing is taken down; what is final stays as it is. Called by the
testimony pages.
"""

import hashlib
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from accounts.owed import wake
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.actions.consents import consented
from cases.actions.once import made_before, put
from cases.actions.witness_steps import not_gone, step
from cases.codes import next_number
from cases.errors import (
    AnotherVersion,
    EditedMeanwhile,
    ReadOnly,
    ReasonMissing,
    SentBefore,
    StepNotPossible,
    TextEmpty,
    TextTooLong,
)
from cases.models import Interview, Review, Testimony, TestimonyVersion, Witness
from cases.permissions import check, open_for_work
from cases.vocabulary import (
    ENDED,
    LONGEST_TEXT,
    TOLD,
    Permission,
    Series,
    TestimonyStatus,
    TextLanguage,
    VersionKind,
    WitnessStatus,
)
from vault.opening import open_row
from vault.vocabulary import Purpose

STEPS: dict[TestimonyStatus, frozenset[TestimonyStatus]] = {
    TestimonyStatus.DRAFT: frozenset({TestimonyStatus.SUBMITTED, TestimonyStatus.WITHDRAWN}),
    TestimonyStatus.SUBMITTED: frozenset({TestimonyStatus.IN_REVIEW, TestimonyStatus.WITHDRAWN}),
    TestimonyStatus.IN_REVIEW: frozenset(
        {TestimonyStatus.RETURNED, TestimonyStatus.APPROVED, TestimonyStatus.WITHDRAWN}
    ),
    TestimonyStatus.RETURNED: frozenset({TestimonyStatus.DRAFT, TestimonyStatus.WITHDRAWN}),
    TestimonyStatus.APPROVED: frozenset(
        {TestimonyStatus.FINAL, TestimonyStatus.SUPERSEDED, TestimonyStatus.WITHDRAWN}
    ),
    TestimonyStatus.FINAL: frozenset({TestimonyStatus.SUPERSEDED, TestimonyStatus.WITHDRAWN}),
    TestimonyStatus.SUPERSEDED: frozenset({TestimonyStatus.WITHDRAWN}),
    TestimonyStatus.WITHDRAWN: frozenset(),
}
# The task that deletes what somebody still keeps as a draft of what has ended.
DROP_DRAFTS = "cases.drop_drafts"


def start_testimony(
    *,
    by: User,
    witness: Witness,
    text: str,
    language: TextLanguage,
    kind: VersionKind = VersionKind.STATEMENT,
    interview: Interview | None = None,
    once: UUID | None = None,
) -> Testimony:
    """Register an account and its first version. Raises `ConsentMissing`, `TextEmpty`, `TextTooLong`.

    `once` is the id that was drawn with the page: sent twice, it makes one account. Raises `SentBefore` where
    the text is another one by then, `IdTaken` where the id is not of an account of theirs.
    """
    check(by, Permission.TESTIMONY_WRITE, witness.case_id)
    held = Witness.objects.select_for_update(of=("self",)).select_related("case").get(pk=witness.pk)
    if (made := made_before(Testimony.objects.all(), once, by=by, witness=held)) is not None:
        return _said_again(by, made, text)
    _startable(held, text, interview)
    testimony = Testimony(
        id=once or uuid4(),
        case=held.case,
        witness=held,
        interview=interview,
        registration_no=next_number(held.case, Series.TESTIMONY),
        created_by=by,
        sensitivity=held.sensitivity,
    )
    put(testimony)
    version = _write(by, testimony, text, language=language, kind=kind, based_on=None)
    if held.status == WitnessStatus.CONSENTED:
        step(by=by, witness=held, to=WitnessStatus.ACTIVE)
    _record(Kind.TESTIMONY_STARTED, by, testimony, version, number=testimony.registration_no)
    return testimony


def _startable(held: Witness, text: str, interview: Interview | None) -> None:
    """Refuse an account that may not be begun: of this witness, in this interview, with this text."""
    open_for_work(held.case)
    subject = f"witness:{held.pk}"
    _sayable(text, subject, held)
    if interview is not None and not _held_with(held, interview):
        raise StepNotPossible(subject=subject, scope=held.case_id)
    not_gone(held, subject)
    consented(held, subject)


def _held_with(witness: Witness, interview: Interview) -> bool:
    """Tell whether that meeting was held with the witness: one that was not cleared leaves no account."""
    return Interview.objects.filter(pk=interview.pk, witness=witness, status__in=TOLD).exists()


def save_version(
    *,
    by: User,
    testimony: Testimony,
    text: str,
    language: TextLanguage,
    kind: VersionKind,
    based_on: int,
) -> TestimonyVersion:
    """Save the next version of a draft. `based_on` is the number of the version that was read.

    A returned testimony becomes a draft again with its first new version. Raises `EditedMeanwhile` when a
    newer version exists, `ReadOnly` outside a draft.
    """
    check(by, Permission.TESTIMONY_WRITE, testimony.case_id)
    held = locked(testimony)
    open_for_work(held.case)
    subject = f"testimony:{held.pk}"
    if held.status not in (TestimonyStatus.DRAFT, TestimonyStatus.RETURNED):
        raise ReadOnly(subject=subject, scope=held.case_id, status=held.status)
    _sayable(text, subject, held.witness)
    not_gone(held.witness, subject)
    consented(held.witness, subject)
    current = held.current
    if current is not None and current.seq != based_on:
        raise EditedMeanwhile(subject=subject, scope=held.case_id, based_on=based_on, current=current.seq)
    if held.status == TestimonyStatus.RETURNED:
        move(by=by, testimony=held, to=TestimonyStatus.DRAFT, kind=Kind.TESTIMONY_REOPENED)
    version = _write(by, held, text, language=language, kind=kind, based_on=current)
    _record(Kind.TESTIMONY_VERSION_SAVED, by, held, version, seq=version.seq)
    return version


def submit_testimony(*, by: User, testimony: Testimony, seen: int | None = None) -> Testimony:
    """Hand a draft in for review.

    `seen` is the number of the version that the person had before them. Raises `AnotherVersion` when it is
    not the present one: nobody hands in words that they did not read.
    """
    check(by, Permission.TESTIMONY_WRITE, testimony.case_id)
    held = locked(testimony)
    open_for_work(held.case)
    subject = f"testimony:{held.pk}"
    if held.status == TestimonyStatus.DRAFT:
        current = held.current.seq if held.current else 0
        if seen is not None and seen != current:
            raise AnotherVersion(subject=subject, scope=held.case_id, based_on=seen, current=current)
        not_gone(held.witness, subject)
        consented(held.witness, subject)
    return move(by=by, testimony=held, to=TestimonyStatus.SUBMITTED, kind=Kind.TESTIMONY_SUBMITTED)


def withdraw_testimony(*, by: User, testimony: Testimony, reason: str) -> Testimony:
    """Take an account out of use, whatever its state; nothing is deleted. An open review ends with it."""
    check(by, Permission.CONSENT_WITHDRAW, testimony.case_id)
    if not reason.strip():
        raise ReasonMissing(subject=f"testimony:{testimony.pk}", scope=testimony.case_id, field="reason")
    held = locked(testimony)
    for review in Review.objects.filter(testimony=held, closed_at__isnull=True):
        close(review)
    return move(
        by=by,
        testimony=held,
        to=TestimonyStatus.WITHDRAWN,
        kind=Kind.TESTIMONY_WITHDRAWN,
        secret={"reason": reason.strip()},
    )


def supersede_testimony(*, by: User, testimony: Testimony, replacement: Testimony) -> Testimony:
    """Say that a newer account of the same witness, approved or final, replaces this one."""
    check(by, Permission.TESTIMONY_REVIEW, testimony.case_id)
    # Both are kept in one order, so that two people who replace one by the other do not wait for ever.
    kept = {row.pk: locked(row) for row in sorted((testimony, replacement), key=lambda row: row.pk)}
    held, newer = kept[testimony.pk], kept[replacement.pk]
    open_for_work(held.case)
    counts = newer.status in (TestimonyStatus.APPROVED, TestimonyStatus.FINAL)
    if newer.witness_id != held.witness_id or newer.pk == held.pk or not counts:
        raise StepNotPossible(subject=f"testimony:{held.pk}", scope=held.case_id)
    held.superseded_by = newer
    held.save(update_fields=["superseded_by"])
    return move(by=by, testimony=held, to=TestimonyStatus.SUPERSEDED, kind=Kind.TESTIMONY_SUPERSEDED)


def locked(testimony: Testimony) -> Testimony:
    """Read the testimony anew and keep it until the transaction ends."""
    rows = Testimony.objects.select_for_update(of=("self",))
    return rows.select_related("case", "witness", "current").get(pk=testimony.pk)


def close(review: Review) -> None:
    """End a review; a draft that somebody still kept of it goes, too."""
    review.closed_at = timezone.now()
    review.save(update_fields=["closed_at"])
    wake(DROP_DRAFTS, review.pk)


def move(
    *,
    by: User,
    testimony: Testimony,
    to: TestimonyStatus,
    kind: Kind,
    secret: dict[str, str] | None = None,
    beside: Review | None = None,
    **facts: str | int,
) -> Testimony:
    """One step of a locked testimony, and a review that begins with it; the caller has checked the person."""
    before = TestimonyStatus(testimony.status)
    if to not in STEPS[before]:
        raise StepNotPossible(
            subject=f"testimony:{testimony.pk}", scope=testimony.case_id, before=before.value, to=to.value
        )
    testimony.status = to
    testimony.status_at = timezone.now()
    testimony.save(update_fields=["status", "status_at"])
    event = record(
        kind,
        by=by.staff_code,
        subject=f"testimony:{testimony.pk}",
        scope=testimony.case_id,
        facts={"before": before.value, "to": to.value, **facts},
        rows=[testimony] if beside is None else [testimony, beside],
        secret=secret,
    )
    if to == TestimonyStatus.WITHDRAWN:
        seal_now(event)
    if to in ENDED:
        wake(DROP_DRAFTS, testimony.pk)
    return testimony


def _said_again(by: User, made: Testimony, text: str) -> Testimony:
    """What the page made before, unless it says something else by now: that would be lost unseen."""
    first = made.versions.get(seq=1)
    written = open_row(first, "text", reader=by.staff_code, purpose=Purpose.EDIT).text("text")
    if written != _plain_lines(text):
        raise SentBefore(subject=f"testimony:{made.pk}", scope=made.case_id)
    return made


def _plain_lines(text: str) -> str:
    """One form for line ends, so that offsets of passages mean the same on every machine."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sayable(text: str, subject: str, witness: Witness) -> None:
    if not text.strip():
        raise TextEmpty(subject=subject, scope=witness.case_id, field="text")
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(subject=subject, scope=witness.case_id, length=len(text), field="text")


def _write(
    by: User,
    testimony: Testimony,
    text: str,
    *,
    language: TextLanguage,
    kind: VersionKind,
    based_on: TestimonyVersion | None,
) -> TestimonyVersion:
    text = _plain_lines(text)
    version = TestimonyVersion(
        id=uuid4(),
        case_id=testimony.case_id,
        witness_id=testimony.witness_id,
        testimony=testimony,
        seq=1 if based_on is None else based_on.seq + 1,
        kind=kind,
        based_on=based_on,
        created_by=by,
        sensitivity=testimony.sensitivity,
    )
    version.seal(text=text, language=str(language), sha256=hashlib.sha256(text.encode()).hexdigest())
    version.save(force_insert=True)
    testimony.current = version
    testimony.save(update_fields=["current"])
    return version


def _record(
    kind: Kind, by: User, testimony: Testimony, version: TestimonyVersion, **facts: str | int
) -> None:
    record(
        kind,
        by=by.staff_code,
        subject=f"testimony:{testimony.pk}",
        scope=testimony.case_id,
        facts=facts,
        rows=[testimony, version],
    )
