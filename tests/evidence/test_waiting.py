"""What waits in this room waits for those who can do it, and for nobody else."""

from accounts.door import Machine, entering
from accounts.models import User
from cases.vocabulary import CaseStatus
from evidence.actions.fixity import fail_stored
from evidence.actions.verification import confirm_verification, record_verification, take_up_verification
from evidence.facts import VerificationFacts
from evidence.models import Verification
from evidence.vocabulary import Finding, FixityResult, Method
from evidence.waiting import waiting_for
from tests.evidence.worlds import World, photo
from tests.personas import signed_in

FACTS = VerificationFacts(method=Method.METADATA, finding=Finding.CONSISTENT, notes="The clock fits.")


def kinds(user: User) -> list[str]:
    with entering(user, "test"):
        return [one.kind for one in waiting_for(user)]


def found(world: World) -> Verification:
    with entering(world.analyst, "test"):
        take_up_verification(by=world.analyst, item=world.item)
        return record_verification(by=world.analyst, item=world.item, facts=FACTS)


def test_exhibit_waits_for_who_verifies_once_it_has_a_file(world: World) -> None:
    assert world.item.pk
    assert kinds(world.supervisor) == []
    world.receive(photo())
    assert kinds(world.supervisor) == kinds(world.analyst) == ["exhibit-verify"]
    for person in (world.investigator, world.lead, world.keeper, world.outsider):
        assert kinds(person) == []


def test_finding_waits_for_a_second_person_until_confirmed(world: World) -> None:
    world.receive(photo())
    verification = found(world)
    assert kinds(world.analyst) == []
    assert kinds(world.supervisor) == ["exhibit-confirm"]
    with entering(world.supervisor, "test"):
        confirm_verification(by=world.supervisor, verification=verification)
    assert kinds(world.supervisor) == []


def test_alert_waits_for_the_keeper_and_its_exhibit_for_nobody_else(world: World) -> None:
    file = world.receive(photo())
    with entering(Machine.INTEGRITY, "test"):
        fail_stored(file.stored_id, by="machine:integrity", result=FixityResult.MISSING)
    assert kinds(world.keeper) == ["alert"]
    assert kinds(world.supervisor) == []
    page = signed_in(world.keeper).get("/").content.decode()
    assert "Answer an alert" in page
    assert "/integrity/alerts/" in page


def test_closed_case_waits_for_nobody(world: World) -> None:
    world.receive(photo())
    with entering(world.lead, "test"):
        world.case.status = CaseStatus.CLOSED
        world.case.save(update_fields=["status"])
    assert kinds(world.supervisor) == []
