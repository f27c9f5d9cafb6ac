"""The report on integrity: what its reader may see, with the checkpoint, and each taking recorded."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

import audit.actions
from accounts.door import entering
from audit.models import Checkpoint, Stamp, StampOwed
from audit.vocabulary import Kind
from cases.errors import NotVisible
from cases.vocabulary import Sensitivity
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.actions.report import take_report
from evidence.facts import ItemFacts
from evidence.models import EvidenceItem
from evidence.vocabulary import ItemType
from tests.evidence.runs import receive, run_case
from tests.evidence.test_sheet import told, words
from tests.evidence.worlds import World, flip, photo, stored_path
from tests.personas import signed_in
from tests.sharing import Kept

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "integrity-report.md"
NOTE = "casemgr/log/0011223344556677\n7\nAAAA\n\n\u2014 casemgr/log/0011223344556677 " + "A" * 90 + "\n"
SECRET = "The stairs, seen from the door"


@pytest.fixture
def world(kept_world: Kept[World], db: None) -> World:
    """A sound file, a damaged one and a strictly confidential one; a checkpoint with a stamp."""
    world = kept_world.copy()
    _sound, hurt = receive(world, 2)
    facts = ItemFacts(type=ItemType.PHOTO, title="Strict", sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    with entering(world.lead, "test"):
        strict = register_item(by=world.lead, case=world.case, facts=facts)
        receive_file(by=world.lead, item=strict, chunks=[photo(seed=77)], filename="s.jpg")
    flip(stored_path(hurt))
    run_case(world)
    newest = Checkpoint.objects.create(size=7, note=NOTE, signed_at=timezone.now())
    owed = StampOwed.objects.create(authority="one", due_at=timezone.now(), checkpoint=newest)
    Stamp.objects.create(
        owed=owed, token=b"\x30\x03", nonce="1", policy="1.2.3", serial="ab", said_at=timezone.now()
    )
    return world


def counter(world: World) -> str:
    """Where the report is asked for."""
    return reverse("integrity-report-take", args=[world.case.pk])


def taken(world: World, person: str) -> dict[str, Any]:
    answer = signed_in(getattr(world, person)).post(counter(world), {"form": "json"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{world.case.code}-integrity.json"'
    assert answer["Cache-Control"] == "no-store"
    report: dict[str, Any] = json.loads(answer.content)
    return report


def test_json_tells_how_files_stand_and_carries_checkpoint_and_stamp(world: World) -> None:
    report = taken(world, "keeper")
    assert (report["files"]["stored"], report["files"]["damaged"], report["files"]["overdue"]) == (
        2,
        1,
        False,
    )
    (alert,) = report["alerts"]
    assert (alert["result"], alert["found_by"], alert["answered_at"]) == (
        "damaged",
        "machine:integrity",
        None,
    )
    assert sorted(str(one["flag"]) for one in report["items"]) == ["None", "damaged"]
    assert report["checkpoint"]["note"] == NOTE
    (stamp,) = report["stamps"]
    assert (stamp["authority"], stamp["checkpoint_note"], stamp["response_base64"]) == ("one", NOTE, "MAM=")
    (event,) = world.events(Kind.INTEGRITY_REPORTED)
    assert json.loads(event.leaf)["facts"] == {"checkpoint": 7, "form": "json", "language": ""}
    assert SECRET not in json.dumps(report)


def test_reader_gets_what_they_may_see_and_every_key_is_documented(world: World) -> None:
    seen = {person: taken(world, person) for person in ("lead", "keeper", "investigator")}
    listed = {person: len(report["items"]) for person, report in seen.items()}
    assert listed == {"lead": 3, "keeper": 2, "investigator": 2}
    counted = {person: report["runs"][0]["files"] for person, report in seen.items()}
    assert counted == {"lead": 3, "keeper": 3, "investigator": None}
    documented = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", DOCUMENTED.read_text()))))
    keys = keys_of(seen["lead"])
    assert len(keys) > 30
    assert keys - documented == set()


def keys_of(value: object) -> set[str]:
    """Every key, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_pdf_says_it_in_both_languages(world: World) -> None:
    # What reads the text turns codes round in a line that runs from right to left.
    codes = {*world.case.code.split("-"), "0011223344556677"}
    for language, said in (("en", {"Integrity", *codes}), ("ar", words("سلامة الملفات المحفوظة"))):
        answer = signed_in(world.keeper).post(counter(world), {"form": f"pdf-{language}"})
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
        text = told(answer.content)
        assert said <= words(text)
        assert SECRET not in text
    facts = [json.loads(event.leaf)["facts"] for event in world.events(Kind.INTEGRITY_REPORTED)]
    assert [(one["form"], one["language"]) for one in facts] == [("pdf", "en"), ("pdf", "ar")]


def test_page_shows_it_and_offers_its_forms_and_there_is_no_other(world: World) -> None:
    browser = signed_in(world.keeper)
    page = browser.get(reverse("integrity-report", args=[world.case.pk])).content.decode()
    assert all(f'value="{form}"' in page for form in ("json", "pdf-en", "pdf-ar"))
    assert NOTE.splitlines()[0] in page
    assert not world.events(Kind.INTEGRITY_REPORTED), "looking at it is no taking of it"
    assert browser.post(counter(world), {"form": "pdf-fr"}).status_code == 404
    assert not world.events(Kind.INTEGRITY_REPORTED)


def test_who_is_no_member_is_refused_and_nothing_is_handed_out_without_its_event(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotVisible), entering(world.outsider, "test"):
        take_report(by=world.outsider, case=world.case, form="json")
    assert world.events(Kind.ACCESS_REFUSED)[-1].actor == world.outsider.staff_code

    def broken(*_args: object, **_more: object) -> None:
        raise OSError("the log cannot be written")

    monkeypatch.setattr(audit.actions, "append", broken)
    with pytest.raises(OSError, match="cannot be written"), entering(world.keeper, "test"):
        take_report(by=world.keeper, case=world.case, form="json")
    with entering(world.keeper, "test"):
        assert EvidenceItem.objects.filter(case=world.case).exists()
