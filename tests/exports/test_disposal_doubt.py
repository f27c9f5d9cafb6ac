"""What one person alone could make the record of an end by hand say."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from exports.actions import disposal
from exports.errors import DisposalByTwo
from exports.vocabulary import DisposalState
from tests.exports.disposing import carried_out, row
from tests.exports.worlds import World
from tests.personas import signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose


def test_what_was_written_down_as_done_only_another_person_declines(world: World) -> None:
    """Whoever fetched it and wrote "shredded" could make the record say that nothing was done."""
    first = carried_out(world)
    here = {"case": world.case.pk, "disposal": first.pk}
    detail, decide, paper = (
        reverse(f"disposal-{name}", kwargs=here) for name in ("detail", "decide", "certificate")
    )
    lead, supervisor = signed_in(world.lead), signed_in(world.supervisor)
    assert "Give it up" not in lead.get(detail).content.decode()
    assert "Done on" not in lead.get(paper, {"in": "en"}).content.decode()
    with pytest.raises(DisposalByTwo), entering(world.lead, "test"):
        disposal.decline_disposal(by=world.lead, disposal=first, reason="It was nothing")
    assert row(world).state == DisposalState.CARRIED_OUT
    said = supervisor.post(decide, {"decision": "decline", "reason": "I did not see it"}, follow=True)
    assert "Not confirmed. What was written down about the deed stays." in said.content.decode()
    ended = row(world)
    assert (ended.state, ended.done_on) == (DisposalState.DECLINED, timezone.localdate())
    with entering(world.lead, "test"):
        why = open_row(ended, "reason", reader=world.lead.staff_code, purpose=Purpose.READ).text("reason")
    assert why == f"It was copied and is not needed\n\n{world.supervisor.staff_code}: I did not see it"
    told = lead.get(paper, {"in": "en"}).content.decode()
    assert "another did not confirm it" in told
    assert "Done on" not in told


def test_the_day_stands_on_paper_once_two_people_say_so(world: World) -> None:
    first = carried_out(world)
    with entering(world.supervisor, "test"):
        disposal.confirm_disposal(by=world.supervisor, disposal=first)
    url = reverse("disposal-certificate", kwargs={"case": world.case.pk, "disposal": first.pk})
    assert "Done on" in signed_in(world.lead).get(url, {"in": "en"}).content.decode()
