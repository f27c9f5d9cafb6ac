"""From a person's account to a sealed export, in a browser, on the product as `make run` starts it."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from casemgr.embedded.frontend import node
from tests.exports.worlds import unzip
from tests.journeys.product import Product, Walk

pytestmark = pytest.mark.browser


def test_from_an_account_to_a_sealed_export(walk: Walk, product: Product, tmp_path: Path) -> None:
    disclosure_officer_asks_for_an_export(walk)
    supervisor_approves_it_and_the_worker_builds_it(walk)
    package = recipient_fetches_and_confirms_it(walk, tmp_path)
    recipients_key_opens_it(product, package, tmp_path)
    log_verifies(product)


def open_case(walk: Walk, code: str, room: str) -> None:
    walk.become(code)
    walk.go("/")
    walk.page.locator("a.row-link").first.click()
    walk.follow(room)


def disclosure_officer_asks_for_an_export(walk: Walk) -> None:
    open_case(walk, "DIS-01", "Exports")
    walk.follow("Ask for an export")
    walk.page.get_by_label("UN mechanism of the demonstration").check()
    walk.press("Continue")
    walk.page.get_by_label("Criminal proceedings before an international court").check()
    walk.page.get_by_label("T3 judicial, sealed").check()
    walk.press("Continue")
    # Nothing chosen is told, and what was chosen before stays.
    walk.press("See what would leave")
    walk.sees("Choose at least one testimony or exhibit.")
    walk.page.get_by_label("BAN-WT-0001").check()
    walk.page.get_by_label("BAN-EX-0004").check()
    walk.press("See what would leave")
    walk.sees("Would be left out, and listed as withheld")
    walk.page.get_by_label("Why it is sent").fill("For the file of the journey.")
    walk.press("Ask for this export")
    walk.sees("Steps")


def supervisor_approves_it_and_the_worker_builds_it(walk: Walk) -> None:
    open_case(walk, "SUP-01", "Exports")
    walk.page.locator("a.row-link").first.click()
    walk.follow("Decide about this export")
    walk.press("Refuse")
    walk.sees("There is something to mend")
    walk.page.get_by_label("Reason").fill("Each witness agreed to this use by this body.")
    walk.press("Approve sending")
    open_case(walk, "DIS-01", "Exports")
    walk.page.locator("a.row-link").first.click()
    walk.press("Build the package")
    walk.until("Fetch the package")


def recipient_fetches_and_confirms_it(walk: Walk, folder: Path) -> Path:
    walk.become("REC-01")
    walk.go("/deliveries/")
    walk.page.locator("a.row-link").first.click()
    with walk.page.expect_download() as fetched:
        walk.press("Fetch the package")
    package = folder / fetched.value.suggested_filename
    fetched.value.save_as(package)
    walk.page.reload()
    walk.page.get_by_label("Digest of the file that you received").fill("00" * 64)
    walk.press("Confirm")
    walk.sees("This is not the digest of what was sent.")
    walk.page.get_by_label("Digest of the file that you received").fill(
        hashlib.sha512(package.read_bytes()).hexdigest()
    )
    walk.press("Confirm")
    walk.sees("You confirmed the digest.")
    return package


def recipients_key_opens_it(product: Product, package: Path, folder: Path) -> None:
    script = Path(__file__).parents[1] / "exports" / "open_age.mjs"
    opened = folder / "package.zip"
    identity = product.data_dir / "demo-recipient.txt"
    subprocess.run([node(), script, identity, package, opened], check=True, capture_output=True)
    root = unzip(opened.read_bytes(), folder / "bag")
    subprocess.run([sys.executable, "-m", "bagit", "--validate", root], check=True, capture_output=True)


def log_verifies(product: Product) -> None:
    checked = product.command("verify_audit")
    assert checked.returncode == 0, checked.stderr
    assert "The log is sound" in checked.stdout
    assert checked.stderr == ""
