"""Who may ask for a name, decide on it and see how it stands; to other cases none of it exists."""

from uuid import UUID

from accounts.custodians import directory_in_force
from accounts.door import entering
from accounts.vocabulary import Role
from cases.actions.identities import seal_identity
from cases.actions.unsealing import AccessFacts, ask_for_identity
from cases.models import Case, IdentityRequest, Witness
from cases.vocabulary import IdentityField, IdentityPurpose, MemberRole
from tests import custodians, factories
from tests.personas import make_person
from tests.policy.matrix.cases import (
    FOREIGN,
    NOTHING,
    ONE,
    READERS,
    a_case,
    a_foreign_witness,
    a_witness,
    form,
    members,
)
from tests.policy.rows import World, row, unknown
from vault.custodian.keys import BoxSecret, PrivateKeys

ASKERS = ("lead", "investigator", "supervisor")
CARRIERS = ("custodian", "disclosure_officer")
FACTS = AccessFacts(IdentityPurpose.SAFE_CONTACT, (IdentityField.PHONES,), "To agree on a place")


def a_directory(world: World) -> Case:
    """The case, once its custodian and two more are founded."""
    case, people = world.get(a_case), [world.people["custodian"]]
    for _ in range(2):
        person = make_person(Role.IDENTITY_CUSTODIAN)
        factories.join(case, world.people["lead"], person, MemberRole.IDENTITY_CUSTODIAN)
        people.append(person)
    keys = {custodians.id_of(one): PrivateKeys.new() for one in people}
    custodians.found(people, keys, [custodians.body(f"BODY-0{number}", keys) for number in (1, 2)])
    return case


def _asked(witness: Witness) -> IdentityRequest:
    by = witness.created_by
    with entering(by, "test"):
        seal_identity(by=by, witness=witness, identity={"given": "Quzahiyya"})
        facts = AccessFacts(FACTS.purpose, FACTS.fields, FACTS.reason, BoxSecret.new().public.raw)
        return ask_for_identity(by=by, witness=witness, facts=facts).request


def a_request(world: World) -> IdentityRequest:
    """The investigator's, to be opened with a tool of their own."""
    assert world.get(a_directory)
    return _asked(world.get(a_witness))


def a_foreign_request(world: World) -> IdentityRequest:
    assert world.get(a_directory)
    return _asked(world.get(a_foreign_witness))


def a_body(world: World) -> UUID:
    """One of the two outside bodies, by its id in the directory."""
    assert world.get(a_request)
    directory = directory_in_force()
    assert directory is not None
    return directory.outside_bodies[0].id


ASKED = {**ONE, "access": a_request}
ELSEWHERE = {**ONE, "access": a_foreign_request}
SEEN = {
    **members(200, "lead", "investigator", "supervisor", "custodian"),
    "interpreter": 404,
    "disclosure_officer": 200,
}
HIDDEN = members(404, *READERS)

ROWS = [
    row("identity-list", ONE, GET=members(200, *READERS)),
    row("identity-list", FOREIGN, query="?foreign", GET=NOTHING),
    form("identity-ask", {**ONE, "witness": a_witness}, members(200, *ASKERS), members(422, *ASKERS)),
    form("identity-ask", {**ONE, "witness": a_foreign_witness}, members(404, *ASKERS), members(404, *ASKERS)),
    row("identity-detail", ASKED, GET=SEEN),
    row("identity-detail", ELSEWHERE, query="?foreign", GET=HIDDEN),
    form("identity-change", ASKED, members(200, "investigator"), members(422, "investigator")),
    form("identity-change", ELSEWHERE, members(404, *ASKERS), members(404, *ASKERS)),
    row("identity-paper", ASKED, GET=members(200, "custodian")),
    row("identity-paper", ELSEWHERE, query="?foreign", GET=members(404, "custodian")),
    form("identity-answer", ASKED, members(200, "custodian"), members(422, "custodian")),
    form("identity-answer", ELSEWHERE, members(404, "custodian"), members(404, "custodian")),
    row("identity-body-paper", {**ASKED, "body": a_body}, GET=members(200, *CARRIERS)),
    row("identity-body-paper", {**ASKED, "body": unknown}, query="?none", GET=members(409, *CARRIERS)),
    row("identity-body-paper", {**ELSEWHERE, "body": a_body}, query="?foreign", GET=members(404, *CARRIERS)),
    form("identity-body-answer", ASKED, members(200, *CARRIERS), members(422, *CARRIERS)),
    form("identity-body-answer", ELSEWHERE, members(404, *CARRIERS), members(404, *CARRIERS)),
    form("identity-open", ASKED, members(200, "investigator"), members(422, "investigator")),
    form("identity-open", ELSEWHERE, members(404, *ASKERS), members(404, *ASKERS)),
    row("identity-close", ASKED, POST=members(302, "investigator")),
    row("identity-close", ELSEWHERE, query="?foreign", POST=members(404, *ASKERS)),
]
