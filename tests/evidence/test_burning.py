"""What is drawn over is gone: pixels, words, frames and samples, however the file turns, hides or lies."""

import io
import math
from typing import Any

import av
import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from evidence.decoding.burning import pages, stills
from evidence.decoding.burning.regions import Misplaced, Region, Unsound, boxed, spanned
from tests.evidence import papers
from tests.evidence.redacting import jpeg, noise

UPPER_LEFT = Region("box", (0.0, 0.0, 50.0, 50.0))
BLACK = (0, 0, 0)
_frames: Any = av.VideoFrame  # whose makers have no types


def still(content: bytes, decoder: str, *regions: Region) -> tuple[Image.Image, bytes]:
    _, made = stills.burn_still(io.BytesIO(content), decoder, regions)
    assert list(stills.prove_still(made, regions)) == []
    return Image.open(io.BytesIO(made)), made


@pytest.mark.parametrize("turned", range(1, 9))
def test_box_lands_where_the_person_saw_it_however_the_camera_was_held(turned: int) -> None:
    shown = Image.new("RGB", (160, 80), (255, 255, 255))
    shown.paste((255, 0, 0), (0, 0, 80, 40))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the camera stored what is shown so
    stored = shown if turned == 1 else shown.transpose(Image.Transpose(undo[turned]))
    image, made = still(jpeg(stored, turned=turned), "JPEG", UPPER_LEFT)
    assert image.size == (160, 80)
    assert image.crop((0, 0, 80, 40)).getcolors() == [(80 * 40, BLACK)]
    assert np.asarray(image)[:, 88:].min() > 240
    assert b"Canary" not in made


def test_nothing_of_a_picture_is_carried_over_but_its_pixels() -> None:
    see_through = noise().convert("RGBA")
    see_through.putalpha(0)
    out = io.BytesIO()
    see_through.save(out, "PNG", pnginfo=_note())
    image, made = still(out.getvalue() + b"CanaryBehindTheEnd", "PNG", UPPER_LEFT)
    assert (image.mode, b"Canary" in made) == ("RGB", False)
    assert image.getpixel((150, 110)) == (255, 255, 255), "what was see-through hides nothing"
    several = io.BytesIO()
    noise().save(several, "GIF", save_all=True, append_images=[noise(seed=2)])
    image, _ = still(several.getvalue(), "GIF", UPPER_LEFT)
    assert getattr(image, "n_frames", 1) == 1


def _note() -> Any:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Comment", "Canary")
    return note


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made + b"more",
        lambda made: made[:2] + b"\xff\xfe\x00\x06abcd" + made[2:],
        lambda made: made[:2] + b"\xff\xe1\x00\x08Exif\0\0" + made[2:],
        lambda _made: jpeg(noise()),
    ],
)
def test_picture_with_anything_beside_its_pixels_is_no_copy(spoil: Any) -> None:
    _, made = stills.burn_still(io.BytesIO(jpeg(noise())), "JPEG", [UPPER_LEFT])
    assert "metadata" in list(stills.prove_still(spoil(made), [UPPER_LEFT]))


def test_one_pixel_in_a_box_is_found() -> None:
    _, made = stills.burn_still(io.BytesIO(_png(noise())), "PNG", [UPPER_LEFT])
    image = Image.open(io.BytesIO(made))
    image.putpixel((79, 59), (0, 0, 1))
    assert list(stills.prove_still(_png(image), [UPPER_LEFT])) == ["seen"]


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("sides", "field"),
    [
        ((math.nan, 0, 1, 1), "left"),
        ((0, math.inf, 1, 1), "top"),
        ((0, 0, -math.inf, 1), "width"),
        ((0, 0, 0, 1), "width"),
        ((0, 0, 1, -1), "height"),
        ((100, 0, 1, 1), "left"),
        ((-5, 0, 5, 1), "left"),
        ((0, -8, 5, 8), "top"),
        ((0, 1e300, 5, 8), "top"),
    ],
)
def test_box_that_is_none_is_refused(sides: tuple[float, float, float, float], field: str) -> None:
    with pytest.raises(Unsound) as caught:
        boxed(*sides)
    assert caught.value.field == field


@pytest.mark.parametrize("times", [(1, 1), (2, 1), (-1, 1), (math.nan, 1), (0, math.inf), (0, 1e9)])
def test_time_that_is_none_is_refused(times: tuple[float, float]) -> None:
    with pytest.raises(Unsound):
        spanned(*times)


def test_box_partly_outside_is_cut_and_a_tiny_one_covers_a_pixel() -> None:
    assert boxed(-10, 90, 20, 20) == (0.0, 90.0, 10.0, 100.0)
    assert Region("box", (99.999, 99.999, 100, 100)).pixels(160, 120) == (159, 119, 160, 120)
    assert Region("box", (33.4, 0, 33.5, 1)).pixels(10, 10) == (3, 0, 4, 1)


PAPERS = {
    "upright": (papers.plain(), (0.0, 0.0, 50.0, 50.0)),
    "turned once": (papers.turned(1), (50.0, 0.0, 100.0, 50.0)),
    "turned twice": (papers.turned(2), (50.0, 50.0, 100.0, 100.0)),
    "turned thrice": (papers.turned(3), (0.0, 50.0, 50.0, 100.0)),
    "cropped": (papers.cropped(), (0.0, 0.0, 70.0, 50.0)),
    "scanned, with words over it": (papers.scanned(), (0.0, 0.0, 50.0, 50.0)),
}


@pytest.mark.parametrize("what", PAPERS)
def test_words_under_a_box_are_found_before_and_never_after(what: str) -> None:
    content, box = PAPERS[what]
    region = Region("box", box, 1)
    assert papers.WORD in pages.words_under(pypdfium2.PdfDocument(content), region)
    made = paper(content, region)
    assert _text(made) == ""
    assert papers.WORD.encode() not in _unpacked(made)
    shown = pypdfium2.PdfDocument(made)[0].render(scale=1).to_pil()
    left, top, right, bottom = region.pixels(*shown.size)
    assert shown.crop((left + 1, top + 1, right - 1, bottom - 1)).getcolors() == [
        ((right - left - 2) * (bottom - top - 2), BLACK)
    ]
    assert shown.size == pypdfium2.PdfDocument(content)[0].render(scale=1).to_pil().size


def paper(content: bytes, *regions: Region) -> bytes:
    mime, made = pages.burn_pages(io.BytesIO(content), regions)
    assert mime == "application/pdf"
    assert list(pages.prove_pages(io.BytesIO(content), made, regions)) == []
    return made


def _text(made: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))


def _unpacked(made: bytes) -> bytes:
    """Everything in a document, without its compression."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as document:
        document.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


@pytest.mark.parametrize("content", [papers.plain(), papers.filled_in(), papers.rewritten()])
def test_nothing_of_a_paper_is_carried_over_but_what_is_seen(content: bytes) -> None:
    made = paper(content, Region("box", (0.0, 0.0, 100.0, 100.0), 1))
    assert papers.WORD.encode() not in _unpacked(made)
    assert papers.WORD.encode("utf-16-be") not in _unpacked(made)
    for word in (
        b"/JavaScript",
        b"/Annots",
        b"/AcroForm",
        b"/Names",
        b"/Info",
        b"/Metadata",
        b"/Font",
        b"/Prev",
    ):
        assert word not in _unpacked(made), word
    assert made.count(b"%%EOF") == 1


def test_note_and_field_are_drawn_as_they_are_seen() -> None:
    shown, _ = pages.draw_page(io.BytesIO(papers.filled_in()), 1)
    with Image.open(io.BytesIO(shown)) as image:
        assert np.asarray(image).min() < 100, "somebody must see what is to be covered"


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda made: papers.plain(), "metadata"),
        (lambda made: made + b"\n%%EOF\n", "metadata"),
        (lambda made: _with(made, "Info"), "metadata"),
        (lambda made: _with(made, "Annots"), "metadata"),
        (lambda made: paper(papers.plain()), "seen"),
    ],
)
def test_paper_with_anything_more_is_no_copy(spoil: Any, fault: str) -> None:
    region = Region("box", (0.0, 0.0, 50.0, 50.0), 1)
    made = spoil(paper(papers.plain(), region))
    assert fault in list(pages.prove_pages(io.BytesIO(papers.plain()), made, [region]))


def _with(made: bytes, what: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as document:
        if what == "Info":
            document.docinfo["/Author"] = papers.WORD
        else:
            document.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Contents=papers.WORD)])
        document.save(out)
    return out.getvalue()


def test_page_that_there_is_not_is_said() -> None:
    with pytest.raises(Misplaced):
        paper(papers.plain(), Region("box", (0.0, 0.0, 50.0, 50.0), 3))
