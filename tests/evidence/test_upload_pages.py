"""Adding files in a real browser: sent as they are, watched until checked, mended when refused."""

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
from tests.evidence.worlds import World, photo

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


def test_broken_connection_is_tried_again_under_the_same_key(
    window: Window, world: World, content: Written
) -> None:
    page = opened(window, world)
    keys: list[str | None] = []

    def broken(route: Route) -> None:
        keys.append(route.request.headers.get("x-upload-key"))
        if len(keys) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/files/", broken)
    page.set_input_files("#upload-files", content("clip.jpg", photo()))
    expect(row(page, "clip.jpg")).to_contain_text("The connection broke")
    row(page, "clip.jpg").get_by_role("button", name="Try again").click()
    expect(row(page, "clip.jpg").locator("[data-step=stored]")).to_have_class("is-done")
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert len(files(world)) == 1


def cancelled(world: World, page: Page, path: Path, *, arrives: bool) -> Locator:
    """Cancel while the file is under way; whether the server had it all by then, the page cannot see."""
    page.route("**/files/", lambda _route: None)
    with page.expect_request("**/files/") as sent:
        page.set_input_files("#upload-files", path)
    if arrives:
        key = UUID(sent.value.headers["x-upload-key"])
        world.receive(path.read_bytes(), name=path.name, upload_key=key)
    line = row(page, path.name)
    line.get_by_role("button", name="Cancel").click()
    return line


@pytest.mark.parametrize("arrives", [True, False], ids=["kept", "not-kept"])
def test_who_cancels_is_told_what_the_server_says(
    window: Window, world: World, content: Written, arrives: bool
) -> None:
    line = cancelled(world, opened(window, world), content("clip.jpg", photo()), arrives=arrives)
    if arrives:
        expect(line).to_contain_text("It had arrived before it was cancelled")
        expect(line.locator("[data-step=stored]")).to_have_class("is-done")
    else:
        expect(line).to_contain_text("it has kept nothing of it", timeout=15_000)
        expect(line.get_by_role("button", name="Try again")).to_be_visible()
    assert len(files(world)) == arrives


def test_who_cancels_and_cannot_ask_is_told_that_nobody_knows(
    window: Window, world: World, content: Written
) -> None:
    page = opened(window, world)
    page.route("**/files/kept/**", lambda route: route.abort("connectionreset"))
    line = cancelled(world, page, content("clip.jpg", photo()), arrives=False)
    expect(line).to_contain_text("It may have been")


def test_what_waits_its_turn_is_cancelled_without_a_doubt(
    window: Window, world: World, content: Written
) -> None:
    page = opened(window, world)
    page.route("**/files/", lambda _route: None)
    page.set_input_files("#upload-files", [content("one.jpg", photo()), content("two.jpg", photo(seed=9))])
    row(page, "two.jpg").get_by_role("button", name="Cancel").click()
    expect(row(page, "two.jpg")).to_contain_text("Cancelled before any of it was sent.")


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
