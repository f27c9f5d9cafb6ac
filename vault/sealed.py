"""What a sealed column's value is in Python.

Promise: it shows nothing, however it is printed, formatted, copied or pickled; only the opening, which names
a reader and a purpose, makes a value of it. Any room may hold and hand on a `Sealed`.
"""

from uuid import UUID

from vault.envelope import Header, read_header

Home = tuple[str, str, UUID]  # table, column, row id


class Sealed:
    """A ciphertext in its envelope. Once it stands in a row, it is bound there and fits no other."""

    __slots__ = ("blob", "home")

    def __init__(self, blob: bytes, home: Home | None = None) -> None:
        self.blob = blob  # as it lies in the database
        self.home = home

    @property
    def header(self) -> Header:
        """What the blob says of itself; raises `NotVerified` where it is no envelope."""
        return read_header(self.blob)

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> str:
        return "<sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.blob == other.blob

    def __hash__(self) -> int:
        return hash(self.blob)

    def __copy__(self) -> "Sealed":
        return self

    def __deepcopy__(self, memo: object) -> "Sealed":
        return self

    def __reduce__(self) -> tuple[type["Sealed"], tuple[bytes]]:
        return Sealed, (self.blob,)
