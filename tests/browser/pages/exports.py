"""Pages of recipients, exports and deliveries."""

from exports.models import Export
from tests.browser.visits import send_empty, visit
from tests.exports.worlds import World as Sending
from tests.policy.matrix.exports import a_case, a_key, a_recipient
from tests.policy.rows import World


def sending(world: World) -> Sending:
    """The people of the matrix in a case from which something can be sent."""
    people = world.people
    return Sending(
        lead=people["lead"],
        investigator=people["investigator"],
        supervisor=people["supervisor"],
        officer=people["disclosure_officer"],
        contact=people["recipient"],
        outsider=people["outsider"],
        case=world.get(a_case),
    )


def a_request(world: World) -> Export:
    """An export that waits for its decision; a draft was left out of it."""
    return world.get(sending).requested


def a_delivery(world: World) -> Export:
    """An export that its recipient can fetch."""
    return world.get(another).verified


def another(world: World) -> Sending:
    """A second export of the same case, so that both states can be looked at."""
    first = world.get(sending)
    second = sending(world)
    second.__dict__.update(
        {name: getattr(first, name) for name in ("ready", "key", "testimony", "clip", "witness")}
    )
    second.secret = first.secret
    return second


def a_ready_recipient(world: World) -> object:
    return world.get(sending).ready


CASE = {"case": a_case}
REQUEST = {"case": a_case, "export": a_request}
DELIVERY = {"case": a_case, "export": a_delivery}

VISITS = [
    visit("recipient-list", "disclosure_officer", called="recipient-list-empty"),
    visit("recipient-add", "disclosure_officer"),
    visit("recipient-add", "disclosure_officer", called="recipient-add-empty", act=send_empty),
    visit("recipient-detail", "supervisor", {"recipient": a_recipient}),
    visit("recipient-change", "disclosure_officer", {"recipient": a_recipient}),
    visit("recipient-key-add", "disclosure_officer", {"recipient": a_recipient}),
    visit("recipient-key-check", "supervisor", {"key": a_key}),
    visit("export-list", "disclosure_officer", CASE, called="export-list-empty"),
    visit("export-request", "disclosure_officer", CASE),
    visit("export-detail", "disclosure_officer", REQUEST),
    visit("export-decide", "supervisor", REQUEST),
    visit("export-decide", "supervisor", REQUEST, called="export-decide-empty", act=send_empty),
    visit("export-list", "lead", CASE),
    visit(
        "recipient-detail", "disclosure_officer", {"recipient": a_ready_recipient}, called="recipient-ready"
    ),
    visit("recipient-list", "disclosure_officer"),
    visit("delivery-list", "recipient"),
    visit("export-detail", "disclosure_officer", DELIVERY, called="export-verified"),
    visit("delivery-detail", "recipient", {"export": a_delivery}),
    visit("delivery-list", "recipient", called="delivery-list-full"),
]
