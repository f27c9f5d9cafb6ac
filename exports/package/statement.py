"""The statement that is signed: which package, for whom, for what. And what each side checks in it.

One who receives a package cannot pass its signature on as if it were addressed to another: number, recipient,
the fingerprint of the recipient's key and purpose are inside what is signed, and, but for the digest, inside
the bag.
"""

from dataclasses import dataclass

from exports.package.ageing import fingerprint
from exports.package.errors import WrongStatement
from exports.package.reading import Checked
from exports.package.signing import check_signature

FORMAT = "Export statement, version 1"
_LABELS = {
    "number": "Export-Number",
    "recipient": "Recipient",
    "fingerprint": "Recipient-Key-SHA256",
    "purpose": "Purpose",
    "checkpoint": "Log-Checkpoint",
}
_DIGEST = "Package-SHA512"


@dataclass(frozen=True, slots=True)
class Address:
    """What the package says of itself in bag-info.txt and the statement repeats."""

    number: str
    recipient: str
    fingerprint: str
    purpose: str
    checkpoint: str

    def labels(self) -> list[tuple[str, str]]:
        """Return the lines for bag-info.txt."""
        return [(label, getattr(self, name)) for name, label in _LABELS.items()]


def write_statement(address: Address, sha512: str) -> bytes:
    """Return the text to be signed. A line break in a value would forge a line, so it is refused."""
    lines = [*address.labels(), (_DIGEST, sha512)]
    if any("\n" in value or "\r" in value for _, value in lines):
        raise WrongStatement("a value of the statement holds a line break")
    return "".join([f"{FORMAT}\n", *(f"{label}: {value}\n" for label, value in lines)]).encode()


def read_statement(statement: bytes) -> tuple[Address, str]:
    """Return address and digest; raises `WrongStatement` for any other form, line or order."""
    try:
        first, *lines = statement.decode().split("\n")
    except UnicodeDecodeError:
        raise WrongStatement("the statement is not UTF-8") from None
    values = dict(line.split(": ", 1) for line in lines if ": " in line)
    expected = [*_LABELS.values(), _DIGEST]
    if first != FORMAT or [line.split(": ", 1)[0] for line in lines] != [*expected, ""]:
        raise WrongStatement("the statement has another form")
    return Address(**{name: values[label] for name, label in _LABELS.items()}), values[_DIGEST]


def check_delivery(
    checked: Checked, statement: bytes, signature: bytes, *, signer: bytes, recipient_key: str
) -> Address:
    """Raise unless signature, statement, package and the reader's own key all belong together."""
    check_signature(statement, signature, signer)
    address, digest = read_statement(statement)
    if digest != checked.sha512:
        raise WrongStatement("the statement speaks of another package")
    if address.fingerprint != fingerprint(recipient_key):
        raise WrongStatement("the statement is addressed to another key")
    if any(checked.info.get(label) != value for label, value in address.labels()):
        raise WrongStatement("the package names another export, recipient or purpose than the statement")
    if checked.root != address.number:
        raise WrongStatement("the package's folder bears another number than the statement")
    return address
