"""Papers with words in places where words are forgotten: turned, cropped, hidden, noted, filled in."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.evidence.redacting import jpeg, noise

WORD = "Canary-Samira"


def _page(document: Any, drawing: bytes, **more: Any) -> Any:
    font = document.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, 400, 200]),
        Resources=Dictionary(Font=Dictionary(F=font)),
        Contents=pikepdf.Stream(document, drawing),
        **more,
    )
    document.pages.append(pikepdf.Page(document.make_indirect(page)))
    return document.pages[-1]


def _words(across: int, down: int, *, hidden: bool = False) -> bytes:
    return f"BT /F 12 Tf {3 if hidden else 0} Tr {across} {down} Td ({WORD} lives) Tj ET".encode()


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def plain(**more: Any) -> bytes:
    """The word stands in the upper left quarter of an upright page; with tags, a script, a file, a layer."""
    with pikepdf.new() as document:
        _page(document, _words(20, 170), **more)
        _page(document, b"0 0 1 rg 0 0 50 50 re f")
        document.docinfo["/Author"] = WORD
        with document.open_metadata() as metadata:
            metadata["dc:title"] = WORD
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=f"app.alert('{WORD}')")
        document.attachments["names.txt"] = WORD.encode()
        return _saved(document)


def turned(quarters: int) -> bytes:
    """The same page, shown turned by quarters of a circle with the clock."""
    return plain(Rotate=quarters * 90)


def cropped() -> bytes:
    """A page of which the right half is shown: the word stands in the upper left of what is seen."""
    with pikepdf.new() as document:
        _page(document, _words(220, 170), CropBox=Array([200, 0, 400, 200]))
        return _saved(document)


def scanned() -> bytes:
    """A picture over the whole page, and over it the words that a program read in it, invisible."""
    with pikepdf.new() as document:
        page = _page(document, b"q 400 0 0 200 0 0 cm /P Do Q " + _words(20, 170, hidden=True))
        image = pikepdf.Stream(document, jpeg(noise((400, 200))))
        image.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=400,
            Height=200,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        page.Resources.XObject = Dictionary(P=image)
        return _saved(document)


def filled_in() -> bytes:
    """A note and a field of a form, both with the word."""
    with pikepdf.new() as document:
        page = _page(document, b"")
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.Text, Rect=Array([20, 160, 60, 190]), Contents=WORD, Open=True
        )
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T="name",
                V=WORD,
                DA="/F 12 Tf 0 g",
                Rect=Array([20, 120, 180, 150]),
            )
        )
        page.obj.Annots = Array([document.make_indirect(note), field])
        document.Root.AcroForm = Dictionary(
            Fields=Array([field]), NeedAppearances=True, DA="/F 12 Tf 0 g", DR=page.Resources
        )
        return _saved(document)


def rewritten() -> bytes:
    """A page that was emptied by appending a newer version: the older one is in the file still."""
    before = plain()
    with pikepdf.open(io.BytesIO(before)) as document:
        root, number = document.Root.objgen[0], document.pages[0].Contents.objgen[0]
    newer = f"{number} 0 obj\n<</Length 0>>stream\n\nendstream\nendobj\n".encode()
    at, table = len(before) + 1, len(before) + 1 + len(newer)
    size = 100
    return (
        before
        + b"\n"
        + newer
        + f"xref\n{number} 1\n{at:010} 00000 n \ntrailer\n<</Size {size}/Root {root} 0 R/Prev ".encode()
        + before.rpartition(b"startxref")[2].split()[0]
        + f">>\nstartxref\n{table}\n%%EOF\n".encode()
    )
