"""What two frames show, and what a weapon is thought to be."""

from dataclasses import replace

import pytest

from accounts.door import entering
from cases.errors import EditedMeanwhile, ElsewhereRow
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence.actions.analyses import analyse_place, analyse_satellite, analyse_time, analyse_weapon
from evidence.actions.checklists import answer_checklist
from evidence.errors import AnalysisIncomplete, FramesReversed, FramesSame
from evidence.facts import Answered, Match, SatelliteFacts, WeaponFacts, reversed_frames
from evidence.models import Checklist
from evidence.vocabulary import FAMILY_OF, QUESTIONS, Answer, Method, MethodFamily, WeaponCategory
from tests.evidence.weighing import ANSWERS, PLACE, TIME
from tests.evidence.worlds import World, photo

BEGINS_WITH = ("item",)


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


def refused(world: World, action: object, **facts: object) -> None:
    """The analyst is told what is missing, and nothing is kept."""
    assert world.item
    before = world.state()
    with pytest.raises(AnalysisIncomplete), entering(world.analyst, "test"):
        action(by=world.analyst, item=world.item, **facts)  # type: ignore[operator]  # any action
    assert world.state() == before


@pytest.mark.parametrize(
    "change",
    [
        {"latitude": 90.1},
        {"longitude": -180.1},
        {"latitude": float("nan")},
        {"uncertainty": 0},
        {"uncertainty": 100_001},
        {"features": ()},
        {"features": (Match("A dome", " "),)},
        {"features": PLACE.features * 41},
        {"finding": " "},
    ],
    ids=str,
)
def test_place_without_point_or_match_is_refused(world: World, change: dict[str, object]) -> None:
    refused(world, analyse_place, facts=replace(PLACE, **change))  # type: ignore[arg-type]  # a test names it


@pytest.mark.parametrize(
    "change",
    [{"found": Dated()}, {"found": day("2025-02-30")}, {"bases": ()}, {"notes": " "}, {"finding": ""}],
    ids=str,
)
def test_time_without_date_or_basis_is_refused(world: World, change: dict[str, object]) -> None:
    refused(world, analyse_time, facts=replace(TIME, **change))  # type: ignore[arg-type]  # a test names it


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"nobody_asked_this": Answered(Answer.YES)},
        {"clock_fits": Answered(Answer.YES)},
        {"maker_known": Answered(Answer.NO, " ")},
        {"maker_known": Answered(Answer.YES, "x" * 2001)},
    ],
    ids=str,
)
def test_answers_that_say_nothing_are_refused(world: World, answers: dict[str, Answered]) -> None:
    refused(world, answer_checklist, family=MethodFamily.SOURCE, answers=answers, expected=0)


def test_answers_stand_beside_those_before_and_nobody_overwrites_what_they_have_not_read(
    world: World,
) -> None:
    def answer(expected: int) -> Checklist:
        with entering(world.analyst, "test"):
            return answer_checklist(
                by=world.analyst,
                item=world.item,
                family=MethodFamily.SOURCE,
                answers=ANSWERS,
                expected=expected,
            )

    assert [answer(0).number, answer(1).number] == [1, 2]
    for stale in (0, 1, 3):
        with pytest.raises(EditedMeanwhile):
            answer(stale)
    with entering(world.analyst, "test"):
        assert Checklist.objects.filter(item=world.item).count() == 2


def test_every_method_answers_questions_of_its_analysis() -> None:
    assert {question.method for question in QUESTIONS} == set(Method)
    codes = [question.code for question in QUESTIONS]
    assert len(set(codes)) == len(codes)
    assert {question.family for question in QUESTIONS} == set(MethodFamily)
    assert all(question.family == FAMILY_OF[question.method] for question in QUESTIONS)
