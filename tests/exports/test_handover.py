"""Identities that go to the recipient of an export: who asks, who signs, and what a signature serves for."""

import io
import zipfile
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.handovers import begin_handover
from cases.actions.session_steps import begin_session, prepare_session
from cases.actions.sessions import SessionFacts, ask_for_session, close_session
from cases.chamber import child
from cases.errors import (
    AnswerRefused,
    NotAllowed,
    NothingAsked,
    NothingToHandOver,
    NotVisible,
    SaidAlready,
    SessionUnderWay,
)
from cases.models import ConsentScope, IdentitySession
from cases.vocabulary import (
    ConsentPurpose,
    IdentityLevel,
    Material,
    SessionCheck,
    SessionPurpose,
    SessionState,
)
from cases.waiting import waiting_for
from exports.actions import handovers, requests, secondkeys
from exports.errors import (
    HandoverUnderWay,
    HandoverUnfit,
    IdentityUnfit,
    SecondKeyUnfit,
)
from exports.vocabulary import Tier
from tests import factories
from tests.custodians import id_of
from tests.exports import handing
from tests.exports.handing import (
    NAMES,
    REASON,
    Handing,
    consented,
    later,
    opened,
    tells_what_was_agreed,
)
from tests.exports.worlds import MECHANISM
from vault.custodian import papers
from vault.custodian.keys import BoxSecret
from vault.custodian.papers import Ask, Verdict


def test_two_custodians_open_and_a_process_encrypts(real: Handing, caplog: pytest.LogCaptureFixture) -> None:
    row = real.ask()
    asked = real.handed(row, 0).request
    assert (asked.kind, asked.fields, asked.purpose) == (papers.Kind.HANDOVER, (), "handover")
    assert {one.witness_code for one in asked.subjects} == {real.her.code, real.him.code}
    bound = dict(asked.bound)
    assert bound["export"] == real.export.number
    assert bound["recipient"] == MECHANISM.name
    assert bound["kind of recipient"] == MECHANISM.recipient_class
    assert bound["second key"] == secondkeys.numbers_on(real.key)
    assert bound["consents"] == bytes(real.session(row).material).hex()
    assert (bound["witnesses"], bound["with contact details"]) == ("2", "1")
    real.say(row, 0)
    real.say(row, 1)
    real.keeper.step()
    assert real.session(row).state == SessionState.APPROVED_2  # an hour, in which a third can stop it
    session = real.go_on(row)
    assert (session.state, session.ended_by) == (SessionState.HANDED, "")
    sealed = real.sealed(real.now(row))
    assert sealed.startswith(b"age-encryption.org/v1\n-> scrypt ")
    tells_what_was_agreed(opened(sealed, real.words))
    assert not [one for one in NAMES if one.encode() in sealed]
    kinds = [
        event.kind for event in Event.objects.of_subject(f"identity-session:{session.pk}").order_by("id")
    ]
    assert set(kinds) == {
        "identity:asked", "identity:comparing-ready", "identity:approved", "identity:agreed",
        "identity:handing", "identity:handed",
    }  # fmt: skip
    said = caplog.text + "".join(event.leaf for event in Event.objects.all()) + repr((row, session))
    assert not [one for one in (*NAMES, real.words, *real.words.split(" ")[:1]) if f" {one} " in said]


def test_a_package_without_a_handover_says_nothing_of_one(made: Handing) -> None:
    built = made.world.build(made.world.now(made.export))
    with zipfile.ZipFile(io.BytesIO(made.world.opened_as(built))) as bag:
        assert not [name for name in bag.namelist() if "sealed" in name]
        assert "identities.age" not in bag.read(f"{built.number}/data/00_README.txt").decode()


def test_only_an_approved_export_that_names_people_carries_identities(made: Handing) -> None:
    world = made.world
    lower = made.approved(identity_level=IdentityLevel.PSEUDONYM)
    with entering(world.officer, "test"):
        waiting = requests.request_export(
            by=world.officer,
            case=world.case,
            wish=world.wish(testimonies=made.accounts, evidence=[], identity_level=handing.NAMING),
        )
    for export in (lower, waiting):
        with pytest.raises(HandoverUnfit):
            made.ask(export=export)
    with pytest.raises(IdentityUnfit):
        world.request(
            testimonies=made.accounts, evidence=[], identity_level=handing.NAMING, tier=Tier.CONFIDENTIAL
        )
    for reason in ("", "  ", "turned \u202e round"):
        with pytest.raises(NothingAsked), entering(world.officer, "test"):
            handovers.ask_handover(by=world.officer, export=made.export, reason=reason)
    for facts in (
        SessionFacts(SessionPurpose.HANDOVER, (SessionCheck.DUPLICATES,), REASON),
        SessionFacts(SessionPurpose.REGULAR, (SessionCheck.HANDOVER,), REASON),
    ):
        with pytest.raises(NothingAsked), entering(world.officer, "test"):
            ask_for_session(by=world.officer, case=world.case, facts=facts)


def test_without_a_confirmed_second_key_nothing_is_asked(made: Handing) -> None:
    with entering(made.officer, "test"):
        secondkeys.revoke_second_key(by=made.officer, key=made.key)
    with pytest.raises(SecondKeyUnfit):
        made.ask()
    made.second_key(confirmed=False)
    with pytest.raises(SecondKeyUnfit):
        made.ask()


def test_who_is_not_sealed_or_did_not_agree_does_not_go(made: Handing) -> None:
    world = made.world
    unsealed = consented(world, "Nadia", Material.ACCOUNT_TEXT)
    account = factories.make_approved_testimony(unsealed, world.investigator, world.supervisor)
    with pytest.raises(NothingToHandOver):
        made.ask(export=made.approved(testimonies=[account]))
    hidden = world.testimony  # hers who agreed under a pseudonym alone is left out of such an export
    export = made.approved(testimonies=[*made.accounts, hidden])
    row = made.ask(export=export)
    assert {one.witness_code for one in made.handed(row, 0).request.subjects} == {
        made.her.code,
        made.him.code,
    }


def test_while_custodians_decide_nothing_is_built_and_nothing_else_is_asked(made: Handing) -> None:
    row = made.ask()
    with pytest.raises(HandoverUnderWay):
        made.world.build(made.world.now(made.export))
    with pytest.raises(HandoverUnderWay):
        made.ask()
    with pytest.raises(SessionUnderWay):
        made.ask(export=made.approved())
    with entering(made.officer, "test"):
        close_session(by=made.officer, session=made.session(row))
    assert made.ask().session_id != row.session_id


def test_it_waits_for_the_custodians_who_have_not_answered(made: Handing) -> None:
    row = made.ask()
    made.say(row, 0)

    def waits(person: User) -> list[tuple[str, UUID]]:
        with entering(person, "test"):
            return [(one.kind, one.id) for one in waiting_for(person) if one.kind.endswith("-decide")]

    assert waits(made.guards[1]) == [("handover-decide", row.session_id)]
    assert waits(made.guards[0]) == waits(made.officer) == waits(made.world.outsider) == []


def test_a_handover_is_not_the_days_comparison(made: Handing) -> None:
    """Nothing was compared, so a name in danger is looked for on the same day."""
    assert made.done.stored
    with entering(made.officer, "test"):
        facts = SessionFacts(SessionPurpose.LIFE_IN_DANGER, (SessionCheck.DUPLICATES,), REASON)
        asked = ask_for_session(by=made.officer, case=made.world.case, facts=facts)
    assert asked.state == SessionState.PREPARING


def test_approvals_serve_no_other_paper(made: Handing) -> None:
    first = made.ask()
    old = made.paper(first, 0)
    with entering(made.officer, "test"):
        close_session(by=made.officer, session=made.session(first))
        facts = SessionFacts(SessionPurpose.LIFE_IN_DANGER, (SessionCheck.DUPLICATES,), REASON)
        comparison = ask_for_session(by=made.officer, case=made.world.case, facts=facts)
    made.keeper.step()
    person = made.guards[0]
    with entering(person, "test"):
        asked = Ask.read(ask_paper(by=person, request=comparison))
        compared = papers.approve(asked, id_of(person), made.keys[id_of(person)]).write()
        close_session_of(made, comparison)
    again = made.ask()
    for raw in (old, compared):
        with pytest.raises(AnswerRefused):
            made.answer(again, 0, raw)
    assert made.session(again).state == SessionState.REQUESTED


def close_session_of(made: Handing, session: IdentitySession) -> None:
    with entering(made.officer, "test"):
        close_session(by=made.officer, session=session)


def test_the_process_does_only_what_its_paper_is_for(made: Handing) -> None:
    """A paper for a hand-over compares nothing, and a paper for a comparison is handed to nobody."""
    secret = BoxSecret.new()
    parcel, answer = agreed_with(made, secret)
    asked = {"duplicates": True, "pseudonyms": [], "texts": [], "streams": []}
    compared = {"answer": parcel["answer"], **asked}
    assert child.answer(compared, secret) == {"fault": "closed"}
    assert child.answer({**parcel, "entries": []}, secret) == {"fault": "closed"}
    entries: Any = parcel["entries"]
    somebody = [*entries[:1], {**entries[1], "witness": str(uuid4())}]
    assert child.answer({**parcel, "entries": somebody}, secret) == {"fault": "closed"}
    assert child.answer({**parcel, "entries": [*entries, entries[0]]}, secret) == {"fault": "closed"}
    changed = replace(answer.request, kind=papers.Kind.SESSION)
    assert changed.digest != answer.request.digest
    assert child.answer(parcel, BoxSecret.new()) == {"fault": "closed"}
    assert set(child.answer(parcel, secret)) == {"sealed"}


def agreed_with(made: Handing, secret: BoxSecret) -> tuple[dict[str, object], Any]:
    """What the process would be handed, for a key that the test holds."""
    with entering(made.officer, "test"):
        row = handovers.ask_handover(by=made.officer, export=made.export, reason=REASON)
        prepare_session(session=row.session, key=secret.public, keeper=uuid4())
    made.say(row, 0)
    made.say(row, 1)
    with later(), entering(made.officer, "test"):
        parcel = begin_handover(session=row.session)
        return parcel.facts(), parcel.answer


def test_who_asks_does_not_agree_and_who_guards_does_not_ask(made: Handing) -> None:
    for person, why in (
        (made.guards[0], NotAllowed),
        (made.world.supervisor, NotAllowed),
        (made.world.outsider, NotVisible),
    ):
        with pytest.raises(why):
            made.ask(by=person)
    row = made.ask()
    raw = made.paper(row, 0)
    with pytest.raises(NotAllowed), entering(made.officer, "test"):
        decide_request(by=made.officer, request=made.session(row), answer=raw)
    made.answer(row, 0, raw)
    with pytest.raises(SaidAlready):
        made.answer(row, 0, raw)
    with pytest.raises(AnswerRefused):  # another's
        made.answer(row, 1, raw)


def test_one_custodian_stops_it(made: Handing) -> None:
    row = made.agreed()
    made.say(row, 2, Verdict.VETO)
    assert made.go_on(row).state == SessionState.DENIED
    made.say(row, 0, Verdict.LIFT)
    made.say(row, 1, Verdict.LIFT)
    assert made.session(row).state == SessionState.APPROVED_2


def test_a_comparison_is_no_way_round(made: Handing) -> None:
    """What was agreed as a hand-over begins as nothing else."""
    row = made.agreed()
    with later(), entering(made.officer, "test"), pytest.raises(Exception) as refused:  # noqa: PT011
        begin_session(session=made.session(row))
    assert type(refused.value).__name__ in {"MaterialChanged", "ForgedRequest"}


def test_a_forged_answer_to_contact_details_adds_nothing(made: Handing) -> None:
    """A yes that a database administrator wrote is no yes."""
    with entering(made.world.investigator, "test"):
        (given,) = ConsentScope.objects.filter(
            consent=made.consent_of(made.him),
            purpose=ConsentPurpose.CRIMINAL_INTERNATIONAL,
            recipient_class=made.world.recipient.recipient_class,
            material=Material.ACCOUNT_TEXT,
        )
        given.pk, given.material = uuid4(), Material.CONTACT_DETAILS
        given.conditions = None
        given.save(force_insert=True)
    row = made.ask()
    assert dict(made.handed(row, 0).request.bound)["with contact details"] == "1"
