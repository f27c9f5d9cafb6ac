"""Who may reach the pages of a case: its members by their role, and to everybody else it does not exist."""

from collections.abc import Mapping

from accounts.door import entering
from accounts.models import User
from cases.actions.acts import record_involvement
from cases.actions.incidents import link_incidents, record_location
from cases.actions.reviews import return_testimony, take_up_review
from cases.actions.testimonies import save_version, submit_testimony
from cases.facts import InvolvementFacts, LocationFacts
from cases.models import (
    Act,
    Actor,
    Case,
    Consent,
    Incident,
    IncidentLink,
    Interview,
    Involvement,
    Location,
    Membership,
    Testimony,
    TestimonyVersion,
    Victim,
    Witness,
)
from cases.vocabulary import ChainLink, Degree, MemberRole, TextLanguage, VersionKind
from tests import factories
from tests.policy.rows import Cell, Row, World, everybody, row

ROLES = {
    "investigator": MemberRole.INVESTIGATOR,
    "interpreter": MemberRole.INTERPRETER,
    "supervisor": MemberRole.SUPERVISOR,
    "custodian": MemberRole.IDENTITY_CUSTODIAN,
    "disclosure_officer": MemberRole.DISCLOSURE_OFFICER,
    "auditor": MemberRole.AUDITOR,
}
MEMBERS = ("lead", *ROLES)


def a_case(world: World) -> Case:
    """A case with a member in every role; recipient, outsider and sysadmin are in none."""
    lead = world.people["lead"]
    case = factories.make_case(lead)
    for name, role in ROLES.items():
        factories.join(case, lead, world.people[name], role)
    return case


def a_foreign_case(world: World) -> Case:
    """A case in which none of the personas is."""
    return factories.make_case(_stranger(world), prefix="HOM")


def _stranger(world: World) -> User:
    return factories.make_person_like(world.people["outsider"])


def _by(world: World) -> User:
    return world.people["investigator"]


def a_membership(world: World) -> Membership:
    case = world.get(a_case)
    return Membership.objects.get(case=case, user=world.people["interpreter"])


def a_witness(world: World) -> Witness:
    return factories.make_consented_witness(world.get(a_case), _by(world))


def a_consent(world: World) -> Consent:
    witness = world.get(a_witness)
    with entering(_by(world), "test"):
        return witness.consent_rows.get()


def a_foreign_witness(world: World) -> Witness:
    case = world.get(a_foreign_case)
    return factories.make_consented_witness(case, case.created_by)


def a_foreign_consent(world: World) -> Consent:
    witness = world.get(a_foreign_witness)
    with entering(witness.created_by, "test"):
        return witness.consent_rows.get()


def an_interview(world: World) -> Interview:
    return factories.make_interview(world.get(a_witness), _by(world))


def a_testimony(world: World) -> Testimony:
    return factories.make_testimony(world.get(a_witness), _by(world))


def a_version(world: World) -> TestimonyVersion:
    row = world.get(a_testimony)
    with entering(_by(world), "test"):
        return row.versions.get()


def a_foreign_testimony(world: World) -> Testimony:
    witness = world.get(a_foreign_witness)
    return factories.make_testimony(witness, witness.created_by)


def a_foreign_version(world: World) -> TestimonyVersion:
    row = world.get(a_foreign_testimony)
    with entering(row.created_by, "test"):
        return row.versions.get()


def a_submitted_testimony(world: World) -> Testimony:
    return factories.make_submitted_testimony(world.get(a_witness), _by(world))


def a_testimony_in_review(world: World) -> Testimony:
    """Returned once, mended, and held by the supervisor."""
    row, supervisor = world.get(a_submitted_testimony), world.people["supervisor"]
    with entering(supervisor, "test"):
        take_up_review(by=supervisor, testimony=row)
        return_testimony(by=supervisor, testimony=row, comments="Keep apart what was seen and what was told.")
    with entering(_by(world), "test"):
        save_version(
            by=_by(world),
            testimony=row,
            text=f"{factories.TEXT} رأيتهم بنفسي.",
            language=TextLanguage.ARABIC,
            kind=VersionKind.STATEMENT,
            based_on=1,
        )
        submit_testimony(by=_by(world), testimony=row)
    with entering(supervisor, "test"):
        take_up_review(by=supervisor, testimony=row)
    return row


def an_approved_testimony(world: World) -> Testimony:
    people = (world.people["investigator"], world.people["supervisor"])
    return factories.make_approved_testimony(world.get(a_witness), *people)


def an_incident(world: World) -> Incident:
    return factories.make_incident(world.get(a_case), _by(world))


def a_foreign_incident(world: World) -> Incident:
    case = world.get(a_foreign_case)
    return factories.make_incident(case, case.created_by)


def a_link(world: World) -> IncidentLink:
    other = factories.make_incident(world.get(a_case), _by(world))
    with entering(_by(world), "test"):
        return link_incidents(
            by=_by(world), first=world.get(an_incident), second=other, kind=ChainLink.PRECEDES
        )


def a_location(world: World) -> Location:
    with entering(_by(world), "test"):
        facts = LocationFacts(name_en="Banias")
        return record_location(by=_by(world), case=world.get(a_case), facts=facts)


def a_victim(world: World) -> Victim:
    return factories.make_victim(world.get(a_case), _by(world), incident=world.get(an_incident))


def an_act(world: World) -> Act:
    return factories.make_act(world.get(an_incident), _by(world), victims=(world.get(a_victim),))


def an_actor(world: World) -> Actor:
    return factories.make_actor(world.get(a_case), _by(world))


def an_involvement(world: World) -> Involvement:
    act, actor = world.get(an_act), world.get(an_actor)
    with entering(_by(world), "test"):
        return record_involvement(
            by=_by(world), act=act, actor=actor, facts=InvolvementFacts(degree=Degree.PRESENT)
        )


def members(status: int, *names: str) -> Cell:
    """Give the named members `status`, the other members 403; to everybody else it does not exist."""
    cell = dict.fromkeys(MEMBERS, 403) | dict.fromkeys(names, status)
    return everybody(404, **cell)


READERS = tuple(name for name in MEMBERS if name != "auditor")
EVENT_READERS = ("lead", "investigator", "supervisor", "disclosure_officer")
WRITERS = ("lead", "investigator", "supervisor")
TAKERS = ("lead", "investigator")
# They read accounts; a custodian only takes one out of use, without reading it.
ACCOUNT_READERS = ("lead", "investigator", "interpreter", "supervisor", "disclosure_officer")
EDITORS = ("lead", "supervisor")
HEAR = members(200, *ACCOUNT_READERS)
READ, SEE = members(200, *READERS), members(200, *EVENT_READERS)
WRITE, ACT = members(200, *WRITERS), members(302, *WRITERS)
# An empty form comes back with what is to mend.
MEND = members(422, *WRITERS)
LOG_READERS = ("lead", "supervisor", "auditor")
LOGS, LOGS_MEND = members(200, *LOG_READERS), members(422, *LOG_READERS)
MANAGE, MANAGE_MEND = members(200, "lead"), members(422, "lead")

ONE = {"case": a_case}
FOREIGN = {"case": a_foreign_case}
NOTHING = everybody(404)


def form(name: str, kwargs: Mapping[str, object], open_to: Cell, mend: Cell) -> Row:
    """A form: shown, and shown again when it was sent empty."""
    return row(name, kwargs, GET=open_to, POST=mend)


ROWS = [
    row(
        "case-create",
        GET=everybody(403, lead=200, investigator=200, supervisor=200, outsider=200),
        POST=everybody(403, lead=422, investigator=422, supervisor=422, outsider=422),
    ),
    row("case-detail", ONE, GET=READ),
    row("case-detail", FOREIGN, query="?foreign", GET=NOTHING),
    form("case-edit", ONE, members(200, *EDITORS), members(422, *EDITORS)),
    row(
        "case-move",
        {**ONE, "to": "under_review"},
        POST=members(302, *EDITORS),
    ),
    row("case-log", ONE, GET=LOGS, POST=LOGS_MEND),
    row("case-log", FOREIGN, query="?foreign", GET=NOTHING),
    row("member-list", ONE, GET=READ),
    form("member-create", ONE, MANAGE, MANAGE_MEND),
    form("member-edit", {**ONE, "member": a_membership}, MANAGE, MANAGE_MEND),
    row(
        "member-end",
        {**ONE, "member": a_membership},
        GET=READ,
        POST=members(302, "lead", "interpreter"),
    ),
    row("member-readmit", {**ONE, "member": a_membership}, POST=members(409, "lead")),
    row("incident-list", ONE, GET=SEE),
    form("incident-create", ONE, WRITE, MEND),
    row("incident-detail", {**ONE, "incident": an_incident}, GET=SEE),
    # The incident of another case, under the address of one's own: it does not exist either.
    row(
        "incident-detail",
        {**ONE, "incident": a_foreign_incident},
        query="?foreign",
        GET=members(404, *EVENT_READERS),
    ),
    form("incident-edit", {**ONE, "incident": an_incident}, WRITE, MEND),
    row("incident-link", {**ONE, "incident": an_incident}, POST=ACT),
    row("incident-unlink", {**ONE, "link": a_link}, POST=ACT),
    form("location-create", ONE, WRITE, MEND),
    form("location-edit", {**ONE, "location": a_location}, WRITE, MEND),
    form("act-create", {**ONE, "incident": an_incident}, WRITE, MEND),
    row("act-detail", {**ONE, "act": an_act}, GET=SEE),
    form("act-edit", {**ONE, "act": an_act}, WRITE, MEND),
    form("involvement-create", {**ONE, "act": an_act}, WRITE, MEND),
    row("involvement-retract", {**ONE, "involvement": an_involvement}, POST=ACT),
    row("victim-list", ONE, GET=SEE, POST=members(422, *EVENT_READERS)),
    form("victim-create", ONE, WRITE, MEND),
    row("victim-detail", {**ONE, "victim": a_victim}, GET=SEE),
    form("victim-edit", {**ONE, "victim": a_victim}, WRITE, MEND),
    row("victim-count", {**ONE, "victim": a_victim}, POST=ACT),
    form("death-edit", {**ONE, "victim": a_victim}, WRITE, MEND),
    row("actor-list", ONE, GET=SEE),
    form("actor-create", ONE, WRITE, MEND),
    row("actor-detail", {**ONE, "actor": an_actor}, GET=SEE),
    form("actor-edit", {**ONE, "actor": an_actor}, WRITE, MEND),
    row("interview-list", ONE, GET=READ, POST=members(422, *READERS)),
    form("interview-create", ONE, members(200, *TAKERS), members(422, *TAKERS)),
    row("interview-detail", {**ONE, "interview": an_interview}, GET=READ),
    form(
        "interview-edit",
        {**ONE, "interview": an_interview},
        members(200, *TAKERS),
        members(422, *TAKERS),
    ),
    form(
        "interview-move",
        {**ONE, "interview": an_interview, "to": "not_taken"},
        members(200, *TAKERS),
        members(422, *TAKERS),
    ),
    form(
        "interview-justify",
        {**ONE, "interview": an_interview},
        members(200, "supervisor"),
        members(422, "supervisor"),
    ),
    row("witness-care", {**ONE, "witness": a_witness}, GET=READ),
    row("witness-care", {**ONE, "witness": a_foreign_witness}, query="?foreign", GET=members(404, *READERS)),
    form("risk-create", {**ONE, "witness": a_witness}, members(200, *TAKERS), members(422, *TAKERS)),
    form("risk-create", {**ONE, "witness": a_foreign_witness}, members(404, *TAKERS), members(404, *TAKERS)),
    form("prior-create", {**ONE, "witness": a_witness}, members(200, *TAKERS), members(422, *TAKERS)),
    form("contact-rules", {**ONE, "witness": a_witness}, members(200, *TAKERS), members(422, *TAKERS)),
    form(
        "contact-rules", {**ONE, "witness": a_foreign_witness}, members(404, *TAKERS), members(404, *TAKERS)
    ),
    form("contact-create", {**ONE, "witness": a_witness}, members(200, *TAKERS), members(422, *TAKERS)),
    form(
        "contact-create", {**ONE, "witness": a_foreign_witness}, members(404, *TAKERS), members(404, *TAKERS)
    ),
    form("referral-create", {**ONE, "witness": a_witness}, members(200, *TAKERS), members(422, *TAKERS)),
    form(
        "referral-create", {**ONE, "witness": a_foreign_witness}, members(404, *TAKERS), members(404, *TAKERS)
    ),
    # A view without a name is not saved; the page says so.
    row("witness-list", ONE, GET=READ, POST=members(422, *READERS)),
    row("witness-list", FOREIGN, query="?foreign", GET=NOTHING),
    row("witness-detail", {**ONE, "witness": a_witness}, GET=READ),
    row(
        "witness-detail", {**ONE, "witness": a_foreign_witness}, query="?foreign", GET=members(404, *READERS)
    ),
    form(
        "witness-edit",
        {**ONE, "witness": a_witness},
        members(200, *TAKERS),
        members(422, *TAKERS),
    ),
    form(
        "witness-move",
        {**ONE, "witness": a_witness, "to": "active"},
        members(200, *TAKERS),
        members(302, *TAKERS),
    ),
    row("consent-detail", {**ONE, "consent": a_consent}, GET=READ),
    row(
        "consent-detail", {**ONE, "consent": a_foreign_consent}, query="?foreign", GET=members(404, *READERS)
    ),
    form(
        "consent-record",
        {**ONE, "witness": a_witness},
        members(200, *TAKERS),
        members(422, *TAKERS),
    ),
    row("consent-choose", ONE, GET=READ),
    row("consent-choose", FOREIGN, query="?foreign", GET=NOTHING),
    # Any member who meets witnesses or their words: it never waits for the right person.
    row("consent-withdraw", {**ONE, "consent": a_consent}, GET=READ, POST=members(302, *READERS)),
    row(
        "consent-withdraw",
        {**ONE, "consent": a_foreign_consent},
        query="?foreign",
        GET=members(404, *READERS),
        POST=members(404, *READERS),
    ),
]
