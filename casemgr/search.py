"""Search inside a case: what the reader may open is opened for the request, looked through and forgotten.

There is no index of words: whoever took the server would read it. Rows come in pages, so that memory does not
grow with the case, and each page leaves the leaf of its opening. The words stand in no leaf.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.door import reader_code
from accounts.models import User
from casemgr.matching import Piece, Wanted, spread
from cases.models import (
    Actor,
    Case,
    CaseRow,
    Incident,
    Location,
    Testimony,
    TestimonyVersion,
    Victim,
    Witness,
)
from cases.models.sets import CaseRowSet
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from vault.keys import holding
from vault.opening import open_rows
from vault.vocabulary import Purpose

MOST = 50
PAGE = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: which power reads it, its plain code, and the sealed columns that are looked through.

    The first columns, `named` of them, say what the row is called. `page` names the page of the row, and
    `opens` the power that this page asks for.
    """

    word: Promise | str
    permission: Permission
    model: type[CaseRow]
    code: str
    columns: tuple[str, ...]
    page: str
    opens: Permission
    named: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A row in which every word stands: its code, what it is called, and where the words stand in it."""

    code: list[Piece]
    name: list[Piece]
    around: list[Piece]
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; `has_more` says that the rest is not shown, and was not opened."""

    kind: Kind
    hits: list[Hit]
    has_more: bool


KINDS = (
    Kind(_("Witnesses"), Permission.WITNESS_READ, Witness, "code", ("public_pseudonym", "role_summary"),
         "witness-detail", Permission.WITNESS_READ),
    Kind(_("Testimonies"), Permission.TESTIMONY_READ, Testimony, "registration_no", ("text",),
         "testimony-detail", Permission.TESTIMONY_READ, named=0),
    Kind(_("Incidents"), Permission.INCIDENT_READ, Incident, "", ("title", "description"),
         "incident-detail", Permission.INCIDENT_READ),
    Kind(_("Places"), Permission.INCIDENT_READ, Location, "", ("name_en", "name_ar"),
         "location-edit", Permission.INCIDENT_WRITE, named=2),
    Kind(_("Victims"), Permission.INCIDENT_READ, Victim, "code", ("known_as",),
         "victim-detail", Permission.INCIDENT_READ),
    Kind(_("Actors"), Permission.INCIDENT_READ, Actor, "code", ("name", "aliases", "description"),
         "actor-detail", Permission.INCIDENT_READ),
    Kind(_("Exhibits"), Permission.EVIDENCE_READ, EvidenceItem, "exhibit_no", ("title", "description"),
         "exhibit-detail", Permission.EVIDENCE_READ),
)  # fmt: skip


def searched(powers: Collection[Permission]) -> list[Kind]:
    """Return the kinds that somebody with these powers may look through."""
    return [kind for kind in KINDS if kind.permission in powers]


def search(user: User, case: Case, powers: Collection[Permission], words: list[str]) -> list[Found]:
    """Return, kind by kind and newest first, the rows of the case in which every one of the words stands."""
    # One ring for all pages and kinds: the key of each witness is unwrapped once a search.
    with Wanted(words) as wanted, holding():
        found = [_look(kind, user, case, powers, wanted) for kind in searched(powers)]
    return [one for one in found if one.hits]


def _look(kind: Kind, user: User, case: Case, powers: Collection[Permission], wanted: Wanted) -> Found:
    hits: list[Hit] = []
    for row, texts in _texts(kind, user, case):
        code = str(getattr(row, kind.code)) if kind.code else ""
        if not wanted.are_in("\n".join([code, *texts])):
            continue
        if len(hits) == MOST:
            return Found(kind, hits, has_more=True)
        url = reverse(kind.page, args=[case.pk, row.pk]) if kind.opens in powers else ""
        hits.append(_hit(kind, wanted, code, texts, url))
    return Found(kind, hits, has_more=False)


def _hit(kind: Kind, wanted: Wanted, code: str, texts: list[str], url: str) -> Hit:
    name = " · ".join(text for text in texts[: kind.named] if text)
    around = (wanted.around(text) for text in texts[kind.named :])
    return Hit(wanted.mark(code), wanted.mark(name), next(filter(None, around), []), url)


def _texts(kind: Kind, user: User, case: Case) -> Iterator[tuple[CaseRow, list[str]]]:
    """Open the rows of a kind page by page; nothing of a page is left when the next one comes."""
    plain = [kind.code] if kind.code else []
    columns = ["current"] if kind.model is Testimony else list(kind.columns)
    rows: CaseRowSet[CaseRow] = CaseRowSet(kind.model).visible_to(user).filter(case=case)
    coming = rows.only("case", *plain, *columns).order_by("-created_at", "-pk").iterator(chunk_size=PAGE)
    while page := list(islice(coming, PAGE)):
        cells = _cells(user, page)
        opened = open_rows(cells.values(), *kind.columns, reader=reader_code(user), purpose=Purpose.SEARCH)
        for row in page:
            said = opened[cells[row.pk].pk] if row.pk in cells else None
            yield row, [_text(said[column]) for column in kind.columns] if said else []


def _cells(user: User, page: list[CaseRow]) -> dict[UUID, CaseRow]:
    """Return the row in which the text of each row lies: a testimony speaks through its present version."""
    accounts = [row for row in page if isinstance(row, Testimony)]
    if not accounts:
        return {row.pk: row for row in page}
    versions = TestimonyVersion.objects.visible_to(user).filter(pk__in=[row.current_id for row in accounts])
    return {row.testimony_id: row for row in versions.only("case", "witness", "testimony", "text")}


def _text(value: object) -> str:
    """Return what was sealed as one text; a list is its entries."""
    if isinstance(value, list):
        return spread(" · ".join(str(one) for one in value))
    return spread(value) if isinstance(value, str) else ""
