"""Who may reach an intake: whoever takes witnesses in begins one, and its author alone goes on with it."""

from uuid import UUID

from accounts.door import entering
from cases.actions.intake import begin_intake
from tests.policy.matrix.cases import (
    FOREIGN,
    NOTHING,
    ONE,
    TAKERS,
    a_case,
    a_foreign_witness,
    a_witness,
    form,
    members,
)
from tests.policy.rows import Cell, World, row, unknown


def an_intake(world: World) -> UUID:
    """An intake of the investigator's own."""
    by = world.people["investigator"]
    with entering(by, "test"):
        return begin_intake(by=by, case=world.get(a_case))


def own(status: int) -> Cell:
    """Who could begin one, too, finds nothing at another's."""
    return {**members(status, "investigator"), "lead": 404}


INTAKE = {**ONE, "intake": an_intake}

ROWS = [
    row("intake-start", ONE, GET=members(200, *TAKERS), POST=members(302, *TAKERS)),
    row("intake-start", FOREIGN, query="?foreign", GET=NOTHING, POST=NOTHING),
    form("intake-step", {**INTAKE, "step": "consent"}, own(200), own(422)),
    # Before there is consent, every other page leads back to the first.
    form("intake-step", {**INTAKE, "step": "account"}, own(302), own(302)),
    form(
        "intake-step",
        {**ONE, "intake": unknown, "step": "consent"},
        members(404, *TAKERS),
        members(404, *TAKERS),
    ),
    form("intake-check", INTAKE, own(302), own(302)),
    row("intake-stopped", INTAKE, GET=own(200)),
    form("intake-discard", INTAKE, own(200), own(302)),
    # Outside a demonstration nothing is sealed, and the page says so.
    form("witness-identity", {**ONE, "witness": a_witness}, members(200, *TAKERS), members(422, *TAKERS)),
    form(
        "witness-identity",
        {**ONE, "witness": a_foreign_witness},
        members(404, *TAKERS),
        members(404, *TAKERS),
    ),
]
