"""A superuser of the database takes a legal hold out of the way: it keeps, and the comparison names it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.door import entering
from cases.actions.holds import place_hold
from cases.models import LegalHold
from exports.actions import disposal
from exports.errors import KeptByHold
from exports.models import Disposal
from tests import factories
from tests.exports.disposing import a_medium, deed
from tests.policy.attacks import Attacked, attacked, laid

__all__ = ["attacked", "laid"]
HOW = ("deleted", "over", "not yet", "another witness's", "another case's")


@pytest.mark.parametrize("how", HOW)
def test_a_hold_taken_out_of_the_way_keeps(attacked: Attacked, how: str) -> None:
    world = attacked.world
    first = agreed_on(attacked)
    with entering(world.supervisor, "test"):
        hold = place_hold(
            by=world.supervisor, case=world.case, witness=world.witness, authority="Court order 7"
        )
    remove(attacked, hold, how)
    with entering(world.lead, "test"):
        assert not LegalHold.over(world.case.pk, world.witness.pk).exists()
    with pytest.raises(KeptByHold) as kept, entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())
    assert kept.value.facts["hold"] == str(hold.pk)
    (named,) = attacked.found()
    said = "the row is gone" if how == "deleted" else "not as it was last written"
    assert named.endswith(f"cases_legalhold {hold.pk}: {said}")


def agreed_on(attacked: Attacked) -> Disposal:
    """What two people agreed to end: a disk, which a hold over any witness of the case keeps."""
    world = attacked.world
    with entering(world.lead, "test"):
        row = disposal.ask_disposal(
            by=world.lead, case=world.case, facts=a_medium(world, witness=world.witness)
        )
    with entering(world.supervisor, "test"):
        return disposal.agree_disposal(by=world.supervisor, disposal=row)


def remove(attacked: Attacked, hold: LegalHold, how: str) -> None:
    now = timezone.now()
    if how == "deleted":
        attacked.superuser.connection.execute("DELETE FROM cases_legalhold WHERE id = %s", [hold.pk])
    elif how == "over":
        attacked.superuser.change(hold, starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=8))
    elif how == "not yet":
        attacked.superuser.change(hold, starts_at=now + timedelta(days=9))
    elif how == "another witness's":
        other = factories.make_witness(attacked.world.case, attacked.world.investigator, pseudonym="Nadia")
        attacked.superuser.change(hold, witness_id=other.pk)
    else:
        attacked.superuser.change(hold, case_id=attacked.other.pk)
