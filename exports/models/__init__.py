"""The nouns of this room: who receives, what is sent, on whose word, and what came back."""

from exports.models.destruction import Destruction, ErasureJob
from exports.models.disposal import Disposal
from exports.models.export import Approval, BuildJob, Export, ExportItem, ItemConsent, Receipt
from exports.models.handover import HandoverConsent, IdentityHandover
from exports.models.pseudonym import RecipientPseudonym
from exports.models.recall import RecalledItem, RecallNotice
from exports.models.recipient import KeyCheck, Recipient, RecipientContact, RecipientKey
from exports.models.secondkey import SecondKey

__all__ = [
    "Approval",
    "BuildJob",
    "Destruction",
    "Disposal",
    "ErasureJob",
    "Export",
    "ExportItem",
    "HandoverConsent",
    "IdentityHandover",
    "ItemConsent",
    "KeyCheck",
    "RecallNotice",
    "RecalledItem",
    "Receipt",
    "Recipient",
    "RecipientContact",
    "RecipientKey",
    "RecipientPseudonym",
    "SecondKey",
]
