"""Every way out asks consent, and what is missing, doubtful or over says no.

Two halves: what consent does not cover stays, whatever tier and material it is; and no code opens a file or
an export beside the doors that ask.
"""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.door import entering
from cases.models import Consent, Witness
from cases.vocabulary import ConsentPurpose, Decision, IdentityLevel, Material, RecipientClass
from exports.vocabulary import MATERIAL_OF, Reason, Tier
from exports.weighing import Ask, Consents
from tests import factories
from tests.exports.conftest import kept_world, world  # noqa: F401 - the same world as the room's own tests
from tests.exports.worlds import World

ROOT = Path(__file__).resolve().parents[2]
ASK = Ask(
    ConsentPurpose.CRIMINAL_INTERNATIONAL,
    RecipientClass.UN_IIIM,
    state_affiliated=False,
    identity_level=IdentityLevel.PSEUDONYM,
    tier=Tier.JUDICIAL,
)
# What each state of a consent answers, for every material and at every tier.
STATES = (
    "none",
    "refused",
    "ask again",
    "recontact",
    "expired",
    "not yet",
    "withdrawn",
    "forged",
    "forged answer",
)


def _consent(world: World, witness: Witness, state: str) -> None:  # noqa: F811 - the fixture's name is the world's
    decided = {"refused": Decision.REFUSED, "ask again": Decision.ASK_AGAIN}.get(state, Decision.GRANTED)
    answers = tuple(
        replace(
            one,
            materials=tuple(Material),
            decision=decided if one.decision == Decision.GRANTED else one.decision,
            recontact_before_use=state == "recontact",
        )
        for one in factories.ANSWERS
    )
    now = timezone.now()
    given, until = (now - timedelta(days=9), now - timedelta(days=1)) if state == "expired" else (None, None)
    facts = replace(factories.CONSENT, answers=answers, given_at=given, valid_until=until)
    factories.make_consent(witness, world.investigator, facts=facts)


def _reason(world: World, witness: Witness, state: str, tier: Tier, material: Material) -> Reason | None:  # noqa: F811
    at = timezone.now() - timedelta(days=2) if state == "not yet" else timezone.now()
    with entering(world.investigator, "test"):
        return Consents(replace(ASK, tier=tier), at).gap(witness, material)[0]


@pytest.mark.parametrize("state", ["covered", *STATES])
def test_consent_is_asked_for_every_material_at_every_tier(world: World, state: str) -> None:  # noqa: F811
    witness = factories.make_witness(world.case, world.investigator)
    if state != "none":
        _consent(world, witness, state)
    with entering(world.investigator, "test"):
        if state == "withdrawn":
            from cases.actions.consents import withdraw_consent

            withdraw_consent(by=world.investigator, consent=Consent.objects.get(witness=witness))
        if state == "forged":
            Consent.objects.filter(witness=witness).update(tag=b"\x00" * 32)
        if state == "forged answer":
            for answer in Consent.objects.get(witness=witness).scopes.all():
                answer.tag = b"\x00" * 32
                answer.save(update_fields=["tag"])
    found = {
        _reason(world, witness, state, tier, material)
        for tier, material in product(
            Tier, [*MATERIAL_OF.values(), Material.ACCOUNT_TEXT, Material.DOCUMENTS]
        )
    }
    assert (found == {None}) is (state == "covered")
    assert len(found) == 1
    assert state == "covered" or None not in found


# Which functions of the room reach words or bytes, and where consent was asked for them before.
DOORS = {
    "exports.actions.approvals": "asks itself",
    "exports.actions.building": "ask_again before the first byte and after the last",
    "exports.actions.delivery": "ask_again or ask_recorded in front of each opening",
    "exports.actions.handovers": "ask_again at every step, and once more when the file is taken",
    "exports.actions.requests": "asks itself",
    "exports.gathering": "is handed what building asked about, and nothing else",
    "exports.weighing": "asks itself",
}
OPENERS = {"open_file", "FileSealer", "SealedReader", "fetch_for_officer", "fetch_for_recipient"}


def _opening() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "exports").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in OPENERS:
                    yield module, name


def test_no_file_is_opened_or_sent_beside_the_doors_that_ask() -> None:
    beside = {
        (module, name)
        for module, name in _opening()
        if not any(module == door or module.startswith(f"{door}.") for door in DOORS)
    }
    # The views hand on what the doors opened.
    assert {one for one in beside if not one[0].startswith("exports.views.")} == set()
    assert {name for module, name in beside} <= {"fetch_for_officer", "fetch_for_recipient"}


@pytest.mark.parametrize(
    ("module", "door", "asks"),
    [
        ("exports/actions/building.py", "build_export", {"ask_again", "check_approval", "check_key"}),
        ("exports/actions/building.py", "_pour", {"ask_again"}),
        ("exports/actions/delivery.py", "verify_export", {"ask_again", "ask_identities"}),
        ("exports/actions/delivery.py", "verify_export", {"check_approval"}),
        ("exports/actions/delivery.py", "fetch_for_officer", {"ask_again", "check_approval"}),
        ("exports/actions/delivery.py", "fetch_for_officer", {"ask_identities"}),
        ("exports/actions/delivery.py", "ask_recorded", {"ask_identities"}),
        ("exports/actions/handovers.py", "ask_handover", {"ask_again", "_check_export", "_held_key"}),
        ("exports/actions/handovers.py", "_asked", {"ask_again", "_check_export", "_held_key", "_believe"}),
        ("exports/actions/handovers.py", "_check_export", {"check_approval", "check_key", "check_agreement"}),
        ("exports/actions/delivery.py", "fetch_for_recipient", {"ask_recorded", "addressed_to"}),
        ("exports/actions/approvals.py", "approve_export", {"ask_again", "check_key", "check_agreement"}),
    ],
)
def test_each_door_asks(module: str, door: str, asks: set[str]) -> None:
    tree = ast.parse((ROOT / module).read_text())
    (function,) = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == door]
    called = {
        node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert asks <= called


def test_tables_of_a_package_speak_of_witnesses_on_whose_answer_something_rests() -> None:
    """The table of witnesses takes its rows from the answers, and from nowhere else."""
    tree = ast.parse((ROOT / "exports/gathering/tables.py").read_text())
    for name in ("witnesses", "consent_conditions"):
        (function,) = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
        assert "weighed.answers" in ast.unparse(function)
