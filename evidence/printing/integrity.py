"""The report on a case's integrity as a PDF, in words of the language that is asked for.

Promise: it says what the JSON says and no more; files that are in order are counted, the others stand each in
a line. Times are UTC. Called by the report's view.
"""

import textwrap
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from evidence.printing.typesetting import set_pdf
from evidence.vocabulary import FileFlag, FixityResult, RunKind

MOST_LINES: Final = 200
_WIDTH: Final = 64
_TEMPLATE: Final = Path(__file__).parent / "integrity.typ"
Rows = list[list[str]]


def integrity_pdf(report: dict[str, Any], language: str) -> bytes:
    """Return the PDF of a report in `en` or `ar`."""
    with override(language):
        return set_pdf(_TEMPLATE, _content(report, language))


def _content(report: dict[str, Any], language: str) -> dict[str, object]:
    files, days = report["files"], report["schedule"]
    return {
        "title": _("Integrity of the stored files"),
        "language": language,
        "number": report["case"],
        "paging": [_("Page"), _("of")],
        "facts": [
            [_("Case"), report["case"]],
            [_("Made"), f"{_at(report['made_at'])} UTC"],
            [_("By whom"), report["made_by"]],
            [_("Files"), str(files["stored"])],
            [_("Damaged or missing"), str(files["damaged"])],
            [_("Set aside"), str(files["set_aside"])],
            [_("Not checked yet"), str(files["never_checked"])],
            [_("Longest unchecked"), _at(files["longest_unchecked"])],
            [_("Checked in time"), _("No") if files["overdue"] else _("Yes")],
            [_("Days between two routine checks"), str(days["routine_days"])],
            [_("Days between two deep checks"), str(days["deep_days"])],
        ],
        "tables": [_alerts(report), _runs(report), _items(report)],
        "checkpoint": _checkpoint(report),
    }


def _alerts(report: dict[str, Any]) -> dict[str, object]:
    rows = [
        [
            one["exhibit"],
            str(FixityResult(one["result"]).label),
            _at(one["found_at"]),
            one["found_by"],
            _at(one["answered_at"]),
            one["answered_by"] or "-",
        ]
        for one in report["alerts"]
    ]
    columns = [_("Exhibit"), _("What was found"), _("Found"), _("Found by"), _("Answered"), _("By whom")]
    note = _("What was found damaged or missing, and when it was answered.") if rows else _("None.")
    return {"heading": _("Alerts"), "note": note, "columns": columns, "rows": rows}


def _runs(report: dict[str, Any]) -> dict[str, object]:
    def told(number: int | None) -> str:
        return "-" if number is None else str(number)

    rows = [
        [
            str(RunKind(one["kind"]).label),
            one["by"],
            _at(one["begun_at"]),
            _at(one["ended_at"]),
            told(one["checked"]),
            told(one["failed"]),
        ]
        for one in report["runs"]
    ]
    columns = [_("Kind of check"), _("By whom"), _("Begun"), _("Ended"), _("Files checked"), _("Failed")]
    note = _("The newest checks of this case.") if rows else _("None.")
    return {"heading": _("Checks"), "note": note, "columns": columns, "rows": rows}


def _items(report: dict[str, Any]) -> dict[str, object]:
    """Files with a flag, or never found intact: who wants each takes the JSON."""
    told = [one for one in report["items"] if one["flag"] or one["set_aside_at"] or not one["intact_at"]]
    rows: Rows = [
        [
            one["exhibit"],
            one["stored_file"][:8],
            _flag(one),
            _at(one["checked_at"]),
            _at(one["opened_at"]),
            _at(one["intact_at"]),
        ]
        for one in told[:MOST_LINES]
    ]
    columns = [_("Exhibit"), _("Stored file"), _("Flag"), _("Checked"), _("Opened"), _("Found intact")]
    note = _("%(listed)d of %(all)d files are listed: those with a flag, and those never found intact.") % {
        "listed": len(rows),
        "all": len(report["items"]),
    }
    return {"heading": _("Files"), "note": note, "columns": columns, "rows": rows}


def _flag(one: dict[str, Any]) -> str:
    if one["set_aside_at"]:
        return _("Set aside")
    return str(FileFlag(one["flag"]).label) if one["flag"] else "-"


def _at(told: str | None) -> str:
    """A time of the JSON, to the minute."""
    return told[:16].replace("T", " ") if told else "-"


def _checkpoint(report: dict[str, Any]) -> dict[str, object]:
    newest = report["checkpoint"]
    lines = newest["note"].split("\n") if newest else []
    for one in report["stamps"]:
        lines.append(f"{one['authority']}: {_at(one['said_at'])}, {one['serial']} ({one['checkpoint_size']})")
    return {
        "heading": _("Newest checkpoint of the log"),
        "note": _(
            "Compare it with a copy that lies elsewhere. Below it, the newest time stamp of each authority, "
            "with its number and the entries that it covers."
        )
        if newest
        else _("None."),
        "lines": [part for line in lines for part in textwrap.wrap(line, _WIDTH) if part.strip()],
    }
