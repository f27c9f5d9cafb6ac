"""Who may ask that names be compared, decide on it and read the report; to other cases none of it exists."""

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.identities import seal_identity
from cases.actions.session_steps import begin_session, finish_session, prepare_session
from cases.actions.sessions import SessionFacts, ask_for_session
from cases.chamber import child, holding
from cases.models import Case, IdentitySession, Witness
from cases.vocabulary import MemberRole, SessionCheck, SessionPurpose
from tests import custodians, factories
from tests.custodians import Keys, id_of
from tests.personas import make_person
from tests.policy.matrix.cases import FOREIGN, NOTHING, ONE, a_case, a_foreign_case, a_witness, form, members
from tests.policy.rows import UNKNOWN, World, row
from vault.custodian import papers
from vault.custodian.keys import BoxSecret, PrivateKeys
from vault.custodian.papers import Ask

WHO = ("custodian", "disclosure_officer")
FACTS = SessionFacts(
    SessionPurpose.LIFE_IN_DANGER,
    (SessionCheck.DUPLICATES, SessionCheck.PSEUDONYMS),
    "Before the file goes to the court",
)


def three_custodians(world: World) -> tuple[list[User], Keys]:
    """The case's custodian and two more, founded, with their keys."""
    case, people = world.get(a_case), [world.people["custodian"]]
    for _ in range(2):
        person = make_person(Role.IDENTITY_CUSTODIAN)
        factories.join(case, world.people["lead"], person, MemberRole.IDENTITY_CUSTODIAN)
        people.append(person)
    keys = {id_of(one): PrivateKeys.new() for one in people}
    custodians.found(people, keys)
    return people, keys


def _sealed(witness: Witness) -> None:
    with entering(witness.created_by, "test"):
        seal_identity(by=witness.created_by, witness=witness, identity={"given": "Quzahiyya"})


def _asked(case: Case, by: User, secret: BoxSecret) -> IdentitySession:
    with entering(by, "test"):
        row = ask_for_session(by=by, case=case, facts=FACTS)
        return prepare_session(session=row, key=secret.public, keeper=UNKNOWN)


def a_named_case(world: World) -> Case:
    """The case, with one sealed witness and custodians."""
    assert world.get(three_custodians)
    _sealed(world.get(a_witness))
    return world.get(a_case)


def a_session(world: World) -> IdentitySession:
    """The disclosure officer's, which waits for custodians."""
    return _asked(world.get(a_named_case), world.people["disclosure_officer"], BoxSecret.new())


def a_custodians_session(world: World) -> IdentitySession:
    return _asked(world.get(a_named_case), world.people["custodian"], BoxSecret.new())


def a_compared_case(world: World) -> Case:
    """Another case of the same people: its names were compared today."""
    people, _keys = world.get(three_custodians)
    case = a_case(world)
    for person in people[1:]:
        factories.join(case, world.people["lead"], person, MemberRole.IDENTITY_CUSTODIAN)
    _sealed(factories.make_consented_witness(case, world.people["investigator"]))
    return case


def a_done_session(world: World) -> IdentitySession:
    """The officer's, compared; the case's custodian approved."""
    case, secret = world.get(a_compared_case), BoxSecret.new()
    row = _asked(case, world.people["disclosure_officer"], secret)
    people, keys = world.get(three_custodians)
    for person in people[:2]:
        with entering(person, "test"):
            handed = Ask.read(ask_paper(by=person, request=row))
            signed = papers.approve(handed, id_of(person), keys[id_of(person)]).write()
            decide_request(by=person, request=row, answer=signed)
    with entering(row.created_by, "test"):
        report = holding._report(child.answer(begin_session(session=row).facts(), secret))
        return finish_session(session=row, report=report)


def a_foreign_session(world: World) -> IdentitySession:
    assert world.get(three_custodians)
    case = world.get(a_foreign_case)
    lead = case.created_by
    officer = make_person(Role.DISCLOSURE_OFFICER)
    factories.join(case, lead, officer, MemberRole.DISCLOSURE_OFFICER)
    _sealed(factories.make_consented_witness(case, lead))
    return _asked(case, officer, BoxSecret.new())


NAMED = {"case": a_named_case}
ASKED = {**ONE, "session": a_session}
OWN = {**ONE, "session": a_custodians_session}
DONE = {"case": a_compared_case, "session": a_done_session}
ELSEWHERE = {**ONE, "session": a_foreign_session}
GONE = members(404, *WHO)

ROWS = [
    row("comparison-list", ONE, GET=members(200, *WHO)),
    row("comparison-list", FOREIGN, query="?foreign", GET=NOTHING),
    form("comparison-ask", NAMED, members(200, *WHO), members(422, *WHO)),
    form("comparison-ask", FOREIGN, NOTHING, NOTHING),
    row("comparison-detail", ASKED, GET=members(200, *WHO)),
    row("comparison-detail", ELSEWHERE, query="?foreign", GET=GONE),
    row("comparison-paper", ASKED, GET=members(200, "custodian")),
    row("comparison-paper", ELSEWHERE, query="?foreign", GET=members(404, "custodian")),
    form("comparison-answer", ASKED, members(200, "custodian"), members(422, "custodian")),
    form("comparison-answer", ELSEWHERE, members(404, "custodian"), members(404, "custodian")),
    row("comparison-close", ASKED, POST=members(302, "disclosure_officer")),
    row("comparison-close", OWN, query="?own", POST=members(302, "custodian")),
    row("comparison-close", ELSEWHERE, query="?foreign", POST=GONE),
    row("comparison-report", DONE, GET=members(200, *WHO)),
    row("comparison-report", ELSEWHERE, query="?foreign", GET=GONE),
]
