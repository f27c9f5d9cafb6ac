"""The passphrase of the root key: typed once, where `up` runs, and read from there by each of its programs.

It lies in memory of this process alone and under no name of a file system; whoever may read it there (the
same user, on this machine) may read the memory of the programs too. It ends with the run.
"""

import getpass
import os
import sys
from collections.abc import MutableMapping
from contextlib import ExitStack
from pathlib import Path

from casemgr.embedded.faults import StartError

SHORTEST = 16  # characters; four random words have more
_DESCRIPTOR, _FILE = "ROOT_KEY_PASSPHRASE_FD", "ROOT_KEY_PASSPHRASE_FILE"


def hand_on(environ: MutableMapping[str, str], key_file: Path, stack: ExitStack) -> None:
    """Ask for the passphrase where one is wanted, and name in `environ` where the programs find it.

    Raises `StartError` for a passphrase that is refused.
    """
    if environ.get("ROOT_KEY_PROVIDER", "file") != "passphrase" or environ.get(_FILE):
        return
    if not hasattr(os, "memfd_create"):
        raise StartError("A passphrase can be handed on under Linux alone: start each program by itself.")
    words = _asked(environ.pop(_DESCRIPTOR, ""), is_new=not key_file.exists())
    kept = os.memfd_create("passphrase", os.MFD_CLOEXEC)
    stack.callback(os.close, kept)
    os.write(kept, words.encode())
    environ[_FILE] = f"/proc/{os.getpid()}/fd/{kept}"
    stack.callback(environ.pop, _FILE, None)


def _asked(descriptor: str, *, is_new: bool) -> str:
    if descriptor and descriptor != "0":
        try:
            with os.fdopen(int(descriptor), "rb") as pipe:
                words = pipe.read().rstrip(b"\r\n").decode()
        except (OSError, ValueError) as fault:
            raise StartError(f"{_DESCRIPTOR} names no open descriptor: {fault}") from fault
    elif sys.stdin.isatty():
        words = getpass.getpass("Passphrase of the root key: ")
    else:
        raise StartError(f"There is no terminal to ask for the passphrase at: name a pipe in {_DESCRIPTOR}.")
    if is_new:
        if len(words) < SHORTEST:
            raise StartError(f"A new passphrase has at least {SHORTEST} characters. Nothing was made.")
        if not descriptor and getpass.getpass("Once more: ") != words:
            raise StartError("The two passphrases differ. Nothing was made.")
    return words
