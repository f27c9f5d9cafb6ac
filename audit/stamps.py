"""What a time stamp is and when one is believed (RFC 3161).

Promise: only the digest of a checkpoint leaves; an answer counts when it grants, is over that digest, carries
the nonce that was asked with and the policy that was configured, and is signed under the authority's own
certificates; everything else raises with a code that says what was wrong. Called by who asks and by who
verifies.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Final

from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    TimeStampTokenInfo,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from audit.authorities import Authority

# Larger than any answer with its certificates; what is larger is not read to its end.
MOST_BYTES: Final = 64 << 10
_SHA256: Final = "2.16.840.1.101.3.4.2.1"


class StampRefused(Exception):
    """An answer that is not believed, or none. `reason` is a short code for the log and for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def question(note: str) -> TimeStampRequest:
    """Return what is asked about a checkpoint: its SHA-256, a fresh nonce, and the certificates."""
    return TimestampRequestBuilder(note.encode(), HashAlgorithm.SHA256, nonce=True, cert_req=True).build()


def believed(token: bytes, *, note: str, nonce: int, authority: Authority) -> TimeStampTokenInfo:
    """Return what an answer says about a checkpoint. Raises `StampRefused`."""
    if len(token) > MOST_BYTES:
        raise StampRefused("too_large")
    answer, said = _read(token)
    if said.nonce is None or said.nonce != nonce:
        raise StampRefused("wrong_nonce")
    if said.policy != authority.policy:
        raise StampRefused("wrong_policy")
    imprint = said.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or not hmac.compare_digest(
        imprint.message, hashlib.sha256(note.encode()).digest()
    ):
        raise StampRefused("wrong_imprint")
    verifier = VerifierBuilder(
        policy_id=authority.policy,
        nonce=nonce,
        roots=list(authority.roots),
        intermediates=list(authority.between),
    ).build()
    try:
        verifier.verify_message(answer, note.encode())
    except (VerificationError, ValueError):
        raise StampRefused("not_signed_by_authority") from None
    return said


def time_of(token: bytes) -> datetime:
    """Return the time that a stored answer names."""
    return _read(token)[1].gen_time


def _read(token: bytes) -> tuple[TimeStampResponse, TimeStampTokenInfo]:
    try:
        answer = decode_timestamp_response(token)
        status = answer.status
    except ValueError:
        raise StampRefused("not_an_answer") from None
    if status != PKIStatus.GRANTED:
        raise StampRefused("rejected")
    try:
        return answer, answer.tst_info
    except ValueError:
        raise StampRefused("not_an_answer") from None
