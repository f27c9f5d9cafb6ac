"""Every action: it works and is recorded; who may not is refused, recorded; no event, no effect."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.errors import NotAllowed, NotVisible
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence import tasks
from evidence.actions import (
    analyses,
    aside,
    files,
    ingest,
    integrity,
    items,
    planning,
    several,
    verification,
    viewing,
)
from evidence.actions.fixity import fail_stored
from evidence.decoding.chamber import Report
from evidence.decoding.kinds import known
from evidence.facts import SatelliteFacts, VerificationFacts
from evidence.models import EvidenceItem, IngestJob
from evidence.vocabulary import (
    Finding,
    FixityResult,
    ItemStatus,
    Method,
)
from tests.evidence import turning
from tests.evidence.custody_scenarios import HANDING
from tests.evidence.redaction_scenarios import REDACTING
from tests.evidence.weighing import SCENARIOS as WEIGHING
from tests.evidence.worlds import PHOTO, World, photo, pieces
from tests.scenarios import Scenario, owes

MARCH, APRIL = (Dated(f"2025-{month}-07", Precision.DAY) for month in ("03", "04"))
FOUND = VerificationFacts(method=Method.GEOLOCATION, finding=Finding.CONSISTENT, notes="The stairs match.")


def _kept(world: World, name: str) -> Any:
    """What a preparation left for the action."""
    return world.__dict__[name]


def _with_file(world: World) -> None:
    world.__dict__["file"] = world.receive(photo())


def _with_frames(world: World) -> None:
    world.__dict__["frames"] = [world.receive(photo(seed=seed), name=f"{seed}.jpg") for seed in (1, 40)]


def _in_verification(world: World) -> None:
    with entering(world.analyst, "test"):
        verification.take_up_verification(by=world.analyst, item=world.item)


def _found(world: World) -> None:
    _in_verification(world)
    with entering(world.analyst, "test"):
        found = verification.record_verification(by=world.analyst, item=world.item, facts=FOUND)
    world.__dict__["found"] = found


def _with_alert(world: World) -> None:
    _with_file(world)
    with entering(world.investigator, "test"):
        stored = _kept(world, "file").stored_id
        (alert,) = fail_stored(stored, by=world.investigator, result=FixityResult.DAMAGED)
    world.__dict__["alert"] = alert


def _with_alert_of_a_sound_file(world: World) -> None:
    _with_alert(world)
    tasks.ingest_file(str(_kept(world, "file").job.pk))


def _with_checked_file(world: World) -> None:
    _with_file(world)
    tasks.ingest_file(str(_kept(world, "file").job.pk))


def _with_flagged_file(world: World) -> None:
    world.__dict__["file"] = file = world.receive(b"no program knows this", name="unknown.jpg")
    tasks.ingest_file(str(file.job.pk))


def _decided(world: World) -> None:
    _with_file(world)
    _in_verification(world)
    with entering(world.analyst, "test"):
        verification.decide_item(by=world.analyst, item=world.item, to=ItemStatus.REJECTED, reason="Staged.")


def _verified_and_lost(world: World) -> None:
    """A verified exhibit whose file went bad: how it was verified is not this test's matter."""
    _with_file(world)
    _in_verification(world)
    with entering(world.analyst, "test"):
        EvidenceItem.objects.filter(pk=world.item.pk).update(status=ItemStatus.VERIFIED)
    with entering(world.investigator, "test"):
        fail_stored(_kept(world, "file").stored_id, by=world.investigator, result=FixityResult.MISSING)


def _with_answered_alert(world: World) -> None:
    _with_alert(world)
    with entering(world.keeper, "test"):
        integrity.answer_alert(by=world.keeper, alert=_kept(world, "alert"), answer="The cable was loose.")


def _with_hashed_file(world: World) -> None:
    _with_file(world)
    with entering(world.investigator, "test"):
        _hash(world, world.investigator)


def _with_claimed_job(world: World) -> None:
    _with_hashed_file(world)
    world.__dict__["job"] = IngestJob.claim(_kept(world, "file").job.pk)


def _hash(world: World, by: User) -> None:
    received = ingest.open_received(by=by, file=_kept(world, "file").pk)
    assert received is not None
    with received.opened:
        assert ingest.note_hashed(by=by, received=received, found=ingest.rehash(received.opened))


def _report(world: World, by: User) -> object:
    report = Report("image/jpeg", known("image/jpeg"), "", {}, photo((32, 24)))
    return ingest.note_report(by=by, file=_kept(world, "file").pk, report=report)


def _set_aside(world: World, by: User) -> object:
    return aside.set_aside(by=by, file=_kept(world, "file"), reason="Nobody has it any more.")


def _settle(world: World) -> None:
    _with_file(world)
    job = _kept(world, "file").job
    with entering(world.investigator, "test"):
        job.fail("Refused", final=True)


def _look(world: World, by: User) -> None:
    file = _kept(world, "file")
    shown = viewing.open_content(by=by, case=world.case.pk, item=world.item.pk, file=file.pk)
    assert shown is not None
    shown.opened.close()


def _satellite(world: World, by: User) -> object:
    before, after = _kept(world, "frames")
    facts = SatelliteFacts(
        before=before,
        after=after,
        captured_before=MARCH,
        captured_after=APRIL,
        provider="A provider",
        place="The cemetery lot",
        finding="New rows of graves",
    )
    return analyses.analyse_satellite(by=by, item=world.item, facts=facts)


_scenario = partial(Scenario[World], prepare=lambda world: world.item, denied=("supervisor",))
SCENARIOS = [
    *turning.SCENARIOS,
    _scenario(
        "register_item",
        Kind.EVIDENCE_REGISTERED,
        lambda w, by: items.register_item(by=by, case=w.case, facts=PHOTO),
        prepare=lambda w: None,
    ),
    _scenario(
        "change_item",
        Kind.EVIDENCE_CHANGED,
        lambda w, by: items.change_item(
            by=by, item=w.item, expected=1, facts=replace(PHOTO, title="The stairs")
        ),
    ),
    _scenario(
        "receive_file",
        Kind.EVIDENCE_RECEIVED,
        lambda w, by: files.receive_file(by=by, item=w.item, chunks=pieces(photo()), filename="stairs.jpg"),
    ),
    _scenario(
        "receive_file_that_is_here_already",
        Kind.EVIDENCE_RECEIVED,
        lambda w, by: files.receive_file(by=by, item=w.item, chunks=pieces(photo()), filename="again.jpg"),
        prepare=_with_file,
    ),
    _scenario(
        "owe_check",
        Kind.WORK_OWED,
        lambda w, by: files.owe_check(by=by, file=_kept(w, "file")),
        prepare=_settle,
    ),
    _scenario(
        "owe_check_of_a_flagged_file",
        Kind.WORK_OWED,
        lambda w, by: files.owe_check(by=by, file=_kept(w, "file")),
        prepare=_with_flagged_file,
    ),
    _scenario(
        "check_again",
        Kind.WORK_OWED,
        lambda w, by: several.check_again(by=by, item=w.item),
        prepare=_with_flagged_file,
    ),
    _scenario(
        "set_aside",
        Kind.EVIDENCE_SET_ASIDE,
        _set_aside,
        prepare=_with_alert,
        by="keeper",
        denied=("investigator", "supervisor"),
    ),
    _scenario(
        "release_by_setting_aside",
        Kind.EVIDENCE_UNFROZEN,
        _set_aside,
        prepare=_with_alert,
        by="keeper",
        denied=("analyst",),
    ),
    _scenario(
        "reopen_by_setting_aside",
        Kind.EVIDENCE_REOPENED,
        _set_aside,
        prepare=_verified_and_lost,
        by="keeper",
        denied=("analyst",),
    ),
    _scenario(
        "reopen_by_a_new_file",
        Kind.EVIDENCE_REOPENED,
        lambda w, by: files.receive_file(
            by=by, item=w.item, chunks=pieces(photo(seed=40)), filename="new.jpg"
        ),
        prepare=_decided,
    ),
    _scenario("note_hashed", Kind.EVIDENCE_HASHED, _hash, prepare=_with_file),
    _scenario("release_by_hashing", Kind.EVIDENCE_UNFROZEN, _hash, prepare=_with_answered_alert),
    _scenario(
        "note_unscanned",
        Kind.SCAN_UNANSWERED,
        lambda w, by: ingest.note_unscanned(by=by, job=_kept(w, "job")),
        prepare=_with_claimed_job,
    ),
    _scenario("note_report", Kind.EVIDENCE_EXAMINED, _report, prepare=_with_hashed_file),
    _scenario("note_report_with_preview", Kind.EVIDENCE_RECEIVED, _report, prepare=_with_hashed_file),
    _scenario(
        "note_damage",
        Kind.FIXITY_FAILED,
        lambda w, by: viewing.note_damage(by=by, file=_kept(w, "file")),
        prepare=_with_file,
        by="supervisor",
        denied=("interpreter",),
    ),
    _scenario(
        "open_preview",
        Kind.EVIDENCE_SERVED,
        lambda w, by: viewing.open_preview(by=by, case=w.case.pk, item=w.item.pk, file=_kept(w, "file").pk),
        prepare=_with_checked_file,
        by="supervisor",
        denied=("interpreter",),
    ),
    _scenario(
        "open_content",
        Kind.EVIDENCE_SERVED,
        _look,
        prepare=_with_file,
        by="supervisor",
        denied=("interpreter",),
    ),
    _scenario(
        "take_up_verification",
        Kind.VERIFICATION_TAKEN_UP,
        lambda w, by: verification.take_up_verification(by=by, item=w.item),
        by="analyst",
        denied=("investigator",),
    ),
    _scenario(
        "record_verification",
        Kind.VERIFICATION_RECORDED,
        lambda w, by: verification.record_verification(by=by, item=w.item, facts=FOUND),
        prepare=_in_verification,
        by="analyst",
        denied=("investigator",),
    ),
    _scenario(
        "confirm_verification",
        Kind.VERIFICATION_REVIEWED,
        lambda w, by: verification.confirm_verification(by=by, verification=_kept(w, "found")),
        prepare=_found,
        by="supervisor",
        denied=("investigator",),
    ),
    _scenario(
        "decide_item",
        Kind.EVIDENCE_LEFT_OPEN,
        lambda w, by: verification.decide_item(
            by=by, item=w.item, to=ItemStatus.INCONCLUSIVE, reason="Too dark to tell"
        ),
        prepare=_in_verification,
        by="analyst",
        denied=("investigator",),
    ),
    _scenario(
        "analyse_satellite",
        Kind.SATELLITE_ANALYSED,
        _satellite,
        prepare=_with_frames,
        by="analyst",
        denied=("investigator",),
    ),
    _scenario(
        "ask_integrity_run",
        Kind.INTEGRITY_STARTED,
        lambda w, by: planning.ask_integrity_run(by=by, case=w.case),
        by="keeper",
        denied=("investigator",),
    ),
    _scenario(
        "set_schedule",
        Kind.INTEGRITY_SCHEDULED,
        lambda w, by: planning.set_schedule(by=by, case=w.case, routine_days=7, deep_days=90),
        by="keeper",
        denied=("investigator",),
    ),
    _scenario(
        "answer_alert",
        Kind.ALERT_CLOSED,
        lambda w, by: integrity.answer_alert(by=by, alert=_kept(w, "alert"), answer="The disk was replaced."),
        prepare=_with_alert,
        by="keeper",
        denied=("investigator",),
    ),
    _scenario(
        "answer_the_last_alert",
        Kind.EVIDENCE_UNFROZEN,
        lambda w, by: integrity.answer_alert(by=by, alert=_kept(w, "alert"), answer="The disk was replaced."),
        prepare=_with_alert_of_a_sound_file,
        by="keeper",
        denied=("supervisor",),
    ),
    *REDACTING,
    *HANDING,
    *WEIGHING,
]


each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


@each
def test_action_is_refused_or_undone_or_recorded(
    scenario: Scenario[World], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owes(scenario, world, monkeypatch, {NotVisible: ("outsider",), NotAllowed: scenario.denied})
