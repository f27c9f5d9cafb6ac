"""The child that speaks to a PKCS#11 token: one question on standard input, one answer on standard output.

Promise: it knows nothing but its question; what it answers about a failure is one word. Started by
`vault.keys.token`; it imports nothing of the project.
"""

import contextlib
import ctypes
import json
import os
import sys
from typing import Any

BOUND = b"casemgr root key 1"
NONCE = 12


def main() -> None:
    """Answer one question."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no core dump, no other process looks in
    question = json.load(sys.stdin)
    try:
        answer = {"content": _answer(question)}
    except _Failed as failed:
        answer = {"error": str(failed)}
    json.dump(answer, sys.stdout)


class _Failed(Exception):
    pass


def _answer(question: dict[str, str]) -> str:
    try:
        import pkcs11  # noqa: PLC0415 - an optional package
        from pkcs11 import exceptions as faults  # noqa: PLC0415
    except ImportError:
        raise _Failed("absent") from None
    try:
        library = pkcs11.lib(question["library"])
    except (RuntimeError, faults.PKCS11Error, OSError):
        raise _Failed("library") from None
    try:
        token = library.get_token(token_label=question["token"])
        with token.open(user_pin=question["pin"]) as session:
            return _work(pkcs11, _key(pkcs11, session, question["key"]), question)
    except (faults.PinIncorrect, faults.PinInvalid, faults.PinLocked, faults.PinLenRange):
        raise _Failed("pin") from None
    except (faults.NoSuchToken, faults.TokenNotPresent, faults.TokenNotRecognised):
        raise _Failed("token") from None
    except (faults.NoSuchKey, faults.MultipleObjectsReturned):
        raise _Failed("key") from None
    except (faults.EncryptedDataInvalid, faults.EncryptedDataLenRange, ValueError):
        raise _Failed("refused") from None
    except faults.PKCS11Error:
        raise _Failed("refused" if question["what"] == "open" else "token") from None


def _key(pkcs11: Any, session: Any, label: str) -> Any:
    kind = pkcs11.constants.ObjectClass.SECRET_KEY
    key = session.get_key(object_class=kind, key_type=pkcs11.mechanisms.KeyType.AES, label=label)
    if key[pkcs11.Attribute.EXTRACTABLE] or not key[pkcs11.Attribute.SENSITIVE]:
        raise _Failed("extractable")
    return key


def _work(pkcs11: Any, key: Any, question: dict[str, str]) -> str:
    how = pkcs11.Mechanism.AES_GCM
    content = bytes.fromhex(question["content"])
    if question["what"] == "seal":
        nonce = os.urandom(NONCE)
        sealed = key.encrypt(content, mechanism=how, mechanism_param=pkcs11.GCMParams(nonce, BOUND, 128))
        return (nonce + bytes(sealed)).hex()
    nonce, sealed = content[:NONCE], content[NONCE:]
    opened = key.decrypt(sealed, mechanism=how, mechanism_param=pkcs11.GCMParams(nonce, BOUND, 128))
    return bytes(opened).hex()


if __name__ == "__main__":
    main()
