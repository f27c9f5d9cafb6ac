"""Sets the PDFs of a package from the templates that lie here."""

from collections.abc import Mapping
from pathlib import Path

from evidence.printing import typesetting

_TEMPLATES = Path(__file__).parent / "typst"


def set_pdf(template: str, content: Mapping[str, object]) -> bytes:
    """Return the PDF of a template (`statement`, `transmittal`, `summary`) over JSON-ready `content`."""
    return typesetting.set_pdf(_TEMPLATES / f"{template}.typ", content)
