"""Papers: each page drawn as it is seen, with its boxes, and put into a new document of pictures alone.

No text, font, form, note, link, attachment, script, metadata, layer or earlier version of the original is in
it, under a box or beside one. Runs in the child only.
"""

import codecs
import ctypes
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from evidence.decoding.burning.regions import MOST_PAGES, WHOLE, Misplaced, Region
from evidence.decoding.burning.stills import BLOCK, as_jpeg, blacken, is_bare_jpeg, is_covered
from evidence.decoding.pictures import Oversized

_INCH = 72
_DOTS = 200
_MOST_PAGE_PIXELS = 24_000_000
_SHOWN_EDGE = 1400
# A word this short stands everywhere.
_SHORTEST_WORD = 3
# A codec is imported when it is first used; by then no file can be opened any more.
codecs.lookup("utf-16-le")
_DRAWING = re.compile(rb"q [\d.]+ 0 0 [\d.]+ 0 0 cm /P Do Q")
_ROOT = {"/Type", "/Pages"}
_PAGE = {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"}
_IMAGE = {
    "/Type",
    "/Subtype",
    "/Width",
    "/Height",
    "/ColorSpace",
    "/BitsPerComponent",
    "/Filter",
    "/Length",
}


def burn_pages(file: BinaryIO, regions: Iterable[Region]) -> tuple[str, bytes]:
    """Return the type and bytes of a new document that shows the same pages."""
    wanted = list(regions)
    with _opened(file) as document, pikepdf.new() as made:
        if any(not 1 <= region.page <= len(document) for region in wanted):
            raise Misplaced
        for number in range(1, len(document) + 1):
            picture, size = _drawn(document, number, _DOTS)
            blacken(picture, (one for one in wanted if one.page == number), BLOCK)
            _append(made, picture, size)
        out = io.BytesIO()
        made.save(out, deterministic_id=True)
    return "application/pdf", out.getvalue()


def draw_page(file: BinaryIO, number: int) -> tuple[bytes, int]:
    """Return a picture of one page, for somebody who draws boxes on it, and how many pages there are."""
    with _opened(file) as document:
        if not 1 <= number <= len(document):
            raise Misplaced
        picture, _ = _drawn(document, number, _DOTS)
        picture.thumbnail((_SHOWN_EDGE, _SHOWN_EDGE))
        return as_jpeg(picture), len(document)


def prove_pages(original: BinaryIO, content: bytes, regions: Iterable[Region]) -> Iterator[str]:
    """Yield what is wrong with a document that was made: `metadata`, `seen`, `text`."""
    wanted = list(regions)
    try:
        pictures = list(_pictures(content))
    except (ValueError, KeyError, AttributeError, TypeError, pikepdf.PdfError):
        yield "metadata"
        return
    for number, jpeg in enumerate(pictures, start=1):
        if not is_bare_jpeg(jpeg):
            yield "metadata"
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            if not is_covered(image.convert("RGB"), (one for one in wanted if one.page == number)):
                yield "seen"
    with _opened(original) as before, _opened(io.BytesIO(content)) as after:
        if len(before) != len(after) or len(before) != len(pictures):
            yield "metadata"
        hidden = set().union(*(words_under(before, region) for region in wanted))
        told = {word for page in after for word in _words(page.get_textpage().get_text_range())}
        if hidden & told:
            yield "text"


def words_under(document: Any, region: Region) -> set[str]:
    """The words of a page that stand in a box, hidden or shown, as text programs find them."""
    page = document[region.page - 1]
    left, top, right, bottom = region.box
    corners = [_point(page, across, down) for across in (left, right) for down in (top, bottom)]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    text = page.get_textpage().get_text_bounded(min(across), min(down), max(across), max(down))
    return set(_words(text))


def _opened(file: BinaryIO) -> Any:
    return pypdfium2.PdfDocument(file, autoclose=False)


def _drawn(document: Any, number: int, dots: int) -> tuple[Image.Image, tuple[float, float]]:
    """Draw a page turned and cropped as it is shown, with its notes and filled-in forms."""
    if len(document) > MOST_PAGES:
        raise Oversized
    if document.formenv is None and document.get_formtype() != pdfium.FORMTYPE_NONE:
        document.init_forms()
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(dots / _INCH, (_MOST_PAGE_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    picture = Image.frombuffer(
        "RGB", (bitmap.width, bitmap.height), bytes(bitmap.buffer), "raw", bitmap.mode, bitmap.stride, 1
    )
    page.close()
    return picture.copy(), (width, height)


def _append(made: Any, picture: Image.Image, size: tuple[float, float]) -> None:
    width, height = (round(max(1.0, min(14_400.0, side)), 2) for side in size)
    image = pikepdf.Stream(
        made,
        as_jpeg(picture),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, width, height],
        Contents=pikepdf.Stream(made, f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode()),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=image)),
    )
    made.pages.append(pikepdf.Page(made.make_indirect(page)))


def _pictures(content: bytes) -> Iterator[bytes]:
    """Yield the picture of each page; raises `ValueError` for a document that holds anything else."""
    with pikepdf.open(io.BytesIO(content)) as document:
        _only(document.Root, _ROOT)
        _only(document.trailer, {"/Root", "/Size", "/ID"})
        if content.count(b"%%EOF") != 1 or len(document.objects) > 3 + 3 * len(document.pages):
            raise ValueError
        for page in document.pages:
            _only(page.obj, _PAGE)
            _only(page.Resources, {"/XObject"})
            _only(page.Resources.XObject, {"/P"})
            image = page.Resources.XObject.P
            _only(image, _IMAGE)
            if not _DRAWING.fullmatch(page.Contents.read_bytes()) or image.Filter != "/DCTDecode":
                raise ValueError
            yield image.read_raw_bytes()


def _only(found: Any, allowed: set[str]) -> None:
    if not set(found.keys()) <= allowed:
        raise ValueError


def _point(page: Any, across: float, down: float) -> tuple[float, float]:
    """Where a place that is seen lies in the page's own measure: turned and cropped pages count."""
    x, y = ctypes.c_double(), ctypes.c_double()
    fine = 100  # steps to a percent
    side = round(WHOLE * fine)
    at = (round(across * fine), round(down * fine))
    pdfium.FPDF_DeviceToPage(page.raw, 0, 0, side, side, 0, *at, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value


def _words(text: str) -> Iterator[str]:
    for word in text.split():
        bare = word.strip(".,;:!?()[]\"'«»،؛؟")
        if len(bare) >= _SHORTEST_WORD:
            yield bare
