"""Writing the log out for a check without the server.

Promise: leaves are written as they lie, with what the signer said about them; nothing secret is among them
(the signer's key stays, and tags of the application are of no use outside). Called by `verify_audit
--export`.
"""

import shutil
from pathlib import Path

from django.db import connection, transaction

from audit import offline
from audit.memory import Memory

_CHUNK = 4_096


def write_out(folder: Path, memory: Memory | None = None) -> int:
    """Fill `folder`, which must be new, with the leaves, the signer's words and the checker; return the
    count.
    """
    memory = memory or Memory()
    folder.mkdir(mode=0o700, parents=True)
    count = 0
    # The signer's words first: whatever they cover is among the leaves that are read afterwards.
    (folder / memory.history.name).write_text("".join(memory.notes()))
    for path in (memory.public, memory.last, memory.hashes):
        if path.exists():
            shutil.copyfile(path, folder / path.name)
    shutil.copyfile(offline.__file__, folder / "check.py")
    with transaction.atomic(), connection.chunked_cursor() as cursor, (folder / "leaves").open("wb") as file:
        cursor.execute(
            """SELECT e.leaf FROM audit_position p LEFT JOIN audit_event e ON e.id = p.event_id
            ORDER BY p.index"""
        )
        while rows := cursor.fetchmany(_CHUNK):
            count += len(rows)
            # A line break inside a leaf would be a forgery: it must not make two leaves out of one.
            file.writelines((leaf or "").replace("\n", "\\n").encode() + b"\n" for (leaf,) in rows)
    return count
