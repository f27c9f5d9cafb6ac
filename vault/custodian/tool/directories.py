"""Directories: proposing one, signing it, trusting it."""

from pathlib import Path

from vault.custodian import directory as directories
from vault.custodian import trust as trusting
from vault.custodian.cards import Card
from vault.custodian.directory import Directory, Signed
from vault.custodian.errors import DirectoryRefused
from vault.custodian.tool.asking import Session, read, say, seen_beside, write
from vault.custodian.tool.showing import directory_lines


def propose(
    session: Session, out: Path, *, before: Path | None, cards: list[Path], remove: list[str]
) -> None:
    """Write an unsigned directory: the first of cards, or the next after `before`."""
    previous = directories.read(read(before)).directory if before else None
    added = [Card.read(read(one)).member for one in cards]
    replaced = {one.id for one in added} | {one.code for one in added}
    kept = previous.members if previous else ()
    unknown = set(remove) - {one.code for one in kept}
    if unknown:
        raise DirectoryRefused(f"{', '.join(sorted(unknown))} is not in the directory.")
    stay = [one for one in kept if one.code not in remove and not {one.id, one.code} & replaced]
    members = tuple(sorted((*stay, *added), key=lambda one: str(one.id)))
    number, digest = (previous.number + 1, previous.digest) if previous else (1, b"")
    directory = Directory(number, digest, members)
    directory.check(demonstration=session.demonstration)
    signed = Signed(directory, ())
    write(out, signed.write())
    say(*directory_lines(signed))


def sign(session: Session, key: Path, paper: Path, out: Path) -> None:
    """Add this key's signature to a directory, after a person compared its words."""
    signed = directories.read(read(paper))
    signed.directory.check(demonstration=session.demonstration)
    say(*directory_lines(signed))
    seen = seen_beside(key)
    me = session.key(key)
    judges = signed.directory
    if signed.directory.number > 1:
        judges = trusting.load(seen)
        if signed.directory.number != judges.number + 1 or signed.directory.previous != judges.digest:
            raise DirectoryRefused("This directory does not follow the one that is trusted here.")
    if judges.member(me.id).keys != me.keys.public:
        raise DirectoryRefused("Your entry in the directory holds another key than this file.")
    write(out, signed.with_signature(signed.directory.sign(me.id, me.keys)).write())


def trust(session: Session, key: Path, papers: list[Path]) -> None:
    """Take over a chain of directories; the first time, by words that were compared by voice."""
    signed = [directories.read(read(one)) for one in papers]
    seen = seen_beside(key)
    if seen.exists():
        found = trusting.go_on(seen, signed, demonstration=session.demonstration)
    else:
        question = "Ask another founder, by voice, for the eight words of directory 1, and type them:"
        heard = session.hear(question)
        found = trusting.begin(seen, signed, heard, demonstration=session.demonstration)
    say(f"Directory {found.number} is trusted by {key.name}:", f"  {found.words}")


def show(paper: Path) -> None:
    """Say what stands in a directory."""
    say(*directory_lines(directories.read(read(paper))))
