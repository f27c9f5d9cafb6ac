"""What waits for a person, from every room, with its words and its address: nothing here is opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.custodians import directory_in_force, member_of
from accounts.drills import waiting_for_member
from accounts.models import User, expiring
from accounts.repairs import waits_for
from accounts.vocabulary import Role
from cases.models import Case
from cases.waiting import Waiting

ROOMS = ("cases", "evidence", "findings", "exports")
MOST = 50
MOST_ANYWHERE = 2_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of what waits: a verb, the code of the thing, its case, since when, and where to go on."""

    words: Promise | str
    code: str
    case_code: str
    since: datetime
    url: str


def _in_case(name: str, one: Waiting, argument: str = "") -> str:
    return _address(name, case=one.case_id, **({argument: one.id} if argument else {}))


def _address(name: str, **kwargs: object) -> str:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


_testimony = partial(_in_case, "testimony-detail", argument="testimony")
_review = partial(_in_case, "review-workbench", argument="testimony")
_item = partial(_in_case, "exhibit-detail", argument="item")
_export = partial(_in_case, "export-detail", argument="export")

# What each kind asks for, and where it is done.
KINDS: dict[str, tuple[Promise | str, Callable[[Waiting], str]]] = {
    "alert": (_("Answer an alert"), partial(_in_case, "alert-answer", argument="alert")),
    "assertion": (_("Weigh a contested fact"), partial(_in_case, "finding-list")),
    "copy": (_("Judge a redacted copy"), _item),
    "delivery": (
        _("Fetch a delivery, or confirm that it arrived"),
        lambda one: _address("delivery-detail", export=one.id),
    ),
    "exhibit-confirm": (_("Confirm what somebody found in an exhibit"), _item),
    "exhibit-verify": (_("Begin to verify an exhibit"), _item),
    "erasure": (_("Decide about an erasure"), partial(_in_case, "erasure-detail", argument="erasure")),
    "disposal": (
        _("Agree to, or confirm, the end of a thing"),
        partial(_in_case, "disposal-detail", argument="disposal"),
    ),
    "export-build": (_("Build an approved export"), _export),
    "export-decide": (_("Decide on an export"), _export),
    "finalise": (_("Make an approved testimony final"), _testimony),
    "integrity-overdue": (
        _("Find out why files were not checked in time"),
        partial(_in_case, "integrity-page"),
    ),
    "intake": (_("Finish an intake"), partial(_in_case, "intake-check", argument="intake")),
    "hand-over": (
        _("Confirm or decline a hand-over"),
        partial(_in_case, "custody-hand-over", argument="hand_over"),
    ),
    "interview": (
        _("Hold or finish an interview"),
        partial(_in_case, "interview-detail", argument="interview"),
    ),
    "name-decide": (
        _("Decide whether a name may be opened"),
        partial(_in_case, "identity-detail", argument="access"),
    ),
    "name-open": (
        _("Open a name that two custodians have approved"),
        partial(_in_case, "identity-detail", argument="access"),
    ),
    "comparison-decide": (
        _("Decide whether names may be compared"),
        partial(_in_case, "comparison-detail", argument="session"),
    ),
    "handover-decide": (
        _("Decide whether identities may go with an export"),
        partial(_in_case, "comparison-detail", argument="session"),
    ),
    "recall": (_("Call back what is no longer covered"), partial(_in_case, "recall-send", argument="export")),
    "recall-remind": (
        _("Remind a recipient that does not answer"),
        partial(_in_case, "recall-detail", argument="notice"),
    ),
    "returned": (_("Mend a returned testimony"), _testimony),
    "review": (_("Take up a testimony for review"), _review),
    "reviewing": (_("Finish a review"), _review),
    "drill": (_("Answer a drill"), lambda one: _address("drill-answer", drill=one.id)),
    "drill-carry": (
        _("Carry a drill to the outside bodies"),
        lambda one: _address("drill-answer", drill=one.id),
    ),
    "training": (_("Renew your training before it expires"), lambda _one: _address("account-detail")),
    "training-of": (
        _("See that somebody's training is renewed before it expires"),
        partial(_in_case, "member-list"),
    ),
    "repair": (_("Do your part of a repair"), lambda _one: _address("repair-list")),
    "scan": (
        _("A file waits for the virus scanner, which does not answer"),
        partial(_in_case, "integrity-page"),
    ),
}
# A kind that a room added and nobody named here is still shown.
_OTHER: tuple[Promise | str, Callable[[Waiting], str]] = (_("Go on in this case"), lambda _one: "")


def shown(one: Waiting) -> Shown:
    """Give a thing that waits its words and its address, which is the case where no room serves it."""
    words, where = KINDS.get(one.kind, _OTHER)
    return Shown(words, one.code, one.case_code, one.since, where(one) or _in_case("case-detail", one))


def waiting_for(user: User, *, case: Case | None = None) -> list[Shown]:
    """Return what waits for the person in all rooms, oldest first; in one case alone where it is named.

    Other cases are left out before the list is cut: a full desk elsewhere must not hide what waits here.
    """
    found: list[Waiting] = [*_of_custodian(user), *_of_trainings(user)] if case is None else []
    for room in ROOMS:
        if find_spec(f"{room}.waiting") is not None:
            most = MOST if case is None else MOST_ANYWHERE
            found.extend(import_module(f"{room}.waiting").waiting_for(user, most=most))
    here = [one for one in found if case is None or one.case_id == case.pk]
    return [shown(one) for one in sorted(here, key=lambda one: one.since)[:MOST]]


def _of_custodian(user: User) -> list[Waiting]:
    """The drills and repairs that wait for a custodian; they are of no case."""
    directory = directory_in_force() if user.has_role(Role.IDENTITY_CUSTODIAN) else None
    me = member_of(user, directory) if directory is not None else None
    if me is None:
        return []
    repair = waits_for(me.id)
    repairs = [Waiting("repair", repair.pk, "", repair.pk, "", repair.created_at)] if repair else []
    drills = waiting_for_member(me.id)
    return [
        *repairs,
        *(
            Waiting("drill" if me.id in row.pair else "drill-carry", row.pk, "", row.pk, "", row.created_at)
            for row in drills
        ),
    ]


def _of_trainings(user: User) -> list[Waiting]:
    """The person's own trainings that expire soon, with their last day; they are of no case."""
    return [
        Waiting("training", row.pk, "", row.pk, row.expires_on.isoformat(), row.warned_since())
        for row in expiring([user.pk], timezone.localdate())
    ]
