"""What tests of the workbench send and ask."""

import re
from typing import Any

from accounts.door import entering
from accounts.models import User
from cases.actions.reviews import take_up_review
from cases.actions.testimonies import save_version, submit_testimony
from cases.models import Review, Testimony
from cases.vocabulary import ReviewCheck, TextLanguage, VersionKind
from tests.cases.worlds import World, once
from tests.factories import make_submitted_testimony

CHECKS = [check.value for check in ReviewCheck]
AUTOSAVE = {"X-Requested-With": "autosave", "Accept": "application/json"}
APPROVE: dict[str, Any] = {
    "checks": CHECKS,
    "comments": "",
    "no_attestation_reason": "The witness has left the country",
    "approve": "1",
}
RETURN: dict[str, Any] = {"comments": "Who told the witness?", "return": "1"}


def of(row: Testimony) -> dict[str, Any]:
    return {"case": row.case_id, "testimony": row.pk}


def handed_in(world: World) -> Testimony:
    """An account of this world that waits for a reviewer."""
    return once(
        world, "handed in", lambda world: make_submitted_testimony(world.consented, world.investigator)
    )


def take_up(world: World, row: Testimony, by: User | None = None) -> Review:
    person = by or world.supervisor
    with entering(person, "test"):
        return take_up_review(by=person, testimony=row)


def status_of(world: World, row: Testimony) -> str:
    with entering(world.lead, "test"):
        return Testimony.objects.get(pk=row.pk).status


def mend(world: World, row: Testimony, text: str = "Mended") -> None:
    with entering(world.investigator, "test"):
        seq = row.versions.count()
        save_version(
            by=world.investigator,
            testimony=row,
            text=text,
            language=TextLanguage.ARABIC,
            kind=VersionKind.STATEMENT,
            based_on=seq,
        )
        submit_testimony(by=world.investigator, testimony=row)


def in_form(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found.group(1) if found else ""
