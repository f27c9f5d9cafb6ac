"""Whose identity an export may carry, and on what that rests.

Promise: a witness goes in only where each object of theirs in the export is covered at the export's level,
which names them; how they are reached only where they said so of their contact details; whom else they named,
never. It opens nothing and changes nothing. Called by the actions of the hand-over and by recalls.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone

from cases.models import ConsentScope, Witness
from cases.vocabulary import (
    CONTACT_FIELDS,
    NAMING_FIELDS,
    IdentityField,
    Material,
)
from exports.models import Export, ExportItem, RecipientPseudonym
from exports.recalling import witness_of
from exports.vocabulary import PseudonymKind
from exports.weighing import NAMING, Ask, Consents, Weighed
from vault.envelope import encode

_LABEL: Final = b"casemgr handover witness 1"


@dataclass(frozen=True, slots=True)
class Named:
    """One witness who goes in, and the answers on which that rests."""

    witness: Witness
    answers: tuple[ConsentScope, ...]

    @property
    def has_contact(self) -> bool:
        return any(one.material == Material.CONTACT_DETAILS for one in self.answers)

    @property
    def fields(self) -> tuple[IdentityField, ...]:
        """The fields that go in; whatever else an identity holds stays here."""
        return (*NAMING_FIELDS, *CONTACT_FIELDS) if self.has_contact else NAMING_FIELDS

    def digest(self, code: RecipientPseudonym) -> bytes:
        """SHA-256 over the person, what they are called towards the recipient, and every word of consent."""
        pseudonym = self.witness.public_pseudonym
        said = b"" if pseudonym is None else hashlib.sha256(pseudonym.blob).digest()
        rows = [
            one.consent.row_digest() + one.row_digest() + one.tagged_facts()
            for one in sorted(self.answers, key=lambda answer: answer.pk)
        ]
        pk: UUID = self.witness.pk
        parts = (_LABEL, pk.bytes, said, code.row_digest(), *rows)
        return hashlib.sha256(encode(*parts)).digest()


def named_in(export: Export, answered: Iterable[tuple[ExportItem, Weighed]]) -> list[Named]:
    """Return the witnesses of what is in the export, by id. `answered` is what its consents said now."""
    if export.identity_level not in NAMING:
        return []
    people: dict[UUID, Witness] = {}
    rests: dict[UUID, dict[UUID, ConsentScope]] = {}
    for item, weighed in answered:
        witness = witness_of(item)
        if witness is not None:
            people[witness.pk] = witness
            rests.setdefault(witness.pk, {}).update({one.pk: one for one in weighed.answers})
    consents = Consents(
        Ask.of(export.recipient, export.purpose, export.identity_level, export.tier), timezone.now(), people
    )
    for pk, witness in people.items():
        reason, contact = consents.gap(witness, Material.CONTACT_DETAILS)
        if reason is None:
            rests[pk].update({one.pk: one for one in contact})
    return [Named(people[pk], tuple(rests[pk].values())) for pk in sorted(people) if rests[pk]]


def codes_of(export: Export, witnesses: Collection[UUID]) -> dict[UUID, RecipientPseudonym]:
    """What each is called towards the recipient, by witness, as far as it was drawn."""
    rows = RecipientPseudonym.objects.filter(
        case=export.case_id,
        recipient=export.recipient_id,
        kind=PseudonymKind.WITNESS,
        subject__in=witnesses,
    )
    return {row.subject: row for row in rows}
