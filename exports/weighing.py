"""Asks, for each object, every consent and every condition that decides whether it may leave.

Promise: what is missing, doubtful or unreadable says no, and says why; the same question is asked for the
preview, at the check, before and after building and at each download. It opens what it must and changes
nothing. Called by actions and by the wizard's preview.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from accounts.models import User
from cases.believing import Leaves
from cases.models import Consent, ConsentScope, Testimony, TestimonyVersion, Witness
from cases.models.consent import IN_FORCE, Use
from cases.vocabulary import (
    ConsentPurpose,
    ConsentState,
    IdentityLevel,
    Material,
    RecipientClass,
    TestimonyStatus,
    VersionKind,
)
from evidence.models import EvidenceItem, FileObject, RedactionSet
from evidence.vocabulary import (
    CopyKind,
    DepictedConsent,
    FileState,
    ItemStatus,
    ItemType,
    RedactionState,
)
from exports.models import ExportItem, Recipient
from exports.vocabulary import MATERIAL_OF, ObjectKind, Reason, Tier
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose

REDACTED_ONLY = (Tier.PUBLIC, Tier.RESTRICTED)
# Levels that say who a person is.
NAMING = (IdentityLevel.CONFIDENTIAL_IDENTITY, IdentityLevel.FULL_IDENTITY)
SENDABLE = (TestimonyStatus.APPROVED, TestimonyStatus.FINAL)


@dataclass(frozen=True, slots=True)
class Ask:
    """For what, to whom, and how much of the person: what an export asks of every consent."""

    purpose: ConsentPurpose
    recipient_class: RecipientClass
    state_affiliated: bool
    identity_level: IdentityLevel
    tier: Tier

    @staticmethod
    def of(recipient: Recipient, purpose: str, identity_level: str, tier: str) -> "Ask":
        """Put the question for a recipient as it stands now."""
        return Ask(
            ConsentPurpose(purpose),
            RecipientClass(recipient.recipient_class),
            recipient.state_affiliated,
            IdentityLevel(identity_level),
            Tier(tier),
        )

    def use(self, material: Material) -> Use:
        """Return the question about one material."""
        return Use(self.purpose, self.recipient_class, material, self.identity_level, self.state_affiliated)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One object and the answer: without a `reason` it may be sent, and rests on `answers`."""

    target: Testimony | EvidenceItem
    reason: Reason | None
    answers: tuple[ConsentScope, ...] = ()
    version: TestimonyVersion | None = None
    files: tuple[FileObject, ...] = ()

    @property
    def kind(self) -> ObjectKind:
        return ObjectKind.TESTIMONY if isinstance(self.target, Testimony) else ObjectKind.EVIDENCE


def _version(testimony: Testimony, tier: Tier) -> TestimonyVersion | None:
    """Which text would go: the approved one, or at the lower tiers a redacted copy made of it."""
    current = testimony.current
    if tier not in REDACTED_ONLY or current is None or current.kind == VersionKind.REDACTED_DERIVATIVE:
        return current
    copies = testimony.versions.filter(kind=VersionKind.REDACTED_DERIVATIVE, seq__lte=current.seq)
    return copies.order_by("-seq").first()


class Consents:
    """Asks each witness about each material once, however many objects rest on the answer.

    `people` are those who will be asked about: their consents, and the log about these, are read at once.
    """

    def __init__(self, ask: Ask, at: datetime, people: Iterable[UUID] = ()) -> None:
        self._ask, self._at = ask, at
        self._known: dict[tuple[object, Material], tuple[Reason | None, tuple[ConsentScope, ...]]] = {}
        self._consents: dict[UUID, Consent | None] = {}
        self._leaves = Leaves()
        self._meet(set(people))

    def gap(self, witness: Witness, material: Material) -> tuple[Reason | None, tuple[ConsentScope, ...]]:
        """Return why the use is not covered, or on which answer it rests."""
        if (witness.pk, material) not in self._known:
            self._known[witness.pk, material] = self._weigh(witness.pk, self._ask.use(material))
        return self._known[witness.pk, material]

    def _weigh(self, witness: UUID, use: Use) -> tuple[Reason | None, tuple[ConsentScope, ...]]:
        """Ask the witness's consent in force; without one, say how the last one ended."""
        self._meet({witness})
        consent = self._consents[witness]
        if consent is None:
            return Reason.CONSENT_MISSING, ()
        if consent.state in {ConsentState.EXPIRED, ConsentState.SUPERSEDED}:
            ended = consent.state == ConsentState.EXPIRED
            return Reason.CONSENT_EXPIRED if ended else Reason.CONSENT_MISSING, ()
        gap, answer = self._leaves.gap(consent, use, self._at)
        if gap is not None or answer is None:
            return Reason(gap.value) if gap else Reason.CONSENT_NOT_ASKED, ()
        return None, (answer,)

    def _meet(self, people: set[UUID]) -> None:
        """Read the consent in force of each, or else the newest, and what the log last said about these."""
        unknown = people - self._consents.keys()
        if not unknown:
            return
        found: dict[UUID, Consent] = {}
        for consent in Consent.objects.filter(witness__in=unknown).order_by("number"):
            before = found.get(consent.witness_id)
            if before is None or before.state not in IN_FORCE:
                found[consent.witness_id] = consent
        self._leaves.read(found.values())
        self._consents.update({witness: found.get(witness) for witness in unknown})


def weigh_testimony(testimony: Testimony, ask: Ask, consents: Consents) -> Weighed:
    """Ask whether an account may leave, and in which version."""
    if testimony.status not in SENDABLE or testimony.current is None:
        return Weighed(testimony, Reason.NOT_APPROVED)
    reason, answers = consents.gap(testimony.witness, Material.ACCOUNT_TEXT)
    if reason is not None:
        return Weighed(testimony, reason)
    version = _version(testimony, ask.tier)
    if version is None:
        return Weighed(testimony, Reason.TIER)
    return Weighed(testimony, None, answers, version)


def _files(item: EvidenceItem, tier: Tier) -> tuple[Reason | None, tuple[FileObject, ...]]:
    """Which files would go: originals at T3 alone; below it, of each the newest copy that was approved.

    What was set aside as lost is passed over; the package lists it.
    """
    kept = item.files.filter(set_aside_at__isnull=True)
    files = list(kept.select_related("stored").order_by("created_at", "id"))
    originals = [file for file in files if file.copy_kind == CopyKind.EVIDENTIARY]
    sets = RedactionSet.objects.filter(file__item=item, state=RedactionState.APPROVED).order_by("number")
    checked = {file.pk: file for file in files if file.check_state == FileState.CHECKED}
    redacted = {one.file_id: checked[one.output_id] for one in sets if one.output_id in checked}
    if any(file.check_state != FileState.CHECKED for file in originals):
        return Reason.FLAGGED, ()
    if tier == Tier.JUDICIAL:
        return None, tuple(originals)
    if any(file.pk not in redacted for file in originals):
        return Reason.TIER, ()
    return None, tuple(redacted[file.pk] for file in originals)


def _conditions(opened: Opened, tier: Tier) -> Reason | None:
    traits = opened.json("traits")
    depicted = cast("dict[str, object]", traits).get("depicted") if isinstance(traits, dict) else None
    # Whoever is on the way to a court may be shown there unasked if they could not be reached; nobody else.
    allowed = {DepictedConsent.OBTAINED, DepictedConsent.NOT_APPLICABLE}
    if tier not in REDACTED_ONLY:
        allowed.add(DepictedConsent.NOT_POSSIBLE)
    if depicted not in allowed:
        return Reason.DEPICTED
    return Reason.PROVIDER if opened.text("restrictions").strip() else None


def weigh_evidence(item: EvidenceItem, opened: Opened, ask: Ask, consents: Consents) -> Weighed:
    """Ask whether an exhibit may leave. `opened` holds its `type`, `traits` and `restrictions`."""
    if item.is_frozen:
        return Weighed(item, Reason.FROZEN)
    if item.status != ItemStatus.VERIFIED:
        return Weighed(item, Reason.NOT_VERIFIED)
    condition = _conditions(opened, ask.tier)
    if condition is not None:
        return Weighed(item, condition)
    answers: tuple[ConsentScope, ...] = ()
    if item.witness is not None:
        material = MATERIAL_OF.get(ItemType(opened.text("type")), Material.DOCUMENTS)
        reason, answers = consents.gap(item.witness, material)
        if reason is not None:
            return Weighed(item, reason)
    reason, files = _files(item, ask.tier)
    return Weighed(item, reason, answers if reason is None else (), files=files)


def weigh(
    testimonies: Iterable[Testimony], items: Sequence[EvidenceItem], ask: Ask, *, at: datetime, reader: str
) -> list[Weighed]:
    """Ask for every object; exhibits are opened in one call."""
    opened = open_rows(items, "type", "traits", "restrictions", reader=reader, purpose=Purpose.EXPORT)
    accounts = list(testimonies)
    people: set[UUID] = {account.witness_id for account in accounts}
    people |= {item.witness_id for item in items if item.witness_id is not None}
    consents = Consents(ask, at, people)
    weighed = [weigh_testimony(testimony, ask, consents) for testimony in accounts]
    return weighed + [weigh_evidence(item, opened[item.pk], ask, consents) for item in items]


def objects_of(
    items: Iterable[ExportItem], by: User
) -> tuple[list[Testimony], list[EvidenceItem], list[ExportItem]]:
    """Load what an export names, as far as the person may see it now; the rest is returned as not theirs."""
    listed = list(items)
    testimonies = {
        row.pk: row
        for row in Testimony.objects.visible_to(by)
        .filter(pk__in=[item.testimony_id for item in listed if item.testimony_id])
        .select_related("witness", "current", "case")
    }
    exhibits = {
        row.pk: row
        for row in EvidenceItem.objects.visible_to(by)
        .filter(pk__in=[item.evidence_id for item in listed if item.evidence_id])
        .select_related("witness", "case")
    }
    gone = [
        item for item in listed if item.testimony_id not in testimonies and item.evidence_id not in exhibits
    ]
    return list(testimonies.values()), list(exhibits.values()), gone
