"""A process that sends one piece of an upload and dies at a named step: `python -m tests.evidence.dying`.

Arguments: the step, the person's, the exhibit's and the upload's id, the offset, the file with the content.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import django


def _die(*_args: object, **_kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: Any, name: str) -> None:
    setattr(owner, name, _die)


def _after(owner: Any, name: str) -> None:
    done = getattr(owner, name)

    def dying(*args: object, **kwargs: object) -> None:
        done(*args, **kwargs)
        _die()

    setattr(owner, name, dying)


def steps() -> dict[str, Callable[[], None]]:
    """Every step of a turn, in its order."""
    from evidence import arriving
    from evidence.actions import files, uploads
    from vault.files import pending, segments
    from vault.models import StoredFile

    return {
        "turn taken": lambda: _after(uploads, "take_turn"),
        "first segment sealed": lambda: _after(segments.Segments, "seal"),
        "bytes durable, not noted": lambda: _after(pending.PendingFile, "flush"),
        "noted": lambda: _after(uploads, "note_settled"),
        "all here, nothing ended": lambda: _before(uploads, "finish_upload"),
        "file has its name": lambda: _after(pending.PendingFile, "finish"),
        "row of the bytes": lambda: _after(StoredFile, "save"),
        "entry of custody and leaf": lambda: _after(files, "append_custody"),
        "all rows, not committed": lambda: _after(uploads, "finish_upload"),
        "committed, not answered": lambda: _before(arriving, "Standing"),
    }


def main(*arguments: str) -> None:
    """Send what follows the offset and die on the way."""
    step, person, item, upload, offset, content = arguments
    django.setup()
    from accounts.door import entering
    from accounts.models import User
    from evidence import arriving
    from evidence.models import EvidenceItem
    from evidence.tus import Piece

    by = User.objects.get(pk=person)
    with entering(by, "test"):
        exhibit = EvidenceItem.objects.select_related("case").get(pk=item)
    steps()[step]()
    arriving.SETTLE_BYTES = 1 << 20
    rest = Path(content).read_bytes()[int(offset) :]
    pieces = [rest[start : start + (1 << 20)] for start in range(0, len(rest), 1 << 20)]
    arriving.Arriving(
        by=by,
        item=exhibit,
        upload=UUID(upload),
        said=Piece(int(offset), len(rest), None, None, ""),
        chunks=pieces,
        is_signed_in=lambda: True,
    ).take()
    sys.exit("It did not die.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")
    main(*sys.argv[1:])
