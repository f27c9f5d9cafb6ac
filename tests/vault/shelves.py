"""Both kinds of store as somebody sees them who has them in his hands, and not through us."""

import os
from pathlib import Path
from typing import Protocol

import pytest
from django.conf import settings

from tests.buckets import Bucket, refusing
from vault.files.folder import MARK


class Shelf(Protocol):
    """A store in the hands of an operator, a thief or a broken machine."""

    def refs(self) -> list[str]:
        """What lies there under a reference, and what was begun, but for the mark."""

    def read(self, ref: str) -> bytes: ...

    def write(self, ref: str, content: bytes) -> None: ...

    def drop(self, ref: str) -> None: ...

    def leave_unfinished(self, ref: str) -> None:
        """Begin a file as somebody does who is killed then."""

    def fill(self, patching: pytest.MonkeyPatch) -> None:
        """Let the next end of a file find no room."""


class FolderShelf:
    def __init__(self, root: Path) -> None:
        self.root = root

    def refs(self) -> list[str]:
        return [path.name for path in self.root.rglob("*") if path.is_file() and path.name != MARK]

    def path(self, ref: str) -> Path:
        return self.root / ref[:2] / ref

    def read(self, ref: str) -> bytes:
        return self.path(ref).read_bytes()

    def write(self, ref: str, content: bytes) -> None:
        self.path(ref).write_bytes(content)

    def drop(self, ref: str) -> None:
        self.path(ref).unlink()

    def leave_unfinished(self, ref: str) -> None:
        (self.root / "pending" / ref).write_bytes(b"begun")

    def fill(self, patching: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        patching.setattr(os, "fsync", full)


class BucketShelf:
    def __init__(self, bucket: Bucket) -> None:
        self.bucket, self.client = bucket, bucket.client
        self.of = {"Bucket": bucket.name}

    def refs(self) -> list[str]:
        self.bucket.weather.faults.clear()
        there = self.client.list_objects_v2(**self.of).get("Contents", [])
        begun = self.client.list_multipart_uploads(**self.of).get("Uploads", [])
        return [one["Key"] for one in [*there, *begun] if one["Key"] != MARK]

    def read(self, ref: str) -> bytes:
        content: bytes = self.client.get_object(**self.of, Key=ref)["Body"].read()
        return content

    def write(self, ref: str, content: bytes) -> None:
        self.client.put_object(**self.of, Key=ref, Body=content, ChecksumAlgorithm="SHA256")

    def drop(self, ref: str) -> None:
        self.client.delete_object(**self.of, Key=ref)

    def leave_unfinished(self, ref: str) -> None:
        self.client.create_multipart_upload(**self.of, Key=ref)

    def fill(self, patching: pytest.MonkeyPatch) -> None:
        self.bucket.weather.bring("put", refusing(507, "XMinioStorageFull"))
        self.bucket.weather.bring("complete", refusing(507, "XMinioStorageFull"))


def shelf_of(request: pytest.FixtureRequest) -> Shelf:
    """The store of this test, by the parameter of its fixture."""
    if request.param == "bucket":
        return BucketShelf(request.getfixturevalue("bucket"))
    return FolderShelf(Path(settings.MEDIA_STORE))
