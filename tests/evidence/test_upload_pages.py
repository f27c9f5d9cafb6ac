"""Adding files in a real browser: sent as they are, watched until checked, mended when refused."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect

from accounts.door import entering
from evidence import tasks
from evidence.models import FileObject, IngestJob
from tests.browser.harness import View, Window, axe_faults
from tests.evidence.turning import announce, head, metadata, patch, place
from tests.evidence.worlds import World, photo
from tests.personas import signed_in
from vault.files import SEGMENT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Written = Callable[[str, bytes], Path]
NAME = "لقطة من الدرج.jpg"


@pytest.fixture
def content(tmp_path: Path) -> Written:
    def written(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def opened(window: Window, world: World) -> Page:
    window.sign_in(world.investigator)
    window.look_as(View("en", 1280, "light"))
    window.go(reverse("exhibit-detail", args=[world.case.pk, world.item.pk]))
    return window.page


def row(page: Page, name: str) -> Locator:
    return page.locator(".upload-file", has=page.get_by_text(name).first)


def files(world: World) -> list[FileObject]:
    with entering(world.investigator, "test"):
        return list(FileObject.objects.filter(item=world.item, derived_from=None).order_by("created_at"))


def check(world: World) -> None:
    """What the worker does."""
    for file in files(world):
        tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))


def test_two_files_are_sent_stored_and_checked(window: Window, world: World, content: Written) -> None:
    page = opened(window, world)
    first, second = content(NAME, photo(seed=1)), content("second.jpg", photo(seed=2))
    page.set_input_files("#upload-files", [first, second])
    expect(page.locator("[data-safe=yes]")).to_be_visible()
    expect(row(page, NAME).locator("[data-step=stored]")).to_have_class("is-done")
    check(world)
    for name in (NAME, "second.jpg"):
        expect(row(page, name)).to_contain_text("Checked: what is stored is what arrived.", timeout=15_000)
    # The list of files takes the new ones in by itself, covered, with nothing fetched.
    expect(page.locator("#files .file")).to_have_count(2)
    expect(page.locator("#files [data-src]")).to_have_count(2)
    assert [window.complaints, axe_faults(page)] == [[], []]
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_refusal_stands_beside_its_file_and_the_others_go_on(
    window: Window, world: World, content: Written
) -> None:
    page = opened(window, world)
    page.set_input_files("#upload-files", [content("empty.jpg", b""), content("whole.jpg", photo())])
    expect(row(page, "empty.jpg")).to_contain_text("This file is empty")
    expect(row(page, "whole.jpg").locator("[data-step=stored]")).to_have_class("is-done")
    expect(page.locator("[data-safe=yes]")).to_be_hidden()
    row(page, "empty.jpg").get_by_role("button", name="Try again").press("Enter")
    expect(row(page, "empty.jpg")).to_contain_text("This file is empty")
    assert len(files(world)) == 1


def only(method: str, act: Callable[[Route], None]) -> Callable[[Route], None]:
    """Act on requests of one method; the others go on."""
    return lambda route: act(route) if route.request.method == method else route.continue_()


def test_broken_connection_is_gone_on_with_by_itself(window: Window, world: World, content: Written) -> None:
    page, offsets = opened(window, world), list[str]()

    def broken(route: Route) -> None:
        offsets.append(route.request.headers["upload-offset"])
        if len(offsets) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/**", only("PATCH", broken))
    page.set_input_files("#upload-files", content("clip.jpg", photo()))
    expect(row(page, "clip.jpg").locator("[data-step=stored]")).to_have_class("is-done")
    expect(row(page, "clip.jpg")).to_contain_text(hashlib.sha256(photo()).hexdigest())
    assert offsets == ["0", "0"]
    assert len(files(world)) == 1


def test_upload_of_another_browser_goes_on_where_it_stopped(
    window: Window, world: World, content: Written
) -> None:
    video = photo() + os.urandom(3 * SEGMENT)
    said = metadata(filename=NAME, fingerprint=hashlib.sha256(video[:SEGMENT]).hexdigest())
    other = signed_in(world.investigator)
    where = announce(other, place(world), len(video), Upload_Metadata=said)["Location"]
    dropped = announce(other, place(world), 5, Upload_Metadata=metadata(filename="dropped.mp4"))["Location"]
    patch(other, where, 0, video[: 2 * SEGMENT])
    page = opened(window, world)
    left = page.locator(".upload-left")
    expect(left).to_contain_text("2 MB of 3 MB arrived")
    assert axe_faults(page) == []
    left.get_by_role("button", name="dropped.mp4").click()  # asked, a browser that is driven says no
    expect(left.get_by_text("dropped.mp4")).to_have_count(2)
    page.once("dialog", lambda asked: asked.accept())
    left.get_by_role("button", name="dropped.mp4").click()
    expect(left.get_by_text("dropped.mp4")).to_have_count(0)
    assert head(other, dropped).status_code == 404
    with page.expect_request(lambda one: one.method == "PATCH") as sent:
        page.set_input_files("#upload-files", content("renamed.mp4", video))
    assert sent.value.headers["upload-offset"] == str(2 * SEGMENT)
    expect(row(page, "renamed.mp4").locator("[data-step=stored]")).to_have_class("is-done")
    assert [file.upload_key for file in files(world)] == [UUID(where.rstrip("/").rpartition("/")[2])]
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_file_that_arrives_otherwise_than_it_was_is_not_kept(
    window: Window, world: World, content: Written
) -> None:
    page = opened(window, world)
    changed = {"x-file-sha256": "0" * 64}
    page.route(
        "**/uploads/**",
        only("PATCH", lambda route: route.continue_(headers={**route.request.headers, **changed})),
    )
    page.set_input_files("#upload-files", content("clip.jpg", photo()))
    expect(row(page, "clip.jpg")).to_contain_text("the digests differ")
    assert files(world) == []


def test_pause_makes_room_and_goes_on(window: Window, world: World, content: Written) -> None:
    page = opened(window, world)
    page.route("**/uploads/**", only("PATCH", lambda _route: None))
    first, second = content("one.jpg", photo()), content("two.jpg", photo(seed=9))
    with page.expect_request(lambda one: one.method == "PATCH"):
        page.set_input_files("#upload-files", [first, second])
    row(page, "one.jpg").get_by_role("button", name="Pause").press("Enter")
    expect(row(page, "one.jpg")).to_contain_text("Paused")
    row(page, "two.jpg").get_by_role("button", name="Pause").click()
    expect(row(page, "two.jpg")).to_contain_text("Paused")
    page.unroute("**/uploads/**")
    for name in ("one.jpg", "two.jpg"):
        row(page, name).get_by_role("button", name="Go on").press("Enter")
        expect(row(page, name).locator("[data-step=stored]")).to_have_class("is-done", timeout=20_000)
    assert len(files(world)) == 2


@pytest.mark.parametrize("arrives", [True, False], ids=["kept", "not-kept"])
def test_who_cancels_is_told_what_the_server_says(
    window: Window, world: World, content: Written, arrives: bool
) -> None:
    page = opened(window, world)
    page.route("**/uploads/**", only("PATCH", lambda _route: None))
    with page.expect_request(lambda one: one.method == "PATCH") as sent:
        page.set_input_files("#upload-files", content("clip.jpg", photo()))
    if arrives:  # whether the server had it all by then, the page cannot see
        where = sent.value.url.removeprefix(window.url)
        assert patch(signed_in(world.investigator), where, 0, photo()).status_code == 204
    line = row(page, "clip.jpg")
    line.get_by_role("button", name="Cancel").press("Enter")
    if arrives:
        expect(line).to_contain_text("It had arrived before it was cancelled")
        expect(line.locator("[data-step=stored]")).to_have_class("is-done")
    else:
        expect(line).to_contain_text("The server has kept nothing of it")
        expect(line.get_by_role("button", name="Try again")).to_be_focused()
    assert len(files(world)) == arrives


def test_who_cancels_and_cannot_tell_the_server_is_told_so(
    window: Window, world: World, content: Written
) -> None:
    page = opened(window, world)

    def act(route: Route) -> None:
        if route.request.method == "DELETE":
            route.abort("connectionreset")
        elif route.request.method != "PATCH":
            route.continue_()

    page.route("**/uploads/**", act)
    with page.expect_request(lambda one: one.method == "PATCH"):
        page.set_input_files(
            "#upload-files", [content("one.jpg", photo()), content("two.jpg", photo(seed=9))]
        )
    row(page, "two.jpg").get_by_role("button", name="Cancel").click()
    expect(row(page, "two.jpg")).to_contain_text("Cancelled before any of it was sent.")
    row(page, "one.jpg").get_by_role("button", name="Cancel").click()
    expect(row(page, "one.jpg")).to_contain_text("the server could not be told")


def test_who_was_signed_out_is_told_and_loses_nothing(window: Window, world: World, content: Written) -> None:
    page = opened(window, world)
    window.sign_in(None)
    page.set_input_files("#upload-files", content("clip.jpg", photo()))
    again = row(page, "clip.jpg").get_by_role("button", name="Try again")
    again.click()
    expect(row(page, "clip.jpg")).to_contain_text("you are signed out")
    assert files(world) == []
    window.sign_in(world.investigator)
    again.click()
    expect(row(page, "clip.jpg").locator("[data-step=stored]")).to_have_class("is-done")
    assert len(files(world)) == 1


def test_without_scripts_the_page_says_what_it_needs(world: World, window: Window) -> None:
    window.sign_in(world.investigator)
    context = window.context.browser
    assert context is not None
    plain = context.new_context(java_script_enabled=False)
    try:
        plain.add_cookies(window.context.cookies(window.url))  # type: ignore[arg-type]  # what one context gives the other takes
        page = plain.new_page()
        page.goto(window.url + reverse("exhibit-detail", args=[world.case.pk, world.item.pk]))
        expect(page.get_by_text("Adding files needs a browser that runs scripts")).to_be_visible()
        expect(page.locator("#upload-files")).to_be_hidden()
    finally:
        plain.close()
