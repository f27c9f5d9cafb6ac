"""What changed after custodians signed opens no name, or keeps nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.door import entering
from audit.vocabulary import Kind
from cases.chamber import holding
from cases.chamber.holding import ChamberEnded
from cases.models import IdentitySession
from cases.vocabulary import (
    SessionState,
)
from exports.actions import handovers
from exports.models import IdentityHandover
from tests.exports import handing
from tests.exports.handing import (
    HER,
    Handing,
    later,
)
from tests.exports.spoiling import (
    add_witness,
    another_second_key,
    cancel,
    change_recipient,
    forge_session,
    lose_power,
    put_back,
    put_back_whole,
    refuse_contact,
    revoke_age_key,
    seal_anew,
    stop_of_gone,
    swap_codes,
    withdraw,
)

SPOILT: list[tuple[Callable[[Handing, IdentityHandover], None], set[str]]] = [
    (withdraw, {"ConsentGone"}),
    (put_back, {"ConsentGone"}),
    (put_back_whole, {"ConsentGone"}),
    (refuse_contact, {"MaterialChanged"}),
    (revoke_age_key, {"KeyUnfit"}),
    (change_recipient, {"ApprovalVoid"}),
    (another_second_key, {"SecondKeyUnfit"}),
    (cancel, {"HandoverUnfit"}),
    (stop_of_gone, {"HandoverUnfit"}),
    (add_witness, {"ForgedRequest"}),
    (forge_session, {"ForgedRequest"}),
    (lose_power, {"NotVisible"}),
    (seal_anew, {"IdentityAltered"}),
    (swap_codes, {"MaterialChanged"}),
]


@pytest.mark.parametrize(("spoil", "why"), SPOILT, ids=lambda one: getattr(one, "__name__", ""))
def test_what_changed_after_they_signed_opens_no_name(
    made: Handing, spoil: Callable[[Handing, IdentityHandover], None], why: set[str]
) -> None:
    row = made.agreed()
    spoil(made, row)
    with later():
        made.keeper.step()
    with entering(made.guards[0], "test"):
        session = IdentitySession.objects.get(pk=row.session_id)
    assert (session.state, session.started_at) == (SessionState.FAILED, None)
    assert session.ended_by in why
    assert not made.world.events(Kind.IDENTITY_HANDING)
    assert len(made.world.events(Kind.IDENTITY_COMPARING_FAILED)) == 1
    with entering(made.world.lead, "test"):
        assert not IdentityHandover.objects.filter(stored__isnull=False).exists()


def test_consent_is_asked_once_more_when_the_file_is_taken(
    made: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The witness says no while the process is at work: nothing of what it made is kept."""
    row = made.agreed()
    worked = handing.Here.hand_over

    def slow(self: Any, parcel: holding.Parcel) -> holding.Handed:
        handed = worked(self, parcel)
        withdraw(made, row)
        return handed

    monkeypatch.setattr(handing.Here, "hand_over", slow)
    session = made.go_on(row)
    assert (session.state, session.ended_by) == (SessionState.FAILED, "ConsentGone")
    assert session.started_at
    assert made.now(row).stored is None
    assert made.key_now().ended_at is None


def test_a_process_that_dies_or_talks_nonsense_hands_nothing_over(
    made: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = made.agreed()

    def dies(self: object, parcel: holding.Parcel) -> holding.Handed:
        raise ChamberEnded

    monkeypatch.setattr(handing.Here, "hand_over", dies)
    session = made.go_on(row)
    assert (session.state, session.ended_by) == (SessionState.FAILED, "process-ended")
    name = HER["given"]
    answers: list[dict[str, object]] = [
        {}, {"fault": name}, {"sealed": name}, {"sealed": ""}, {"sealed": "UXV6YWhpeXlh"},
        {"sealed": "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCA=", "also": name}, {"lines": []},
    ]  # fmt: skip
    for nonsense in answers:
        with pytest.raises(ChamberEnded):
            holding.handed(nonsense)
    assert made.key_now().ended_at is None  # it may serve when it is asked anew


def test_a_full_store_keeps_nothing_and_ends_nobody_elses_session(
    made: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def __init__(self, **_given: object) -> None:
            raise OSError

    row = made.agreed()
    monkeypatch.setattr(handovers, "FileSealer", Full)
    session = made.go_on(row)
    assert (session.state, session.ended_by) == (SessionState.FAILED, "HandoverUnfit")
    assert made.key_now().ended_at is None
