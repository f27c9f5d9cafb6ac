"""Every action: it works and is recorded; who may not is refused, recorded; no event, no effect."""

import hashlib
from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import User
from accounts.vocabulary import Role
from audit.refusals import Refusal
from audit.vocabulary import Kind
from exports.actions import (
    approvals,
    building,
    delivery,
    disposal,
    handovers,
    keys,
    recipients,
    requests,
    secondkeys,
    shredding,
    withdrawal,
)
from exports.models import RecipientContact
from exports.package.ageing import fingerprint
from exports.vocabulary import Channel, RecallState
from tests.exports import disposing
from tests.exports.handing import Handing
from tests.exports.worlds import MECHANISM, World, read_all
from tests.personas import make_person
from tests.scenarios import Scenario, owes

BEGINS_WITH = ("testimony", "clip")


def _compare(world: World, by: User) -> object:
    heard = fingerprint(world.public_key)
    return keys.check_key_with(by=by, key=world.key, heard=heard, channel=Channel.IN_PERSON, note="Met")


def _change(world: World, by: User) -> object:
    return recipients.change_recipient(by=by, recipient=world.recipient, expected=1, facts=MECHANISM)


def _contact(world: World, by: User) -> object:
    user = world.__dict__.setdefault("newcomer", None) or make_person(Role.RECIPIENT)
    return recipients.add_contact(by=by, recipient=world.recipient, user=user)


def _end_contact(world: World, by: User) -> object:
    contact = RecipientContact.objects.get(user=world.contact)
    return recipients.end_contact(by=by, contact=contact)


def _handing(world: World) -> Handing:
    handing: Handing = world.__dict__["handing"]
    return handing


def _newcomer(world: World) -> None:
    world.__dict__["newcomer"] = make_person(Role.RECIPIENT)
    assert world.recipient


def _acknowledge(world: World, by: User) -> object:
    digest = hashlib.sha512(world.__dict__["fetched"]).hexdigest()
    return delivery.acknowledge(by=by, export=world.verified, sha512=digest)


def _fetched(world: World) -> None:
    world.__dict__["fetched"] = world.fetch(world.verified)


def _touch(*names: str) -> Callable[[World], object]:
    return lambda world: [getattr(world, name) for name in names]


_scenario = partial(Scenario[World], by="officer", denied=("outsider", "investigator"))
SCENARIOS = [
    _scenario(
        "add_recipient",
        Kind.RECIPIENT_ADDED,
        lambda world, by: recipients.add_recipient(by=by, facts=MECHANISM),
    ),
    _scenario("change_recipient", Kind.RECIPIENT_CHANGED, _change, _touch("recipient")),
    _scenario("add_contact", Kind.RECIPIENT_CHANGED, _contact, _newcomer),
    _scenario("end_contact", Kind.RECIPIENT_CHANGED, _end_contact, _touch("ready")),
    _scenario(
        "add_key",
        Kind.RECIPIENT_KEY_ADDED,
        lambda world, by: keys.add_key(by=by, recipient=world.recipient, public_key=world.public_key),
        _touch("recipient"),
        denied=("outsider", "supervisor"),
    ),
    _scenario("check_key_with", Kind.RECIPIENT_KEY_CHECKED, _compare, _touch("key")),
    _scenario(
        "revoke_key",
        Kind.RECIPIENT_KEY_REFUSED,
        lambda world, by: keys.revoke_key(by=by, key=world.key),
        _touch("key"),
        denied=("outsider", "supervisor"),
    ),
    _scenario(
        "make_second_key",
        Kind.SECOND_KEY_MADE,
        lambda world, by: secondkeys.make_second_key(by=by, recipient=world.recipient),
        _touch("recipient"),
        denied=("outsider", "supervisor"),
    ),
    _scenario(
        "confirm_second_key",
        Kind.SECOND_KEY_CONFIRMED,
        lambda world, by: secondkeys.confirm_second_key(
            by=by, key=world.second_key, heard=secondkeys.numbers_on(world.second_key)
        ),
        _touch("second_key"),
        by="supervisor",
        denied=("outsider", "contact"),
    ),
    _scenario(
        "revoke_second_key",
        Kind.SECOND_KEY_ENDED,
        lambda world, by: secondkeys.revoke_second_key(by=by, key=world.second_key),
        _touch("second_key"),
        denied=("outsider", "supervisor"),
    ),
    _scenario(
        "request_export",
        Kind.EXPORT_REQUESTED,
        lambda world, by: requests.request_export(by=by, case=world.case, wish=world.wish()),
        lambda world: world.wish(),
    ),
    _scenario(
        "check_scope",
        Kind.EXPORT_CHECKED,
        lambda world, by: requests.check_scope(by=by, export=world.requested),
        _touch("requested"),
    ),
    _scenario(
        "approve_export",
        Kind.EXPORT_APPROVED,
        lambda world, by: approvals.approve_export(by=by, export=world.requested),
        _touch("requested"),
        by="supervisor",
        denied=("outsider", "lead", "officer"),
    ),
    _scenario(
        "refuse_export",
        Kind.EXPORT_REFUSED,
        lambda world, by: approvals.refuse_export(by=by, export=world.requested, reason="Too much"),
        _touch("requested"),
        by="supervisor",
        denied=("outsider", "lead", "officer"),
    ),
    _scenario(
        "ask_handover",
        Kind.HANDOVER_ASKED,
        lambda world, by: handovers.ask_handover(by=by, export=_handing(world).export, reason="Why"),
        lambda world: world.__dict__.update(handing=Handing(world)),
        denied=("outsider", "investigator", "supervisor"),
    ),
    _scenario(
        "owe_build",
        Kind.WORK_OWED,
        lambda world, by: building.owe_build(by=by, export=world.approved),
        _touch("approved"),
        denied=("outsider", "investigator", "supervisor"),
    ),
    _scenario(
        "build_export",
        Kind.EXPORT_BUILT,
        lambda world, by: building.build_export(by=by, export=world.approved),
        _touch("approved"),
        denied=("outsider", "investigator", "supervisor"),
    ),
    _scenario(
        "verify_export",
        Kind.EXPORT_VERIFIED,
        lambda world, by: delivery.verify_export(by=by, export=world.built),
        _touch("built"),
        denied=("outsider", "investigator", "supervisor"),
    ),
    _scenario(
        "fetch_for_officer",
        Kind.EXPORT_DOWNLOADED,
        lambda world, by: read_all(delivery.fetch_for_officer(by=by, export=world.verified)),
        _touch("verified"),
        denied=("outsider", "investigator", "supervisor", "contact"),
    ),
    _scenario(
        "fetch_for_recipient",
        Kind.EXPORT_DOWNLOADED,
        lambda world, by: read_all(delivery.fetch_for_recipient(by=by, export=world.verified)),
        _touch("verified"),
        by="contact",
        denied=("outsider", "officer", "lead"),
    ),
    _scenario(
        "acknowledge",
        Kind.EXPORT_ACKNOWLEDGED,
        _acknowledge,
        _fetched,
        by="contact",
        denied=("outsider", "officer", "lead"),
    ),
    _scenario(
        "acknowledge_with_a_receipt",
        Kind.RECEIPT_RECORDED,
        _acknowledge,
        _fetched,
        by="contact",
        denied=("outsider", "officer", "lead"),
    ),
    _scenario(
        "cancel_export",
        Kind.EXPORT_CANCELLED,
        lambda world, by: requests.cancel_export(by=by, export=world.verified),
        _touch("verified"),
    ),
    _scenario(
        "send_recall",
        Kind.EXPORT_RECALLED,
        lambda world, by: withdrawal.send_recall(by=by, export=world.delivered, note="By post"),
        lambda world: [world.delivered, world.withdraw()],
        denied=("outsider", "investigator", "supervisor", "contact"),
    ),
    _scenario(
        "remind_recall",
        Kind.RECALL_REMINDED,
        lambda world, by: withdrawal.remind_recall(by=by, notice=world.notice, note="By telephone"),
        _touch("notice"),
        denied=("outsider", "investigator", "supervisor", "contact"),
    ),
    _scenario(
        "answer_recall",
        Kind.RECALL_ANSWERED,
        lambda world, by: withdrawal.answer_recall(
            by=by, notice=world.notice, to=RecallState.COMPLIED, note="All deleted"
        ),
        _touch("notice"),
        denied=("outsider", "investigator", "supervisor", "contact"),
    ),
    _scenario(
        "ask_erasure",
        Kind.ERASURE_ASKED,
        lambda world, by: shredding.ask_erasure(by=by, witness=world.witness, reason="On their word"),
        lambda world: [world.custodian, world.consent, world.withdraw()],
        by="custodian",
        denied=("outsider", "investigator", "supervisor", "officer", "lead"),
    ),
    _scenario(
        "confirm_erasure",
        Kind.ERASURE_CONFIRMED,
        lambda world, by: shredding.confirm_erasure(by=by, destruction=world.erasure),
        _touch("erasure"),
        by="lead",
        denied=("outsider", "investigator", "officer"),
    ),
    _scenario(
        "decline_erasure",
        Kind.ERASURE_DECLINED,
        lambda world, by: shredding.decline_erasure(by=by, destruction=world.erasure, reason="Too early"),
        _touch("erasure"),
        by="supervisor",
        denied=("outsider", "investigator", "officer"),
    ),
    _scenario(
        "destroy_keys",
        Kind.ERASURE_KEYS_DESTROYED,
        lambda world, by: shredding.destroy_keys(by=by, destruction=world.agreed),
        _touch("agreed"),
        by="lead",
        denied=("outsider", "investigator", "officer"),
    ),
    _scenario(
        "ask_disposal",
        Kind.DISPOSAL_ASKED,
        lambda world, by: disposal.ask_disposal(by=by, case=world.case, facts=disposing.a_medium(world)),
        disposing.a_medium,
        by="lead",
        denied=disposing.DENIED,
    ),
    _scenario(
        "agree_disposal",
        Kind.DISPOSAL_AGREED,
        lambda world, by: disposal.agree_disposal(by=by, disposal=disposing.row(world)),
        disposing.asked,
        by="supervisor",
        denied=disposing.DENIED,
    ),
    _scenario(
        "decline_disposal",
        Kind.DISPOSAL_DECLINED,
        lambda world, by: disposal.decline_disposal(by=by, disposal=disposing.row(world), reason="No"),
        disposing.asked,
        by="supervisor",
        denied=disposing.DENIED,
    ),
    _scenario(
        "carry_out_disposal",
        Kind.DISPOSAL_CARRIED_OUT,
        lambda world, by: disposal.carry_out_disposal(
            by=by, disposal=disposing.row(world), facts=disposing.deed()
        ),
        disposing.agreed,
        by="lead",
        denied=disposing.DENIED,
    ),
    _scenario(
        "confirm_disposal",
        Kind.DISPOSAL_CONFIRMED,
        lambda world, by: disposal.confirm_disposal(by=by, disposal=disposing.row(world)),
        disposing.carried_out,
        by="supervisor",
        denied=disposing.DENIED,
    ),
]
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)


@each
def test_action_is_refused_or_undone_or_recorded(
    scenario: Scenario[World], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owes(scenario, world, monkeypatch, {Refusal: scenario.denied})
