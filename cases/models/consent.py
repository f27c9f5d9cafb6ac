"""What a witness agreed to. A consent is never changed but in its state; a new one is a new row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from cases.models.witness import WitnessRow
from cases.vocabulary import (
    IDENTITY_ORDER,
    ConsentEventKind,
    ConsentPurpose,
    ConsentState,
    Decision,
    Gap,
    IdentityLevel,
    Material,
    RecipientClass,
)
from vault.errors import VaultError
from vault.fields import SealedJSON, SealedText
from vault.handling import index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.rows import TableKind

IN_FORCE = (ConsentState.ACTIVE, ConsentState.PARTLY_WITHDRAWN)
# How long a yes lasts that was asked for before a use.
RECONTACT_LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody wants to do with a witness's material."""

    purpose: ConsentPurpose
    recipient_class: RecipientClass
    material: Material
    identity_level: IdentityLevel
    state_affiliated: bool = False


# What every account stands on: that we ourselves may read and weigh its text. Nobody need be named for it.
OWN_ANALYSIS = Use(
    ConsentPurpose.INTERNAL_ANALYSIS,
    RecipientClass.OWN_ORGANISATION,
    Material.ACCOUNT_TEXT,
    IdentityLevel.NONE,
)


class Consent(WitnessRow):
    """One talk about consent and its outcome. A row written past us has no valid tag and permits nothing."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "witness_id",
        "number",
        "state",
        "valid_until",
        "withdrawn_at",
        "tag",
    )
    handling = {
        **WitnessRow.row_handling,
        "number": plain("counts a witness's consents"),
        "given_at": plain("nothing before it is covered"),
        "valid_until": plain("nothing after it is covered"),
        "state": plain("decides what it covers"),
        "withdrawn_at": plain("withdrawal counts from here"),
        "explained_by": plain("who explained it"),
        "sheet_version": plain("which information sheet was explained"),
        "limits_explained": plain("without it no consent is in force"),
        "capacity_confirmed": plain("without it no consent is in force"),
        "circumstances": sealed("how, in which language, with whom"),
        "tag": index("refuses a consent that was written into the database"),
    }

    number = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=18, choices=ConsentState.choices, default=ConsentState.ACTIVE)
    withdrawn_at = models.DateTimeField(null=True)
    explained_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sheet_version = models.CharField(max_length=20)
    limits_explained = models.BooleanField()
    capacity_confirmed = models.BooleanField()
    circumstances = SealedJSON()
    tag = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["witness", "number"], name="consents_of_a_witness_are_numbered"),
            models.UniqueConstraint(
                fields=["witness"], condition=Q(state__in=IN_FORCE), name="one_consent_in_force"
            ),
            models.CheckConstraint(condition=Q(state__in=ConsentState.values), name="consent_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ConsentState.DRAFT) | Q(limits_explained=True, capacity_confirmed=True),
                name="consent_in_force_was_understood",
            ),
            models.CheckConstraint(
                condition=Q(state=ConsentState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=ConsentState.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
                name="consent_withdrawn_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("given_at")),
                name="consent_lasts_past_its_day",
            ),
        ]

    def tagged_facts(self) -> bytes:
        """What the tag covers: ids, state and times, each of fixed width or ended by a byte no word holds."""
        witness_id: UUID = self.witness_id
        times = "|".join(
            "" if at is None else at.isoformat()
            for at in (self.given_at, self.valid_until, self.withdrawn_at)
        )
        words = f"{self.state}|{times}|{self.limits_explained:d}{self.capacity_confirmed:d}"
        return b"consent" + self.id.bytes + witness_id.bytes + words.encode()

    def put_tag(self) -> None:
        """Compute the tag; every action that changes a covered column does this before saving."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def covers(
        self,
        purpose: ConsentPurpose,
        recipient_class: RecipientClass,
        material: Material,
        identity_level: IdentityLevel,
        at: datetime,
        *,
        state_affiliated: bool = False,
    ) -> bool:
        """Tell whether this consent allows the use. Whatever is missing, doubtful or unreadable says no."""
        use = Use(purpose, recipient_class, material, identity_level, state_affiliated)
        return self.gap(use, at) is None

    def gap(self, use: Use, at: datetime) -> Gap | None:
        """Say why the use is not covered, or None when it is."""
        return self.answered(use, at)[0]

    def answered(self, use: Use, at: datetime) -> "tuple[Gap | None, ConsentScope | None]":
        """As `gap`, and the answer that speaks of the use where the consent as a whole counts."""
        if (gap := self._own_gap(at)) is not None:
            return gap, None
        answer = self.scope_for(use)
        return (Gap.NOT_ASKED, None) if answer is None else (answer.gap(use, at), answer)

    def scope_for(self, use: Use) -> "ConsentScope | None":
        """The answer that speaks of this use, whatever it says."""
        return self.scopes.filter(
            purpose=use.purpose, recipient_class=use.recipient_class, material=use.material
        ).first()

    def _own_gap(self, at: datetime) -> Gap | None:
        return self.standing_gap(at, self.events.filter(kind=ConsentEventKind.WITHDRAWN).exists)

    def standing_gap(self, at: datetime, taken_back: Callable[[], bool]) -> Gap | None:
        """Say why the consent as a whole does not count at a time, or None when it does."""
        try:
            verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))
        except VaultError:
            return Gap.NOT_AUTHENTIC
        # An event of withdrawal speaks even when somebody set the state back.
        if self.state == ConsentState.WITHDRAWN or taken_back():
            return Gap.WITHDRAWN
        if self.state not in IN_FORCE:
            return Gap.NO_CONSENT
        if at < self.given_at:
            return Gap.NOT_YET
        return Gap.EXPIRED if self.valid_until is not None and at >= self.valid_until else None


class Answer(Protocol):
    """What an answer says, be it recorded or only entered."""

    @property
    def decision(self) -> str: ...
    @property
    def identity_level(self) -> str: ...
    @property
    def names_state_body(self) -> bool: ...
    @property
    def recontact_before_use(self) -> bool: ...


def answer_gap(answer: Answer, use: Use, *, asked_again: bool = False) -> Gap | None:
    """Say why the words of an answer do not allow a use of its purpose, or None when they do.

    `asked_again`: the person was asked once more before this use, and said yes.
    """
    if answer.decision == Decision.REFUSED:
        return Gap.REFUSED
    if answer.decision != Decision.GRANTED or (answer.recontact_before_use and not asked_again):
        return Gap.ASK_AGAIN
    if use.state_affiliated and not answer.names_state_body:
        return Gap.STATE_BODY
    allowed = IDENTITY_ORDER.index(IdentityLevel(answer.identity_level))
    return Gap.IDENTITY_LEVEL if IDENTITY_ORDER.index(use.identity_level) > allowed else None


class ConsentScope(WitnessRow):
    """One answer: this material, for this purpose, to recipients of this kind, naming at most so much."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = (
        "consent_id",
        "purpose",
        "material",
        "recipient_class",
        "identity_level",
        "decision",
        "withdrawn_at",
        "tag",
    )
    handling = {
        **WitnessRow.row_handling,
        "consent": plain("which consent"),
        "purpose": plain("decides what is covered"),
        "material": plain("decides what is covered"),
        "recipient_class": plain("decides what is covered"),
        "identity_level": plain("decides what is covered"),
        "decision": plain("decides what is covered"),
        "names_state_body": plain("a body of the State needs a word of its own"),
        "recontact_before_use": plain("asks for another talk first"),
        "withdrawn_at": plain("a single answer may be taken back"),
        "recontacted_at": plain("a use that asks for another talk is open for a while after it"),
        "conditions": sealed("in the witness's own words"),
        "tag": index("refuses an answer that was written into the database"),
    }

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="scopes")
    purpose = models.CharField(max_length=26, choices=ConsentPurpose.choices)
    material = models.CharField(max_length=16, choices=Material.choices)
    recipient_class = models.CharField(max_length=24, choices=RecipientClass.choices)
    identity_level = models.CharField(max_length=22, choices=IdentityLevel.choices)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    names_state_body = models.BooleanField(default=False)
    recontact_before_use = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    recontacted_at = models.DateTimeField(null=True)
    conditions = SealedText(null=True)
    tag = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "purpose", "material", "recipient_class"], name="one_answer_a_use"
            ),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="scope_decision_is_known"),
            models.CheckConstraint(
                condition=Q(identity_level__in=IdentityLevel.values), name="scope_identity_level_is_known"
            ),
        ]

    def tagged_facts(self) -> bytes:
        """What the tag covers: the consent and the whole answer, words apart by a byte no word holds."""
        consent_id: UUID = self.consent_id
        withdrawn = "" if self.withdrawn_at is None else self.withdrawn_at.isoformat()
        flags = f"{self.names_state_body:d}{self.recontact_before_use:d}"
        words = (self.purpose, self.material, self.recipient_class, self.identity_level, self.decision)
        # A further word only where there was a talk: tags from before this column stay what they are.
        talked = () if self.recontacted_at is None else (self.recontacted_at.isoformat(),)
        facts = "|".join((*words, flags, withdrawn, *talked))
        return b"scope" + self.id.bytes + consent_id.bytes + facts.encode()

    def put_tag(self) -> None:
        """Compute the tag; every action that changes a covered column does this before saving."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def gap(self, use: Use, at: datetime) -> Gap | None:
        """Say why this answer does not cover the use at a time, or None when it does."""
        try:
            verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))
        except VaultError:
            return Gap.NOT_AUTHENTIC
        if self.withdrawn_at is not None:
            return Gap.WITHDRAWN
        talked = self.recontacted_at
        asked_again = talked is not None and talked <= at < talked + RECONTACT_LASTS
        return answer_gap(self, use, asked_again=asked_again)


class ConsentEvent(WitnessRow):
    """What happened to a consent, in order. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling = {
        **WitnessRow.row_handling,
        "consent": plain("which consent"),
        "kind": plain("what happened"),
        "at": plain("when it counts from"),
        "note": sealed("what was said, and through which channel"),
    }

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=22, choices=ConsentEventKind.choices)
    at = models.DateTimeField(default=timezone.now)
    note = SealedJSON(null=True)
