"""Who may call back what was delivered, read what a withdrawal reached, and print what was agreed."""

from accounts.door import entering
from cases.models import Consent
from exports.models import Export, RecallNotice
from tests.exports.worlds import World as Sending
from tests.policy.matrix.exports import OFFICER, OFFICER_NOTHING, READERS, a_case
from tests.policy.rows import World, everybody, row, unknown

PAPER = {"language": "en"}
_STRANGERS = {"outsider": 404, "recipient": 404, "sysadmin": 404}
MEMBERS = {
    "lead": 200,
    "investigator": 200,
    "interpreter": 200,
    "supervisor": 200,
    "custodian": 200,
    "disclosure_officer": 200,
}
# Every member but an observer may withdraw, so every such member may read what that reached.
TELLERS = everybody(403, **MEMBERS, **_STRANGERS)
TOLD = everybody(403, **dict.fromkeys(MEMBERS, 302), **_STRANGERS)
TAKERS = everybody(403, lead=200, investigator=200, **_STRANGERS)


def sending(world: World) -> Sending:
    """The people of the matrix, one export of theirs delivered and its consent taken back."""
    people = world.people
    made = Sending(
        lead=people["lead"],
        investigator=people["investigator"],
        supervisor=people["supervisor"],
        officer=people["disclosure_officer"],
        contact=people["recipient"],
        outsider=people["outsider"],
        case=world.get(a_case),
    )
    assert made.delivered
    made.withdraw()
    return made


def a_recalled(world: World) -> Export:
    """An export that must be called back."""
    return world.get(sending).delivered


def a_notice(world: World) -> RecallNotice:
    """A letter that calls it back."""
    made = world.get(sending)
    if "notice" not in made.__dict__:
        from exports.actions.withdrawal import send_recall

        with entering(made.officer, "test"):
            made.__dict__["notice"] = send_recall(by=made.officer, export=made.delivered, note="By post")
    return made.notice


def a_withdrawn(world: World) -> Consent:
    """A consent that was taken back."""
    return world.get(sending).consent


IN = {"case": a_case}
NO_NOTICE = {**IN, "notice": unknown}
READ_NOTHING = everybody(403, lead=404, supervisor=404, disclosure_officer=404, **_STRANGERS)
ROWS = [
    row("recall-list", IN, GET=READERS),
    row(
        "recall-send",
        {**IN, "export": a_recalled},
        GET=OFFICER,
        data={"note": "By post"},
        POST=everybody(403, disclosure_officer=302, **_STRANGERS),
    ),
    row("recall-detail", NO_NOTICE, GET=READ_NOTHING),
    row("recall-answer", NO_NOTICE, POST=OFFICER_NOTHING),
    row("recall-remind", NO_NOTICE, POST=OFFICER_NOTHING),
    row("recall-letter-take", NO_NOTICE, data=PAPER, POST=OFFICER_NOTHING),
    row("withdrawal-detail", {**IN, "consent": a_withdrawn}, GET=TELLERS),
    row(
        "withdrawal-take",
        {**IN, "consent": unknown},
        POST=everybody(403, **dict.fromkeys(MEMBERS, 404), **_STRANGERS),
    ),
    row("withdrawal-confirm", {**IN, "consent": a_withdrawn}, data={"channel": "by telephone"}, POST=TOLD),
    row("consent-paper", {**IN, "consent": a_withdrawn}, GET=TELLERS),
    row("consent-paper-take", {**IN, "consent": a_withdrawn}, data=PAPER, POST=TELLERS),
    row(
        "consent-recontact",
        {**IN, "consent": a_withdrawn},
        GET=TAKERS,
        POST=everybody(403, lead=422, investigator=422, **_STRANGERS),
    ),
]
