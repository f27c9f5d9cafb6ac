"""Findings as pages and packages print them: every figure with its scope, the own count apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Count, F
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, Testimony, Victim
from cases.vocabulary import CountClass
from evidence.models import EvidenceItem
from findings.models import CasualtyClaim, FactAssertion, FactLink, LinkRetraction
from findings.vocabulary import FactState, FigureMethod, Happening, VictimScope
from findings.weighing import Standing, counted_not, set_aside, standing
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose

MOST = 500
_CLAIM_CELLS = (
    "organisation",
    "figures",
    "as_of",
    "scope_of_figure",
    "breakdown",
    "method",
    "wording",
)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One figure and everything without which it must not be read; `aside` says why its exhibit is no use."""

    claim: CasualtyClaim
    organisation: str
    figure: str
    happening: str
    persons: str
    area: str
    period: str
    as_of: dict[str, str]
    method: str
    breakdown: str
    wording: str
    aside: str


def _figure(figures: dict[str, object]) -> str:
    low, high = figures["min"], figures["max"]
    if high is not None:
        return f"{low}-{high}"
    return _("at least %(figure)s") % {"figure": low} if figures["at_least"] else str(low)


def claim_line(claim: CasualtyClaim, opened: Opened) -> ClaimLine:
    """Put one claim into words. Its exhibit is loaded with it."""
    aside = set_aside(claim.item) if claim.item is not None else None
    figures = cast("dict[str, object]", opened.json("figures"))
    scope = cast("dict[str, str]", opened.json("scope_of_figure"))
    parts = cast("list[list[object]]", opened.json("breakdown") or [])
    return ClaimLine(
        claim,
        opened.text("organisation"),
        _figure(figures),
        str(Happening(str(figures["happening"])).label),
        str(VictimScope(scope["persons"]).label),
        scope["area"],
        scope["period"],
        cast("dict[str, str]", opened.json("as_of")),
        str(FigureMethod(opened.text("method")).label),
        "; ".join(f"{name}: {count}" for name, count in parts),
        opened.text("wording"),
        str(aside.label) if aside is not None else "",
    )


def claim_lines(case: Case, user: User, purpose: Purpose) -> list[ClaimLine]:
    """Return the claims of a case that nothing has replaced, oldest first."""
    claims = list(
        CasualtyClaim.objects.visible_to(user)
        .filter(case=case, replaced_by__isnull=True)
        .select_related("item")
        .order_by("created_at", "id")
    )
    opened = open_rows(claims, *_CLAIM_CELLS, reader=user.staff_code, purpose=purpose)
    return [claim_line(claim, opened[claim.pk]) for claim in claims]


def own_count(case: Case, user: User) -> dict[str, int]:
    """Count the case's victims by class; nothing that others claim goes into it."""
    counted = (
        Victim.objects.visible_to(user).filter(case=case).values_list("count_class").annotate(Count("id"))
    )
    found = dict(counted.order_by())
    return {kind.value: found.get(kind.value, 0) for kind in CountClass}


def own_sentence(counts: dict[str, int]) -> str:
    """Say the own count in the only form in which it may be said."""
    verified = counts[CountClass.NAMED_VERIFIED] + counts[CountClass.UNNAMED_VERIFIED]
    reported = counts[CountClass.NAMED_REPORTED] + counts[CountClass.UNNAMED_REPORTED]
    return _(
        "At least %(verified)d verified in this case; %(reported)d more reported. Other organisations give "
        "figures that differ in area, period and persons counted."
    ) % {"verified": verified, "reported": reported}


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One thing that speaks for or against a fact; `aside` says why it counts for nothing, if it does not.

    `reason` is why it was taken back, `retraction` by whom and when.
    """

    link: FactLink
    passage: str
    group: str
    aside: str
    retraction: LinkRetraction | None
    reason: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact, what speaks for and against it, and how far that carries it now."""

    assertion: FactAssertion
    text: str
    links: list[LinkLine]
    standing: Standing

    @property
    def is_overtaken(self) -> bool:
        """It was called corroborated, and what it rests on no longer carries that."""
        return self.assertion.state == FactState.CORROBORATED and not self.standing.is_carried


def fact_lines(case: Case, user: User, *, only: UUID | None = None) -> list[FactLine]:
    """Return the case's facts, or one of them, with their links, oldest first, what was taken back last."""
    rows = FactAssertion.objects.visible_to(user).filter(case=case).order_by("created_at", "id")
    facts = list(rows if only is None else rows.filter(pk=only))
    links = list(
        FactLink.objects.visible_to(user)
        .filter(assertion__in=facts)
        .select_related("testimony", "item")
        .order_by(F("retracted_at").asc(nulls_first=True), "created_at", "id")
    )
    gone = LinkRetraction.objects.visible_to(user).filter(link__in=links).select_related("created_by")
    retractions = {row.link_id: row for row in gone}
    texts = open_rows(facts, "text", reader=user.staff_code, purpose=Purpose.READ)
    passages = open_rows(links, "passage", "independence_group", reader=user.staff_code, purpose=Purpose.READ)
    reasons = open_rows(retractions.values(), "reason", reader=user.staff_code, purpose=Purpose.READ)
    told = [_told(link, passages[link.pk], retractions.get(link.pk), reasons) for link in links]
    return [_line(fact, texts[fact.pk], told) for fact in facts]


def _told(
    link: FactLink, opened: Opened, retraction: LinkRetraction | None, reasons: Mapping[UUID, Opened]
) -> LinkLine:
    aside = counted_not(link)
    return LinkLine(
        link,
        opened.text("passage"),
        opened.text("independence_group"),
        str(aside.label) if aside is not None else "",
        retraction,
        reasons[retraction.pk].text("reason") if retraction is not None else "",
    )


def _line(fact: FactAssertion, opened: Opened, links: Iterable[LinkLine]) -> FactLine:
    own = [line for line in links if line.link.assertion_id == fact.pk]
    weighed = standing((line.link, line.group) for line in own)
    return FactLine(fact, opened.text("text"), own, weighed)


def sources(case: Case, user: User) -> list[tuple[Testimony | EvidenceItem, str]]:
    """Return accounts and exhibits on which a fact may be made to rest, each as a list can name it.

    What may not be used is named too, with its state: the refusal says why, where silence would puzzle.
    """
    accounts = Testimony.objects.visible_to(user).filter(case=case).select_related("witness")
    found: list[tuple[Testimony | EvidenceItem, str]] = [
        (row, f"{row.registration_no} · {row.witness.code} · {row.get_status_display()}")
        for row in accounts.order_by("registration_no")[:MOST]
    ]
    return [*found, *exhibits(case, user)]


def exhibits(case: Case, user: User) -> list[tuple[EvidenceItem, str]]:
    """Return exhibits in which something may be said to stand, as `sources` names them."""
    items = list(EvidenceItem.objects.visible_to(user).filter(case=case).order_by("exhibit_no")[:MOST])
    titles = open_rows(items, "title", reader=user.staff_code, purpose=Purpose.LIST)
    found = []
    for item in items:
        state = _("Frozen") if item.is_frozen else item.get_status_display()
        found.append((item, f"{item.exhibit_no} · \u2068{titles[item.pk].text('title')}\u2069 · {state}"))
    return found
