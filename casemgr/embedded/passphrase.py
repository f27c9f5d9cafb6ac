"""The passphrase of the root key: typed once, where `up` runs, and read from there by the programs it starts.

It lies in memory of this process alone, under no name of a file system, and cannot be changed there; it ends
with the run. Whoever runs as the same user may read it, as they may read a key file; those programs that need
no key are not told where it is. The system may write memory to its swap: that belongs encrypted, or off.
"""

import fcntl
import getpass
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from casemgr.embedded.faults import StartError
from vault.vocabulary import SHORTEST_PASSPHRASE

_DESCRIPTOR, _FILE = "ROOT_KEY_PASSPHRASE_FD", "ROOT_KEY_PASSPHRASE_FILE"


def hand_on(environ: Mapping[str, str], key_file: Path, stack: ExitStack) -> dict[str, str]:
    """Ask for the passphrase where one is wanted; return what tells the programs where to read it.

    Raises `StartError` for a passphrase that is refused.
    """
    if environ.get("ROOT_KEY_PROVIDER", "file") != "passphrase" or environ.get(_FILE):
        return {}
    if not hasattr(os, "memfd_create"):
        raise StartError("A passphrase can be handed on under Linux alone: start each program by itself.")
    words = _asked(environ.get(_DESCRIPTOR, ""), is_new=not key_file.exists())
    kept = os.memfd_create("passphrase", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    stack.callback(os.close, kept)
    os.fchmod(kept, 0o600)
    os.write(kept, words)
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    fcntl.fcntl(kept, fcntl.F_ADD_SEALS, seals)
    return {_FILE: f"/proc/{os.getpid()}/fd/{kept}"}


def _asked(descriptor: str, *, is_new: bool) -> bytes:
    if descriptor not in {"", "0"}:
        try:
            with os.fdopen(int(descriptor), "rb") as pipe:
                words = pipe.read().rstrip(b"\r\n")
        except (OSError, ValueError) as fault:
            raise StartError(f"{_DESCRIPTOR} names no open descriptor: {fault}") from None
    elif sys.stdin.isatty():
        words = getpass.getpass("Passphrase of the root key: ").encode()
        if is_new and getpass.getpass("Once more: ").encode() != words:
            raise StartError("The two passphrases differ. Nothing was made.")
    else:
        raise StartError(f"There is no terminal to ask for the passphrase at: name a pipe in {_DESCRIPTOR}.")
    if is_new and len(words) < SHORTEST_PASSPHRASE:
        raise StartError(f"A new passphrase has at least {SHORTEST_PASSPHRASE} bytes. Nothing was made.")
    return words
