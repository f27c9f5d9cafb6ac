"""Which directory a tool trusts: the newest it has seen, in a file beside the key.

Promise: the first directory is believed only by the words that a person typed as they heard them; every later
one only if it is signed by two members of the one before and its number goes up by one. A lower number is
refused for ever, so a revoked key cannot come back. Called by the tool.
"""

from pathlib import Path

from vault import diskfile
from vault.custodian import directory as directories
from vault.custodian import words
from vault.custodian.directory import Directory, Signed
from vault.custodian.errors import DirectoryRefused


def load(path: Path) -> Directory:
    """Return the trusted directory; raises `DirectoryRefused` where there is none yet."""
    try:
        return directories.read(path.read_bytes()).directory
    except FileNotFoundError:
        raise DirectoryRefused(
            f"There is no {path.name} yet: compare the words of the directory by voice, then `trust` it."
        ) from None


def begin(path: Path, papers: list[Signed], heard: str, *, demonstration: bool = False) -> Directory:
    """Trust the last of a chain that begins with the first directory, whose words a person heard."""
    if path.exists():
        return go_on(path, papers, demonstration=demonstration)
    if not papers or papers[0].directory.number != 1:
        raise DirectoryRefused("Begin with directory 1: its words are the ones to compare.")
    first = papers[0].directory
    if not words.same(heard, first.digest):
        raise DirectoryRefused("These are not the words of this directory. Nothing was trusted.")
    found = directories.follow(papers, founding=first.digest, demonstration=demonstration)
    diskfile.create(path, papers[-1].write())
    return found


def go_on(path: Path, papers: list[Signed], *, demonstration: bool = False) -> Directory:
    """Trust what follows the trusted directory; raises `DirectoryRefused`."""
    now = load(path)
    if papers and papers[-1].directory.number < now.number:
        raise DirectoryRefused(
            f"Directory {papers[-1].directory.number} is older than {now.number}, which was seen before."
        )
    for signed in papers:
        if signed.directory.number == now.number and signed.directory.digest != now.digest:
            raise DirectoryRefused(f"This is another directory {now.number} than the one that is trusted.")
        if signed.directory.number > now.number:
            directories.check_next(signed, now, demonstration=demonstration)
            now = signed.directory
            diskfile.replace(path, signed.write())
    return now
