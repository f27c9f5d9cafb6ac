"""Ending what no key can end: an object, a paper, a medium. Destroyed, overwritten or given back, by people.

Promise: one person asks and another agrees; whoever writes down that it was done is not who confirms that it
was. A legal hold refuses, and that is recorded; so does the retention rule of the case, unless it is said why
it should not wait. Where it is an exhibit its chain of custody ends with the confirmation, in the same
transaction. Called by the pages of disposals.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.believing import kept_by
from cases.errors import ElsewhereRow, ReasonMissing, StepNotPossible
from cases.facts import Dated
from cases.models import Case, Witness
from cases.permissions import check
from cases.retention import is_due
from cases.vocabulary import Permission, Precision
from evidence.actions.custody import append_custody, holder_of, subject
from evidence.errors import ItemFrozen
from evidence.errors.handing import HandOverOpen
from evidence.models import EvidenceItem
from evidence.vocabulary import BORN_DIGITAL, CustodyKind, HandOverState
from exports.actions.numbering import insert_numbered
from exports.believing import refuse_altered
from exports.errors import (
    DisposalByTwo,
    DisposalIncomplete,
    DisposedBefore,
    KeptByHold,
    NotDueYet,
    NothingToHold,
    ThingElsewhere,
)
from exports.models import Disposal
from exports.vocabulary import DISPOSAL_OPEN, METHODS, DestructionMethod, DisposalState, Thing
from vault.opening import open_row
from vault.vocabulary import Purpose

LONGEST_MARK, LONGEST_WORDS = 200, 2000
_DEED = ("done_by", "place", "how", "present")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalFacts:
    """What is to end and how: its kind, the number or label on it, why, and why before its day."""

    thing: Thing
    method: DestructionMethod
    mark: str
    reason: str
    early: str = ""
    item: EvidenceItem | None = None
    witness: Witness | None = None

    def fault(self) -> str:
        """The field that cannot be as it is; empty where all can."""
        if self.method not in METHODS[self.thing]:
            return "method"
        if (self.thing == Thing.EXHIBIT) != (self.item is not None):
            return "item"
        if self.thing == Thing.CONSENT_FORM and self.witness is None:
            return "witness"
        if not self.mark.strip() or len(self.mark) > LONGEST_MARK:
            return "mark"
        if not self.reason.strip() or len(self.reason) > LONGEST_WORDS:
            return "reason"
        return "early" if len(self.early) > LONGEST_WORDS else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedFacts:
    """What was done: on which day, by whom, where, how, and who was present."""

    done_on: date
    done_by: str
    place: str
    how: str
    present: str

    def fault(self, agreed_on: date) -> str:
        """The field that cannot be as it is: a text that says nothing, a day before two people agreed."""
        if not agreed_on <= self.done_on <= timezone.localdate():
            return "done_on"
        said = {name: getattr(self, name) for name in _DEED}
        return next((name for name, text in said.items() if not 0 < len(text.strip()) <= LONGEST_WORDS), "")


def ask_disposal(*, by: User, case: Case, facts: DisposalFacts) -> Disposal:
    """Ask that something be destroyed, overwritten or given back.

    Raises `DisposalIncomplete`, `KeptByHold`, `NotDueYet`, and what an exhibit refuses.
    """
    held = check(by, Permission.ERASURE_CONFIRM, case).case
    if field := facts.fault():
        raise DisposalIncomplete(subject=f"case:{case.pk}", scope=case.pk, field=field)
    item, witness = _named(by, held, facts)
    row = Disposal(case=held, thing=facts.thing, method=facts.method, item=item, witness=witness)
    row.created_by = by
    _refuse(row, by)
    early = facts.early.strip()
    if not early and not is_due(held, timezone.now()):
        raise NotDueYet(subject=f"case:{case.pk}", scope=case.pk, field="early")
    row.seal(mark=facts.mark.strip(), reason=facts.reason.strip(), early=early or None)
    insert_numbered(row, "DIS")
    _record(Kind.DISPOSAL_ASKED, by, row)
    return row


def agree_disposal(*, by: User, disposal: Disposal) -> Disposal:
    """Agree as the second person. Raises `DisposalByTwo`, `KeptByHold`."""
    row = _locked(by, disposal, DisposalState.ASKED)
    if row.created_by_id == by.pk:
        raise DisposalByTwo(subject=f"disposal:{row.pk}", scope=row.case_id)
    _refuse(row, by)
    row.agreed_by, row.agreed_at = by, timezone.now()
    _move(row, DisposalState.AGREED, Kind.DISPOSAL_AGREED, by, "agreed_by", "agreed_at")
    return row


def carry_out_disposal(*, by: User, disposal: Disposal, facts: DeedFacts) -> Disposal:
    """Write down that it was done, when, where, how, by whom and before whom.

    A hold that stood on the day on which it was done refuses, though it may have ended since: it was to be
    kept. One that began later came too late, and what happened is told as it happened. Raises
    `DisposalIncomplete`, `KeptByHold`.
    """
    row = _locked(by, disposal, DisposalState.AGREED)
    agreed_on = timezone.localdate(row.agreed_at)
    if field := facts.fault(agreed_on):
        raise DisposalIncomplete(subject=f"disposal:{row.pk}", scope=row.case_id, field=field)
    _refuse(row, by, done_on=facts.done_on)
    row.seal(**{name: getattr(facts, name).strip() for name in _DEED})
    row.done_on, row.carried_out_by, row.carried_out_at = facts.done_on, by, timezone.now()
    changed = ("done_on", "carried_out_by", "carried_out_at", *_DEED)
    _move(row, DisposalState.CARRIED_OUT, Kind.DISPOSAL_CARRIED_OUT, by, *changed)
    return row


def confirm_disposal(*, by: User, disposal: Disposal) -> Disposal:
    """Say as another person that one saw it. An exhibit's chain of custody ends here.

    No hold is asked: what is gone is gone, and must be told. Raises `DisposalByTwo`.
    """
    row = _locked(by, disposal, DisposalState.CARRIED_OUT)
    if row.carried_out_by_id == by.pk:
        raise DisposalByTwo(subject=f"disposal:{row.pk}", scope=row.case_id)
    row.confirmed_by, row.confirmed_at = by, timezone.now()
    _move(row, DisposalState.CONFIRMED, Kind.DISPOSAL_CONFIRMED, by, "confirmed_by", "confirmed_at")
    if row.item is not None:
        _refuse_passing(row.item)
        _end_chain(row, row.item, by)
    return row


def decline_disposal(*, by: User, disposal: Disposal, reason: str) -> Disposal:
    """Give it up at any step before it is confirmed: not wanted, not done, or not seen.

    What somebody wrote down as done only another declines: it may be gone, whatever they say of it later. Why
    it was to end stays above the reason given here. Raises `ReasonMissing`, `DisposalByTwo`.
    """
    row = _locked(by, disposal, *DISPOSAL_OPEN)
    if not reason.strip():
        raise ReasonMissing(subject=f"disposal:{row.pk}", scope=row.case_id, field="reason")
    if row.state == DisposalState.CARRIED_OUT and row.carried_out_by_id == by.pk:
        raise DisposalByTwo(subject=f"disposal:{row.pk}", scope=row.case_id)
    asked = open_row(row, "reason", reader=by.staff_code, purpose=Purpose.EDIT).text("reason")
    row.seal(reason=f"{asked}\n\n{by.staff_code}: {reason.strip()}")
    _move(row, DisposalState.DECLINED, Kind.DISPOSAL_DECLINED, by, "reason")
    return row


def _named(by: User, case: Case, facts: DisposalFacts) -> tuple[EvidenceItem | None, Witness | None]:
    """The exhibit and the witness, as far as the person may know of them. What they gave may be erased."""
    item, witness = facts.item, facts.witness
    if item is not None:
        rows = EvidenceItem.objects.visible_to(by, erased=True).select_for_update(of=("self",))
        item = rows.select_related("witness").filter(pk=item.pk, case=case).first()
        if item is None:
            raise ElsewhereRow(subject=f"case:{case.pk}", scope=case.pk, field="item")
        witness = item.witness
    elif witness is not None:
        witness = Witness.objects.visible_to(by, erased=True).filter(pk=witness.pk, case=case).first()
        if witness is None:
            raise ElsewhereRow(subject=f"case:{case.pk}", scope=case.pk, field="witness")
    return item, witness


def _refuse(row: Disposal, by: User, *, done_on: date | None = None) -> None:
    """What forbids it: a hold, now or on the day of the deed, or the exhibit's own state."""
    if hold := kept_by(row.case_id, row.holds(done_on=done_on)):
        raise KeptByHold(subject=f"disposal:{row.pk}", scope=row.case_id, hold=hold)
    if row.item is not None:
        _refuse_item(row, row.item, by)


def _refuse_item(row: Disposal, item: EvidenceItem, by: User) -> None:
    about, scope = subject(item), item.case_id
    if item.is_frozen:
        raise ItemFrozen(subject=about, scope=scope)
    _refuse_passing(item)
    if not holder_of(item):
        raise ThingElsewhere(subject=about, scope=scope, field="item")
    others = item.disposals.exclude(pk=row.pk)
    ended = others.filter(state=DisposalState.CONFIRMED).exclude(method=DestructionMethod.GIVEN_BACK)
    if ended.exists() or others.filter(state__in=DISPOSAL_OPEN).exists():
        raise DisposedBefore(subject=about, scope=scope, field="item")
    if item.witness is None or item.witness.erased_at is None:
        kind = open_row(item, "type", reader=by.staff_code, purpose=Purpose.EDIT).text("type")
        if kind in BORN_DIGITAL:
            raise NothingToHold(subject=about, scope=scope, field="item")


def _refuse_passing(item: EvidenceItem) -> None:
    """What somebody is about to take over must not end behind their back."""
    if item.hand_overs.filter(state=HandOverState.PROPOSED).exists():
        raise HandOverOpen(subject=subject(item), scope=item.case_id)


def _locked(by: User, disposal: Disposal, *states: DisposalState) -> Disposal:
    check(by, Permission.ERASURE_CONFIRM, disposal.case_id)
    rows = Disposal.objects.visible_to(by).select_for_update(of=("self",))
    row = rows.select_related("case", "witness", "item__witness").filter(pk=disposal.pk).first()
    if row is None:
        raise ElsewhereRow(subject=f"disposal:{disposal.pk}", scope=disposal.case_id)
    refuse_altered(row)
    if row.state not in states:
        raise StepNotPossible(subject=f"disposal:{row.pk}", scope=row.case_id, before=row.state)
    return row


def _move(row: Disposal, to: DisposalState, kind: Kind, by: User, *changed: str) -> None:
    row.state, row.state_at = to, timezone.now()
    row.save(update_fields=["state", "state_at", *changed])
    _record(kind, by, row)


def _end_chain(row: Disposal, item: EvidenceItem, by: User) -> None:
    """The exhibit's last entry. Words that its witness's key would seal are left out once it is gone."""
    given_back = row.method == DestructionMethod.GIVEN_BACK
    cells: dict[str, object] = {}
    if item.witness is None or item.witness.erased_at is None:
        told = open_row(row, "mark", "place", "how", reader=by.staff_code, purpose=Purpose.EDIT)
        when = Dated(value=str(row.done_on), precision=Precision.DAY)
        cells = {"when": when.cell(), "place": told.text("place"), "condition": told.text("how")}
        cells["seal_no"] = told.text("mark")
    append_custody(
        item,
        CustodyKind.GIVEN_BACK if given_back else CustodyKind.DESTROYED,
        by=by,
        kind=Kind.CUSTODY_RECORDED,
        cells=cells,
        facts={"disposal": row.number},
        rows=[row],
    )


def _record(kind: Kind, by: User, row: Disposal) -> None:
    leaf = record(
        kind,
        by=by.staff_code,
        subject=f"disposal:{row.pk}",
        scope=row.case_id,
        facts={
            "number": row.number,
            "thing": row.thing,
            "method": row.method,
            "item": str(row.item_id or ""),
            "state": row.state,
        },
        rows=[row],
    )
    # What two people agreed to, or saw, must not wait for the next batch.
    seal_now(leaf)
