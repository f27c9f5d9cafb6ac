"""Findings as pages and packages print them: every figure with its scope, the own count apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, Victim
from cases.vocabulary import CountClass
from findings.models import CasualtyClaim, FactAssertion, FactLink
from findings.vocabulary import FigureMethod, Happening, VictimScope
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose

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
    """One figure and everything without which it must not be read."""

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


def _figure(figures: dict[str, object]) -> str:
    low, high = figures["min"], figures["max"]
    if high is not None:
        return f"{low}-{high}"
    return _("at least %(figure)s") % {"figure": low} if figures["at_least"] else str(low)


def claim_line(claim: CasualtyClaim, opened: Opened) -> ClaimLine:
    """Put one claim into words."""
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
    )


def claim_lines(case: Case, user: User, purpose: Purpose) -> list[ClaimLine]:
    """Return the claims of a case that nothing has replaced, oldest first."""
    claims = list(
        CasualtyClaim.objects.visible_to(user)
        .filter(case=case, replaced_by__isnull=True)
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
class FactLine:
    """One fact and what speaks for and against it."""

    assertion: FactAssertion
    text: str
    links: list[tuple[FactLink, str, str]]


def fact_lines(case: Case, user: User) -> list[FactLine]:
    """Return the case's facts with their links, oldest first."""
    facts = list(FactAssertion.objects.visible_to(user).filter(case=case).order_by("created_at", "id"))
    links = list(
        FactLink.objects.visible_to(user)
        .filter(assertion__in=facts, retracted_at__isnull=True)
        .select_related("testimony", "item")
        .order_by("created_at", "id")
    )
    texts = open_rows(facts, "text", reader=user.staff_code, purpose=Purpose.READ)
    passages = open_rows(links, "passage", "independence_group", reader=user.staff_code, purpose=Purpose.READ)
    return [FactLine(fact, texts[fact.pk].text("text"), list(_told(links, fact, passages))) for fact in facts]


def _told(
    links: Iterable[FactLink], fact: FactAssertion, opened: dict[UUID, Opened]
) -> Iterable[tuple[FactLink, str, str]]:
    for link in links:
        if link.assertion_id == fact.pk:
            yield link, opened[link.pk].text("passage"), opened[link.pk].text("independence_group")
