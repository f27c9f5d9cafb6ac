"""How a line of the access matrix is written, and the small world that its addresses speak of.

    ROWS = [
        row("people-list", GET=only("sysadmin", 200)),
        row("case-detail", {"case": a_case}, GET=everybody(404, lead=200, auditor=200, anonymous=302)),
        row("session-end", {"session": unknown}, POST=everybody(409)),
    ]

A cell says the status that each persona gets. Strangers are sent to the sign-in page (302) unless a cell says
otherwise. A method that a row does not name must be refused to everybody; a persona that it does not cover,
and an address without a row, fail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

from accounts.models import User
from tests.personas import ANONYMOUS, PERSONAS

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED: Final = frozenset({302, 403, 404, 405})
UNKNOWN: Final = UUID("00000000-0000-4000-8000-00000000dead")

T = TypeVar("T")


class World:
    """The personas, and what was made for this row, once: `world.get(a_case)`."""

    def __init__(self, people: Mapping[str, User]) -> None:
        self.people = people
        self._made: dict[Callable[[World], object], object] = {}

    def get(self, make: "Callable[[World], T]") -> T:
        """Return what `make(world)` returns, making it the first time."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[return-value]  # kept under its own maker


Value = Callable[[World], object] | object
Cell = Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """One address: how to build it, what to send, and who gets which status."""

    name: str
    kwargs: Mapping[str, Value] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    data: Mapping[str, Value] = field(default_factory=dict)
    query: str = ""


def everybody(status: int, **others: int) -> Cell:
    """Give every signed-in persona `status`, but for the ones named."""
    unknown = set(others) - set(PERSONAS)
    if unknown:
        raise ValueError(f"There is no persona {sorted(unknown)}.")
    return {ANONYMOUS: 302, **{name: status for name in PERSONAS if name != ANONYMOUS}, **others}


def only(*names: str, status: int = 200, others: int = 403) -> Cell:
    """Give the named personas `status`, every other signed-in one `others`."""
    return everybody(others, **dict.fromkeys(names, status))


def unknown(_world: World) -> UUID:
    """An id that nothing has."""
    return UNKNOWN


def row(
    name: str,
    kwargs: Mapping[str, Value] | None = None,
    *,
    data: Mapping[str, Value] | None = None,
    query: str = "",
    **cells: Cell,
) -> Row:
    """Write one line; methods are named in capitals. HEAD may do what GET may, or nothing (405)."""
    wrong = set(cells) - set(METHODS)
    if wrong:
        raise ValueError(f"There is no method {sorted(wrong)}.")
    return Row(name, kwargs or {}, cells, data or {}, query)


def resolve(world: World, values: Mapping[str, Value]) -> dict[str, Any]:
    """Call what must be made, and take the id of what was."""
    found = {name: world.get(value) if callable(value) else value for name, value in values.items()}
    return {name: getattr(value, "pk", value) for name, value in found.items()}
