"""Halves for a newcomer: the helpers' part and the newcomer's."""

from pathlib import Path

from vault.custodian.repairing import assist, complete
from vault.custodian.repairpapers import Help, Repair
from vault.custodian.tool.asking import Session, read, say, write
from vault.custodian.tool.showing import repair_lines


def help_newcomer(session: Session, key: Path, paper: Path, out: Path) -> None:
    """Do a helper's part of a repair."""
    repair = Repair.read(read(paper))
    me = session.key(key)
    directory = session.directory(key, me)
    say(*repair_lines(repair, directory), "")
    write(out, assist(repair, directory, me).write())


def join_helps(session: Session, *, key: Path, paper: Path, helps: tuple[Path, Path], out: Path) -> None:
    """Do the newcomer's part of a repair."""
    repair = Repair.read(read(paper))
    me = session.key(key)
    directory = session.directory(key, me)
    one, other = (Help.read(read(path), repair) for path in helps)
    write(out, complete(repair, (one, other), directory, me).write())
    say(f"{len(repair.sources)} identities open to you and a partner once the server has this file.")
