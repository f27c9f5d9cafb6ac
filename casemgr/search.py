"""Search inside a case: what the reader may open is opened for the request, looked through and forgotten.

There is no index of words: whoever took the server would read it. Rows come in pages, so that memory does not
grow with the case, and each page leaves the leaf of its opening. The words stand in no leaf.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from uuid import UUID

from django.db.models import Q, TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.door import reader_code
from accounts.models import User
from casemgr.matching import Piece, Wanted, spread
from cases.models import (
    Act,
    Actor,
    Case,
    CaseRow,
    Death,
    Incident,
    Location,
    Testimony,
    TestimonyVersion,
    Victim,
    Witness,
)
from cases.models.sets import CaseRowSet
from cases.vocabulary import ActType, Permission
from evidence.models import EvidenceItem
from findings.models import CasualtyClaim, FactAssertion
from vault.keys import holding
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose

# Of what is sealed as a mapping: the words of people, and not the values of fixed lists or dates beside them.
SAID = frozenset({
    "area", "by_whom", "cause_basis", "condition", "grave_ref", "note", "ordered_by", "period", "place",
    "spoken_by", "step", "words", "wounds",
})  # fmt: skip
MOST = 50
PAGE = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: which power reads it, its plain code, and the sealed columns that are looked through.

    The first columns, `named` of them, say what the row is called; where the first holds a value of a fixed
    list, `words` says it in the reader's language. `page` names the page of the row, or of the one that
    `about` names, and `opens` the power that this page asks for; with no `about` it is the page of the case,
    and the row is a place on it. `among` leaves out rows that no page shows any more.
    """

    word: Promise | str
    permission: Permission
    model: type[CaseRow]
    code: str
    columns: tuple[str, ...]
    page: str
    opens: Permission
    named: int = 1
    words: type[TextChoices] | None = None
    about: str = "pk"
    among: Q | None = None

    def code_of(self, row: CaseRow) -> str:
        """Return the plain code by which people know the row, if it has one."""
        return str(reduce(getattr, self.code.split("__"), row)) if self.code else ""

    def address_of(self, row: CaseRow) -> str:
        """Return where the row is read."""
        if not self.about:
            return f"{reverse(self.page, args=[row.case_id])}#row-{row.pk}"
        return reverse(self.page, args=[row.case_id, getattr(row, self.about)])


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
    Kind(_("Acts"), Permission.INCIDENT_READ, Act, "",
         ("type", "method", "stated_reason", "attribution", "description"),
         "act-detail", Permission.INCIDENT_READ, words=ActType),
    Kind(_("Places"), Permission.INCIDENT_READ, Location, "", ("name_en", "name_ar"),
         "location-edit", Permission.INCIDENT_WRITE, named=2),
    Kind(_("Victims"), Permission.INCIDENT_READ, Victim, "code", ("known_as",),
         "victim-detail", Permission.INCIDENT_READ),
    Kind(_("Deaths"), Permission.INCIDENT_READ, Death, "victim__code",
         ("circumstances", "body", "handling_chain", "burial"),
         "victim-detail", Permission.INCIDENT_READ, named=0, about="victim_id"),
    Kind(_("Actors"), Permission.INCIDENT_READ, Actor, "code", ("name", "aliases", "description"),
         "actor-detail", Permission.INCIDENT_READ),
    Kind(_("Exhibits"), Permission.EVIDENCE_READ, EvidenceItem, "exhibit_no", ("title", "description"),
         "exhibit-detail", Permission.EVIDENCE_READ),
    Kind(_("Facts"), Permission.FINDING_READ, FactAssertion, "", ("text",),
         "finding-list", Permission.FINDING_READ, about=""),
    Kind(_("Figures that others give"), Permission.FINDING_READ, CasualtyClaim, "",
         ("organisation", "scope_of_figure", "wording"),
         "finding-list", Permission.FINDING_READ, about="", among=Q(replaced_by__isnull=True)),
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
        code = kind.code_of(row)
        if not wanted.are_in("\n".join([code, *texts])):
            continue
        if len(hits) == MOST:
            return Found(kind, hits, has_more=True)
        url = kind.address_of(row) if kind.opens in powers else ""
        hits.append(_hit(kind, wanted, code, texts, url))
    return Found(kind, hits, has_more=False)


def _hit(kind: Kind, wanted: Wanted, code: str, texts: list[str], url: str) -> Hit:
    name = " · ".join(text for text in texts[: kind.named] if text)
    around = (wanted.around(text) for text in texts[kind.named :])
    return Hit(wanted.mark(code), wanted.mark(name), next(filter(None, around), []), url)


def _texts(kind: Kind, user: User, case: Case) -> Iterator[tuple[CaseRow, list[str]]]:
    """Open the rows of a kind page by page; nothing of a page is left when the next one comes."""
    plain = [name for name in (kind.code, kind.about) if name and name != "pk"]
    # Under whose key a row lies is read with it, not row by row.
    plain += [field.name for field in kind.model._meta.fields if field.name in {"witness", "belongs_to"}]
    columns = ["current"] if kind.model is Testimony else list(kind.columns)
    rows: CaseRowSet[CaseRow] = CaseRowSet(kind.model).visible_to(user).filter(kind.among or Q(), case=case)
    if "__" in kind.code:
        rows = rows.select_related(kind.code.partition("__")[0])
    coming = rows.only("case", *plain, *columns).order_by("-created_at", "-pk").iterator(chunk_size=PAGE)
    while page := list(islice(coming, PAGE)):
        cells = _cells(user, page)
        opened = open_rows(cells.values(), *kind.columns, reader=reader_code(user), purpose=Purpose.SEARCH)
        for row in page:
            said = opened[cells[row.pk].pk] if row.pk in cells else None
            yield row, _said(kind, said) if said else []


def _cells(user: User, page: list[CaseRow]) -> dict[UUID, CaseRow]:
    """Return the row in which the text of each row lies: a testimony speaks through its present version."""
    accounts = [row for row in page if isinstance(row, Testimony)]
    if not accounts:
        return {row.pk: row for row in page}
    versions = TestimonyVersion.objects.visible_to(user).filter(pk__in=[row.current_id for row in accounts])
    return {row.testimony_id: row for row in versions.only("case", "witness", "testimony", "text")}


def _said(kind: Kind, opened: Opened) -> list[str]:
    texts = [spread(" · ".join(_texts_in(opened[column]))) for column in kind.columns]
    if kind.words is not None and texts[0] in kind.words.values:
        texts[0] = str(kind.words(texts[0]).label)
    return texts


def _texts_in(value: object) -> Iterator[str]:
    """Every text of what was sealed: of a list its entries, of a mapping what somebody said in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (str(one) for name, one in value.items() if name in SAID and one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_in(one)
