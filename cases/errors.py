"""Refusals of this room: each says what happened, what was kept, and what to do next."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class NotVisible(Refusal):
    """The reader may not know whether it exists: they are told what they would be told of nothing."""

    kind = Kind.ACCESS_REFUSED
    status = 404
    message = _("There is nothing here that you can see.")


class NotAllowed(Refusal):
    """The reader sees the case, and their role in it does not include this."""

    kind = Kind.ACCESS_REFUSED
    status = 403
    message = _(
        "Your role in this case does not include this step. The case lead can tell you who may do it."
    )


class ForgedMembership(Refusal):
    """A membership without our tag: somebody wrote it into the database."""

    kind = Kind.GRANT_UNVERIFIED
    status = 404
    message = _("There is nothing here that you can see.")


class Incomplete(Refusal):
    """Something that must be there is missing, or is not one of the values there are."""

    kind = Kind.ACCESS_REFUSED
    status = 409
    message = _("Something is missing or not valid. Nothing was saved; look at the marked fields.")


class CaseIncomplete(Incomplete):
    """A case without a mandate or a standard of proof would let anything be called established."""

    kind = Kind.CASE_REFUSED
    message = _("A case needs a title, a mandate and a standard of proof. Nothing was saved.")


class MayNotOpenCases(Refusal):
    """Opening a case is for investigators and supervisors."""

    kind = Kind.CASE_REFUSED
    message = _("Your role does not include opening a case. Ask a supervisor to open it.")


class StepNotPossible(Refusal):
    """The state machine has no such step from here."""

    kind = Kind.TRANSITION_REFUSED
    status = 409
    message = _(
        "This step is not possible in the present state. Nothing was changed; look at the page again."
    )


class EditedMeanwhile(Refusal):
    """Somebody else saved in between; what was typed is shown again, and nothing of either is lost."""

    kind = Kind.TRANSITION_REFUSED
    status = 409
    message = _(
        "Somebody else saved a change while you were writing. Your text was not saved and not lost: it is "
        "still in the form. Compare it with the newer one, then save again."
    )


class AnotherVersion(EditedMeanwhile):
    message = _("A newer version was saved meanwhile, so nothing was handed in. Read it, then hand it in.")


class AlreadyMember(Refusal):
    """One person, one membership at a time."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("This person is in the case already. End that membership first, or change its role.")


class MemberUnfit(Refusal):
    """The person's own role does not carry this role in a case, or their account is closed."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("This person cannot be given that role: their account is closed or their own role differs.")


class OwnMembership(Refusal):
    """Nobody gives themselves powers, or takes back a reset of their own credentials."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("You cannot change your own membership. Another lead can do it.")


class MembershipWithoutTime(Incomplete):
    """A membership that ends before it begins."""

    kind = Kind.MEMBER_REFUSED
    message = _("The end must come after the beginning. Nothing was saved.")


class LastLead(Refusal):
    """A case without a lead could not be joined by anybody any more."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("A case needs at least one lead. Name another lead first.")


class IdentityNotKept(Refusal):
    """An identity that was not sealed is nowhere: not in a row, not in a draft, not on the page."""

    kind = Kind.IDENTITY_REFUSED
    status = 409
    message = _("The identity was not sealed, and nothing of it was kept.")


class IdentitySealed(IdentityNotKept):
    message = _("The identity of this witness is sealed already. Nothing of what was typed was kept.")


class IdentityWithoutConsent(IdentityNotKept):
    message = _("The witness has no consent in force, so no identity was sealed and nothing was kept.")


class IdentityEmpty(IdentityNotKept):
    message = _("Type at least one name. Nothing was sealed or kept.")


class IdentityTooLong(IdentityNotKept):
    """All identities have one length; what is longer would be told apart."""

    message = _("This is more than an identity can hold. Nothing was sealed or kept; type it shorter.")


class PseudonymTells(IdentityNotKept):
    message = _(
        "The witness's pseudonym is, or sounds like, one of these names. Nothing was sealed or kept: correct "
        "the pseudonym first, then seal the identity."
    )


class IdentityNotSealedHere(IdentityNotKept):
    """Sealed identities need custodians; until they are here the form works in the demonstration alone."""

    message = _("Identities cannot be sealed in this installation yet, so no name was taken or kept.")


class ConsentIncomplete(Incomplete):
    """A consent that was not explained, not understood or not answered to the end is none."""

    kind = Kind.CONSENT_REFUSED
    message = _(
        "This is not yet a consent. Every question needs an answer, and its limits must be explained."
    )


class LimitsNotExplained(ConsentIncomplete):
    message = _("Explain the limits of confidentiality first; no consent counts before. Nothing was saved.")


class CapacityNotConfirmed(ConsentIncomplete):
    message = _("Confirm that the person could understand and decide. Without it no consent counts.")


class ScopeUnanswered(ConsentIncomplete):
    message = _("Every question about use needs an answer: agreed, refused, or ask again.")


class ConsentBackdated(ConsentIncomplete):
    message = _(
        "On that day the consent before this one, or a withdrawal, was still to come: it would be undone. "
        "Only what was agreed after it counts; for a talk of today leave the day empty. Nothing was saved."
    )


class GuardianMissing(ConsentIncomplete):
    message = _(
        "The person is a minor: a guardian's consent, the child's own assent and a note on the child's best "
        "interest are needed."
    )


class AnalysisRefused(Refusal):
    """Without agreement to our own analysis no word of an account is written down."""

    kind = Kind.CONSENT_REFUSED
    status = 409
    message = _(
        "The person did not agree to our own analysis of the account, so nothing of it may be recorded."
    )


class ConsentClosed(Refusal):
    """A withdrawn, expired or replaced consent takes no further step."""

    kind = Kind.CONSENT_REFUSED
    status = 409
    message = _("This consent is no longer in force. Record a new one with the witness.")


class ConsentMissing(Refusal):
    """No account is taken, and none approved, without consent to our own analysis of it."""

    kind = Kind.TESTIMONY_REFUSED
    status = 409
    message = _(
        "The witness has no consent in force for our own analysis. Your text was not lost; record consent."
    )


class WitnessNotReady(Refusal):
    """A testimony is approved only for a witness who has consented, is active or is protected."""

    kind = Kind.TESTIMONY_REFUSED
    status = 409
    message = _("In the witness's present state this cannot be done with their account. Nothing was changed.")


class TextEmpty(Incomplete):
    kind = Kind.TESTIMONY_REFUSED
    message = _("There is no text yet. Nothing was saved.")


class TextTooLong(Incomplete):
    kind = Kind.TESTIMONY_REFUSED
    message = _("The text is longer than one testimony can hold. It was not saved and is still in the form.")


class ReadOnly(Refusal):
    """What is final stays as it is; a correction is a new testimony that replaces it."""

    kind = Kind.TESTIMONY_REFUSED
    status = 409
    message = _("This testimony is not open for writing. Nothing was changed.")


class AuthorMayNotReview(Refusal):
    """Whoever wrote any version of a text does not judge it."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("You wrote a part of this testimony, so another person must review it.")


class NotTheReviewer(Refusal):
    """A review in progress is held by one person."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("Another person is reviewing this testimony.")


class ReviewedMeanwhile(Refusal):
    """The page was left open from an earlier round: what it shows is not what would be decided about."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _(
        "The review that this page showed has ended, and another one has begun. Nothing was decided; your "
        "words are still in the form. Read the present text, then decide."
    )


class AttestationMissing(Refusal):
    """The text was not read back to the witness, and no reason is given."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("The text was not read back to the witness. Say why it should be approved all the same.")


class ChecklistOpen(Refusal):
    """Approval means that each point was looked at."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("Confirm each point of the checklist before approving.")


class CommentMissing(Refusal):
    """A text that comes back without a word cannot be mended."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("Say what should be mended: the author sees your comment.")


class WitnessIncomplete(Incomplete):
    """A witness without a pseudonym could only be spoken of by name."""

    kind = Kind.WITNESS_REFUSED
    message = _(
        "A witness needs a pseudonym and at least one way in which they came to know. Nothing was saved."
    )


class PseudonymTaken(Incomplete):
    """Two people under one pseudonym would become one in every report."""

    kind = Kind.WITNESS_REFUSED
    message = _("This pseudonym was used before in this case. Choose another one; nothing else was lost.")


class PseudonymHeard(Incomplete):
    """A pseudonym that sounds like a name nearby hides nobody."""

    kind = Kind.WITNESS_REFUSED
    message = _(
        "The pseudonym is, or sounds like, a name that was typed in this intake. Choose another one; nothing "
        "else was lost."
    )


class CodesExhausted(Refusal):
    """So many draws without a free code mean that something is wrong."""

    kind = Kind.RECORD_REFUSED
    status = 409
    message = _("No free code was found. Nothing was saved; try again.")


class InterviewIncomplete(Incomplete):
    """An account is taken only where it adds something and was not already given."""

    kind = Kind.INTERVIEW_REFUSED
    message = _("Say what this account adds and what the person has told before. Nothing was saved.")


class InterviewTimes(Incomplete):
    """A meeting that has not begun, or that ends before it begins."""

    kind = Kind.INTERVIEW_REFUSED
    message = _("An interview begins before it ends, and neither lies in the future. Nothing was saved.")


class RightsNotExplained(Incomplete):
    """No question before the person knows that they may say no, pause and stop."""

    kind = Kind.INTERVIEW_REFUSED
    message = _("Explain the person's rights before the interview begins.")


class ReasonMissing(Incomplete):
    """A step that needs a reason got none."""

    kind = Kind.RECORD_REFUSED
    message = _("Give a reason. Nothing was changed.")


class RecordIncomplete(Incomplete):
    """A record without its least content, with a date that cannot be, or with a point that is no place."""

    kind = Kind.RECORD_REFUSED


class ElsewhereRow(Refusal):
    """A row of another case, or one that may not be known: told as if it did not exist."""

    kind = Kind.RECORD_REFUSED
    status = 404
    message = _("There is nothing here that you can see.")


class CaseClosed(Refusal):
    """A closed case is kept, not written."""

    kind = Kind.RECORD_REFUSED
    status = 409
    message = _("This case is closed. A supervisor can reopen it; nothing was saved.")


class IntakeChanged(Refusal):
    """What was confirmed is not what was read: another window went on writing."""

    kind = Kind.DRAFT_REFUSED
    status = 409
    message = _(
        "The answers were changed in another window after you read them. Nothing was taken in, and nothing "
        "was lost: read them again, then confirm."
    )


class DraftOutdated(Refusal):
    """An older text may not replace a newer one."""

    kind = Kind.DRAFT_REFUSED
    status = 409
    message = _("A newer draft was saved in another window. This one was not saved.")
