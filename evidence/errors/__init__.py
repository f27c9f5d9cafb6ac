"""Refusals of this room: each says what happened, what was kept, and what to do next."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class ItemIncomplete(Refusal):
    """An exhibit without its least content, or with a date that cannot be."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _("Something is missing or not valid. Nothing was saved; look at the marked fields.")


class RecordedAfterPublished(ItemIncomplete):
    """The day of an upload is easily taken for the day of the recording."""

    message = _(
        "The recording cannot be younger than its publication. The day something was published is not "
        "the day it was recorded: leave the recording open if it is not known."
    )


class WitnessFixed(ItemIncomplete):
    """The files are sealed under the key of the witness who gave them: destroying it must reach them."""

    status = 409
    message = _(
        "Files or findings stand with this exhibit, and are sealed with its witness. Nothing was saved: "
        "register another exhibit where the witness is another."
    )


class ItemDecided(ItemIncomplete):
    """What was decided was decided about what the exhibit was said to be then."""

    message = _(
        "This exhibit has been decided, about what is said of it now. Nothing was saved: somebody who "
        "verifies must reopen it first, with a reason. Only who may read it and what the provider asked "
        "for can be changed before that."
    )


class StepNotPossible(Refusal):
    """The state machine has no such step from here."""

    kind = Kind.TRANSITION_REFUSED
    status = 409
    message = _(
        "This step is not possible in the present state. Nothing was changed; look at the page again."
    )


class ItemFrozen(Refusal):
    """A frozen exhibit is used for nothing until its alert is answered."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _(
        "This exhibit is frozen: one of its files failed an integrity check. An evidence custodian must "
        "answer the alert first. Nothing was changed."
    )


class ReasonMissing(Refusal):
    """A step that needs a reason got none."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _("Give a reason. Nothing was changed.")


class NotEnoughMethods(Refusal):
    """Verified means: two methods of two families support it, each confirmed by a second person."""

    kind = Kind.VERIFICATION_REFUSED
    status = 409
    message = _(
        "To call an exhibit verified, at least two methods of two different families must support it, each "
        "confirmed by a second person, and found since the last file came, the exhibit was reopened, or what "
        "is said of it was changed. Nothing was decided."
    )


class NoCheckedFile(Refusal):
    """Methods are applied to what is there; nothing that is not a thing is verified without a file."""

    kind = Kind.VERIFICATION_REFUSED
    status = 409
    message = _(
        "To call an exhibit verified, at least one file of it as received must have been checked. Nothing "
        "was changed: add the file, or wait until its checks are done."
    )


class ContraryUnanswered(Refusal):
    """A finding that speaks against an exhibit is answered, never passed over."""

    kind = Kind.VERIFICATION_REFUSED
    status = 409
    message = _(
        "One method speaks against this exhibit. Say in the reason why it is verified all the same. Nothing "
        "was changed."
    )


class OwnVerification(Refusal):
    """Nobody confirms what they found themselves."""

    kind = Kind.VERIFICATION_REFUSED
    status = 409
    message = _("You recorded this finding, so another person must confirm it.")


class AnalysisIncomplete(ItemIncomplete):
    """An analysis without frames, place, basis or finding shows nothing."""

    kind = Kind.VERIFICATION_REFUSED


class FramesReversed(AnalysisIncomplete):
    """The frame that shows the place before must have been taken before the other."""

    message = _(
        "By these dates the frame before was taken after the frame after. Nothing was saved: exchange the "
        "two, or correct a date."
    )


class FramesSame(AnalysisIncomplete):
    """One picture, sent once or twice, cannot show what changed."""

    message = _(
        "Before and after hold the same content, so there is nothing to compare. Nothing was saved; choose "
        "two different files."
    )


class NoteIncomplete(ItemIncomplete):
    """A note without words, or on no part of a file."""

    kind = Kind.ANNOTATION_REFUSED


class NoteWithdrawn(Refusal):
    """What no longer stands is corrected no more."""

    kind = Kind.ANNOTATION_REFUSED
    status = 409
    message = _("This note was withdrawn. Nothing was changed; write a new one.")


class CustodyIncomplete(ItemIncomplete):
    """An entry of custody that nobody writes by hand, or a hand-over to nobody."""

    kind = Kind.EVIDENCE_REFUSED


class NothingOutside(CustodyIncomplete):
    """Only what is with somebody outside comes back."""

    message = _(
        "By its chain of custody this is with a member of the case, so it cannot come back from outside. "
        "Nothing was saved."
    )


class UploadRefused(Refusal):
    """What every refusal of an upload has in common: nothing of it is kept."""

    kind = Kind.UPLOAD_REFUSED
    status = 409
    message = _("The upload was refused. Nothing of it was kept.")


class FileTooLarge(UploadRefused):
    status = 413
    message = _("This file is larger than this system takes. Nothing of it was kept.")


class FileEmpty(UploadRefused):
    message = _("This file is empty. Choose the file again; nothing was kept.")


class QuotaReached(UploadRefused):
    status = 413
    message = _("The files of this case have reached the space they may take. Nothing of this one was kept.")


class StorageFull(UploadRefused):
    """The disk has no room, or cannot be written."""

    status = 507
    message = _(
        "There is no room left where files are kept, or it cannot be written. Nothing of this file was kept; "
        "tell the person who runs this system."
    )


class LengthDiffers(UploadRefused):
    message = _("Fewer or more bytes arrived than were announced. Nothing was kept; send the file again.")


class ContentGone(UploadRefused):
    """The file that this one would have been a link to went bad in this very moment."""

    # That the content is held somewhere in the case is not for everybody who sends it.
    message = _("This file could not be kept in this moment. Nothing of it was kept; send it again.")


class DigestDiffers(UploadRefused):
    message = _(
        "What arrived is not what was announced: the digests differ. Nothing was kept; send the file again."
    )


class UploadCut(UploadRefused):
    """The connection ended before the file did."""

    status = 400
    message = _("The connection ended before the file did. Nothing was kept; send the file again.")


class UploadKeyTaken(UploadRefused):
    """The same key for another exhibit is a mistake of a program, never a repetition."""

    message = _("This upload was already received for another exhibit. Begin a new upload.")


class WitnessErased(UploadRefused):
    """A file that came after its witness was erased would stay for ever."""

    message = _(
        "The key of the witness who gave this was destroyed, so that nothing of theirs is kept. Nothing of "
        "this file was kept either: register another exhibit without this witness."
    )


class CopyOfNothing(UploadRefused):
    """Every copy says which file of the same exhibit it came from."""

    message = _("A copy must name the file of this exhibit from which it was made. Nothing was kept.")


class WrongBody(UploadRefused):
    """A form with a file would be written to disk before anybody could seal it."""

    status = 415
    message = _("Send the bytes of one file as they are, not in a form. Nothing was kept.")


class LengthMissing(UploadRefused):
    status = 411
    message = _("Say how long the file is before sending it. Nothing was kept.")


class HeaderMalformed(UploadRefused):
    status = 400
    message = _("The upload does not name its file as it should. Nothing was kept.")


class FileUnusable(Refusal):
    """The stored bytes are not those that arrived; showing them would be showing something else."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _("This file failed its integrity check and is not shown. An evidence custodian has the alert.")


class StoreOutOfReach(Refusal):
    """The disk with the sealed files is not mounted: no file is to blame."""

    kind = Kind.EVIDENCE_REFUSED
    status = 503
    message = _(
        "The place where files are kept cannot be reached. Nothing is known to be lost; try again later, and "
        "tell the person who runs this system."
    )


class NothingLost(Refusal):
    """Only a file whose stored bytes are lost is set aside, and once."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _(
        "Only a file that failed its integrity check can be set aside, and only once. Nothing was changed; "
        "look at the page again."
    )


class NothingToCheck(Refusal):
    """Every file was looked into, or there is none."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _(
        "There is no file whose checks are still owed. Whether the stored bytes are what they were is "
        "checked every day; the page “Integrity” shows it."
    )


class DaysOutOfBounds(Refusal):
    """A schedule that is never kept, or one that does nothing else, is none."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _(
        "Files are looked at every 1 to 30 days, and opened every 1 to 365 days. Nothing was changed."
    )


class AlertClosed(Refusal):
    """An alert is answered once."""

    kind = Kind.EVIDENCE_REFUSED
    status = 409
    message = _("This alert was already answered. Nothing was changed.")


class RedactionUnsound(ItemIncomplete):
    """A region that is none, one that this kind of file cannot have, none at all, or too many."""

    kind = Kind.REDACTION_REFUSED
    message = _(
        "One of the boxes or times cannot be: it has no size, lies beside what is shown, or does not belong "
        "to this kind of file. Nothing was saved; look at each of them, and at how many there are."
    )


class NotRedactable(Refusal):
    """Only what was received, checked and is whole, and what we can make anew, gets a redacted copy."""

    kind = Kind.REDACTION_REFUSED
    status = 409
    message = _(
        "A redacted copy is made of a picture, a PDF, a clip or a sound, as it was received, that was "
        "checked and is intact. This file is not one. Nothing was changed."
    )


class OwnRedaction(Refusal):
    """Nobody lets go what they drew themselves."""

    kind = Kind.REDACTION_REFUSED
    status = 409
    message = _(
        "You drew what is taken out here, so another person must judge the copy. Nothing was changed."
    )


class NotLookedAt(Refusal):
    """Who approves a copy has seen or heard it."""

    kind = Kind.REDACTION_REFUSED
    status = 409
    message = _("Look at the redacted copy first, or listen to it. Nothing was changed.")
