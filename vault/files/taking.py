"""Taking up what earlier turns left of a file in a bucket.

Promise: what is returned is exactly the first bytes that were durable, as parts that the store holds and what
follows them; everything else that was begun under the reference is ended. Called by `vault.files.bucket`
only.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from vault.errors import Damaged, Missing
from vault.files.beside import Beside
from vault.files.parts import PART, Taken
from vault.files.remote import RemoteFile, translated


def taken(client: Any, bucket: str, ref: str, size: int, beside: Beside) -> Taken:
    """Return what `size` bytes are made of. Raises `Missing`, `Damaged`, `StoreGone`, `OSError`."""
    count, left = divmod(size, PART)
    try:
        with translated():
            whole = int(client.head_object(Bucket=bucket, Key=ref)["ContentLength"])
    except Missing:
        upload, parts = _begun(client, bucket, ref, count)
        return Taken(upload, parts, beside.rest(count, left))
    if whole < size:
        raise Damaged
    return _from_whole(client, bucket, ref, size)  # whoever finished it died before anything was said of it


def uploads(client: Any, bucket: str, ref: str = "") -> Iterator[tuple[str, str, datetime]]:
    """List the uploads that were begun and not ended: reference, id and time."""
    with translated():
        pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=ref)
        for page in pages:
            for begun in page.get("Uploads", []):
                yield begun["Key"], begun["UploadId"], begun["Initiated"]


def abort(client: Any, bucket: str, ref: str, upload: str) -> None:
    """End an upload; nothing happens where there is none."""
    with suppress(Missing), translated():
        client.abort_multipart_upload(Bucket=bucket, Key=ref, UploadId=upload)


def _begun(client: Any, bucket: str, ref: str, count: int) -> tuple[str, tuple[dict[str, object], ...]]:
    """Find the upload that holds so many whole parts; end every other."""
    chosen: tuple[str, tuple[dict[str, object], ...]] = "", ()
    for key, upload, _when in list(uploads(client, bucket, ref)):
        if key != ref:
            continue
        parts = _parts(client, bucket, ref, upload)[:count]
        if count and not chosen[0] and len(parts) == count and all(size == PART for size, _ in parts):
            chosen = upload, tuple(part for _, part in parts)
        else:
            abort(client, bucket, ref, upload)
    if count and not chosen[0]:
        raise Missing
    return chosen


def _parts(client: Any, bucket: str, ref: str, upload: str) -> list[tuple[int, dict[str, object]]]:
    """List the parts of an upload in their order, as far as none is missing."""
    found: list[tuple[int, dict[str, object]]] = []
    with translated():
        pages = client.get_paginator("list_parts").paginate(Bucket=bucket, Key=ref, UploadId=upload)
        for page in pages:
            for part in page.get("Parts", []):
                if part["PartNumber"] == len(found) + 1:
                    found.append((part["Size"], _named(part["PartNumber"], part)))
    return found


def _from_whole(client: Any, bucket: str, ref: str, size: int) -> Taken:
    """Have the store copy the parts out of the finished file into an upload of their own."""
    place, count = {"Bucket": bucket, "Key": ref}, size // PART
    upload, parts = "", []
    if count:
        with translated():
            begun = client.create_multipart_upload(
                **place, ContentType="application/octet-stream", ChecksumAlgorithm="SHA256"
            )
            upload = begun["UploadId"]
            for number in range(1, count + 1):
                copied = client.upload_part_copy(
                    **place,
                    UploadId=upload,
                    PartNumber=number,
                    CopySource=place,
                    CopySourceRange=f"bytes={(number - 1) * PART}-{number * PART - 1}",
                )
                parts.append(_named(number, copied["CopyPartResult"]))
    rest = bytearray(size - count * PART)
    file = RemoteFile(client, bucket, ref, size)
    try:
        file.read_into(count * PART, memoryview(rest))
    finally:
        file.close()
    return Taken(upload, tuple(parts), bytes(rest))


def _named(number: int, told: dict[str, Any]) -> dict[str, object]:
    """A part as the end of an upload names it; a store that keeps no checksums of parts tells none."""
    named: dict[str, object] = {"PartNumber": number, "ETag": told["ETag"]}
    return named | ({"ChecksumSHA256": told["ChecksumSHA256"]} if told.get("ChecksumSHA256") else {})
