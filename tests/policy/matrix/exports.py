"""Who may reach recipients, exports and deliveries."""

import pyrage

from accounts.door import entering
from cases.models import Case
from cases.vocabulary import MemberRole
from exports import signer
from exports.actions import keys, recipients
from exports.models import Recipient, RecipientContact, RecipientKey
from tests import factories
from tests.exports.worlds import MECHANISM
from tests.policy.rows import World, everybody, only, row, unknown


def a_case(world: World) -> Case:
    """A case with everybody in it who can be."""
    signer.prepare()
    lead = world.people["lead"]
    case = factories.make_case(lead)
    for name, role in (
        ("investigator", MemberRole.INVESTIGATOR),
        ("interpreter", MemberRole.INTERPRETER),
        ("supervisor", MemberRole.SUPERVISOR),
        ("custodian", MemberRole.IDENTITY_CUSTODIAN),
        ("disclosure_officer", MemberRole.DISCLOSURE_OFFICER),
        ("auditor", MemberRole.AUDITOR),
    ):
        factories.join(case, lead, world.people[name], role)
    return case


def a_recipient(world: World) -> Recipient:
    officer = world.people["disclosure_officer"]
    with entering(officer, "test"):
        return recipients.add_recipient(by=officer, facts=MECHANISM)


def a_key(world: World) -> RecipientKey:
    officer = world.people["disclosure_officer"]
    key = str(pyrage.x25519.Identity.generate().to_public())
    with entering(officer, "test"):
        return keys.add_key(by=officer, recipient=world.get(a_recipient), public_key=key)


def a_contact(world: World) -> RecipientContact:
    officer = world.people["disclosure_officer"]
    with entering(officer, "test"):
        return recipients.add_contact(
            by=officer, recipient=world.get(a_recipient), user=world.people["recipient"]
        )


CHECKERS = only("disclosure_officer", "supervisor", "lead")
KEEPERS = only("disclosure_officer")
KEEPERS_ACT = only("disclosure_officer", status=302)
CASE = {"case": a_case}
NONE = {"case": a_case, "export": unknown}
# Members without the power are told so; everybody else is told that there is nothing.
_STRANGERS = {"outsider": 404, "recipient": 404, "sysadmin": 404}
READERS = everybody(403, lead=200, supervisor=200, disclosure_officer=200, **_STRANGERS)
OFFICER = everybody(403, disclosure_officer=200, **_STRANGERS)
# An export that is not there: who could read one gets 404, and so do strangers.
READ_MEND = everybody(403, lead=422, supervisor=422, disclosure_officer=422, **_STRANGERS)
READ_NOTHING = everybody(403, lead=404, supervisor=404, disclosure_officer=404, **_STRANGERS)
OFFICER_NOTHING = everybody(403, disclosure_officer=404, **_STRANGERS)
SUPERVISOR_NOTHING = everybody(403, supervisor=404, **_STRANGERS)
# The persona of a recipient belongs to no body here: they are told that there is nothing.
NO_BODY = everybody(403, recipient=404)

ROWS = [
    row("recipient-list", GET=CHECKERS),
    row("recipient-add", GET=KEEPERS, POST=KEEPERS),
    row("recipient-detail", {"recipient": a_recipient}, GET=CHECKERS),
    row("recipient-change", {"recipient": a_recipient}, GET=KEEPERS, POST=KEEPERS),
    row("recipient-key-add", {"recipient": a_recipient}, GET=KEEPERS, POST=KEEPERS),
    row("recipient-contact-add", {"recipient": a_recipient}, POST=KEEPERS_ACT),
    row("recipient-key-check", {"key": a_key}, GET=CHECKERS, POST=CHECKERS),
    row("recipient-key-revoke", {"key": a_key}, POST=KEEPERS_ACT),
    row("recipient-contact-end", {"contact": a_contact}, POST=KEEPERS_ACT),
    row("export-list", CASE, GET=READERS, POST=READ_MEND),
    row("export-request", CASE, GET=OFFICER),
    row("export-send", CASE, POST=everybody(403, disclosure_officer=302, **_STRANGERS)),
    row("export-detail", NONE, GET=READ_NOTHING),
    row("export-check", NONE, POST=OFFICER_NOTHING),
    row("export-decide", NONE, GET=SUPERVISOR_NOTHING, POST=SUPERVISOR_NOTHING),
    row("export-build", NONE, POST=OFFICER_NOTHING),
    row("export-cancel", NONE, POST=OFFICER_NOTHING),
    row("export-download", NONE, POST=OFFICER_NOTHING),
    row("export-letter", {**NONE, "which": "receipt"}, GET=OFFICER_NOTHING),
    row("delivery-list", GET=NO_BODY),
    row("delivery-detail", {"export": unknown}, GET=NO_BODY, POST=NO_BODY),
    row("delivery-download", {"export": unknown}, POST=NO_BODY),
    row("delivery-letter", {"export": unknown, "which": "receipt"}, GET=NO_BODY),
]
