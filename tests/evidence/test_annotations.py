"""Notes on files: of the W3C's model, never rewritten, corrected and withdrawn by versions of their own."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.door import Machine, entering
from cases.errors import EditedMeanwhile, ElsewhereRow
from evidence.actions.annotations import annotate, correct_annotation, withdraw_annotation
from evidence.actions.fixity import fail_stored
from evidence.annotating import Authored, Box, Note, Span, annotation_of, note_of
from evidence.errors import ItemFrozen, NoteIncomplete, NoteWithdrawn, ReasonMissing
from evidence.models import Annotation, FileObject
from evidence.vocabulary import FixityResult, Motivation
from tests.evidence.test_weighing_pages import checked, ids, look, send
from tests.evidence.w3c import faults
from tests.evidence.weighing import MOMENT, NOTE
from tests.evidence.worlds import World, photo
from vault.opening import open_row
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

HALF = Decimal(50)
POINTS = ((Decimal(10), Decimal(10)), (Decimal(90), Decimal("10.5")), (Decimal(50), Decimal("90.125")))
OUTLINE = Note(text="The edge of the lot", motivation=Motivation.COMMENTING, points=POINTS)
TYPED = {"text": "A dome", "motivation": "describing", "language": "en"}


def per_cent(most: int = 100_000) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most).map(lambda value: Decimal(value) / 1000)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    """Any sound note."""
    note = Note(
        text=draw(st.text(min_size=1, max_size=60)),
        motivation=draw(st.sampled_from(Motivation)),
        language=draw(st.sampled_from(["", "ar", "apc", "en"])),
    )
    kind = draw(st.sampled_from(["whole", "box", "span", "both", "outline"]))
    if kind in {"box", "both"}:
        left, top = draw(per_cent(99_000)), draw(per_cent(99_000))
        size = draw(st.integers(1, 1000)) / Decimal(1000)
        note = replace(note, box=Box(left, top, size, size))
    if kind in {"span", "both"}:
        start = draw(st.integers(0, 10_000_000)) / Decimal(1000)
        note = replace(note, span=Span(start, start + draw(st.integers(1, 90_000)) / Decimal(1000)))
    if kind == "outline":
        note = replace(
            note, points=tuple(draw(st.lists(st.tuples(per_cent(), per_cent()), min_size=3, max_size=9)))
        )
    return note


@given(notes())
@settings(max_examples=60)
def test_every_sound_note_is_an_annotation_of_the_model_and_comes_back(note: Note) -> None:
    if not note.is_sound():
        assert note.points  # of the parts that are drawn here, only points may enclose nothing
        return
    first = uuid4()
    authored = Authored(row=first, first=first, creator="ANA-01", created=timezone.now())
    later = replace(authored, row=uuid4(), modified=timezone.now())
    for one in (authored, later):
        told = annotation_of(note, uuid4(), one)
        assert faults(told) == []
        assert note_of(told) == note


@pytest.mark.parametrize(
    "wrong",
    [
        {"@context": "http://example.org/"},
        {"id": "no iri"},
        {"type": "Note"},
        {"target": None},
        {"motivation": "accusing"},
        {"created": "2025-03-09"},
        {"body": {"type": "TextualBody"}},
        {"target": {"source": "urn:uuid:1", "selector": {"type": "FragmentSelector", "value": 3}}},
        *(
            {
                "target": {
                    "source": "urn:uuid:1",
                    "selector": {
                        "type": "FragmentSelector",
                        "conformsTo": "http://www.w3.org/TR/media-frags/",
                        "value": value,
                    },
                }
            }
            for value in ("t=3,2", "xywh=percent:60,0,50,10", "xywh=pixel:1.5,0,1,1", "t=1&t=2", "box=1")
        ),
        {"target": {"source": "urn:uuid:1", "selector": {"type": "SvgSelector", "value": "<svg>"}}},
        {"target": {"source": "urn:uuid:1", "selector": {"type": "SvgSelector", "value": "<svg/>"}}},
    ],
    ids=str,
)
def test_the_judge_of_annotations_finds_what_is_none(wrong: dict[str, Any]) -> None:
    authored = Authored(row=uuid4(), first=uuid4(), creator="ANA-01", created=timezone.now())
    sound = annotation_of(NOTE, uuid4(), authored)
    assert faults(sound) == []
    assert faults(sound | wrong) != []


def noted(world: World, note: Note = NOTE) -> Annotation:
    file = world.receive_checked(photo())
    with entering(world.analyst, "test"):
        return annotate(by=world.analyst, file=file, note=note)


def told(world: World, row: Annotation) -> Any:
    with entering(world.analyst, "test"):
        opened = open_row(row, "annotation", reader=world.analyst.staff_code, purpose=Purpose.READ)
        return opened.json("annotation")


def test_correction_and_withdrawal_leave_what_stood_before(world: World) -> None:
    first = noted(world)
    with entering(world.supervisor, "test"):
        second = correct_annotation(by=world.supervisor, newest=first, note=OUTLINE)
        third = withdraw_annotation(by=world.supervisor, newest=second, reason="It is a shadow.")
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    one, two, three = (told(world, row) for row in (first, second, third))
    assert [faults(each) for each in (one, two, three)] == [[], [], []]
    assert (one["id"], two["canonical"]) == (first.pk.urn, first.pk.urn)
    assert two["target"]["selector"]["type"] == "SvgSelector"
    assert (two["creator"]["nickname"], one["created"]) == (world.supervisor.staff_code, two["created"])
    assert three == two, "what is withdrawn stays what it was"
    with entering(world.analyst, "test"):
        for refusal, newest in ((EditedMeanwhile, first), (EditedMeanwhile, second), (NoteWithdrawn, third)):
            with pytest.raises(refusal), transaction.atomic():
                correct_annotation(by=world.analyst, newest=newest, note=NOTE)
            with pytest.raises(refusal), transaction.atomic():
                withdraw_annotation(by=world.analyst, newest=newest, reason="Once more.")


@pytest.mark.parametrize(
    "statement", ["UPDATE evidence_annotation SET number = 7", "DELETE FROM evidence_annotation"]
)
def test_nobody_rewrites_a_note_in_the_database(world: World, statement: str) -> None:
    from django.db import connection

    noted(world)
    with pytest.raises(ProgrammingError, match="permission denied"), entering(world.analyst, "test"):
        connection.cursor().execute(statement)


def test_two_versions_of_one_number_cannot_be(world: World) -> None:
    first = noted(world)
    with entering(world.analyst, "test"):
        correct_annotation(by=world.analyst, newest=first, note=MOMENT)
        again = Annotation(
            case_id=first.case_id, file=first.file, first=first, number=2, created_by=world.analyst
        )
        again.seal(annotation={})
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)


@pytest.mark.parametrize(
    "note",
    [
        replace(NOTE, text=" "),
        replace(NOTE, text="x" * 4001),
        replace(NOTE, box=Box(HALF, HALF, Decimal("50.001"), HALF)),
        replace(NOTE, box=Box(Decimal(-1), HALF, HALF, HALF)),
        replace(NOTE, box=Box(HALF, HALF, Decimal(0), HALF)),
        replace(MOMENT, span=Span(Decimal(2), Decimal(2))),
        replace(MOMENT, span=Span(Decimal(-1), Decimal(2))),
        replace(OUTLINE, points=POINTS[:2]),
        replace(OUTLINE, points=POINTS * 70),
        replace(OUTLINE, points=((HALF, HALF),) * 3),
        replace(OUTLINE, points=((Decimal(101), HALF), *POINTS)),
        replace(OUTLINE, box=NOTE.box),
    ],
    ids=str,
)
def test_note_without_words_or_part_is_refused(world: World, note: Note) -> None:
    file = world.receive(photo())
    before = world.state()
    with pytest.raises(NoteIncomplete), entering(world.analyst, "test"):
        annotate(by=world.analyst, file=file, note=note)
    assert world.state() == before


def test_note_is_of_a_file_of_its_own_case_that_is_there(world: World) -> None:
    first = noted(world)
    with entering(world.analyst, "test"):
        with pytest.raises(ReasonMissing), transaction.atomic():
            withdraw_annotation(by=world.analyst, newest=first, reason="  ")
        stranger = FileObject(pk=uuid4(), item=world.item, case=world.case)
        with pytest.raises(ElsewhereRow), transaction.atomic():
            annotate(by=world.analyst, file=stranger, note=NOTE)
    with entering(Machine.INTEGRITY, "test"):
        fail_stored(first.file.stored_id, by="machine:integrity", result=FixityResult.DAMAGED)
    with pytest.raises(ItemFrozen), entering(world.analyst, "test"):
        annotate(by=world.analyst, file=first.file, note=NOTE)


def test_pages_of_notes_keep_what_was_typed_and_show_it_beside_the_file(world: World) -> None:
    file = checked(world)
    place = {**ids(world), "file": file.pk}
    box = {"left": "١٠٫٥", "top": "20", "width": "30", "height": "40"}
    for wrong, said in (
        ({"text": ""}, "required"),
        ({"left": "10"}, "all four numbers"),
        (box | {"width": "95"}, "reaches beyond the picture"),
        ({"points": "1,1; 2,2"}, "three to 200 points"),
        ({"points": "here"}, "one point to a line"),
        (box | {"points": "1,1; 50,2; 3,60"}, "not both"),
        ({"motivation": "accusing"}, "valid choice"),
    ):
        page = send(world.analyst, "annotation-create", TYPED | wrong, 422, **place)
        assert said in page
    send(world.analyst, "annotation-create", TYPED | box, **place)
    page = look(world.investigator, "exhibit-detail", **ids(world))
    assert "A dome" in page
    assert '<rect x="10.5" y="20" width="30" height="40"/>' in page
    assert page.index('class="cover"') < page.index("<rect") < page.index("cover-lid"), "inside the cover"
    with entering(world.analyst, "test"):
        row = Annotation.objects.get()
    one = {**place, "annotation": row.pk}
    assert "A dome" in look(world.analyst, "annotation-correct", **one)
    send(
        world.analyst, "annotation-correct", TYPED | {"text": "Two domes", "points": "1,1; 50,2; 3,60"}, **one
    )
    page = send(world.analyst, "annotation-correct", TYPED | {"text": "Late words"}, 422, **one)
    assert "Late words" in page
    with entering(world.analyst, "test"):
        newest = {**place, "annotation": Annotation.objects.get(number=2).pk}
    send(world.analyst, "annotation-withdraw", {"reason": ""}, 422, **newest)
    send(world.analyst, "annotation-withdraw", {"reason": "It is a shadow."}, **newest)
    page = look(world.investigator, "exhibit-detail", **ids(world))
    for word in ("Two domes", "A dome", "It is a shadow.", "Withdrawn", "Earlier versions"):
        assert word in page
    assert "<polygon" not in page, "what is withdrawn is drawn no more"
