"""What a person reads first: read-me in two languages, letter of transmittal, summary of the case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from exports.gathering.figures import Figure, Figures
from exports.models import Export
from exports.package.payload import PayloadFile, of_bytes
from exports.package.statement import Address
from exports.package.typesetting import set_pdf

_COMMANDS = (
    "sha512sum -c manifest-sha512.txt\n"
    "bagit.py --validate .\n"
    "openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in {number}.statement.txt "
    "-sigfile {number}.statement.sig"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the letters say beside the export's own columns."""

    address: Address
    case_title: str
    mandate: str
    situation: str
    standard: str
    note: str
    conditions: str
    own_sentence: str
    withheld: int


def spoken(told: Told) -> list[tuple[str, str]]:
    """Return the words of the letters that people typed, with the file in which they stand."""
    summary_words = (told.case_title, told.mandate, told.situation)
    letter_words = (told.note, told.conditions, told.address.recipient)
    return [
        *(("data/02_case_summary.pdf", text) for text in summary_words),
        *(("data/01_transmittal.pdf", text) for text in letter_words),
    ]


def readme(export: Export, told: Told, language: str, *, names: bool = False) -> PayloadFile:
    """Return the read-me: what this is, how to check it, whom to contact."""
    name = "data/00_README.txt" if language == "en" else f"data/00_README.{language}.txt"
    number = export.number
    with override(language):
        paragraphs = [
            _("This is export %(number)s.") % {"number": number},
            _("Sender: %(sender)s") % {"sender": settings.EXPORT_SENDER},
            _("Recipient: %(recipient)s") % {"recipient": told.address.recipient},
            _("Tier: %(tier)s. Purpose: %(purpose)s.")
            % {"tier": export.get_tier_display(), "purpose": export.get_purpose_display()},
            _(
                "Begin with 01_transmittal.pdf, then 02_case_summary.pdf; 03_index.csv lists every document."
                " All of it opens with a file browser, a PDF reader and a spreadsheet."
            ),
            _("How to check it without our software:"),
            _COMMANDS.format(number=number),
            _(
                "The statement and its signature come by another way than the package. The digest in the "
                "statement is that of the zip file before encryption. Compare the signer's key with one "
                "received in person."
            ),
            _(
                "Codes for people and exhibits are this recipient's alone. What was withheld, and the kind "
                "of reason, stands in tables/withheld.csv. Witnesses may withdraw consent at any time; you "
                "will then be told."
            ),
        ]
        if names:
            paragraphs.append(
                _(
                    "sealed/identities.age says who the witnesses are who agreed to that. It is an age file "
                    "of its own, encrypted to the ten words that were given to you on paper: open it with "
                    "“age -d” on a machine without a network, and keep it apart from the rest."
                )
            )
        return of_bytes(name, ("\n\n".join(paragraphs) + "\n").encode())


def transmittal(export: Export, told: Told, items: Sequence[tuple[str, str, str]]) -> PayloadFile:
    """Return the letter: sender, recipient, purpose, conditions, recall, each document."""
    with override("en"):
        content = {
            "title": _("Letter of transmittal"),
            "language": "en",
            "number": export.number,
            "facts": [
                [_("Sender"), settings.EXPORT_SENDER],
                [_("Recipient"), told.address.recipient],
                [_("Purpose"), str(export.get_purpose_display())],
                [_("Tier"), str(export.get_tier_display())],
                [_("Export"), export.number],
            ],
            "sections": [{"heading": heading, "text": text} for heading, text in _paragraphs(export, told)],
            "items_heading": _("Documents"),
            "items": [{"id": docid, "title": title, "sha256": digest} for docid, title, digest in items],
        }
        return of_bytes("data/01_transmittal.pdf", set_pdf("transmittal", content))


def _paragraphs(export: Export, told: Told) -> Iterator[tuple[str, str]]:
    yield _("Why it is sent"), told.note or str(export.get_purpose_display())
    agreed = _("Use for the purpose named above alone. Do not pass on without our written consent.")
    yield _("Conditions"), told.conditions or agreed
    yield (
        _("Handling"),
        _(
            "Keep the package encrypted, on machines under your own control. Do not publish. Do not "
            "contact a witness, or try to find out who a witness is, except through us."
        ),
    )
    yield (
        _("Recall"),
        _(
            "A witness may withdraw consent. We shall then name the document, and ask you to stop "
            "using it and to confirm that you have."
        ),
    )
    if told.withheld:
        left_out = _("%(count)d objects that were asked for were left out; see tables/withheld.csv.")
        yield _("Withheld"), left_out % {"count": told.withheld}


def summary(export: Export, told: Told, figures: Figures) -> PayloadFile:
    """Return the summary: what the case is about, how we work, what others claim, its limits."""
    with override("en"):
        content = {
            "title": _("Summary of the case"),
            "language": "en",
            "number": export.number,
            "facts": [
                [_("Case"), told.case_title],
                [_("Situation"), told.situation],
                [_("Standard of proof"), told.standard],
            ],
            "sections": [
                {"heading": _("Mandate"), "text": told.mandate},
                {
                    "heading": _("How the material was collected"),
                    "text": _(
                        "Accounts were taken with consent explained first, written down in the language in "
                        "which they were given, and reviewed by a person who did not take them. Exhibits "
                        "were sealed and digested as they arrived; each has a custody record, and was "
                        "verified by at least two methods of different kinds and confirmed by a second "
                        "person."
                    ),
                },
                {
                    "heading": _("Limits"),
                    "text": _(
                        "An account reports what a person saw, heard or was told. An exhibit tends to show "
                        "what it shows. Nothing here is a finding about any person's responsibility. "
                        "Material that contradicts or exonerates is included where consent covers it."
                    ),
                },
                {"heading": _("Count of this case"), "text": told.own_sentence},
                *_left_out(figures.left_out),
            ],
            "tables": [_claims(figures.told)] if figures.told else [],
        }
        return of_bytes("data/02_case_summary.pdf", set_pdf("summary", content))


def _left_out(number: int) -> Iterator[dict[str, str]]:
    if number:
        text = _(
            "Number of figures that are not told: %(count)d. Each stands in an exhibit that is not part of "
            "this package, or that may not be used."
        )
        yield {"heading": _("Figures that were left out"), "text": text % {"count": number}}


def _claims(figures: Sequence[Figure]) -> dict[str, object]:
    return {
        "heading": _("Figures that others give"),
        "note": _(
            "Each figure counts other persons, areas and periods. They cannot be added up or compared."
        ),
        "columns": [_("Organisation"), _("Figure"), _("Persons"), _("Area"), _("Period")],
        "rows": [
            [line.organisation, f"{line.figure} {line.happening}", line.persons, line.area, line.period]
            for line in (figure.line for figure in figures)
        ],
    }
