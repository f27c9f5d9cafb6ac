"""One turn of an upload: from the wire into the store.

Promise: what is durable is noted every few seconds, in a transaction of its own, with session and rights
asked again; a connection that breaks costs what came since the last whole segment and no more. Called by the
upload views, outside any transaction.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from accounts.door import entering
from accounts.models import User
from audit.refusals import Refusal
from cases.errors import NotVisible
from evidence.actions import uploads
from evidence.actions.files import AlreadyHere
from evidence.errors import DigestDiffers, PieceTooSmall, StorageFull, UploadCut, UploadLost
from evidence.models import EvidenceItem
from evidence.tus import ChecksumDiffers, Piece
from vault.errors import Damaged, Missing
from vault.files import SEGMENT

PURPOSE = "upload-piece"
SETTLE_BYTES = 64 << 20
SETTLE_SECONDS = 5.0


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
            self._drop("lost")
            self._refuse(UploadLost)
        except DigestDiffers:
            self._drop("differs")
            raise
        except OSError as error:
            self._refuse(StorageFull, number=error.errno or 0)
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
                elif self._is_due():
                    self._settle(going)
        except UploadCut:
            is_cut = True
        if checksum is not None and is_cut:
            return self._standing(going)
        if checksum is not None and not checksum.is_met():
            self._refuse(ChecksumDiffers)
        end = self.said.offset + self._got
        if end == going.length:
            with entering(self.by, PURPOSE):
                uploads.finish_upload(by=self.by, going=going, length=end, sha256=self.said.sha256)
            return Standing(end, None)
        self._settle(going)
        if self._standing(going).offset == self.said.offset and self.said.size and not is_cut:
            self._refuse(PieceTooSmall)
        return self._standing(going)

    def _is_due(self) -> bool:
        waited = time.monotonic() - self._settled_at
        return waited > SETTLE_SECONDS or self._got - self._settled >= SETTLE_BYTES

    def _settle(self, going: uploads.Going) -> None:
        more = going.length is not None and self.said.offset + self._got < going.length
        segments = going.sealer.settle(more=more)
        with entering(self.by, PURPOSE):
            if not self.is_signed_in():
                raise NotVisible(subject=f"upload:{self.upload}", scope=self.item.case_id)
            uploads.note_settled(by=self.by, going=going, segments=segments)
        self._settled_at, self._settled = time.monotonic(), self._got

    def _standing(self, going: uploads.Going) -> Standing:
        return Standing(going.upload.segments * SEGMENT, going.upload.expires_at)

    def _drop(self, reason: str) -> None:
        with entering(self.by, PURPOSE):
            uploads.drop_upload(by=self.by, item=self.item, upload=self.upload, reason=reason)

    def _refuse(self, refusal: type[Refusal], **facts: int) -> NoReturn:
        with entering(self.by, PURPOSE):
            raise refusal(subject=f"evidence:{self.item.pk}", scope=self.item.case_id, **facts)
