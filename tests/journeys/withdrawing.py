"""A witness withdraws: from their word to a stopped export, a letter, a text for them, and their erasure."""

import re

from playwright.sync_api import expect

from tests.journeys.product import Product, Walk

BODY = "UN mechanism of the demonstration"


def a_witness_withdraws(walk: Walk, product: Product) -> None:
    """Samira of the demonstration: her account was sent to the mechanism, which fetches it first."""
    recipient_fetches_what_was_sent(walk)
    code = interpreter_records_her_word(walk)
    who_recorded_it_reads_her_what_it_reached(walk)
    officer_calls_it_back(walk)
    recipient_can_fetch_it_no_more(walk)
    custodian_asks_and_lead_confirms(walk, code)
    nothing_of_hers_is_left(walk, code, product)


def _open(walk: Walk, code: str, room: str) -> None:
    walk.become(code)
    walk.go("/")
    walk.follow("Killings in Banias")
    walk.follow(room)


def recipient_fetches_what_was_sent(walk: Walk) -> None:
    walk.become("REC-01")
    walk.go("/deliveries/")
    walk.page.locator("a.row-link").last.click()
    with walk.page.expect_download():
        walk.press("Fetch the package")


def interpreter_records_her_word(walk: Walk) -> str:
    """She speaks to whom she trusts; one step, and it counts."""
    _open(walk, "INT-01", "Witnesses")
    row = walk.page.get_by_role("row").filter(has_text=re.compile(r"\bSamira\b")).first
    code = (row.get_by_role("link").first.text_content() or "").strip()
    walk.follow("Overview")
    walk.follow("Withdraw a consent")
    walk.page.get_by_role("link", name=code).click()
    walk.page.get_by_label("How the witness said it").fill("By telephone, at the agreed hour.")
    walk.press("Withdraw the consent")
    return code


def who_recorded_it_reads_her_what_it_reached(walk: Walk) -> None:
    walk.sees("Withdrawn. It counts from this instant")
    walk.sees("Who already holds something of yours")
    expect(walk.page.get_by_role("article")).to_contain_text(BODY)
    expect(walk.page.get_by_role("article")).to_contain_text("The letter is still to be written")
    walk.press("The witness was told")
    walk.sees("There is something to mend")
    walk.page.get_by_label("How the witness was told").fill("Read to her by telephone.")
    walk.press("The witness was told")
    walk.sees("It is recorded that the witness was told.")
    with walk.page.expect_download():
        walk.press("Take as PDF in Arabic")


def officer_calls_it_back(walk: Walk) -> None:
    """The letter waits for the officer without anybody having sent it there."""
    walk.become("DIS-01")
    walk.go("/")
    walk.sees("Call back what is no longer covered")
    _open(walk, "DIS-01", "Exports")
    walk.follow("Recalls")
    walk.follow("Write the letter")
    walk.page.get_by_label("How it goes, and to whom there").fill(
        "To their registrar, by the sealed channel."
    )
    walk.press("Write the letter")
    walk.sees("The letter is written.")
    with walk.page.expect_download():
        walk.press("Take as PDF in English")
    walk.page.get_by_label("Received").check()
    walk.press("Write it down")
    walk.page.get_by_label("Complied").check()
    walk.press("Write it down")
    walk.sees("Complied")


def recipient_can_fetch_it_no_more(walk: Walk) -> None:
    walk.become("REC-01")
    walk.go("/deliveries/")
    expect(walk.page.get_by_text("Called back")).to_have_count(0)


def custodian_asks_and_lead_confirms(walk: Walk, code: str) -> None:
    _open(walk, "CUS-01", "Witnesses")
    walk.follow("Erasures and holds")
    walk.page.get_by_role("link", name=code).click()
    walk.press("Ask to erase it")
    walk.sees("There is something to mend")
    walk.page.get_by_label("Why it is asked for").fill("She asked for it when she withdrew.")
    walk.press("Ask to erase it")
    walk.sees("Asked. A second person must confirm it.")
    walk.become("LEAD-01")
    walk.go("/")
    walk.page.get_by_role("row", name="DES-").get_by_role("link").first.click()
    walk.follow("Decide about it")
    walk.press("Erase it for good")
    walk.until("Unreadable here; old copies of the keystore expire")
    walk.sees("On that day the last copy of the keystore has expired.")
    walk.follow("Show the certificate")
    walk.sees("Who decided, and where the log says so")
    with walk.page.expect_download():
        walk.press("Take as PDF in English")


def nothing_of_hers_is_left(walk: Walk, code: str, product: Product) -> None:
    walk.follow("Witnesses")
    expect(walk.page.get_by_text(code)).to_have_count(0)
    for room in ("Testimonies", "Evidence", "Findings", "Exports", "Overview"):
        walk.follow(room)
        expect(walk.page.get_by_role("heading", level=1)).to_be_visible()
    checked = product.command("verify_audit")
    assert checked.returncode == 0, checked.stderr
    assert checked.stderr == ""
