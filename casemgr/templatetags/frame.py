"""Template tags of the frame: links that stand only where they lead somewhere, the rail of a case, settings.

{% link_if "witness-list" case.id as url %}     the address, or "" while no room serves it
{% here "witness" %}                            ' aria-current="page"' when the address named begins so
"""

from dataclasses import dataclass
from uuid import UUID

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Membership
from cases.models.sets import in_force
from cases.permissions import role_powers
from cases.vocabulary import Permission
from vault.errors import VaultError

register = template.Library()

MOST_CASES = 12
APPEARANCES = {"light": _("Light"), "dark": _("Dark"), "auto": _("As the device")}
COVERS = {"always": _("Always covered"), "marked": _("Covered where marked as graphic")}

# The rail in the order of the work: address, word, and how the names of its pages begin.
_RAIL: tuple[tuple[str, Promise | str, tuple[str, ...]], ...] = (
    ("case-detail", _("Overview"), ("case-", "lock-")),
    (
        "witness-list",
        _("Witnesses"),
        (
            "witness-",
            "consent-",
            "identity-",
            "comparison-",
            "intake-",
            "withdrawal-",
            "erasure-",
            "disposal-",
            "hold-",
            "risk-",
            "prior-",
            "contact-",
            "referral-",
        ),
    ),
    ("interview-list", _("Interviews"), ("interview-",)),
    ("testimony-list", _("Testimonies"), ("testimony-", "review-")),
    ("incident-list", _("Incidents"), ("incident-", "location-", "act-", "involvement-")),
    ("victim-list", _("Victims"), ("victim-", "death-")),
    ("actor-list", _("Actors"), ("actor-",)),
    (
        "exhibit-list",
        _("Evidence"),
        (
            "exhibit-",
            "exhibits-",
            "upload",
            "file-",
            "custody-",
            "verification-",
            "collection-",
            "satellite-",
            "weapon-",
            "redaction-",
            "place-",
            "time-",
            "checklist-",
            "annotation-",
            "integrity-",
            "alert-",
        ),
    ),
    ("finding-list", _("Findings"), ("finding-", "claim-", "assertion-")),
    ("export-list", _("Exports"), ("export-", "recall-", "handover-")),
    ("case-log", _("Log"), ("case-log",)),
    ("member-list", _("Members"), ("member-", "membership-")),
)
# Pages of a case that stand under no stop.
_BESIDE = frozenset({"case-search", "search-found"})


@dataclass(frozen=True, slots=True)
class Stop:
    """One line of the rail."""

    name: str
    url: str
    word: Promise | str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A case to go to: its code, and the role held in it."""

    case_id: UUID
    code: str
    role: str
    url: str


def address(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a name, or nothing where no room serves it."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


@register.simple_tag
def link_if(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a name, or nothing where no room serves it."""
    return address(name, *args, **kwargs)


def _name(context: Context) -> str:
    request = context.get("request")
    match = request.resolver_match if isinstance(request, HttpRequest) else None
    return (match.url_name if match else "") or ""


def _standing(name: str) -> str:
    """Return the stop under which a page stands; the longest beginning wins: the log is not the overview."""
    if name in _BESIDE:
        return ""
    fits = [(len(start), stop) for stop, _word, starts in _RAIL for start in starts if name.startswith(start)]
    return max(fits)[1] if fits else ""


@register.simple_tag(takes_context=True)
def rail(context: Context, case_id: object) -> list[Stop]:
    """Return the stops of a case's rail that some room serves."""
    if getattr(context.get("case"), "locked_at", None) is not None:
        return []  # nothing of a locked case opens
    here = _standing(_name(context))
    stops = []
    for name, word, _starts in _RAIL:
        url = address(name, case_id) or address(name, case=case_id)
        if url:
            stops.append(Stop(name, url, word, name == here))
    return stops


@register.simple_tag(takes_context=True)
def my_cases(context: Context) -> list[Way]:
    """Return the newest cases of the reader, to go from one to another by their codes: nothing is opened."""
    user = context.get("user")
    if not isinstance(user, User):
        return []
    rows = Membership.objects.filter(in_force(), user=user.pk).select_related("case")
    return [_way(row) for row in rows.order_by("-case__created_at", "-case")[:MOST_CASES] if _is_ours(row)]


def _way(row: Membership) -> Way:
    """An auditor reads the log of a case and nothing else of it."""
    page = "case-detail" if Permission.CASE_READ in role_powers(row) else "case-log"
    return Way(row.case_id, row.case.code, row.get_role_display(), address(page, row.case_id))


def _is_ours(row: Membership) -> bool:
    """A row that was written past us leads nowhere; the page of the case refuses it and says so."""
    try:
        row.verify_tag()
    except VaultError:
        return False
    return True


@register.simple_tag(takes_context=True)
def search_address(context: Context) -> str:
    """Return where the case that is open is searched; nothing outside a case, or for who may not read it."""
    request = context.get("request")
    case = getattr(request, "case", None)
    if case is None or Permission.CASE_READ not in getattr(request, "powers", ()):
        return ""
    return address("case-search", case.pk)


@register.simple_tag(takes_context=True)
def here(context: Context, start: str) -> SafeString:
    """Mark a link as the page that is open."""
    return SafeString(' aria-current="page"' if _name(context).startswith(start) else "")


@register.simple_tag(takes_context=True)
def appearance(context: Context) -> str:
    """Return how the reader wants pages to look; the cookie is the only place that knows."""
    request = context.get("request")
    chosen = request.COOKIES.get("appearance", "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in APPEARANCES else "auto"


@register.simple_tag(takes_context=True)
def covering(context: Context) -> str:
    """Return what the reader wants covered: everything, until they say that what is marked is enough."""
    request = context.get("request")
    chosen = request.COOKIES.get("cover", "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in COVERS else "always"


@register.simple_tag
def coverings() -> list[tuple[str, Promise | str]]:
    """Return the ways pictures and clips may be covered, with their words."""
    return list(COVERS.items())


@register.simple_tag
def appearances() -> list[tuple[str, Promise | str]]:
    """Return the ways a page may look, with their words."""
    return list(APPEARANCES.items())
