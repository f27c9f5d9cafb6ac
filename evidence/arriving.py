"""One turn of an upload: from the wire into the store.

Promise: what is durable is noted every few seconds, in a transaction of its own, with session and rights
asked again; a connection that breaks costs what came since the last whole segment and no more. Called by the
upload views, outside any transaction.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from accounts.door import entering
from accounts.models import User
from audit.refusals import Refusal
from evidence.actions import uploads
from evidence.actions.files import AlreadyHere
from evidence.errors import DigestDiffers, StoreOutOfReach, UploadCut
from evidence.errors.turns import NoRoomNow, PieceTooSmall, SignedOut, UploadLost
from evidence.models import EvidenceItem
from evidence.tus import ChecksumDiffers, Piece
from vault.errors import Damaged, Missing, StoreGone
from vault.files import SEGMENT

PURPOSE = "upload-piece"
SETTLE_BYTES = 64 << 20
SETTLE_SECONDS = 5.0
# After several turns the whole file is read once more at its end: so long the turn may be silent.
HOLD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an upload is after a turn; `expires` is None when it has become a file."""

    offset: int
    expires: datetime | None


@dataclass(slots=True)
class Arriving:
    """A piece that arrives: who sends it, for which exhibit and upload, what was said of it, its bytes."""

    by: User
    item: EvidenceItem
    upload: UUID
    said: Piece
    chunks: Iterable[bytes]
    is_signed_in: Callable[[], bool]
    _got: int = field(default=0, init=False)
    _settled_at: float = field(default_factory=time.monotonic, init=False)
    _settled: int = field(default=0, init=False)

    def take(self) -> Standing:
        """Take the piece in. Raises refusals, each recorded; what was durable before stays."""
        with entering(self.by, PURPOSE):
            going = uploads.take_turn(
                by=self.by,
                item=self.item,
                upload=self.upload,
                offset=self.said.offset,
                size=self.said.size,
                length=self.said.length,
            )
        try:
            with going.sealer:
                return self._pour(going)
        except AlreadyHere as here:
            with entering(self.by, PURPOSE):
                uploads.link_upload(by=self.by, going=going, digests=here.digests)
            return Standing(self.said.offset + self._got, None)
        except (Missing, Damaged):
            self._drop(going, "lost")
            self._refuse(UploadLost)
        except DigestDiffers:
            self._drop(going, "differs")
            raise
        except StoreGone:
            self._refuse(StoreOutOfReach)
        except OSError as error:
            self._refuse(NoRoomNow, number=error.errno or 0)
        finally:
            with suppress(Refusal), entering(self.by, PURPOSE):
                uploads.leave_turn(by=self.by, going=going)

    def _pour(self, going: uploads.Going) -> Standing:
        checksum, is_cut = self.said.checksum, False
        try:
            for chunk in self.chunks:
                going.sealer.write(chunk)
                self._got += len(chunk)
                if checksum is not None:
                    checksum.digest.update(chunk)
                if self._is_due():
                    self._settle(going)
        except UploadCut:
            is_cut = True
        if checksum is not None and is_cut:
            return self._standing(going)
        if checksum is not None and not checksum.is_met():
            self._refuse(ChecksumDiffers)
        end = self.said.offset + self._got
        if end == going.length:
            self._note(going, going.upload.segments, hold=HOLD)
            going.sealer.complete()
            with entering(self.by, PURPOSE):
                self._ask_session()
                uploads.finish_upload(by=self.by, going=going, length=end, sha256=self.said.sha256)
            return Standing(end, None)
        self._settle(going, is_whole=True)
        if self._standing(going).offset == self.said.offset and self.said.size and not is_cut:
            self._refuse(PieceTooSmall)
        return self._standing(going)

    def _is_due(self) -> bool:
        waited = time.monotonic() - self._settled_at
        return waited > SETTLE_SECONDS or self._got - self._settled >= SETTLE_BYTES

    def _settle(self, going: uploads.Going, *, is_whole: bool = False) -> None:
        """Make durable what is whole, and ask again. A piece with a checksum counts when it is whole."""
        more = going.length is not None and self.said.offset + self._got < going.length
        segments = going.sealer.settle(more=more)
        is_counted = is_whole or self.said.checksum is None
        self._note(going, segments if is_counted else going.upload.segments)
        self._settled_at, self._settled = time.monotonic(), self._got

    def _note(self, going: uploads.Going, segments: int, hold: timedelta = uploads.NOW) -> None:
        with entering(self.by, PURPOSE):
            self._ask_session()
            uploads.note_settled(by=self.by, going=going, segments=segments, hold=hold)

    def _ask_session(self) -> None:
        if not self.is_signed_in():
            raise SignedOut(subject=f"upload:{self.upload}", scope=self.item.case_id)

    def _standing(self, going: uploads.Going) -> Standing:
        return Standing(going.upload.segments * SEGMENT, going.upload.expires_at)

    def _drop(self, going: uploads.Going, reason: str) -> None:
        with entering(self.by, PURPOSE):
            uploads.drop_turn(by=self.by, going=going, reason=reason)

    def _refuse(self, refusal: type[Refusal], **facts: int) -> NoReturn:
        with entering(self.by, PURPOSE):
            raise refusal(subject=f"evidence:{self.item.pk}", scope=self.item.case_id, **facts)
