"""What stays when a witness is erased, because several people's words went into it.

Promise: it lists codes and addresses for a person to look at and rewrite; it opens nothing. Called by the
page of an erasure, and by certificates.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from cases.models import Incident, Witness
from evidence.models import EvidenceItem
from findings.models import FactAssertion, FactLink


@dataclass(frozen=True, slots=True)
class Remains:
    """Facts that rested on the witness's word, and incidents told with what they gave."""

    assertions: tuple[UUID, ...]
    incidents: tuple[UUID, ...]


def remains_of(witness: Witness, reader: User) -> Remains:
    """Return what a person should rewrite, as far as the reader may see it."""
    mine = Q(testimony__witness=witness.pk) | Q(item__witness=witness.pk)
    told = EvidenceItem.objects.filter(witness=witness.pk, incident__isnull=False).values("incident")
    return _resting_on(mine, told, witness.case_id, reader)


def remains_of_item(item: EvidenceItem, reader: User) -> Remains:
    """Return what rests on an exhibit whose object is gone, as far as the reader may see it."""
    told = EvidenceItem.objects.filter(pk=item.pk, incident__isnull=False).values("incident")
    return _resting_on(Q(item=item.pk), told, item.case_id, reader)


# What was taken back is named too: the words of the fact may have come from it all the same.
def _resting_on(mine: Q, told: "QuerySet[EvidenceItem, Any]", case: UUID, reader: User) -> Remains:
    links = FactLink.objects.filter(mine, case=case).values("assertion")
    facts = FactAssertion.objects.visible_to(reader).filter(pk__in=links).order_by("created_at")
    incidents = Incident.objects.visible_to(reader).filter(pk__in=told).order_by("created_at")
    return Remains(tuple(facts.values_list("pk", flat=True)), tuple(incidents.values_list("pk", flat=True)))
