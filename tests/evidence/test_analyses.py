"""What two frames show, and what a weapon is thought to be."""

from dataclasses import replace

import pytest

from accounts.door import entering
from cases.errors import ElsewhereRow
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence.actions.verification import analyse_satellite, analyse_weapon
from evidence.errors import AnalysisIncomplete, FramesReversed, FramesSame
from evidence.facts import SatelliteFacts, WeaponFacts, reversed_frames
from evidence.vocabulary import WeaponCategory
from tests.evidence.worlds import World, photo


def day(value: str) -> Dated:
    return Dated(value, Precision.DAY)


def satellite(world: World, **changes: object) -> SatelliteFacts:
    before, after = (world.receive(photo(seed=20 * n), name=f"{n}.jpg") for n in (1, 2))
    facts = SatelliteFacts(
        before=before,
        after=after,
        captured_before=day("2025-03-01"),
        captured_after=day("2025-03-20"),
        event=day("2025-03-07"),
        provider="A provider",
        place="The cemetery lot",
        finding="New rows of graves",
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # a test names what it changes


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"captured_before": day("2025-03-21")}, FramesReversed),
        ({"captured_before": Dated("2025-04", Precision.MONTH)}, FramesReversed),
        ({"captured_after": Dated("2024-01-01", Precision.BETWEEN, "2025-02-27")}, FramesReversed),
        ({"captured_after": Dated("2025-02", Precision.BEFORE)}, FramesReversed),
        ({"captured_after": Dated()}, AnalysisIncomplete),
        ({"captured_after": day("2025-02-30")}, AnalysisIncomplete),
        ({"place": " "}, AnalysisIncomplete),
        ({"finding": ""}, AnalysisIncomplete),
        ({"finding": "x" * 20_001}, AnalysisIncomplete),
    ],
    ids=str,
)
def test_analysis_of_frames_that_shows_nothing_is_refused(
    world: World, changes: dict[str, object], refusal: type[Exception]
) -> None:
    facts = satellite(world, **changes)
    before = world.state()
    with pytest.raises(refusal), entering(world.analyst, "test"):
        analyse_satellite(by=world.analyst, item=world.item, facts=facts)
    assert world.state() == before


def test_frames_are_two_files_of_this_exhibit(world: World) -> None:
    facts = satellite(world)
    elsewhere = world.receive(photo(seed=90), item=world.register())
    twice = world.receive(photo(seed=20), name="the same once more.jpg")
    for wrong, refusal in (
        (replace(facts, after=facts.before), FramesSame),
        (replace(facts, after=twice), FramesSame),
        (replace(facts, after=elsewhere), ElsewhereRow),
    ):
        with pytest.raises(refusal), entering(world.analyst, "test"):
            analyse_satellite(by=world.analyst, item=world.item, facts=wrong)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (day("2025-03-20"), Dated("2025-03", Precision.MONTH)),
        (Dated("2025-04", Precision.BEFORE), day("2025-03-20")),
        (day("2025-03-20"), Dated("2025-03-01", Precision.AFTER)),
        (day("2025-03-20"), Dated("2025-03-01", Precision.BETWEEN, "2025-03-21")),
        (Dated("2025-03-20T10", Precision.HOUR), day("2025-03-20")),
    ],
    ids=str,
)
def test_frames_that_may_lie_in_their_order_are_not_refused(before: Dated, after: Dated) -> None:
    assert not reversed_frames(before, after)


@pytest.mark.parametrize(
    ("before", "after", "far"),
    [
        ("2025-03-01", "2025-03-20", ()),
        ("2025-01-01", "2025-03-20", ("before",)),
        ("2025-02-04", "2025-04-08", ("after",)),
        ("2024-03-01", "2026-03-20", ("before", "after")),
    ],
)
def test_frame_far_from_the_event_is_marked(
    world: World, before: str, after: str, far: tuple[str, ...]
) -> None:
    facts = satellite(world, captured_before=day(before), captured_after=day(after))
    assert facts.far_frames() == far
    assert replace(facts, event=Dated()).far_frames() == (), "of a day that nobody knows nothing is said"


WEAPON = WeaponFacts(category=WeaponCategory.AMMUNITION, basis="Stamp", finding="7.62 x 39")


@pytest.mark.parametrize("facts", [replace(WEAPON, basis=" "), replace(WEAPON, finding="")], ids=str)
def test_weapon_without_basis_or_finding_is_refused(world: World, facts: WeaponFacts) -> None:
    assert world.item
    before = world.state()
    with pytest.raises(AnalysisIncomplete), entering(world.analyst, "test"):
        analyse_weapon(by=world.analyst, item=world.item, facts=facts)
    assert world.state() == before
