"""A bucket of an S3-compatible store: how it is reached, and what its answers mean.

Promise: whatever a bucket, its keeper or the network does becomes one of a few errors: `Missing`, `StoreGone`
(nothing is known of any file), `PermissionError`, or another `OSError`. Their words are ours: nothing that a
stranger's server says is passed on but its code. Requests are repeated as boto3 repeats them. Called by
`vault.files.bucket` and the files in it only.
"""

import base64
import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from vault.errors import Missing, StoreGone

_ABSENT: Final = {"404", "NoSuchKey", "NotFound"}
_BUSY: Final = {"SlowDown", "RequestTimeout", "RequestTimeTooSkewed", "Throttling", "ThrottlingException"}
_FULL: Final = {"XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded"}
_TRIES: Final = 3  # of an answer that breaks off while it is read, which boto3 does not ask for again


@dataclass(frozen=True, slots=True)
class Address:
    """Where a bucket is, and what is asked of it. An empty `url` is Amazon's own."""

    name: str
    url: str
    region: str
    key: str
    secret: str = field(repr=False)
    lock_days: int = 0
    attempts: int = 5
    patience: float = 30.0  # seconds that an answer may take


def connect(address: Address) -> Any:
    """Return a client; threads may share it."""
    config = Config(
        connect_timeout=min(10.0, address.patience),
        read_timeout=address.patience,
        retries={"mode": "standard", "total_max_attempts": address.attempts},
        max_pool_connections=32,
        # Each request that carries bytes of ours names their SHA-256; what is read is verified by its tags.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if address.url else "auto"},
    )
    session = boto3.session.Session(
        aws_access_key_id=address.key,
        aws_secret_access_key=address.secret,
        region_name=address.region,
    )
    return session.client("s3", endpoint_url=address.url or None, config=config)


@contextmanager
def translated() -> Iterator[None]:
    """Raise what went wrong by our names, without the words of the other side."""
    try:
        yield
    except ClientError as refused:
        raise _meaning(refused) from None
    except BotoCoreError as failed:  # no connection, none in time, or one that broke
        raise StoreGone(errno.EHOSTUNREACH, f"the store does not answer ({type(failed).__name__})") from None


def checksum(content: bytes | bytearray) -> str:
    """What the store compares the bytes with that reached it, before it keeps them."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def _meaning(refused: ClientError) -> Exception:
    code = str(refused.response.get("Error", {}).get("Code", ""))
    status = int(refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _ABSENT:
        return Missing()
    if code == "NoSuchBucket":
        return StoreGone(errno.ENODEV, "the store has no such bucket")
    if status == 507 or code in _FULL:
        return OSError(errno.ENOSPC, "the store is full")
    if status in {401, 403}:
        return PermissionError(errno.EACCES, f"the store refuses us ({_plain(code)})")
    if status >= 500 or status == 429 or code in _BUSY:
        return StoreGone(errno.EBUSY, f"the store cannot answer now ({_plain(code)})")
    return OSError(errno.EIO, f"the store does not do what was asked ({_plain(code)})")


def _plain(code: str) -> str:
    return code if code.isalnum() and code.isascii() and len(code) < 60 else "no known code"


class RemoteFile:
    """A finished file of a bucket, read at places.

    A read asks for its own bytes alone; one that goes on where the one before ended asks for all that follow,
    and the next ones take from that answer.
    """

    def __init__(self, client: Any, bucket: str, ref: str, size: int) -> None:
        self.size = size
        self._client, self._bucket, self._ref = client, bucket, ref
        self._body: Any = None
        self._at = -1  # where the reading before ended, and where the open answer stands

    def read_into(self, offset: int, room: memoryview) -> int:
        """See `Reading`. Raises `Missing`, `StoreGone`, `OSError`."""
        wanted, done, tries = max(0, min(len(room), self.size - offset)), 0, 0
        while done < wanted:
            try:
                with translated():
                    done += self._some(offset + done, room[done:wanted])
            except StoreGone:
                self.close()
                tries += 1
                if tries == _TRIES:
                    raise
        return done

    def close(self) -> None:
        """Let go of the answer that is open."""
        body, self._body = self._body, None
        if body is not None:
            body.close()

    def _some(self, offset: int, room: memoryview) -> int:
        if self._body is None or offset != self._at:
            self.close()
            last = self.size - 1 if offset == self._at else offset + len(room) - 1
            asked = {"Bucket": self._bucket, "Key": self._ref, "Range": f"bytes={offset}-{last}"}
            answer = self._client.get_object(**asked)
            self._body, self._at = answer["Body"], offset
            if not str(answer.get("ContentRange", "")).startswith(f"bytes {offset}-"):
                raise StoreGone(errno.EIO, "the store answers another range")
        done = int(self._body.readinto(room))
        if not done:  # an end before the end; boto3 says so itself where a length was told
            raise StoreGone(errno.EIO, "the store's answer broke off")
        self._at += done
        return done
