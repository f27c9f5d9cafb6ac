"""The tables of a package: who is meant by a code, under which conditions, what was withheld and why."""

from collections.abc import Iterable, Sequence
from typing import cast

from cases.models import ConsentScope, Witness
from cases.vocabulary import IdentityLevel
from evidence.models import CustodyEvent, Verification
from exports.gathering.document import INDEX_COLUMNS, Codes
from exports.gathering.figures import Figure
from exports.gathering.hands import hands
from exports.models import Export, ExportItem
from exports.package.payload import PayloadFile, of_bytes
from exports.package.tables import table
from exports.vocabulary import Inclusion, PseudonymKind, Reason, Tier
from exports.weighing import REDACTED_ONLY, Weighed
from vault.opening import open_rows
from vault.vocabulary import Purpose

WITNESS_CELLS = ("public_pseudonym", "category", "sex", "age_band")
# The recipient learns that something was withheld and of what kind the reason is, never more about a witness.
GROUPS = {
    Reason.NOT_APPROVED: "not ready",
    Reason.NOT_VERIFIED: "not ready",
    Reason.FROZEN: "not ready",
    Reason.FLAGGED: "not ready",
    Reason.PROVIDER: "restricted by whoever gave it",
    Reason.TIER: "needs redaction",
    Reason.GONE: "not ready",
}
CODEBOOK = (
    ("DOCID", "name of the document in this export; random, without order"),
    ("WITNESS_CODE", "name of a witness towards this recipient; other recipients hold another"),
    ("AUTHOR_CODE, COLLECTED_BY_CODE, BY, TO", "name of a staff member towards this recipient"),
    ("CONFIRMED", "hand-over: by both sides, or by receipt where the receiver is outside our system"),
    ("DATE_PRECISION", "how exactly a date is known"),
    ("CONFIDENTIALITY", "tier of the export, T0 to T3"),
    ("EXCULPATORY_FLAG", "YES where the exhibit speaks against an allegation"),
    (
        "FIGURE",
        "one organisation's figure; read it with PERSONS, AREA and PERIOD of its row, never added up",
    ),
    ("BYTES, SHA256, SHA512", "of the file at NATIVEPATH, as delivered"),
)


def _file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> PayloadFile:
    return of_bytes(f"data/tables/{name}.csv", table(columns, rows))


def witnesses(
    export: Export, answered: list[tuple[ExportItem, Weighed]], codes: Codes, reader: str
) -> PayloadFile:
    """Return the table of witnesses; at T0 and without any identity it holds codes alone."""
    ids = {answer.witness_id for _, weighed in answered for answer in weighed.answers}
    rows = list(Witness.objects.filter(pk__in=ids))
    columns = ("WITNESS_CODE", "PSEUDONYM", "CATEGORY", "SEX", "AGE_BAND")
    bare = export.tier == Tier.PUBLIC or export.identity_level == IdentityLevel.NONE
    if bare:
        told = sorted([codes.of(PseudonymKind.WITNESS, row.pk), "", "", "", ""] for row in rows)
        return _file("witnesses", columns, told)
    opened = open_rows(rows, *WITNESS_CELLS, reader=reader, purpose=Purpose.EXPORT)
    lines = []
    for row in rows:
        cells = opened[row.pk]
        category = "; ".join(cast("list[str]", cells.json("category") or []))
        who = (cells.text("public_pseudonym"), category, cells.text("sex"), cells.text("age_band"))
        lines.append([codes.of(PseudonymKind.WITNESS, row.pk), *who])
    return _file("witnesses", columns, sorted(lines))


def consent_conditions(
    export: Export, answered: list[tuple[ExportItem, Weighed]], codes: Codes, reader: str
) -> PayloadFile:
    """Return under which answer each document may be used; at the lower tiers without the witness's words."""
    answers: dict[object, ConsentScope] = {
        answer.pk: answer for _, weighed in answered for answer in weighed.answers
    }
    opened = open_rows(answers.values(), "conditions", reader=reader, purpose=Purpose.EXPORT)
    rows = [
        (
            item.exported_id,
            codes.of(PseudonymKind.WITNESS, answer.witness_id),
            answer.purpose,
            answer.material,
            answer.identity_level,
            "" if export.tier in REDACTED_ONLY else opened[answer.pk].text("conditions"),
        )
        for item, weighed in answered
        for answer in weighed.answers
    ]
    columns = ("DOCID", "WITNESS_CODE", "PURPOSE", "MATERIAL", "IDENTITY_LEVEL", "CONDITIONS")
    return _file("consent_conditions", columns, rows)


def withheld(items: Iterable[ExportItem]) -> PayloadFile:
    """Return what was asked for and left out, with the kind of its reason."""
    rows = [
        (item.exported_id, item.kind.upper(), GROUPS.get(Reason(item.reason), "not covered by consent"))
        for item in items
        if item.decision == Inclusion.LEFT_OUT
    ]
    return _file("withheld", ("ID", "KIND", "REASON"), rows)


def custody(export: Export, answered: list[tuple[ExportItem, Weighed]], codes: Codes) -> PayloadFile:
    """Return the custody of each exhibit: days, and codes for people; machines are told as such."""
    names = {item.evidence_id: item.exported_id for item, _ in answered if item.evidence_id}
    events = list(CustodyEvent.objects.filter(item__in=names).order_by("item", "seq"))
    sides = hands(export, events, codes)
    rows = [
        (
            names[event.item_id],
            event.seq,
            event.event,
            f"{event.created_at:%Y-%m-%d}",
            sides[event.pk].by,
            sides[event.pk].to,
            sides[event.pk].confirmed,
        )
        for event in events
    ]
    return _file("custody", ("DOCID", "NUMBER", "EVENT", "DAY", "BY", "TO", "CONFIRMED"), rows)


def verification(answered: list[tuple[ExportItem, Weighed]], reader: str) -> PayloadFile:
    """Return by which methods each exhibit was verified, and what each found; contrary findings too."""
    names = {item.evidence_id: item.exported_id for item, _ in answered if item.evidence_id}
    checks = list(Verification.objects.filter(item__in=names).order_by("item", "created_at"))
    opened = open_rows(checks, "finding", reader=reader, purpose=Purpose.EXPORT)
    rows = [
        (
            names[check.item_id],
            check.method,
            opened[check.pk].text("finding"),
            f"{check.created_at:%Y-%m-%d}",
            "YES" if check.reviewed_by_id else "NO",
        )
        for check in checks
    ]
    return _file("verification", ("DOCID", "METHOD", "FINDING", "DAY", "SECOND_PERSON"), rows)


def casualty_claims(figures: Iterable[Figure]) -> PayloadFile:
    """Return the figures, each with its scope in its own row and its document; there is no total."""
    rows = [
        (
            line.organisation,
            line.figure,
            line.happening,
            line.persons,
            line.area,
            line.period,
            line.as_of.get("value", ""),
            line.method,
            line.breakdown,
            figure.docid,
        )
        for figure in figures
        for line in [figure.line]
    ]
    scope = ("PERSONS", "AREA", "PERIOD", "AS_OF", "METHOD", "BREAKDOWN")
    return _file("casualty_claims", ("ORGANISATION", "FIGURE", "WHAT", *scope, "DOCID"), rows)


def codebook() -> PayloadFile:
    """Return what columns mean."""
    return _file("codebook", ("COLUMN", "MEANING"), CODEBOOK)


def index(rows: Iterable[Sequence[object]]) -> PayloadFile:
    """Return the index of documents."""
    return of_bytes("data/03_index.csv", table(INDEX_COLUMNS, rows))
