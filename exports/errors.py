"""Refusals of this room: each says what happened, what was kept, and what to do next."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class RecipientIncomplete(Refusal):
    """A recipient without a name, or of a kind that is none."""

    kind = Kind.RECIPIENT_REFUSED
    status = 409
    message = _("A recipient needs a name and a kind. Nothing was saved.")


class RecipientEdited(Refusal):
    """Somebody else changed the recipient in between."""

    kind = Kind.RECIPIENT_REFUSED
    status = 409
    message = _("Somebody else changed this recipient meanwhile. Nothing was saved; look at it again.")


class RecipientUnfit(Refusal):
    """The agreement with the recipient has run out."""

    kind = Kind.RECIPIENT_REFUSED
    status = 409
    message = _("The agreement with this recipient has ended, so nothing can be sent to it. Renew it first.")


class ContactUnfit(Refusal):
    """A contact must hold the role of recipient, and speaks for one body at a time."""

    kind = Kind.RECIPIENT_REFUSED
    status = 409
    message = _("This person cannot be a contact: they are not a recipient, or are one for another body.")


class NotAKey(Refusal):
    """The text is no age public key, or is one that was entered before."""

    kind = Kind.RECIPIENT_KEY_REFUSED
    status = 409
    message = _(
        "This is not an age public key that can be used here. It begins with “age1”. Nothing was saved."
    )


class KeyInUse(Refusal):
    """A recipient has one key at a time."""

    kind = Kind.RECIPIENT_KEY_REFUSED
    status = 409
    message = _("This recipient has a key already. Withdraw that key first.")


class FingerprintDiffers(Refusal):
    """What the recipient read aloud is not what we hold: somebody may have put another key in its place."""

    kind = Kind.RECIPIENT_KEY_REFUSED
    status = 409
    message = _(
        "What you typed is not the fingerprint of the stored key. Do not use the key: compare once more, and"
        " if it differs again, withdraw it and tell your supervisor."
    )


class SecondPersonNeeded(Refusal):
    """One person compares a key once; the second comparison is another person's."""

    kind = Kind.RECIPIENT_KEY_REFUSED
    status = 409
    message = _("You have compared this key already. A second person must compare it too.")


class KeyUnfit(Refusal):
    """The key was not checked by two people, has expired, was withdrawn, or was written past us."""

    kind = Kind.RECIPIENT_KEY_REFUSED
    status = 409
    message = _(
        "The recipient's key cannot be used: two people must have compared it, and it must not have expired "
        "or been withdrawn. Nothing was sent."
    )


class NothingSelected(Refusal):
    """An export without an object."""

    kind = Kind.EXPORT_REFUSED
    status = 409
    message = _("Choose at least one testimony or exhibit. Nothing was saved.")


class NothingCovered(Refusal):
    """No chosen object may be sent."""

    kind = Kind.EXPORT_REFUSED
    status = 409
    message = _(
        "Nothing that was chosen may be sent to this recipient for this purpose. Nothing was changed."
    )


class PurposeUnfit(Refusal):
    """A body of this kind receives for certain purposes only."""

    kind = Kind.EXPORT_REFUSED
    status = 409
    message = _("A recipient of this kind cannot receive for this purpose. Nothing was saved.")


class TierUnfit(Refusal):
    """A body of the State receives at most tier T1 until a second approval exists for more."""

    kind = Kind.EXPORT_REFUSED
    status = 409
    message = _("A body of the State can be sent tiers T0 and T1 only. Nothing was saved.")


class RequesterMayNotApprove(Refusal):
    """Whoever asked for an export does not approve it."""

    kind = Kind.APPROVAL_REFUSED
    status = 403
    message = _("You asked for this export, so another person must decide about it. Nothing was changed.")


class ApprovalVoid(Refusal):
    """What was approved is not what lies here now: recipient, key, selection or consent was changed."""

    kind = Kind.EXPORT_STOPPED
    status = 409
    message = _(
        "Something was changed after this export was approved, or the approval could not be verified. It was "
        "stopped and nothing left. Ask for a new export."
    )


class ConsentGone(Refusal):
    """A consent that the export rests on no longer covers it."""

    kind = Kind.EXPORT_STOPPED
    status = 409
    message = _(
        "A consent on which this export rests no longer covers it, so it was stopped and nothing left. "
        "Cancel it, or check consent again before it is approved."
    )


class LeakFound(Refusal):
    """An outgoing text names an internal code or id."""

    kind = Kind.EXPORT_STOPPED
    status = 409
    message = _(
        "A text in this export names an internal code, so it was stopped and nothing left. Leave the text "
        "out, or mend it in a new version."
    )


class BuildFailed(Refusal):
    """The package did not pass our own checks, or a file is not what its record says."""

    kind = Kind.EXPORT_FAILED
    status = 409
    message = _(
        "The package did not pass its checks, so nothing was kept of it. Tell the evidence custodian."
    )


class NotAddressed(Refusal):
    """There is no such delivery for this reader."""

    kind = Kind.ACCESS_REFUSED
    status = 404
    message = _("There is nothing here that you can see.")


class DigestMalformed(Refusal):
    """What was typed is no SHA-512."""

    kind = Kind.EXPORT_REFUSED
    status = 409
    message = _(
        "A digest by sha512sum has 128 digits, 0 to 9 and a to f. Nothing was recorded; look at it again."
    )


class NothingToRecall(Refusal):
    """What the recipient holds is covered by consent, or was called back before."""

    kind = Kind.RECALL_REFUSED
    status = 409
    message = _("Nothing in this export has to be called back. Nothing was written.")


class RecallEnded(Refusal):
    """The recipient gave it up, or refused for good; there is no such step from here."""

    kind = Kind.RECALL_REFUSED
    status = 409
    message = _("This step is not possible for this recall any more. Nothing was changed; look at it again.")


class UnderHold(Refusal):
    """An authority ordered that this be kept."""

    kind = Kind.ERASURE_REFUSED
    status = 409
    message = _("A legal hold forbids to erase this, so nothing was erased. Two people can lift the hold.")


class ConsentStands(Refusal):
    """What a witness still agrees to is not erased behind their back."""

    kind = Kind.ERASURE_REFUSED
    status = 409
    message = _(
        "This witness has a consent in force. Record first that they took it back. Nothing was asked."
    )


class ErasedBefore(Refusal):
    """It was asked for, or carried out, before."""

    kind = Kind.ERASURE_REFUSED
    status = 409
    message = _("Erasing this was asked for already. Look at that request. Nothing was changed.")


class ErasureByTwo(Refusal):
    """Whoever asks for an erasure does not confirm it."""

    kind = Kind.ERASURE_REFUSED
    status = 403
    message = _("You asked for this, so another person must confirm it. Nothing was changed.")


class DecisionAltered(Refusal):
    """The row is not what the log last said of it: somebody wrote it into the database."""

    kind = Kind.ERASURE_REFUSED
    status = 409
    message = _(
        "This was changed outside this system: nobody agreed to what stands there, and nothing follows from "
        "it. Do nothing with the thing itself. This was recorded."
    )


class DisposalAltered(DecisionAltered):
    """The same of what ends by hand."""

    kind = Kind.DISPOSAL_REFUSED


class DisposalRefused(Refusal):
    """What is to be destroyed by hand, or given back, stays as it is."""

    kind = Kind.DISPOSAL_REFUSED
    status = 409
    message = _("This cannot be destroyed or given back now. Nothing was changed.")


class KeptByHold(DisposalRefused):
    """An authority ordered that this be kept."""

    message = _(
        "A legal hold keeps this: it may neither be destroyed nor given back. Nothing was changed. Two "
        "people can lift the hold."
    )


class NotDueYet(DisposalRefused):
    """The retention rule of the case keeps it still, and nobody said why it should go before."""

    message = _(
        "The retention rule of this case keeps it still. Say why it should go before that day. Nothing was "
        "asked."
    )


class DisposalIncomplete(DisposalRefused):
    """A record of an end without what makes it one, or of a day on which it cannot have been."""

    message = _("Something is missing here, or cannot be. Nothing was changed.")


class DisposalByTwo(DisposalRefused):
    """Neither of the two steps is confirmed by whoever took it."""

    status = 403
    message = _("You took the step before, so another person must confirm it. Nothing was changed.")


class DisposedBefore(DisposalRefused):
    """Its end is asked for, or was confirmed."""

    message = _("The end of this exhibit is asked for already, or was confirmed. Nothing was changed.")


class ThingElsewhere(DisposalRefused):
    """Nobody of us has it."""

    message = _(
        "This exhibit is with somebody outside, by its chain of custody. Write down first that it came back."
    )


class NothingToHold(DisposalRefused):
    """It is data and nothing else: there is no object that could be destroyed."""

    message = _("This exhibit is no object that could be destroyed by hand or given back.")


class SecondKeyInUse(Refusal):
    """A recipient has one second key at a time."""

    kind = Kind.SECOND_KEY_REFUSED
    status = 409
    message = _("This recipient has a second key that was not used yet. Use it, or give it up first.")


class ConfirmedByMaker(Refusal):
    """Whoever saw the words does not confirm that they arrived."""

    kind = Kind.SECOND_KEY_REFUSED
    status = 403
    message = _("You made this key. Another person must confirm that the recipient holds it.")


class NumbersDiffer(Refusal):
    """What the recipient read is not what stands under the words: it may be another paper."""

    kind = Kind.SECOND_KEY_REFUSED
    status = 409
    message = _(
        "These are not the eight numbers of this key. Listen once more; if they differ again, give the key "
        "up. If words were read to you instead of numbers, give it up at once."
    )


class SecondKeyUnfit(Refusal):
    """The second key was not confirmed, has ended, or was written past us."""

    kind = Kind.SECOND_KEY_REFUSED
    status = 409
    message = _(
        "The recipient's second key cannot be used for this: a second person must have confirmed it, once, "
        "and it must not have been used or given up. Nothing was opened."
    )


class IdentityUnfit(Refusal):
    """Who people are leaves with the highest tier alone, and with no body of the State."""

    kind = Kind.EXPORT_REFUSED
    status = 409
    message = _("Identities can travel at tier T3 alone, and to no body of the State. Nothing was saved.")


class HandoverUnfit(Refusal):
    """What the identities were to go with is not as it was, or never carried names."""

    kind = Kind.HANDOVER_REFUSED
    status = 409
    message = _(
        "The identities cannot go with this export: it must be approved, of tier T3 and at a level that "
        "names people, and nothing of it may have changed since it was asked. Nothing was opened."
    )


class HandoverUnderWay(Refusal):
    """Custodians still decide about its identities."""

    kind = Kind.HANDOVER_REFUSED
    status = 409
    message = _("Two custodians are asked about the identities of this export. Wait for them, or close that.")
