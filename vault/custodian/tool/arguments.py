"""The command line of `python -m vault.custodian`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from vault.custodian.directory import Kept, Role
from vault.custodian.keyfile import DEMONSTRATION
from vault.custodian.papers import Verdict
from vault.custodian.tool import answering, decisions, directories, keyring, repairs
from vault.custodian.tool.asking import Session
from vault.errors import VaultError
from vault.passphrase import USUAL, Cost

Run = Callable[[Session, argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None, cost: Cost | None = None) -> int:
    """Run one command; a refusal is one line on the error stream and the exit code 1."""
    given = _parser().parse_args(arguments)
    least = cost or (DEMONSTRATION if given.demonstration else USUAL)
    session = Session(given.passphrase_file, given.heard, least, given.demonstration)
    run: Run = given.run
    try:
        run(session, given)
    except (VaultError, OSError, EOFError, UnicodeDecodeError) as refused:
        sys.stderr.write(f"{_one_line(refused)}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing was written.\n")
        return 1
    return 0


def _one_line(refused: Exception) -> str:
    return " ".join(str(refused).split()) or (type(refused).__doc__ or "Refused.").split("\n")[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m vault.custodian", description="The custodian's offline tool."
    )
    parser.add_argument(
        "--passphrase-file", type=Path, help="a file with the passphrase, instead of typing it"
    )
    parser.add_argument("--heard", metavar="WORDS", help="the words heard by voice, instead of typing them")
    parser.add_argument(
        "--demonstration",
        action="store_true",
        help="for keys of the demonstration, which guard nobody",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_keys(commands)
    _add_directories(commands)
    _add_requests(commands)
    _add_repairs(commands)
    return parser


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - what add_subparsers returns


def _command(commands: "Commands", name: str, says: str, run: Run, *paths: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=says, description=says)
    for path in paths:
        command.add_argument(path.lower(), metavar=path, type=Path)
    command.set_defaults(run=run)
    return command


def _add_keys(commands: "Commands") -> None:
    new = _command(
        commands, "new-key", "make your key file and its card",
        lambda s, g: keyring.new(
            s, g.key, code=g.code, role=Role(g.role), kept=Kept(g.kept), member_id=g.id
        ),
        "KEY",
    )  # fmt: skip
    new.add_argument("--code", required=True, help="your staff code, for example CUS-01")
    new.add_argument("--role", choices=[one.value for one in Role], default=Role.CUSTODIAN.value)
    new.add_argument("--kept", choices=[one.value for one in Kept], default=Kept.OFF_SERVER.value)
    new.add_argument(
        "--id", type=UUID, help="your id in the directory, when you lost your key and make another"
    )
    _command(commands, "words", "say the words of a key", lambda s, g: keyring.show_words(s, g.key), "KEY")
    _command(commands, "draw-words", "draw six random words for a passphrase", lambda _s, _g: keyring.draw())
    _command(
        commands, "one-time-key", "make the key that one request is opened to",
        lambda s, g: keyring.one_time(s, g.key), "KEY",
    )  # fmt: skip


def _add_directories(commands: "Commands") -> None:
    proposal = _command(
        commands, "propose-directory", "write an unsigned directory",
        lambda s, g: directories.propose(s, g.out, before=g.after, cards=g.add, remove=g.remove),
        "OUT",
    )  # fmt: skip
    proposal.add_argument("--after", type=Path, metavar="DIRECTORY", help="the directory in force")
    proposal.add_argument("--add", type=Path, action="append", default=[], metavar="CARD")
    proposal.add_argument("--remove", action="append", default=[], metavar="CODE")
    _command(
        commands, "sign-directory", "add your signature to a directory",
        lambda s, g: directories.sign(s, g.key, g.directory, g.out), "KEY", "DIRECTORY", "OUT",
    )  # fmt: skip
    trust = _command(
        commands, "trust", "trust a directory from now on; older ones are refused",
        lambda s, g: directories.trust(s, g.key, g.directories), "KEY",
    )  # fmt: skip
    trust.add_argument("directories", nargs="+", type=Path, metavar="DIRECTORY")
    _command(
        commands, "show-directory", "say what stands in a directory",
        lambda _s, g: directories.show(g.directory), "DIRECTORY",
    )  # fmt: skip


def _add_requests(commands: "Commands") -> None:
    _command(commands, "show", "say what a request asks", lambda _s, g: decisions.show(g.request), "REQUEST")
    _command(
        commands, "rehearse", "try your key on a request; nothing is sent",
        lambda s, g: decisions.rehearse(s, g.key, g.request), "KEY", "REQUEST",
    )  # fmt: skip
    for name, says, verdict in (
        ("approve", "approve a request, after comparing words by voice", Verdict.APPROVE),
        ("veto", "stop a request", Verdict.VETO),
        ("lift-veto", "lift another custodian's veto", Verdict.LIFT),
    ):
        answer = _command(commands, name, says, _answering(verdict), "KEY", "REQUEST", "OUT")
        answer.add_argument("--reason", default="", required=verdict != Verdict.APPROVE)
    _command(
        commands, "open", "show an answer to your one-time key on the screen",
        lambda s, g: answering.open_answer(s, g.key, g.answer), "KEY", "ANSWER",
    )  # fmt: skip


def _answering(verdict: Verdict) -> Run:
    return lambda session, given: decisions.answer(
        session, verdict, key=given.key, paper=given.request, out=given.out, reason=given.reason
    )


def _add_repairs(commands: "Commands") -> None:
    _command(
        commands, "help-newcomer", "do your part so that a newcomer can open",
        lambda s, g: repairs.help_newcomer(s, g.key, g.repair, g.out), "KEY", "REPAIR", "OUT",
    )  # fmt: skip
    _command(
        commands, "join-helps", "as the newcomer, join what two helpers sent",
        lambda s, g: repairs.join_helps(s, key=g.key, paper=g.repair, helps=(g.help1, g.help2), out=g.out),
        "KEY", "REPAIR", "HELP1", "HELP2", "OUT",
    )  # fmt: skip
