"""A store in a bucket of an S3-compatible service.

Promise: the same as a folder's. The bucket sees sealed bytes under random references, their padded sizes and
times, and nothing else. Its mark tells an empty or wrong bucket from files that are lost. Where the settings
ask for a lock, a file cannot be removed or overwritten before its day, by us or by whoever stole our key; a
bucket that cannot promise that is no store. Called by `vault.files` only.
"""

import errno
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from vault.errors import Locked, Missing, StoreGone, VaultError
from vault.files import taking
from vault.files.beside import Beside
from vault.files.parts import PendingParts, Taken
from vault.files.remote import Address, RemoteFile, connect, translated

MARK = "STORE"
_WORDS = b"Sealed files lie here. Without this mark the bucket counts as one that is not ours.\n"
_REF = re.compile(r"[0-9a-f]{32}")
_NEAR = {"127.0.0.1", "localhost", "::1"}


class BucketStorage:
    """Objects named by their reference; what is being written is an unfinished multipart upload."""

    def __init__(self, address: Address) -> None:
        self._address, self._bucket = address, address.name
        self._client = connect(address)

    def is_there(self) -> bool:
        try:
            self._look_at_mark()
        except (OSError, VaultError):
            return False
        return True

    def establish(self) -> None:
        wrong = self._unfit()
        if wrong:
            raise StoreGone(errno.ENOTSUP, wrong)
        if not self.is_there():
            with translated():
                self._client.put_object(Bucket=self._bucket, Key=MARK, Body=_WORDS)

    def begin(self, ref: str) -> PendingParts:
        if not _REF.fullmatch(ref):
            raise Missing
        self._expect_mark()
        return PendingParts(self._client, self._address, ref, self.remove)

    def take_up(self, ref: str, size: int) -> PendingParts:
        if not _REF.fullmatch(ref):
            raise Missing
        self._expect_mark()
        beside = self._beside(ref)
        if size:
            beside.claim()
            taken = taking.taken(self._client, self._bucket, ref, size, beside)
        else:  # whoever began it may have died before the first byte was there
            self.drop(ref)
            beside.claim()
            taken = Taken()
        return PendingParts(self._client, self._address, ref, self.remove, beside=beside, taken=taken)

    def drop(self, ref: str) -> None:
        for key, upload, _begun in taking.uploads(self._client, self._bucket, ref):
            if key == ref:
                taking.abort(self._client, self._bucket, ref, upload)
        self._beside(ref).clear()

    def open(self, ref: str) -> RemoteFile:
        if not _REF.fullmatch(ref):
            raise Missing
        try:
            with translated():
                found = self._client.head_object(Bucket=self._bucket, Key=ref)
        except (Missing, PermissionError):
            self._expect_mark()  # an absent bucket, and one that refuses us, say nothing of any file
            raise
        return RemoteFile(self._client, self._bucket, ref, int(found["ContentLength"]))

    def remove(self, ref: str) -> None:
        """Remove every version. Raises `Locked` where the store must keep one, `StoreGone`, `OSError`."""
        for version in self._versions(ref):
            try:
                with translated():
                    self._client.delete_object(Bucket=self._bucket, Key=ref, VersionId=version)
            except PermissionError:
                if self._is_locked(ref, version):
                    raise Locked(errno.EPERM, "the store keeps the file until its day") from None
                raise

    def finished(self) -> Iterator[tuple[str, datetime]]:
        return ((key, changed) for key, changed in self._listed() if _REF.fullmatch(key))

    def unfinished(self) -> Iterator[tuple[str, datetime]]:
        for key, _upload, begun in taking.uploads(self._client, self._bucket):
            if _REF.fullmatch(key):
                yield key, begun
        for key, changed in self._listed():
            ref, point, _name = key.partition(".")
            if point and _REF.fullmatch(ref):
                yield ref, changed

    def free(self) -> int | None:
        return None

    def faults(self) -> Iterator[str]:
        wrong = self._unfit()
        if wrong:
            yield wrong
        found = urlsplit(self._address.url)
        if found.scheme == "http" and found.hostname not in _NEAR:
            yield "the bucket is reached without TLS: others on the way see when which file is read"

    def _unfit(self) -> str:
        """Say in which way the bucket cannot keep what the settings ask for."""
        if not self._address.lock_days:
            return ""
        try:
            with translated():
                versions = self._client.get_bucket_versioning(Bucket=self._bucket).get("Status")
                lock = self._client.get_object_lock_configuration(Bucket=self._bucket)
        except (Missing, StoreGone, PermissionError):
            raise
        except OSError:  # a bucket without a lock answers with an error of its own
            return "files shall be locked, and the bucket has no object lock"
        is_locking = lock.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled"
        if versions == "Enabled" and is_locking:
            return ""
        return "files shall be locked, and the bucket has no object lock or keeps no versions"

    def _look_at_mark(self) -> None:
        with translated():
            self._client.head_object(Bucket=self._bucket, Key=MARK)

    def _expect_mark(self) -> None:
        try:
            self._look_at_mark()
        except StoreGone:
            raise
        except (OSError, VaultError):
            raise StoreGone(errno.ENODEV, "the store is not there") from None

    def _versions(self, ref: str) -> list[str]:
        """Every version and every mark of deletion under a reference, the newest first."""
        found: list[dict[str, Any]] = []
        with translated():
            pages = self._client.get_paginator("list_object_versions")
            for page in pages.paginate(Bucket=self._bucket, Prefix=ref):
                found += [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        return [one["VersionId"] for one in found if one["Key"] == ref]

    def _is_locked(self, ref: str, version: str) -> bool:
        with suppress(OSError, VaultError), translated():
            kept = self._client.head_object(Bucket=self._bucket, Key=ref, VersionId=version)
            until = kept.get("ObjectLockRetainUntilDate")
            return until is not None and until > datetime.now(UTC)
        return False

    def _listed(self) -> Iterator[tuple[str, datetime]]:
        with translated():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
                for found in page.get("Contents", []):
                    yield found["Key"], found["LastModified"]

    def _beside(self, ref: str) -> Beside:
        return Beside(self._client, self._bucket, ref, self.remove)
