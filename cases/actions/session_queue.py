"""What a session compares with the names: the queue, fixed by digest before anybody signs.

Promise: an item names the sealed bytes that are compared and who wrote them; what was changed since, added or
taken out is found before a name is opened. Called by the actions of sessions alone.
"""

import base64
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from cases.actions.unsealing_papers import subject_of
from cases.chamber.holding import Place
from cases.errors import ForgedRequest, MaterialChanged, StreamTooLarge
from cases.models import IdentitySession, SessionItem, TestimonyVersion, Witness
from cases.vocabulary import LARGEST_STREAM, SessionCheck
from vault import unsealing
from vault.envelope import encode
from vault.files import open_file
from vault.identities import digest_of
from vault.models import SealedIdentity, StoredFile
from vault.opening import open_rows
from vault.sealed import Sealed
from vault.vocabulary import Purpose, ScopeKind

_MATERIAL = b"casemgr session material 1"
_IDENTITIES = b"casemgr session identities 1"


@dataclass(frozen=True, slots=True)
class Stream:
    """Bytes that are to leave: a sealed file of the case, and who made it, if it was a person."""

    file: StoredFile
    author: User | None = None


def queue(
    session: IdentitySession,
    checks: Collection[SessionCheck],
    versions: Sequence[TestimonyVersion] = (),
    files: Sequence[Stream] = (),
) -> list[SessionItem]:
    """Make the items of a session, unsaved."""
    rows: list[tuple[SessionCheck, bytes, UUID | None, User | None]] = []
    if SessionCheck.DUPLICATES in checks:
        digest = digest_of_identities(identities_of(session.case_id))
        rows.append((SessionCheck.DUPLICATES, digest, None, None))
    if SessionCheck.PSEUDONYMS in checks:
        rows += [
            (SessionCheck.PSEUDONYMS, _sealed_digest(one.public_pseudonym), one.pk, one.created_by)
            for one in witnesses_of(session.case_id)
        ]
    rows += [(SessionCheck.TEXTS, _sealed_digest(one.text), one.pk, one.created_by) for one in versions]
    rows += [(SessionCheck.STREAMS, bytes(one.file.sealed_digest), one.file.pk, one.author) for one in files]
    return [
        SessionItem(
            case_id=session.case_id,
            session=session,
            created_by=session.created_by,
            number=number,
            kind=kind,
            subject=subject,
            author=author,
            digest=digest,
        )
        for number, (kind, digest, subject, author) in enumerate(rows)
    ]


def material_of(items: Sequence[SessionItem]) -> bytes:
    """The digest of a queue."""
    ordered = sorted(items, key=lambda one: one.number)
    return hashlib.sha256(encode(_MATERIAL, *(one.written() for one in ordered))).digest()


def queued(session: IdentitySession) -> list[SessionItem]:
    """The items as they stand. Raises `ForgedRequest` where they are not those that were asked for."""
    items = list(SessionItem.objects.filter(session=session).select_related("author").order_by("number"))
    if material_of(items) != bytes(session.material):
        raise ForgedRequest(subject=subject_of(session), scope=session.case_id)
    return items


def as_queued(
    session: IdentitySession, items: Sequence[SessionItem], names: Sequence[SealedIdentity]
) -> None:
    """Raise `MaterialChanged` where something that is compared, or erased since, is not as it was asked.

    `names` are the identities that the custodians were asked for. What came in later waits for the next
    session.
    """
    now = {one.pk: _sealed_digest(one.public_pseudonym) for one in witnesses_of(session.case_id)}
    now |= {one.pk: _sealed_digest(one.text) for one in _versions(items, session.created_by)}
    now |= {one.pk: bytes(one.sealed_digest) for one in _files(items, session.case_id)}
    for one in items:
        if one.kind == SessionCheck.DUPLICATES:
            found: bytes | None = digest_of_identities(names)
        else:
            found = now.get(one.subject) if one.subject else None
        if found != bytes(one.digest):
            raise MaterialChanged(subject=subject_of(session), scope=session.case_id)


def pseudonyms(items: Sequence[SessionItem], *, by: User) -> tuple[Place, ...]:
    """Open the pseudonyms that are queued."""
    numbered = {one.subject: one for one in items if one.kind == SessionCheck.PSEUDONYMS}
    rows = Witness.objects.filter(pk__in=[one for one in numbered if one])
    opened = open_rows(rows, "public_pseudonym", reader=by.staff_code, purpose=Purpose.IDENTITY)
    return tuple(
        Place(item.number, opened[pk].text("public_pseudonym"), str(item.author_id or ""))
        for pk, item in numbered.items()
        if pk is not None
    )


def texts(items: Sequence[SessionItem], *, by: User) -> tuple[Place, ...]:
    """Open the texts that are queued, as far as the person who asked may read them."""
    rows = _versions(items, by)
    opened = open_rows(rows, "text", reader=by.staff_code, purpose=Purpose.IDENTITY)
    numbers = {one.subject: one.number for one in items if one.kind == SessionCheck.TEXTS}
    return tuple(Place(numbers[row.pk], opened[row.pk].text("text"), str(row.created_by_id)) for row in rows)


def streams(items: Sequence[SessionItem], *, by: User) -> tuple[Place, ...]:
    """Open the files that are queued. Raises `StreamTooLarge`."""
    numbered = {one.subject: one for one in items if one.kind == SessionCheck.STREAMS}
    found = []
    for row in _files(items, items[0].case_id) if numbered else ():
        item = numbered[row.pk]
        with open_file(row, reader=by.staff_code, purpose=Purpose.IDENTITY) as opened:
            if opened.length > LARGEST_STREAM:
                raise StreamTooLarge(subject=subject_of(item.session), scope=item.case_id)
            raw = b"".join(bytes(piece) for piece in opened.passing())
        found.append(Place(item.number, base64.b64encode(raw).decode(), str(item.author_id or "")))
    return tuple(found)


def _versions(items: Sequence[SessionItem], by: User) -> list[TestimonyVersion]:
    asked = [one.subject for one in items if one.kind == SessionCheck.TEXTS and one.subject]
    return list(TestimonyVersion.objects.visible_to(by).filter(pk__in=asked)) if asked else []


def _files(items: Sequence[SessionItem], case: UUID) -> list[StoredFile]:
    asked = [one.subject for one in items if one.kind == SessionCheck.STREAMS and one.subject]
    rows = StoredFile.objects.filter(scope_kind=ScopeKind.CASE.value, scope_id=case)
    return list(rows.filter(pk__in=asked)) if asked else []


def witnesses_of(case: UUID) -> list[Witness]:
    """Every witness of the case whose words were not erased, whoever may read of them: names are compared by
    the process and told by nobody.
    """
    return list(Witness.objects.filter(case=case, erased_at__isnull=True).order_by("code"))


def identities_of(case: UUID) -> list[SealedIdentity]:
    """Every sealed version of who these witnesses are."""
    return unsealing.versions_of([one.pk for one in witnesses_of(case)])


def digest_of_identities(rows: Sequence[SealedIdentity]) -> bytes:
    """The digest of all names of a case, sealed as they are."""
    return hashlib.sha256(encode(_IDENTITIES, *(digest_of(one).encode() for one in rows))).digest()


def summary(items: Sequence[SessionItem]) -> str:
    """What is compared, in one line that custodians read in their tool."""
    counts = {kind: sum(1 for one in items if one.kind == kind) for kind in SessionCheck}
    return ", ".join(f"{kind.value} {count}" for kind, count in counts.items() if count)


def _sealed_digest(value: Sealed | None) -> bytes:
    return hashlib.sha256(b"" if value is None else value.blob).digest()
