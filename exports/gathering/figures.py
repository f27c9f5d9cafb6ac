"""Which figures of others a package may tell, and in which of its documents each stands.

Promise: a figure that rests on what may not be used is not told; one that came from a witness, under a
provider's restriction or out of a strictly confidential exhibit leaves with that exhibit or not at all, so
that no figure walks round a consent. What was left out is counted, and the package says how many.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from cases.vocabulary import Sensitivity
from evidence.models import EvidenceItem
from exports.models import Export, ExportItem
from exports.weighing import Weighed
from findings.reading import ClaimLine, claim_lines
from findings.weighing import set_aside
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, and what its exhibit is called in the package; empty where it is not in it."""

    line: ClaimLine
    docid: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that are told, and how many are not."""

    told: list[Figure]
    left_out: int


def figures_of(export: Export, answered: Iterable[tuple[ExportItem, Weighed]], by: User) -> Figures:
    """Return the figures of the case that may be told in a package that holds what was `answered`."""
    lines = claim_lines(export.case, by, Purpose.EXPORT)
    names = {item.evidence_id: item.exported_id for item, _weighed in answered if item.evidence_id}
    exhibits = {line.claim.item.pk: line.claim.item for line in lines if line.claim.item is not None}
    opened = open_rows(exhibits.values(), "restrictions", reader=by.staff_code, purpose=Purpose.EXPORT)
    told = [
        Figure(line, names[item.pk] if item is not None and item.pk in names else "")
        for line in lines
        if (item := line.claim.item) is None or _may_be_told(item, opened[item.pk], is_in=item.pk in names)
    ]
    return Figures(told, len(lines) - len(told))


def _may_be_told(item: EvidenceItem, opened: Opened, *, is_in: bool) -> bool:
    if set_aside(item) is not None:
        return False
    is_open = item.witness_id is None and item.sensitivity != Sensitivity.STRICTLY_CONFIDENTIAL
    return is_in or (is_open and not opened.text("restrictions").strip())
