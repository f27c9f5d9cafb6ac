"""The signer's loop: seal what was written, sign what was sealed, and say aloud when the tree does not fit.

Promise: it ends only when asked to; a database that is away for a while delays it, a tree that does not fit
stops the signing, is an event and is told once, and is tried again, since a restored database may fit
again.
"""

import logging
import threading

from django.db import Error, connection, transaction

from audit.actions import record
from audit.sealing import TreeDamaged, seal_batch
from audit.signer import Signer, TreeRefused
from audit.vocabulary import Kind

SIGNER = "machine:signer"
_log = logging.getLogger(__name__)


def run(signer: Signer, *, pause: float, ended: threading.Event) -> None:
    """Seal and sign every `pause` seconds until `ended` is set."""
    told = ""
    while True:
        try:
            told = step(signer, told)
        except Error as fault:
            name = type(
                fault
            ).__name__  # its text may hold values, and a traceback hides the line that counts
            _log.warning("nothing was signed: the database did not answer as it should (%s)", name)
            connection.close()
        if ended.wait(pause):
            return


def step(signer: Signer, told: str = "") -> str:
    """Seal and sign once. Returns the refusal that was told, or nothing where all is well."""
    try:
        seal_batch()
        signer.sign()
    except (TreeRefused, TreeDamaged) as refusal:
        if str(refusal) != told:
            _log.critical("the log is not signed: %s", refusal)
            with transaction.atomic():
                record(
                    Kind.LOG_FAILED,
                    by=SIGNER,
                    facts={"reason": "tree_refused", "index": refusal.index, "what": refusal.reason},
                )
        return str(refusal)
    return ""
