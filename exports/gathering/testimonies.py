"""Testimonies as they are delivered: the approved text as it stands, set as a PDF beside it, and its
translation.
"""

import re

from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext as _

from cases.models import TestimonyVersion
from cases.vocabulary import RIGHT_TO_LEFT, VersionKind
from exports.gathering.document import Codes, Document
from exports.models import Export, ExportItem
from exports.package.payload import of_bytes
from exports.package.typesetting import set_pdf
from exports.vocabulary import PseudonymKind
from exports.weighing import REDACTED_ONLY
from vault.opening import open_rows
from vault.vocabulary import Purpose

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def _versions(item: ExportItem) -> list[TestimonyVersion]:
    """The version that was approved, what it was translated from, and translations made of it before
    approval.
    """
    version = item.version
    if version is None:
        return []
    found = [version]
    if item.export.tier in REDACTED_ONLY:
        return found
    if version.kind == VersionKind.TRANSLATION and version.based_on is not None:
        found.insert(0, version.based_on)
    found.extend(
        version.testimony.versions.filter(
            kind=VersionKind.TRANSLATION, based_on=version, seq__lte=version.seq
        ).order_by("seq")
    )
    return found


def gather_testimonies(export: Export, items: list[ExportItem], codes: Codes, reader: str) -> list[Document]:
    """Open the texts in one call and lay out a folder for each testimony."""
    by_item = {item.pk: _versions(item) for item in items}
    every = [version for versions in by_item.values() for version in versions]
    opened = open_rows(every, "language", "text", reader=reader, purpose=Purpose.EXPORT)
    documents = []
    for item in items:
        parent = ""
        for version in by_item[item.pk]:
            language, text = opened[version.pk].text("language"), opened[version.pk].text("text")
            documents.append(_document(export, item, version, (language, text), codes, parent=parent))
            parent = parent or documents[-1].docid
    return documents


def _document(
    export: Export,
    item: ExportItem,
    version: TestimonyVersion,
    said: tuple[str, str],
    codes: Codes,
    *,
    parent: str,
) -> Document:
    language, text = said
    if not _LANGUAGE.match(language):
        language = "und"
    kind = "translation" if version.kind == VersionKind.TRANSLATION else "statement"
    witness = codes.of(PseudonymKind.WITNESS, version.witness_id)
    docid = item.exported_id if not parent else f"{item.exported_id}-{language}"
    stem = f"data/testimonies/{item.exported_id}/{kind}.{language}"
    month = version.created_at.strftime("%Y-%m")
    facts = {"Document": docid, "Witness": witness, "Language": language, "Recorded in": month}
    pdf = _pdf(export, kind, language, facts, text)
    values = {
        "PARENTID": parent,
        "IS_TRANSLATION_OF": parent,
        "LANGUAGE": language,
        "DOCDATE": month,
        "DATE_PRECISION": "month",
        "DATE_ESTIMATED": "NO",
        "VERSION_KIND": version.kind,
        "IS_REDACTED": "YES" if version.kind == VersionKind.REDACTED_DERIVATIVE else "NO",
        "SOURCE_TYPE": "witness",
        "WITNESS_CODE": witness,
        "AUTHOR_CODE": codes.of(PseudonymKind.STAFF, version.created_by_id),
        "CONFIDENTIALITY": export.tier,
        "MIME": "application/pdf",
    }
    files = [of_bytes(f"{stem}.pdf", pdf), of_bytes(f"{stem}.txt", text.encode())]
    title = f"{kind.capitalize()} {witness}"
    return Document(docid, kind.upper(), title, values, files, f"{stem}.pdf", f"{stem}.txt")


def _pdf(export: Export, kind: str, language: str, facts: dict[str, str], text: str) -> bytes:
    """Set the text with its facts above it, in the account's own language where we speak it."""
    labels = {
        "Document": gettext_noop("Document"),
        "Witness": gettext_noop("Witness"),
        "Language": gettext_noop("Language"),
        "Recorded in": gettext_noop("Recorded in"),
    }
    with override("ar" if language in RIGHT_TO_LEFT else "en"):
        title = _("Statement of witness") if kind == "statement" else _("Translation of a statement")
        shown = [[gettext(labels[name]), value] for name, value in facts.items()]
    content = {"title": title, "language": language, "number": export.number, "facts": shown, "text": text}
    return set_pdf("statement", content)
