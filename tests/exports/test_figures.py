"""A figure leaves with the exhibit in which it stands, or where that exhibit binds nobody."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.door import entering
from cases.models import Witness
from cases.vocabulary import Sensitivity
from evidence.models import EvidenceItem
from evidence.vocabulary import FrozenReason, ItemStatus
from exports.gathering.figures import Figures, figures_of
from exports.gathering.letters import _left_out
from exports.models import ExportItem
from exports.weighing import Weighed
from findings.actions.claims import record_claim
from tests import factories
from tests.exports.test_road import rows
from tests.exports.worlds import World, make_exhibit, unzip
from tests.findings.worlds import CLAIM


def claim(world: World, name: str, item: EvidenceItem | None = None) -> None:
    with entering(world.lead, "test"):
        record_claim(by=world.lead, case=world.case, facts=replace(CLAIM, organisation=name), item=item)


def report(
    world: World, number: str, *, restrictions: str = "", witness: Witness | None = None
) -> EvidenceItem:
    return make_exhibit(
        world.case,
        world.investigator,
        number=number,
        restrictions=restrictions,
        witness=witness,
        content=number.encode(),
    )


def gathered(world: World, *held: EvidenceItem) -> Figures:
    """What a package would tell that holds these exhibits, built by somebody who may read all."""
    with entering(world.lead, "test"):
        answered = [
            (ExportItem(case=world.case, evidence=item, exported_id=f"D-{at}"), Weighed(item, None))
            for at, item in enumerate(held)
        ]
        return figures_of(world.requested, answered, world.lead)


def told(figures: Figures) -> dict[str, str]:
    return {figure.line.organisation: figure.docid for figure in figures.told}


def test_package_tells_a_figure_with_its_document(world: World, tmp_path: Path) -> None:
    other = factories.make_consented_witness(world.case, world.investigator, pseudonym="Nadia")
    claim(world, "In the clip", world.clip)
    claim(world, "Nowhere")
    claim(world, "Brought by another", report(world, "BAN-EX-0002", witness=other))
    data = unzip(world.opened(world.verified), tmp_path) / "data"
    figures = {row["ORGANISATION"]: row["DOCID"] for row in rows(data / "tables" / "casualty_claims.csv")}
    (clip,) = [row["DOCID"] for row in rows(data / "03_index.csv") if row["DOCTYPE"] == "VIDEO"]
    assert figures == {"In the clip": clip, "Nowhere": ""}


def test_figure_walks_round_no_consent_restriction_or_strictness(world: World) -> None:
    assert world.requested
    bound = {
        "A witness": world.clip,
        "A provider": report(world, "BAN-EX-0002", restrictions="Not to be named"),
        "A strict one": report(world, "BAN-EX-0003"),
    }
    for name, item in bound.items():
        claim(world, name, item)
    claim(world, "A public one", report(world, "BAN-EX-0004"))
    with entering(world.lead, "test"):
        strict = EvidenceItem.objects.filter(pk=bound["A strict one"].pk)
        strict.update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    alone = gathered(world)
    assert told(alone) == {"A public one": ""}
    assert alone.left_out == len(bound)
    together = gathered(world, *bound.values())
    assert told(together) == {
        "A public one": "",
        "A witness": "D-0",
        "A provider": "D-1",
        "A strict one": "D-2",
    }
    assert together.left_out == 0


@pytest.mark.parametrize("state", ["frozen", "rejected"])
def test_figure_is_not_told_out_of_what_may_not_be_used(world: World, state: str) -> None:
    assert world.requested
    item = report(world, "BAN-EX-0002")
    claim(world, "A report", item)
    assert told(gathered(world, item)) == {"A report": "D-0"}
    with entering(world.lead, "test"):
        rows = EvidenceItem.objects.filter(pk=item.pk)
        if state == "frozen":
            rows.update(frozen_at=timezone.now(), frozen_reason=FrozenReason.values[0])
        else:
            rows.update(status=ItemStatus.REJECTED)
    figures = gathered(world, item)
    assert told(figures) == {}
    assert figures.left_out == 1


def test_summary_says_how_many_figures_were_left_out() -> None:
    assert list(_left_out(0)) == []
    (section,) = _left_out(3)
    assert section["text"].startswith("Number of figures that are not told: 3.")
