"""Cases that cannot be opened, or are no longer written."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class CaseIncomplete(Incomplete):
    """A case without a mandate or a standard of proof would let anything be called established."""

    kind = Kind.CASE_REFUSED
    message = _("A case needs a title, a mandate and a standard of proof. Nothing was saved.")


class MayNotOpenCases(Refusal):
    """Opening a case is for investigators and supervisors."""

    kind = Kind.CASE_REFUSED
    message = _("Your role does not include opening a case. Ask a supervisor to open it.")


class CaseClosed(Refusal):
    """A closed case is kept, not written."""

    kind = Kind.RECORD_REFUSED
    status = 409
    message = _("This case is closed. A supervisor can reopen it; nothing was saved.")
