"""Who the custodians are now.

Promise: a directory is in force only if a chain of signatures leads to it from the first one, whose
fingerprint stands in the configuration; rows give nobody power. A chain that ends below the highest number
that was ever followed to, which is kept in a file beside the keys, is refused: a key that was removed does
not come back because somebody deleted a row. Called by whatever seals to custodians or asks them.
"""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.db import connection

from accounts.actions.installation import is_demonstration
from accounts.errors import DirectoryDoubted
from accounts.models import CustodianDirectory, User
from vault import diskfile
from vault.custodian import directory as directories
from vault.custodian.directory import Directory, Member, Signed
from vault.custodian.errors import CustodianError


class _Seen:
    """The highest number that was followed to, in this process and in a file beside the keys."""

    def __init__(self) -> None:
        self.lock, self.highest = Lock(), dict[str, int]()

    def number(self, founding: str) -> int:
        with self.lock:
            try:
                told = int(_seen_file(founding).read_text())
            except FileNotFoundError:
                told = 0
            return max(self.highest.get(founding, 0), told)

    def raise_to(self, founding: str, number: int) -> None:
        with self.lock:
            self.highest[founding] = max(self.highest.get(founding, 0), number)
            # A process that may not write there goes by what it has seen itself, and by those that may.
            with suppress(OSError):
                diskfile.replace(_seen_file(founding), f"{number}\n".encode())


_seen = _Seen()


def _seen_file(founding: str) -> Path:
    """A number that goes back is a lie of the database; so it is kept where the database cannot write."""
    return Path(settings.EPOCH_KEY_FILE).with_name(f"custodians-{founding[:16]}.seen")


def directory_in_force() -> Directory | None:
    """Return the directory in force, or None where there never was one.

    Raises `DirectoryDoubted` where the rows are not what custodians signed.
    """
    papers = tuple(
        bytes(paper)
        for paper in CustodianDirectory.objects.filter(in_force=True)
        .order_by("number")
        .values_list("paper", flat=True)
    )
    founding = founding_digest()
    highest = _seen.number(founding)
    if not papers and not highest:
        return None
    try:
        found = _followed(papers, founding, demonstration=is_demonstration())
    except (CustodianError, ValueError):
        raise DirectoryDoubted(subject="directory") from None
    if found.number < highest:
        raise DirectoryDoubted(subject="directory", number=found.number, highest=highest)
    if found.number > highest:
        connection.on_commit(lambda: _seen.raise_to(founding, found.number), robust=True)
    return found


def chain() -> list[Signed]:
    """Return the signed papers in force, first to last; they were followed before they are shown."""
    rows = CustodianDirectory.objects.filter(in_force=True).order_by("number")
    return [directories.read(bytes(row.paper)) for row in rows]


def member_of(user: User, directory: Directory) -> Member | None:
    """Return a person's entry among the custodians; codes are given once and never change."""
    return next((one for one in directory.custodians if one.code == user.staff_code), None)


def founding_digest() -> str:
    """Return the fingerprint of the first directory, in hex: from the configuration.

    A demonstration founds its own at its first start, and keeps the fingerprint in a file of DATA_DIR.
    """
    if settings.CUSTODIAN_FOUNDING or not is_demonstration():
        return str(settings.CUSTODIAN_FOUNDING).strip().lower()
    path = demonstration_folder() / "founded"
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def tool_of(user: User, command: str, *papers: str, demonstration: bool) -> str:
    """How this custodian calls the tool: with a key of their own, or the one that a demonstration keeps."""
    if not demonstration:
        return " ".join(("python -m vault.custodian", command, "KEY", *papers))
    folder = demonstration_folder()
    tool = f".venv/bin/python -m vault.custodian --demonstration --passphrase-file {folder / 'passphrase'}"
    return " ".join(
        (tool, command, str(folder / f"{user.staff_code}.key"), *(str(folder / one) for one in papers))
    )


def demonstration_folder() -> Path:
    """Return where a demonstration keeps its custodians' keys."""
    return Path(settings.DATA_DIR) / "custodians"


# Verifying a chain costs milliseconds, and it is asked for at each sealing: what was verified is remembered
# by its bytes.
@lru_cache(maxsize=8)
def _followed(papers: tuple[bytes, ...], founding: str, *, demonstration: bool) -> Directory:
    return directories.follow(
        [directories.read(paper) for paper in papers],
        founding=bytes.fromhex(founding),
        demonstration=demonstration,
    )
