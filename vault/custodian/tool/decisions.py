"""Requests: saying what they ask, approving, vetoing, lifting a veto, rehearsing."""

import time
from pathlib import Path

from vault.custodian import words
from vault.custodian.directory import Directory
from vault.custodian.errors import PaperRefused
from vault.custodian.keyfile import KeyFile
from vault.custodian.pairs import open_half
from vault.custodian.papers import Ask, Kind, Request, Verdict, approve, decide
from vault.custodian.tool.asking import Session, read, say, write
from vault.custodian.tool.showing import request_lines


def show(paper: Path) -> None:
    """Say what a request asks."""
    say(*request_lines(Ask.read(read(paper)).request))


def answer(session: Session, verdict: Verdict, *, key: Path, paper: Path, out: Path, reason: str) -> None:
    """Sign one decision on one request and write it to a new file."""
    if out.exists():
        raise PaperRefused(f"{out} is there already: name another file. Nothing was written.")
    ask = Ask.read(read(paper))
    say(*request_lines(ask.request), "")
    me = session.key(key)
    check(ask.request, session.directory(key, me), me)
    if verdict == Verdict.APPROVE:
        if ask.request.kind != Kind.DRILL:  # nobody asks: what it opens is bound to be invented
            compare(session, ask.request)
        decision = approve(ask, me.id, me.keys, reason)
    else:
        decision = decide(verdict, ask.request, me.id, me.keys, reason)
    write(out, decision.write())


def rehearse(session: Session, key: Path, paper: Path) -> None:
    """Open this key's halves of a request and say so; nothing is sent, nothing is approved."""
    ask = Ask.read(read(paper))
    me = session.key(key)
    mine = [one for one in ask.halves if one.binding.holder == me.id]
    for half in mine:
        open_half(half, me.keys.box)
    if not mine:
        raise PaperRefused("The file holds no half of yours.")
    say(f"{len(mine)} of {len(mine)} halves open with this key. Nothing was sent.")


def check(request: Request, directory: Directory, me: KeyFile) -> None:
    """Raise `PaperRefused` where this custodian may not answer."""
    request.check_time(time.time())
    if request.directory != directory.number or request.directory_digest != directory.digest:
        raise PaperRefused(
            f"The request was made under directory {request.directory}; "
            f"this key trusts directory {directory.number}. Use `trust`, or have it asked anew."
        )
    if me.id == request.requester_id or me.code == request.requester:
        raise PaperRefused("Who asks does not answer.")


def compare(session: Session, request: Request) -> None:
    """Have a person type the words of the one-time key as the requester says them."""
    heard = session.hear(
        f"Call {request.requester} at a number you know. Ask for the eight words of their key, and type them:"
    )
    if not words.same(heard, request.key.fingerprint):
        raise PaperRefused(
            "These are not the words of the key in this file. Do not approve; tell the others."
        )
