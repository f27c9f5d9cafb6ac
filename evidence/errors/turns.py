"""Refusals of uploads that arrive in several turns."""

from django.utils.translation import gettext_lazy as _

from evidence.errors import StorageFull, UploadRefused


class NoRoomNow(StorageFull):
    """As `StorageFull`, for an upload of which some has arrived."""

    message = _(
        "There is no room left where files are kept, or it cannot be written. What had arrived before is "
        "kept; tell the person who runs this system, and go on later."
    )


class SignedOut(UploadRefused):
    """The session that began to send has ended meanwhile."""

    status = 403
    message = _("You are signed out. What had arrived before is kept: sign in again, and go on.")


class WitnessChanged(UploadRefused):
    """The bytes lie under the key of the witness whom the exhibit had when the upload began."""

    message = _(
        "The witness of this exhibit was changed while the file was under way. Nothing of it was kept: send "
        "it again."
    )


class UploadBusy(UploadRefused):
    """One at a time goes on with an upload; who falls silent loses it."""

    status = 423
    message = _("This upload is being sent from another window or device. Wait a moment, then go on.")


class OffsetDiffers(UploadRefused):
    """Bytes that begin elsewhere than where the durable ones end would leave a gap."""

    message = _("The upload goes on at another place than where it stopped. Ask where, then send from there.")


class PieceTooSmall(UploadRefused):
    """What is durable is counted in whole segments: a smaller piece would have to be sent for ever."""

    status = 400
    message = _("Send pieces of at least 2 MB, but for the last. Nothing of this one was kept.")


class UploadLost(UploadRefused):
    """What had arrived is not in the store any more, or is not what arrived."""

    status = 410
    message = _("What had arrived of this file is lost or damaged. Nothing of it was kept: send it again.")


class TooManyUploads(UploadRefused):
    """Each unfinished upload holds a key and a place."""

    status = 429
    message = _(
        "You have too many unfinished uploads. Go on with those that are listed, or discard them; nothing of "
        "this file was kept."
    )
