"""Scenarios of what is worked out of an exhibit: place, time, answers to questions, notes on its files."""

from decimal import Decimal
from functools import partial

from accounts.door import entering
from audit.vocabulary import Kind
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence.actions.analyses import analyse_place, analyse_time, analyse_weapon
from evidence.actions.annotations import annotate, correct_annotation, withdraw_annotation
from evidence.actions.checklists import answer_checklist
from evidence.annotating import Box, Note, Span
from evidence.facts import Answered, Match, PlaceFacts, TimeFacts, WeaponFacts
from evidence.vocabulary import Answer, Confidence, MethodFamily, Motivation, TimeBasis, WeaponCategory
from tests.evidence.worlds import World, photo
from tests.scenarios import Scenario

PLACE = PlaceFacts(
    latitude=35.1812,
    longitude=35.9481,
    uncertainty=20,
    features=(Match("A dome left of the stairs", "The dome north of the lot"),),
    confidence=Confidence.MODERATE,
    finding="It tends to show the lot beside the cemetery.",
)
TIME = TimeFacts(
    found=Dated("2025-03-09T10", Precision.HOUR),
    bases=(TimeBasis.SHADOW, TimeBasis.WEATHER),
    notes="The shadow of the pole is as long as the pole.",
    confidence=Confidence.WEAK,
    finding="Late in the morning.",
)
WEAPON = WeaponFacts(category=WeaponCategory.AMMUNITION, basis="Stamp on the base", finding="7.62 x 39")
ANSWERS = {"maker_known": Answered(Answer.YES), "way_known": Answered(Answer.NO, "Two days are not told.")}
NOTE = Note(
    text="A dome, left of the stairs",
    motivation=Motivation.DESCRIBING,
    language="en",
    box=Box(Decimal("10.5"), Decimal(20), Decimal("30.125"), Decimal(40)),
)
MOMENT = Note(
    text="صوت طلقة",
    motivation=Motivation.IDENTIFYING,
    language="ar",
    span=Span(Decimal("0.2"), Decimal("0.8")),
)


def _with_file(world: World) -> None:
    world.__dict__["file"] = world.receive(photo())


def _with_note(world: World) -> None:
    _with_file(world)
    with entering(world.analyst, "test"):
        world.__dict__["noted"] = annotate(by=world.analyst, file=world.__dict__["file"], note=NOTE)


_scenario = partial(
    Scenario[World], prepare=lambda world: world.item, by="analyst", denied=("investigator", "keeper")
)
SCENARIOS = [
    _scenario(
        "analyse_place",
        Kind.PLACE_ANALYSED,
        lambda w, by: analyse_place(by=by, item=w.item, facts=PLACE),
    ),
    _scenario(
        "analyse_time",
        Kind.TIME_ANALYSED,
        lambda w, by: analyse_time(by=by, item=w.item, facts=TIME),
    ),
    _scenario(
        "answer_checklist",
        Kind.CHECKLIST_ANSWERED,
        lambda w, by: answer_checklist(
            by=by, item=w.item, family=MethodFamily.SOURCE, answers=ANSWERS, expected=0
        ),
    ),
    _scenario(
        "annotate",
        Kind.ANNOTATION_MADE,
        lambda w, by: annotate(by=by, file=w.__dict__["file"], note=NOTE),
        prepare=_with_file,
    ),
    _scenario(
        "correct_annotation",
        Kind.ANNOTATION_CORRECTED,
        lambda w, by: correct_annotation(by=by, newest=w.__dict__["noted"], note=MOMENT),
        prepare=_with_note,
    ),
    _scenario(
        "withdraw_annotation",
        Kind.ANNOTATION_WITHDRAWN,
        lambda w, by: withdraw_annotation(by=by, newest=w.__dict__["noted"], reason="It is a shadow."),
        prepare=_with_note,
    ),
    _scenario(
        "analyse_weapon",
        Kind.WEAPON_ANALYSED,
        lambda w, by: analyse_weapon(by=by, item=w.item, facts=WEAPON),
    ),
]
