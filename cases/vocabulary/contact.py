"""Words about reaching a witness, and about help they were offered."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    CALL = "call", _("Telephone call")
    MESSAGE = "message", _("Text message")
    SECURE_APP = "secure_app", _("Secure messenger")
    IN_PERSON = "in_person", _("In person")
    THROUGH_SOMEBODY = "through_somebody", _("Through somebody else")
    LETTER = "letter", _("In writing")


class ContactOutcome(TextChoices):
    REACHED = "reached", _("The person was reached")
    NOT_REACHED = "not_reached", _("The person was not reached")
    SOMEBODY_ELSE = "somebody_else", _("Somebody else answered")
    WISHES_NONE = "wishes_none", _("The person wishes no contact")


class ContactSafety(TextChoices):
    SAFE = "safe", _("Safe, as far as is known")
    UNSAFE = "unsafe", _("Not safe")
    UNKNOWN = "unknown", _("Not known whether it was safe")


class ReferralKind(TextChoices):
    MEDICAL = "medical", _("Medical care")
    PSYCHOSOCIAL = "psychosocial", _("Psychosocial care")
    LEGAL = "legal", _("Legal advice")
    PROTECTION = "protection", _("Protection or relocation")
    CHILD = "child", _("Protection of children")
    SGBV = "sgbv", _("Care after sexual or gender-based violence")
    MATERIAL = "material", _("Shelter, food or money")
    SPECIALIST = "specialist", _("An interviewer trained for it")


class ReferralAnswer(TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined it")
    THINKS = "thinks", _("Thinks about it")
