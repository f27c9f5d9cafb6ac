"""Forms that keep what is being typed: sealed, for their author alone, with a script or without one.

A page that keeps its draft posts to its own address. `work.js` marks that by a header and is answered in
JSON; without a script the button named `keep` does the same and comes back to the page.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.policy import StaffRequest
from cases.actions.drafts import LARGEST, Content, drop_draft, find_draft, keep_draft, read_draft, size_of
from cases.errors import CaseClosed, DraftOutdated, DraftTooLong, DraftWithoutConsent, WitnessNotReady
from cases.models import Case, Draft, Witness

# The step was refused before and recorded; that nothing could be kept along the way is no second refusal.
NOT_KEPT = (CaseClosed, DraftOutdated, DraftTooLong, DraftWithoutConsent, WitnessNotReady)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a draft lies: which form, about which row, under whose key, and which fields it has.

    Without a witness it lies under the case's key, or an intake's under the key its witness will have;
    without a subject there is one draft of the form a case.
    """

    form: str
    subject: UUID | None
    witness: Witness | None
    names: tuple[str, ...]
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept, its number and when; nothing of all that where there is no draft."""

    content: Content = field(default_factory=dict)
    number: int = 0
    at: datetime | None = None

    def text(self, name: str) -> str:
        """One field of it."""
        return str(self.content.get(name, ""))

    def words(self) -> SafeString | str:
        """Say when it was kept; the time is isolated, so that no direction turns it round."""
        if self.at is None:
            return ""
        before, after = _("Draft kept at %(time)s.").split("%(time)s")
        return format_html('{}<bdi dir="ltr" class="machine">{}</bdi>{}', before, _clock(self.at), after)


def kept(request: StaffRequest, case: Case, desk: Desk) -> Kept:
    """Open the reader's own draft."""
    draft = find_draft(by=request.user, case=case, form=desk.form, subject=desk.subject)
    if draft is None:
        return Kept()
    return Kept(read_draft(by=request.user, draft=draft), draft.number, draft.updated_at)


def is_autosave(request: StaffRequest) -> bool:
    """Tell whether the script sent the form in passing."""
    return request.method == "POST" and request.headers.get("X-Requested-With") == "autosave"


def autosaved(request: StaffRequest, case: Case, desk: Desk) -> HttpResponse:
    """Keep what was sent and say when. What is too long to be kept is told: the person still has it."""
    if size_of(_content(request, desk)) > LARGEST:
        return JsonResponse({"fault": "long"})
    draft = keep(request, case, desk)
    # Marks of direction stand for <bdi>, which a script that writes plain text cannot give.
    clock = f"\u2066{_clock(draft.updated_at)}\u2069"
    return JsonResponse({"saved": _("Draft kept at %(time)s.") % {"time": clock}, "revision": draft.number})


def keep(request: StaffRequest, case: Case, desk: Desk) -> Draft:
    """Keep what was sent; raises `DraftOutdated` where another window kept something newer."""
    return keep_draft(
        by=request.user,
        case=case,
        form=desk.form,
        subject=desk.subject,
        witness=desk.witness,
        content=_content(request, desk),
        number=_number(request.POST.get("revision", "")),
    )


def keep_refused(request: StaffRequest, case: Case, desk: Desk, form: BaseForm, draft: Kept) -> Kept:
    """Keep what a step did not take, so that whoever leaves to mend the cause finds it again.

    Called where a form that was sent is shown again; it goes on with the number of what was kept just now.
    """
    try:
        made = keep(request, case, desk)
    except NOT_KEPT:
        return draft
    refill(form, revision=str(made.number))
    return Kept(draft.content, made.number, made.updated_at)


def overtaken(form: BaseForm, draft: Kept) -> Kept:
    """What another window kept and this one never saw; nothing where there is none.

    Called last, where a form that was sent is shown again: the page shows it beside what was typed, and what
    is sent next was sent with it in sight.
    """
    if not form.is_bound or not draft.number or form.data.get("revision") == str(draft.number):
        return Kept()
    refill(form, revision=str(draft.number))
    return draft


def refill(form: BaseForm, **values: str | list[str]) -> None:
    """Put other values into a form that was sent, before it is shown again."""
    sent = QueryDict(mutable=True)
    sent.update(form.data)
    for name, value in values.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    form.data = sent


def drop(request: StaffRequest, case: Case, desk: Desk) -> None:
    """Forget the draft: it was handed in. Raises `DraftOutdated` where another window kept a newer one."""
    number = _number(request.POST.get("revision", ""))
    drop_draft(by=request.user, case=case, form=desk.form, subject=desk.subject, number=number)


def _content(request: StaffRequest, desk: Desk) -> Content:
    texts: dict[str, str | list[str]] = {name: request.POST.get(name, "") for name in desk.names}
    return texts | {name: request.POST.getlist(name) for name in desk.lists}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
