"""Identities for a recipient: a plain text that explains itself, encrypted to ten words that are on paper.

Promise: only ciphertext comes out of here, in the format of age with a passphrase, which the recipient opens
with a program of their own; its length tells how many versions of identities are in it, which the server
knows, and nothing of how long a name is. Runs in the chamber, and knows no row.
"""

import base64
import json
from collections.abc import Mapping
from typing import Final, cast
from uuid import UUID

import pyrage

from vault.custodian.pairs import Subject

BLOCK: Final = 8192  # bytes for each version: twice what a sealed identity holds at most
_WHAT: Final = (
    "Who the witnesses of this export are. For the recipient named here alone, for the purpose of the export "
    "alone. Keep it apart from the package, on paper or on a machine without a network, and let nobody read "
    "it who does not need it."
)
_HOW: Final = (
    "Each entry belongs to the witness whose WITNESS_CODE in 03_index.csv and tables/witnesses.csv is its "
    "code. Versions are what was written down at different times, the oldest first; later ones add or "
    "correct. Names stand as they were written, in Arabic or Latin letters; nothing was transliterated by a "
    "program. What is listed as left out the witness did not agree to give, or it speaks of other people."
)


def encrypted(job: Mapping[str, object], opened: Mapping[Subject, bytes]) -> dict[str, object]:
    """Return the ciphertext in base64. Raises `ValueError` where somebody is named who was not opened, or the
    other way round.
    """
    entries = cast("list[Mapping[str, object]]", job["entries"])
    about, labels = (cast("Mapping[str, str]", job[name]) for name in ("about", "labels"))
    found = {one.witness_id for one in opened}
    if {UUID(str(one["witness"])) for one in entries} != found or len(entries) != len(found):
        raise ValueError("The entries are not the witnesses who were opened.")
    text = {
        "what": _WHAT,
        "how": _HOW,
        **about,
        "fields": dict(labels),
        "witnesses": [_entry(one, opened, labels) for one in entries],
    }
    written = json.dumps(text, ensure_ascii=False, indent=1).encode()
    size = _length(len(written), len(opened))
    sealed = pyrage.passphrase.encrypt(written.ljust(size, b"\n"), str(job["words"]))
    return {"sealed": base64.b64encode(sealed).decode()}


def _entry(
    one: Mapping[str, object], opened: Mapping[Subject, bytes], labels: Mapping[str, str]
) -> dict[str, object]:
    """What goes in of one witness: the fields that are named, and no other, whatever an identity may hold."""
    wanted = cast("list[str]", one["fields"])
    mine = [subject for subject in opened if str(subject.witness_id) == one["witness"]]
    versions: list[dict[str, object]] = []
    for subject in sorted(mine, key=lambda subject: subject.version):
        fields = cast("dict[str, str]", json.loads(opened[subject]))
        kept = {name: said for name, said in fields.items() if name in wanted}
        versions.append({"version": subject.version, "said": kept})
    return {
        "code": str(one["code"]),
        "pseudonym": str(one["pseudonym"]),
        "left_out": [name for name in labels if name not in wanted],
        "versions": versions,
    }


def _length(written: int, versions: int) -> int:
    """A whole number of what so many versions take at most; more than one only where a text is odd."""
    step = BLOCK * (versions + 1)
    return -(-written // step) * step
