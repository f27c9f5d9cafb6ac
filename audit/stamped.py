"""Reading every stored time stamp again.

Promise: each is still over the checkpoint that it was asked for, under the certificates that are configured;
none was added or taken away behind the log. Part of `verify_audit`; it writes nothing.
"""

import json
from collections.abc import Iterator
from hashlib import sha256

from audit.authorities import AuthorityMisread, authorities
from audit.models import Event, Stamp
from audit.stamps import StampRefused, believed
from audit.vocabulary import Kind


def check_stamps(signed: set[str]) -> Iterator[str]:
    """Yield what is wrong with the stamps; `signed` are the notes that the signer remembers."""
    try:
        known = {one.name: one for one in authorities()}
    except AuthorityMisread as misread:
        yield f"the authorities of time stamps: {misread}"
        return
    told = dict(_told())
    for stamp in Stamp.objects.select_related("owed__checkpoint").order_by("owed__due_at").iterator(500):
        name = stamp.owed.authority
        here = f"the time stamp of {name} over {stamp.owed.checkpoint_id} leaves"
        if told.pop(str(stamp.pk), None) != sha256(bytes(stamp.token)).hexdigest():
            yield f"{here} is not the one that the log speaks of"
        if stamp.owed.checkpoint.note not in signed:
            yield f"{here} is over a checkpoint that the signer did not sign"
        authority = known.get(name)
        if authority is None:
            yield f"{here} cannot be verified: its certificates are not configured"
            continue
        try:
            said = believed(
                bytes(stamp.token),
                note=stamp.owed.checkpoint.note,
                nonce=int(stamp.nonce, 16),
                authority=authority,
            )
        except StampRefused as refused:
            yield f"{here} does not verify: {refused.reason}"
            continue
        if said.gen_time != stamp.said_at:
            yield f"{here} says another time than its row"
    for gone in told:
        yield f"the time stamp {gone} that the log speaks of is gone"


def _told() -> Iterator[tuple[str, str]]:
    """Yield each stamp that the log speaks of, with the digest of its answer."""
    leaves = Event.objects.of_kinds([Kind.STAMP_RECEIVED]).values_list("leaf", flat=True)
    for leaf in leaves.iterator(500):
        said = json.loads(leaf)
        yield said["subject"].removeprefix("stamp:"), said["facts"]["digest"]
