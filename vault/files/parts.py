"""A file of a bucket while it is being written.

Promise: it is under its reference whole, verified by the store part by part, and locked for as long as the
settings say; or it is under none. A part is a whole number of sealed segments, so that an upload which was
interrupted goes on in any process, behind its last part and what lies beside it. Called by
`vault.files.bucket` only.
"""

import errno
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from blake3 import blake3

from vault.errors import Locked, Missing
from vault.files.beside import Beside
from vault.files.lanes import Lane
from vault.files.remote import Address, RemoteFile, checksum, translated
from vault.files.segments import SEALED_SEGMENT

PART: Final = 8 * SEALED_SEGMENT  # the stores ask for 5 MiB at least, but for the last
MOST_PARTS: Final = 10_000
_KIND: Final = "application/octet-stream"  # the same for every file


@dataclass(frozen=True, slots=True)
class Taken:
    """What the turns before left: the id of the upload, its whole parts as the store names them, and what
    follows them.
    """

    upload: str = ""
    parts: tuple[dict[str, object], ...] = ()
    rest: bytes = b""


class PendingParts:
    """A file that is sent in parts; one that is smaller than a part is sent at once. `beside` belongs to one
    that arrives in several turns.
    """

    def __init__(
        self,
        client: Any,
        address: Address,
        ref: str,
        remove: Callable[[str], None],
        *,
        beside: Beside | None = None,
        taken: Taken = Taken(),
    ) -> None:
        self._client, self._address, self._remove, self._beside = client, address, remove, beside
        self._place = {"Bucket": address.name, "Key": ref}
        self._upload, self._sent, self._turns = taken.upload, [*taken.parts], len(taken.parts)
        self._buffer, self._used = bytearray(PART), len(taken.rest)
        self._buffer[: self._used] = taken.rest
        self._digest = None if self._turns or self._used else blake3()
        self._sending, self._digesting = Lane("sending"), Lane("digesting")
        self._ending = False

    def room(self, length: int) -> memoryview:
        """See `Pending`."""
        if self._used + length > PART:
            self._turn()
        self._used += length
        return memoryview(self._buffer)[self._used - length : self._used]

    def flush(self) -> int:
        """See `Pending`. Raises `OSError` when somebody else goes on with the file."""
        if self._used == PART:
            self._turn()
        self._sending.wait()
        if self._beside is None:
            return self._turns * PART
        self._beside.expect()
        self._beside.keep(self._turns, self._rest())
        return self._turns * PART + self._used

    def finish(self) -> bytes:
        """See `Pending`. Raises `FileExistsError`, `StoreGone`, `OSError`."""
        self._sending.wait()
        self._digesting.wait()
        rest = self._rest()
        if self._beside is None:
            self._refuse_second()
        else:
            self._beside.expect()
        self._ending = True
        with translated():
            version = self._end_parts(rest) if self._upload else self._put_whole(rest)
            self._lock(version)
        self._close()
        if self._beside is not None:
            with suppress(OSError, Locked):
                self._beside.clear()
        if self._digest is None:
            return self._digest_anew(self._turns * PART + len(rest))
        self._digest.update(rest)
        return self._digest.digest()

    def abandon(self) -> None:
        """See `Pending`. What the store does not let go of now is removed by the sweep."""
        self._close()
        with suppress(OSError, Missing), translated():
            if self._upload:
                self._client.abort_multipart_upload(**self._place, UploadId=self._upload)
        if self._ending:
            with suppress(OSError, Locked):
                self._remove(self._place["Key"])

    def leave(self) -> None:
        """See `Pending`. A file that is whole stays so: whoever takes it up copies what it needs."""
        self._close()

    def _rest(self) -> bytes:
        return bytes(memoryview(self._buffer)[: self._used])

    def _digest_anew(self, size: int) -> bytes:
        """Digest what the store holds: what earlier turns brought was digested by nobody who remembers."""
        digest, offset, room = blake3(), 0, memoryview(bytearray(min(PART, size)))
        file = RemoteFile(self._client, self._place["Bucket"], self._place["Key"], size)
        try:
            while done := file.read_into(offset, room):
                digest.update(room[:done])
                offset += done
        finally:
            file.close()
        return digest.digest()

    def _turn(self) -> None:
        """Have a full part digested and sent; go on in fresh memory."""
        if self._turns == MOST_PARTS - 1:
            raise OSError(errno.EFBIG, "the store takes no more parts of one file")
        if not self._upload:
            with translated():
                begun = self._client.create_multipart_upload(
                    **self._place, ContentType=_KIND, ChecksumAlgorithm="SHA256"
                )
            self._upload = begun["UploadId"]
        self._turns += 1
        number, part = self._turns, self._buffer
        self._buffer, self._used = bytearray(PART), 0
        if self._digest is not None:
            self._digesting.put(self._digest.update, memoryview(part))
        self._sending.put(lambda _whole: self._send(number, part), memoryview(part))

    def _send(self, number: int, part: bytes | bytearray) -> None:
        told = checksum(part)
        if self._beside is not None:
            self._beside.expect()  # a part of somebody who was overtaken would take the place of a newer one
        with translated():
            taken = self._client.upload_part(
                **self._place,
                UploadId=self._upload,
                PartNumber=number,
                Body=part,
                ChecksumSHA256=told,
            )
        self._sent.append({"PartNumber": number, "ETag": taken["ETag"], "ChecksumSHA256": told})

    def _end_parts(self, rest: bytes) -> str | None:
        if rest:
            self._send(self._turns + 1, rest)
        ended = self._client.complete_multipart_upload(
            **self._place, UploadId=self._upload, MultipartUpload={"Parts": self._sent}
        )
        return _version(ended)

    def _put_whole(self, rest: bytes) -> str | None:
        put = self._client.put_object(
            **self._place, Body=rest, ContentType=_KIND, ChecksumSHA256=checksum(rest)
        )
        return _version(put)

    def _refuse_second(self) -> None:
        """References are random: a second file under one is a mistake, never a race."""
        with suppress(Missing), translated():
            self._client.head_object(**self._place)
            raise FileExistsError(self._place["Key"])

    def _lock(self, version: str | None) -> None:
        """Keep everybody from removing the file before a day: last, since a failure must leave nothing."""
        if self._address.lock_days:
            until = datetime.now(UTC) + timedelta(days=self._address.lock_days)
            self._client.put_object_retention(
                **self._place,
                **({"VersionId": version} if version else {}),
                Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
            )

    def _close(self) -> None:
        try:
            self._sending.close()
        finally:
            self._digesting.close()


def _version(answer: dict[str, Any]) -> str | None:
    version = answer.get("VersionId")
    return str(version) if version else None
