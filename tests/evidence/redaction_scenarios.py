"""The actions of redacted copies, for the table of all actions of the room."""

from functools import partial

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from evidence.actions import burning, redaction
from evidence.actions.files import scope_of
from tests.evidence import redacting
from tests.evidence.worlds import World, photo
from tests.scenarios import Scenario
from vault.files import FileSealer


def _drawn(world: World) -> None:
    world.__dict__["set"] = redacting.draft(world, redacting.lay(world, redacting.jpeg(redacting.noise())))


def _copy(world: World, by: User) -> object:
    """Keep something in the place of a copy: how one is made is not this table's matter."""
    with FileSealer(scope=scope_of(world.item), by=by.staff_code) as sealer:
        sealer.write(photo())
        return burning.keep_made(by=by, redaction=world.__dict__["set"].pk, sealer=sealer)


def _made(world: World) -> None:
    _drawn(world)
    with entering(world.officer, "test"):
        _copy(world, world.officer)


def _proved(world: World) -> None:
    _made(world)
    with entering(world.officer, "test"):
        _note("", world, world.officer)
    redacting.checked(world, world.__dict__["set"])
    redacting.look_at(world, world.__dict__["set"], world.supervisor)


def _note(fault: str, world: World, by: User) -> object:
    return burning.note_outcome(by=by, redaction=world.__dict__["set"].pk, fault=fault)


_scenario = Scenario[World]
REDACTING = [
    _scenario(
        "draft_redaction",
        Kind.REDACTION_DRAFTED,
        lambda w, by: redaction.draft_redaction(by=by, file=w.__dict__["file"], facts=redacting.WHOLE),
        prepare=lambda w: w.__dict__.update(file=redacting.lay(w, photo())),
        by="officer",
        denied=("investigator", "supervisor"),
    ),
    _scenario("keep_made", Kind.REDACTION_MADE, _copy, prepare=_drawn, by="officer", denied=("lead",)),
    *(
        _scenario(
            name,
            kind,
            partial(_note, fault),
            prepare=_made,
            by="officer",
            denied=("lead",),
        )
        for name, kind, fault in (
            ("note_outcome", Kind.REDACTION_CHECKED, ""),
            ("note_outcome_with_a_fault", Kind.REDACTION_FAILED, "seen"),
        )
    ),
    _scenario(
        "approve_redaction",
        Kind.REDACTION_APPROVED,
        lambda w, by: redaction.approve_redaction(by=by, redaction=redacting.now(w, w.__dict__["set"])),
        prepare=_proved,
        by="supervisor",
        denied=("investigator", "officer"),
    ),
    _scenario(
        "return_redaction",
        Kind.REDACTION_RETURNED,
        lambda w, by: redaction.return_redaction(
            by=by, redaction=redacting.now(w, w.__dict__["set"]), reason="Her face is in the mirror."
        ),
        prepare=_proved,
        by="supervisor",
        denied=("investigator", "officer"),
    ),
]
