"""What verification does in a real browser: covers, drawing on a picture, moments of a clip, the map."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, expect

from accounts.door import entering
from evidence import tasks
from evidence.actions.annotations import annotate
from evidence.actions.files import receive_file
from evidence.annotating import note_of
from evidence.models import Annotation, IngestJob, PlaceAnalysis
from evidence.vocabulary import Motivation
from tests.browser.harness import View, Window
from tests.browser.pages.evidence import a_post, some_frames
from tests.evidence.samples import recording
from tests.evidence.w3c import faults
from tests.evidence.weighing import MOMENT
from tests.personas import ROLES, make_person
from tests.policy.matrix.cases import a_case
from tests.policy.matrix.evidence import a_file, an_analyst, an_item
from tests.policy.rows import World
from vault.opening import open_row
from vault.vocabulary import Purpose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEW = View("en", 1280, "light")


@pytest.fixture
def world(window: Window) -> World:
    people = World({name: make_person(*roles) for name, roles in ROLES.items()})
    people.get(a_case)
    window.look_as(VIEW)
    return people


def page_of(world: World, window: Window, name: str, **ids: object) -> Page:
    """Open a page of the case as its supervisor."""
    window.sign_in(world.people["supervisor"])
    window.look_as(VIEW)
    assert window.go(reverse(name, kwargs={"case": world.get(a_case).pk, **ids})) == 200
    return window.page


STORED = """() => [localStorage.length, sessionStorage.length, document.cookie,
  (history.state && JSON.stringify(history.state)) || ""]"""


def test_what_is_graphic_is_covered_each_time_and_no_storage_knows_what_was_opened(
    world: World, window: Window
) -> None:
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    item = world.get(a_post)
    window.context.add_cookies([{"name": "cover", "value": "marked", "url": window.url}])
    page = page_of(world, window, "exhibit-detail", item=item.pk)
    page.wait_for_load_state("networkidle")

    def fetched() -> list[str]:
        return [url for url in asked if "thumbnail" in url or "content" in url]

    assert fetched() == [], "marked as graphic: covered whatever the reader has chosen"
    before = page.evaluate(STORED), window.context.cookies()
    picture = page.locator(".cover img").first
    expect(picture).not_to_be_visible()
    page.locator("[data-cover-open]").first.press("Enter")
    expect(picture).to_be_visible()
    assert len(fetched()) == 1
    assert picture.evaluate("(one) => getComputedStyle(one).filter") == "grayscale(1)"
    assert (page.evaluate(STORED), window.context.cookies()) == before
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(picture).not_to_be_visible()
    page.locator("[data-cover-open]").first.press("Enter")
    page.reload()
    expect(page.locator(".cover img").first).not_to_be_visible()
    assert window.complaints == []


def test_frames_stay_covered_until_the_reader_chose_to_see_what_is_not_graphic(
    world: World, window: Window
) -> None:
    item = world.get(some_frames)
    page = page_of(world, window, "exhibit-detail", item=item.pk)
    slider = page.locator(".compare input[type=range]")
    expect(slider).not_to_be_visible()
    window.context.add_cookies([{"name": "cover", "value": "marked", "url": window.url}])
    page.reload()
    page.locator(".compare").scroll_into_view_if_needed()
    expect(slider).to_be_visible()
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert slider.input_value() == "55"
    frames = page.locator(".compare-frames")
    assert frames.evaluate("(one) => one.style.getPropertyValue('--split')") == "55%"
    assert window.complaints == []


def test_box_and_outline_are_drawn_and_kept_as_annotations(world: World, window: Window) -> None:
    file, item = world.get(a_file), world.get(an_item)
    world.get(an_analyst)
    page = page_of(world, window, "annotation-create", item=item.pk, file=file.pk)
    assert not page.locator("[data-drawing]").is_visible(), "nothing is drawn on what is covered"
    page.locator("[data-cover-open]").press("Enter")
    page.locator("[data-draw=rectangle]").click()
    page.locator(".cover img").scroll_into_view_if_needed()
    drawn = page.locator(".cover img").bounding_box()
    assert drawn is not None
    left, top, wide, high = drawn["x"], drawn["y"], drawn["width"], drawn["height"]
    page.mouse.move(left + wide * 0.25, top + high * 0.25)
    page.mouse.down()
    page.mouse.move(left + wide * 0.5, top + high * 0.5, steps=4)
    page.mouse.move(left + wide * 0.75, top + high * 0.5, steps=4)
    page.mouse.up()
    expect(page.locator("[data-box-height]")).not_to_have_value("")
    shares = [
        float(page.locator(f"[data-box-{name}]").input_value()) for name in ("left", "top", "width", "height")
    ]
    assert shares == pytest.approx([25, 25, 50, 25], abs=0.6)
    page.fill("[name=text]", "A dome")
    page.select_option("[name=motivation]", Motivation.DESCRIBING.value)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    assert page.locator(".mark rect").count() == 1
    assert not page.locator(".mark").is_visible(), "the box lies under the cover too"
    by = world.people["supervisor"]
    with entering(by, "test"):
        row = Annotation.objects.get()
        told = open_row(row, "annotation", reader=by.staff_code, purpose=Purpose.READ).json("annotation")
    assert faults(told) == []
    box = note_of(told).box
    assert box is not None
    assert [float(value) for value in (box.left, box.top)] == shares[:2]
    assert window.complaints == []


def test_note_of_a_clip_leads_to_its_moment(world: World, window: Window) -> None:
    item, analyst, by = world.get(an_item), world.get(an_analyst), world.people["investigator"]
    clip = recording("webm", "libvpx", 24)  # which every browser plays
    with entering(by, "test"):
        file = receive_file(by=by, item=item, chunks=[clip], filename="clip.webm")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    with entering(analyst, "test"):
        annotate(by=analyst, file=file, note=MOMENT)
    page = page_of(world, window, "exhibit-detail", item=item.pk)
    page.locator("[data-jump]").click()
    expect(page.locator("[data-cover-open]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('video').currentTime === 0.2")
    assert page.locator("video").evaluate("(one) => one.muted && one.paused")
    assert window.complaints == []


def test_point_is_set_on_a_map_that_asks_nobody_outside(world: World, window: Window) -> None:
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    window.page.on("request", hear)
    world.get(an_analyst)
    page = page_of(world, window, "place-analysis-create", item=world.get(an_item).pk)
    page.wait_for_selector(".map[data-drawn]")
    assert all(url.startswith(window.url) for url in asked)
    page.locator(".map").press("Enter")
    assert page.input_value("[data-latitude]") == "25.000000"
    room = page.locator(".map").bounding_box()
    assert room is not None
    page.mouse.click(room["x"] + room["width"] / 2 + 40, room["y"] + room["height"] / 2)
    assert 20 < float(page.input_value("[data-longitude]")) < 90
    page.fill("[data-latitude]", "35.1812")
    page.fill("[data-longitude]", "35.9481")
    page.fill("[data-uncertainty]", "25")
    for name in ("seen_1", "there_1", "finding"):
        page.fill(f"[name={name}]", "A dome")
    page.select_option("[name=confidence]", "weak")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    page.locator("details[data-map] summary").click()
    page.wait_for_selector(".map[data-drawn]")
    with entering(world.people["supervisor"], "test"):
        assert PlaceAnalysis.objects.count() == 1
    assert all(url.startswith(window.url) for url in asked)
    assert window.complaints == []
