"""What happened, where, and the links between: incidents, places, acts and who is said to have taken part."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from cases.models.case import CaseRow
from cases.models.witness import GivenRow
from cases.vocabulary import Permission
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind

# What is told of an incident is as strict as the incident is now, whatever it was when it was written down.
OF_INCIDENT = ("sensitivity", "incident__sensitivity")
OF_ACT = ("sensitivity", "act__sensitivity", "act__incident__sensitivity")


class Record(CaseRow):
    """A row that people correct. What it says now is in its cells; what it said before is in `Revision`."""

    read_permission: ClassVar[Permission] = Permission.INCIDENT_READ
    row_handling = {**CaseRow.row_handling, "revision": plain("two people who edit at once are noticed")}

    revision = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Revision(GivenRow):
    """All that a record said at one number, sealed as one value. Never changed.

    That of an exhibit lies under the key of the witness who gave it, as the exhibit does: where another is
    named as giver, the same words are sealed anew, and nothing else of the row can be written.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.INCIDENT_READ
    deciding: ClassVar[tuple[str, ...]] = ("kind", "subject", "number", "created_by_id")
    handling = {
        **GivenRow.row_handling,
        "kind": plain("which table the record is in"),
        "subject": plain("which record; random"),
        "number": plain("counts its revisions"),
        "content": sealed("all that the record said"),
    }

    kind = models.CharField(max_length=24)
    subject = models.UUIDField()
    number = models.PositiveIntegerField()
    content = SealedJSON()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "number"], name="revisions_are_numbered")
        ]

    def giver(self) -> UUID | None:
        """Only the room of exhibits knows: it says so when it makes the row."""
        return None


class Location(Record):
    """A place belongs to one case, and says how exactly it may be told."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        **Record.row_handling,
        "name_en": sealed("tells where it happened"),
        "name_ar": sealed("tells where it happened"),
        "area": sealed("region, district and subdistrict"),
        "pcode": sealed("tells where it happened"),
        "type": sealed("tells where it happened"),
        "point": sealed("coordinates and how exact they are"),
        "disclosed_level": sealed("how exactly others may be told"),
    }

    name_en = SealedText(null=True)
    name_ar = SealedText(null=True)
    area = SealedJSON(null=True)
    pcode = SealedText(null=True)
    type = SealedText()
    point = SealedJSON(null=True)
    disclosed_level = SealedText()


class Incident(Record):
    """Something that happened, as a whole: acts, victims and claims are told apart within it."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "parent_id", "location_id", "revision")
    handling = {
        **Record.row_handling,
        "parent": plain("an incident may be part of a larger one"),
        "location": plain("where; the place itself is sealed"),
        "title": sealed("says what happened"),
        "dates": sealed("when, and how exactly that is known"),
        "description": sealed("says what happened"),
        "violation_status": sealed("how sure it is"),
    }

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="incidents")
    title = SealedText()
    dates = SealedJSON()
    description = SealedText(null=True)
    violation_status = SealedText()


class IncidentLink(CaseRow):
    """How one incident stands to another."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "first__sensitivity", "second__sensitivity")
    read_permission: ClassVar[Permission] = Permission.INCIDENT_READ
    handling = {
        **CaseRow.row_handling,
        "first": plain("joins"),
        "second": plain("joins"),
        "kind": sealed("says what happened"),
        "retracted_at": plain("a link may be taken back"),
    }

    first = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links_out")
    second = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links_in")
    kind = SealedText()
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="incident_not_linked_to_itself")
        ]


class Act(Record):
    """One wrong done to somebody within an incident, as it was told. Nothing here says who is guilty."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = OF_INCIDENT
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "incident_id", "location_id", "revision")
    handling = {
        **Record.row_handling,
        "incident": plain("joins"),
        "location": plain("where; the place itself is sealed"),
        "type": sealed("says what happened"),
        "method": sealed("says what happened"),
        "stated_reason": sealed("words spoken, by whom, in which language"),
        "dates": sealed("when, and how exactly that is known"),
        "attribution": sealed("to whom it is attributed, and by whom"),
        "description": sealed("says what happened"),
    }

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="acts")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="acts")
    type = SealedText()
    method = SealedText(null=True)
    stated_reason = SealedJSON(null=True)
    dates = SealedJSON()
    attribution = SealedText(null=True)
    description = SealedText(null=True)


class Actor(Record):
    """Somebody who is said to have taken part: a person, a group, a unit or a body of the State."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "code", "unit_of_id", "revision")
    handling = {
        **Record.row_handling,
        "code": plain("joins and shows the actor; random"),
        "unit_of": plain("a unit belongs to a larger one"),
        "kind": sealed("describes the actor"),
        "name": sealed("names the actor"),
        "aliases": sealed("names the actor"),
        "side": sealed("describes the actor"),
        "rank_or_position": sealed("describes the actor"),
        "description": sealed("insignia, uniform, vehicle, dialect"),
        "identification_strength": sealed("how the actor is known"),
    }

    code = models.CharField(max_length=8, unique=True)
    unit_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="units")
    kind = SealedText()
    name = SealedText(null=True)
    aliases = SealedJSON(null=True)
    side = SealedText(null=True)
    rank_or_position = SealedText(null=True)
    description = SealedText(null=True)
    identification_strength = SealedText()


class Involvement(Record):
    """That an actor is reported to have taken part in an act, and in which way."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = OF_ACT
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "act_id", "actor_id", "revision", "retracted_at")
    handling = {
        **Record.row_handling,
        "act": plain("joins"),
        "actor": plain("joins"),
        "retracted_at": plain("a report may be taken back"),
        "degree": sealed("says what is reported of the actor"),
        "status": sealed("how sure it is"),
        "note": sealed("on what it rests"),
    }

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="involvements")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="involvements")
    retracted_at = models.DateTimeField(null=True)
    degree = SealedText()
    status = SealedText()
    note = SealedText(null=True)
