"""The pages of redacted copies: rows that work without a script, a stage, and who is offered which step."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from cases.models import Case
from evidence.models import FileObject, Redaction, RedactionSet
from evidence.vocabulary import RedactionState
from tests import factories
from tests.evidence import papers, redacting
from tests.evidence.redacting import CORNER
from tests.evidence.samples import recording
from tests.evidence.worlds import World, photo
from tests.personas import signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

BOX = {"r0-left": "10", "r0-top": "20", "r0-width": "30", "r0-height": "40", "r0-reason": "B1"}


@pytest.fixture
def file(world: World) -> FileObject:
    """A photograph that was received and checked."""
    return redacting.lay(world, redacting.jpeg(redacting.noise()))


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(world.officer)


def at(name: str, world: World, **more: object) -> str:
    return reverse(name, kwargs={"case": world.case.pk, "item": world.item.pk, **more})


def send(browser: Client, world: World, file: FileObject, **typed: str) -> Any:
    return browser.post(at("redaction-draft", world, file=file.pk), {"rows": "3", "note": "", **typed})


def regions(world: World, made: RedactionSet) -> list[dict[str, Any]]:
    with entering(world.officer, "test"):
        lines = Redaction.objects.filter(redaction_set=made).order_by("number")
        found = [
            open_row(line, "region", reader=world.officer.staff_code, purpose=Purpose.READ).json("region")
            for line in lines
        ]
    return [one for one in found if isinstance(one, dict)]


def sets(world: World) -> list[RedactionSet]:
    with entering(world.officer, "test"):
        return list(RedactionSet.objects.order_by("created_at"))


def test_rows_of_numbers_alone_make_a_set(world: World, file: FileObject, officer: Client) -> None:
    answer = send(officer, world, file, **BOX, **row(2, left="-5", width="20"))
    (made,) = sets(world)
    assert answer.url == at("redaction-detail", world, redaction=made.pk)
    assert [one["box"] for one in regions(world, made)] == [[10, 20, 40, 60], [0, 0, 15, 20]]
    shown = officer.get(answer.url).content.decode()
    assert "10.00, 20.00, 30.00 x 40.00 %" in shown
    assert "B1 · How a witness can be reached" in shown


def row(number: int, **changes: str) -> dict[str, str]:
    typed = {"left": "0", "top": "0", "width": "20", "height": "20", "reason": "G1"} | changes
    return {f"r{number}-{name}": value for name, value in typed.items()}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        BOX | {"r0-width": "0"},
        BOX | {"r0-left": "nan"},
        BOX | {"r0-left": "inf"},
        BOX | {"r0-top": "100"},
        BOX | {"r0-reason": ""},
        BOX | {"r0-reason": "Z9"},
        {"r1-note": "Her face is in the mirror"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    world: World, file: FileObject, officer: Client, typed: dict[str, str]
) -> None:
    answer = send(officer, world, file, **{**typed, "note": "For the mechanism"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "something to mend" in shown
    assert "For the mechanism" in shown
    for name, value in typed.items():
        assert f'name="{name}"' in shown
        assert value in shown or value == "Z9"
    assert sets(world) == []


def test_more_rows_come_without_a_script_and_keep_what_was_typed(
    world: World, file: FileObject, officer: Client
) -> None:
    shown = send(officer, world, file, **BOX, more="1").content.decode()
    assert 'name="r7-left"' in shown
    assert 'name="r8-left"' not in shown
    assert 'value="30"' in shown
    assert sets(world) == []


def test_no_page_takes_a_million_boxes(world: World, file: FileObject, officer: Client) -> None:
    many = {f"r{number}-left": "1" for number in range(2000)}
    assert send(officer, world, file, rows="2000", **many).status_code == 400
    assert send(officer, world, file, rows="1000000", **BOX).status_code == 422
    assert send(officer, world, file, more="1", rows=str(10**30)).content.count(b"redact-row sheet") == 101
    assert sets(world) == []


def test_times_and_kinds_of_a_clip(world: World, officer: Client) -> None:
    clip = redacting.lay(world, recording("webm", "libvpx"), "video/webm")
    sound = {"r0-kind": "tone", "r0-start": "0.2", "r0-end": "0.6", "r0-reason": "T1"}
    assert send(officer, world, clip, **{**sound, "r0-end": "0.1"}).status_code == 422
    assert send(officer, world, clip, **{**sound, "r0-kind": "box"}).status_code == 422
    assert send(officer, world, clip, **sound).status_code == 302
    (told,) = regions(world, sets(world)[0])
    assert (told["kind"], told["start"], told["end"]) == ("tone", 200, 600)
    shown = officer.get(at("redaction-draft", world, file=clip.pk)).content.decode()
    assert "data-clock" in shown


def test_correction_begins_with_what_it_corrects(world: World, file: FileObject, officer: Client) -> None:
    made = redacting.draft(world, file)
    page = f"{at('redaction-draft', world, file=file.pk)}?from={made.pk}"
    shown = officer.get(page).content.decode()
    assert 'value="50.0"' in shown
    assert CORNER.note in shown
    assert officer.post(page, {"rows": "1", "note": "", **BOX}).status_code == 302
    assert [one.corrects_id for one in sets(world)] == [None, made.pk]
    other = redacting.lay(world, photo(seed=4))
    elsewhere = f"{at('redaction-draft', world, file=other.pk)}?from={made.pk}"
    assert officer.get(elsewhere).status_code == 404


def test_page_of_a_paper_is_drawn_for_who_draws_on_it_and_is_one_look(world: World, officer: Client) -> None:
    paper = redacting.lay(world, papers.turned(1), "application/pdf")
    before = len(world.custody())
    for number, status in ((1, 200), (2, 200), (3, 404)):
        answer = officer.get(at("redaction-page", world, file=paper.pk, number=number))
        assert answer.status_code == status
    answer = officer.get(at("redaction-page", world, file=paper.pk, number=1))
    assert (answer["Content-Type"], answer["X-Pages"]) == ("image/jpeg", "2")
    assert len(world.custody()) == before + 1


def test_steps_are_offered_to_whom_they_are_open(
    world: World, file: FileObject, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    redacting.without_walls(monkeypatch)
    made = redacting.checked(world, redacting.burn(world, redacting.draft(world, file)))
    exhibit = at("exhibit-detail", world)
    page, approving, returning = (
        at(f"redaction-{step}", world, redaction=made.pk) for step in ("detail", "approve", "return")
    )
    assert "Make a redacted copy" in officer.get(exhibit).content.decode()
    assert "Make a redacted copy" not in signed_in(world.investigator).get(exhibit).content.decode()
    assert approving not in officer.get(page).content.decode()
    second = signed_in(world.supervisor)
    shown = second.get(page).content.decode()
    assert "before you approve it" in shown
    assert approving not in shown
    assert second.post(approving).status_code == 409
    redacting.look_at(world, made, world.supervisor)
    assert approving in second.get(page).content.decode()
    assert second.post(approving).status_code == 302
    assert second.post(returning, {"reason": ""}).status_code == 422
    assert second.post(returning, {"reason": "A reflection shows her."}).status_code == 302
    assert redacting.now(world, made).state == RedactionState.RETURNED
    shown = officer.get(page).content.decode()
    assert "A reflection shows her." in shown
    assert "Draw a correction" in shown


def _point(world: World, file: FileObject, foreign: Case) -> None:
    with entering(world.officer, "test"):
        RedactionSet(case=foreign, file=file, number=1, created_by=world.officer).save(force_insert=True)
        connection.check_constraints()


def test_database_takes_no_set_over_a_file_of_another_case(world: World, file: FileObject) -> None:
    with pytest.raises(IntegrityError):
        _point(world, file, factories.make_case(world.officer, prefix="HOM"))
