"""What lies in a bucket beside a file that arrives in several turns.

Promise: the segments behind the last whole part, which a multipart upload has no room for, are durable as
objects of their own until they are a part; and who goes on with the file is written down, so that somebody
who hangs on a dead connection notices it before a byte of theirs counts. Called by `vault.files.bucket` and
`vault.files.parts` only.
"""

import errno
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from vault.errors import Damaged, Missing
from vault.files.remote import RemoteFile, checksum, translated

_WHO = "by"


class Beside:
    """Objects whose names begin with the reference and a point; `remove` takes one with every version."""

    def __init__(self, client: Any, bucket: str, ref: str, remove: Callable[[str], None]) -> None:
        self._client, self._bucket, self._ref, self._remove = client, bucket, ref, remove
        self._token = uuid4().bytes

    def claim(self) -> None:
        """Take the file away from whoever had it."""
        self._put(_WHO, self._token)

    def expect(self) -> None:
        """Raise `OSError` when somebody else goes on with the file by now."""
        with suppress(Missing):
            if self._read(_WHO, len(self._token)) == self._token:
                return
        raise OSError(errno.ESTALE, "somebody else goes on with this file")

    def keep(self, parts: int, rest: bytes) -> None:
        """Make durable what follows so many parts."""
        self._put(str(parts), rest)

    def rest(self, parts: int, length: int) -> bytes:
        """Return what follows so many parts. Raises `Missing`, and `Damaged` where fewer bytes are there."""
        return self._read(str(parts), length) if length else b""

    def clear(self) -> None:
        """Remove it all. Safe to repeat."""
        with translated():
            listed = self._client.list_objects_v2(Bucket=self._bucket, Prefix=f"{self._ref}.")
        for found in listed.get("Contents", []):
            self._remove(found["Key"])

    def _put(self, name: str, content: bytes) -> None:
        with translated():
            self._client.put_object(
                Bucket=self._bucket,
                Key=f"{self._ref}.{name}",
                Body=content,
                ChecksumSHA256=checksum(content),
            )

    def _read(self, name: str, length: int) -> bytes:
        content = bytearray(length)
        file = RemoteFile(self._client, self._bucket, f"{self._ref}.{name}", length)
        try:
            file.read_into(0, memoryview(content))
        except Missing:
            raise
        except OSError as error:
            if error.errno == errno.EIO:  # it is shorter than what was durable
                raise Damaged from None
            raise
        finally:
            file.close()
        return bytes(content)
