"""A share of the root key on paper: words that a person can type, and a square that a camera can read.

Promise: what is read back from either is what was printed; a slip of the pen is told with its line before it
can be taken for anything else (each line of words carries a checksum of BIP 39). Called by
`manage.py root_shares`.
"""

import io
import re
from typing import Final

import qrcode
from mnemonic import Mnemonic

from vault.custodian.words import word_list
from vault.errors import RecoveryRefused
from vault.keys.recovery import BODIES, Half, Share

_WORDS: Final = 24
_SET: Final = re.compile(r"^set ([0-9a-f]{8})$")
_BODY: Final = re.compile(r"^body ([0-9])$")
_HALF: Final = re.compile(r"^with ([0-9]): ([a-z ]+)$")


def lines_of(share: Share) -> str:
    """Return the lines that count."""
    word_list()  # refuses another list than the one we know
    book = Mnemonic("english")
    halves = [f"with {half.partner}: {book.to_mnemonic(half.content)}" for half in share.halves]
    return "\n".join((f"set {share.set_id}", f"body {share.body}", *halves))


def sheet(share: Share, name: str, day: str) -> str:
    """Return the whole sheet, to be printed: what it is, the lines, the square."""
    others = " or ".join(str(body) for body in BODIES if body != share.body)
    return (
        f"SHARE OF A ROOT KEY                                   {day}\n\n"
        f"Kept by: {name} (body {share.body} of {len(BODIES)})\n\n"
        f"With the paper of body {others}, and a backup, this opens all that the server can open.\n"
        "Alone it opens nothing. Keep it sealed, away from the others. Give it to nobody who comes alone.\n"
        "Whoever keeps it holds no half of the break-glass key.\n\n"
        f"{_wrapped(lines_of(share))}\n\n"
        "A word has four letters that no other begins with. Type the lines as they stand, each in one line;\n"
        "the computer says which line is wrong. The square holds the same.\n\n"
        f"{_square(lines_of(share))}\n"
    )


def parse(text: str) -> Share:
    """Read a share from what was typed, scanned, or copied from the sheet. Raises `RecoveryRefused`."""
    set_id, body, halves = "", 0, []
    for line in _joined(text):
        if found := _SET.match(line):
            set_id = found[1]
        elif found := _BODY.match(line):
            body = int(found[1])
        elif found := _HALF.match(line):
            halves.append(Half(int(found[1]), _bytes(found[2], f"with {found[1]}")))
    if not set_id or body not in BODIES:
        raise RecoveryRefused("A paper begins with its lines `set ...` and `body ...`.")
    if {half.partner for half in halves} != set(BODIES) - {body} or len(halves) != len(BODIES) - 1:
        raise RecoveryRefused(f"The paper of body {body} has one line for each of the two others.")
    return Share(set_id, body, tuple(halves))


def _joined(text: str) -> list[str]:
    """Lines in small letters, with what was wrapped put back behind its line."""
    lines: list[str] = []
    for raw in text.lower().splitlines():
        line = " ".join(raw.split())
        if raw[:1].isspace() and lines and lines[-1].startswith("with ") and re.fullmatch(r"[a-z ]+", line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def _wrapped(lines: str) -> str:
    out = []
    for line in lines.splitlines():
        head, _, said = line.partition(": ")
        words = said.split()
        if not words:
            out.append(line)
            continue
        out.append(f"{head}: {' '.join(words[:6])}")
        out += [f"        {' '.join(words[at : at + 6])}" for at in range(6, len(words), 6)]
    return "\n".join(out)


def _bytes(words: str, where: str) -> bytes:
    listed = words.split()
    known = set(word_list())
    strange = [word for word in listed if word not in known]
    if strange:
        raise RecoveryRefused(f"Line `{where}`: word {listed.index(strange[0]) + 1} is not in the list.")
    if len(listed) != _WORDS:
        raise RecoveryRefused(f"Line `{where}`: {len(listed)} words; there are {_WORDS}.")
    try:
        return bytes(Mnemonic("english").to_entropy(listed))
    except (ValueError, LookupError):
        raise RecoveryRefused(f"Line `{where}`: the words do not fit their checksum; one is wrong.") from None


def _square(content: str) -> str:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(content.encode())
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue()
