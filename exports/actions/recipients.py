"""Recipients and the people who sign in for them.

Promise: a change to a recipient raises its revision, and an approval given before no longer fits. Called by
views, the demonstration and tests.
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.vocabulary import Role
from audit.actions import record
from audit.vocabulary import Kind
from cases.vocabulary import RecipientClass
from exports.errors import ContactUnfit, RecipientEdited, RecipientIncomplete
from exports.models import Recipient, RecipientContact
from exports.permissions import check_keeper
from exports.vocabulary import PURPOSES, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFacts:
    """What is entered about a body."""

    name: str
    recipient_class: RecipientClass
    jurisdiction: str = ""
    contact: str = ""
    agreement_ref: str = ""
    conditions: str = ""
    agreement_until: date | None = None
    state_affiliated: bool = False
    death_penalty_risk: bool = False
    default_tier: Tier = Tier.CONFIDENTIAL


# What the application may change of a recipient; the migration grants the same columns.
CHANGING = (
    "recipient_class",
    "state_affiliated",
    "death_penalty_risk",
    "default_tier",
    "agreement_until",
    "revision",
    "name",
    "jurisdiction",
    "contact",
    "agreement_ref",
    "conditions",
)


def _fill(recipient: Recipient, facts: RecipientFacts) -> None:
    if not facts.name.strip() or facts.recipient_class not in PURPOSES:
        raise RecipientIncomplete(subject=f"recipient:{recipient.pk}")
    recipient.recipient_class = facts.recipient_class
    recipient.state_affiliated = facts.state_affiliated
    recipient.death_penalty_risk = facts.death_penalty_risk
    recipient.default_tier = facts.default_tier
    recipient.agreement_until = facts.agreement_until
    texts = {
        name: getattr(facts, name).strip()
        for name in ("jurisdiction", "contact", "agreement_ref", "conditions")
    }
    recipient.seal(name=" ".join(facts.name.split()), **{name: text or None for name, text in texts.items()})


def add_recipient(*, by: User, facts: RecipientFacts) -> Recipient:
    """Enter a body that may receive exports. Raises `RoleRequired`, `RecipientIncomplete`."""
    check_keeper(by)
    recipient = Recipient(created_by=by)
    _fill(recipient, facts)
    recipient.save(force_insert=True)
    facts_told: dict[str, str | int] = {
        "class": recipient.recipient_class,
        "state": int(recipient.state_affiliated),
    }
    record(
        Kind.RECIPIENT_ADDED,
        by=by.staff_code,
        subject=f"recipient:{recipient.pk}",
        facts=facts_told,
        rows=[recipient],
    )
    return recipient


def change_recipient(*, by: User, recipient: Recipient, expected: int, facts: RecipientFacts) -> Recipient:
    """Change what is known of a body; raises `RecipientEdited` when `expected` is no longer its revision."""
    check_keeper(by)
    locked = Recipient.objects.select_for_update().get(pk=recipient.pk)
    if locked.revision != expected:
        raise RecipientEdited(subject=f"recipient:{locked.pk}")
    _fill(locked, facts)
    locked.revision += 1
    locked.save(update_fields=CHANGING)
    record(
        Kind.RECIPIENT_CHANGED,
        by=by.staff_code,
        subject=f"recipient:{locked.pk}",
        facts={"revision": locked.revision},
        rows=[locked],
    )
    return locked


def add_contact(*, by: User, recipient: Recipient, user: User) -> RecipientContact:
    """Let a person with the role of recipient fetch what is addressed to a body. Raises `ContactUnfit`."""
    check_keeper(by)
    if not user.is_active or not user.has_role(Role.RECIPIENT):
        raise ContactUnfit(subject=f"user:{user.pk}")
    contact = RecipientContact(recipient=recipient, user=user, created_by=by)
    contact.put_tag()
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError as error:
        raise ContactUnfit(subject=f"user:{user.pk}") from error
    record(
        Kind.RECIPIENT_CHANGED,
        by=by.staff_code,
        subject=f"recipient:{recipient.pk}",
        facts={"contact": str(user.pk)},
        rows=[contact],
    )
    return contact


def end_contact(*, by: User, contact: RecipientContact) -> RecipientContact:
    """End what a person may fetch, at once."""
    check_keeper(by)
    locked = RecipientContact.objects.select_for_update().get(pk=contact.pk)
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        locked.put_tag()
        locked.save(update_fields=["ended_at", "tag"])
    record(
        Kind.RECIPIENT_CHANGED,
        by=by.staff_code,
        subject=f"recipient:{locked.recipient_id}",
        facts={"contact_ended": str(locked.user_id)},
        rows=[locked],
    )
    return locked
