"""From a person's account to a sealed export, and back: in a browser, on what `make run` starts."""

import hashlib
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from casemgr.demo.drawings import floor_clip
from casemgr.embedded.frontend import node
from tests.exports.worlds import unzip
from tests.journeys.product import Product, Walk
from tests.journeys.withdrawing import a_witness_withdraws

pytestmark = pytest.mark.browser
NAME = "Zulaykhatest"
FIRST = "سمعت طرقًا على الباب، ثم رأيت أربعة رجال على الدرج."
MENDED = f"{FIRST} رأيتهم من نافذة المطبخ، على بعد عشرة أمتار."


def test_from_an_account_to_a_sealed_export(walk: Walk, product: Product, tmp_path: Path) -> None:
    investigator_takes_in_a_witness(walk)
    investigator_hands_the_account_in(walk)
    supervisor_returns_it(walk)
    investigator_mends_it_and_reads_it_back(walk)
    supervisor_approves_the_account(walk)
    before = stored(product)
    clip = investigator_brings_in_a_clip(walk)
    # What is made of a file comes after it.
    sealed = min(stored(product) - before, key=lambda path: path.stat().st_mtime_ns)
    analyst_and_supervisor_verify_it(walk)
    disclosure_officer_asks_for_an_export(walk)
    supervisor_approves_it_and_the_worker_builds_it(walk)
    package = recipient_fetches_and_confirms_it(walk, tmp_path)
    recipients_key_opens_it(product, package, tmp_path, clip)
    flip_a_byte(sealed)
    integrity_task_finds_it(walk)
    log_verifies(product)


def test_a_witness_withdraws(walk: Walk, product: Product) -> None:
    a_witness_withdraws(walk, product)


def open_case(walk: Walk, code: str, room: str) -> None:
    walk.become(code)
    walk.go("/")
    walk.follow("Killings in Banias")
    walk.follow(room)


def agree(walk: Walk, purpose: str, body: str) -> None:
    use = walk.page.get_by_role("region", name=purpose).get_by_role("group", name=body).first
    use.get_by_label("Agreed").check()
    for material in ("The account in writing", "Video recordings", "Photographs of the person", "Documents"):
        use.get_by_label(material).check()
    use.get_by_label("How much of the person may be known").select_option(label="A pseudonym")


def investigator_takes_in_a_witness(walk: Walk) -> None:
    """Consent first; what is missing on a page is told there, and nothing that was typed goes."""
    open_case(walk, "INV-01", "Witnesses")
    walk.follow("Take in a witness")
    walk.press("Begin ")
    consent_comes_first(walk)
    then_the_person_and_the_meeting(walk)
    then_the_account(walk)
    confirmation_takes_all_of_it_in(walk)
    identity_comes_last(walk)


def consent_comes_first(walk: Walk) -> None:
    page = walk.page
    page.get_by_label("Information sheet").fill("2025-02")
    walk.press("Continue")
    walk.sees("There is something to mend")
    expect(page.get_by_label("Information sheet")).to_have_value("2025-02")
    for said in ("I explained what we can keep", "We spoke in a language", "The person could understand"):
        page.get_by_label(said).check()
    for refused in page.get_by_label("Refused").all():
        refused.check()
    agree(walk, "Our own analysis", "This organisation alone")
    agree(walk, "Criminal proceedings before an international court", "UN mechanism for Syria (IIIM)")
    walk.press("Continue")


def then_the_person_and_the_meeting(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("textbox", name="Pseudonym").fill("Samira")
    page.get_by_label("Eyewitness").check()
    page.get_by_label("Arabic", exact=True).check()
    walk.press("Continue")

    page.get_by_label("How it stands").select_option(label="It still goes on")
    page.get_by_label("What threatens the person").fill("Armed men of the area ask who speaks.")
    page.get_by_label("How likely harm is").select_option(label="3: possible")
    page.get_by_label("How grave it would be").select_option(label="4: grave")
    page.get_by_label("What is done about it").fill("A channel that the witness chose.")
    page.get_by_label("What danger is left").fill("A neighbour may notice.")
    page.get_by_label("What follows").select_option(label="Go on, with these measures")
    page.get_by_label("The person knows that they may say no").check()
    walk.press("Continue")
    walk.sees("There is something to mend")
    page.get_by_label("Has the person told it before").select_option("none")
    page.get_by_label("What this account adds").fill("Saw the stairs herself.")
    walk.press("Continue")


def then_the_account(walk: Walk) -> None:
    """What is typed is kept without a button, and is there when the page is opened again."""
    page = walk.page
    account = page.get_by_label("The account")
    account.fill(FIRST)
    walk.sees("Draft kept at")
    page.reload()
    expect(account).to_have_value(FIRST)
    walk.press("Continue")


def confirmation_takes_all_of_it_in(walk: Walk) -> None:
    """A pseudonym is never used twice in a case; nothing was taken in meanwhile, and nothing is lost."""
    page = walk.page
    walk.press("Take in the witness")
    walk.sees("This pseudonym was used before in this case.")
    page.get_by_role("link", name="Change").nth(1).click()
    page.get_by_role("textbox", name="Pseudonym").fill("Nadia")
    walk.press("Continue")
    walk.press("Take in the witness")


def identity_comes_last(walk: Walk) -> None:
    """By a button of its own; afterwards no page shows it again."""
    page = walk.page
    page.get_by_label("Given name").fill(NAME)
    walk.press("Seal the identity")
    walk.sees("No person alone, and not this server, can open it.")
    assert NAME not in page.content()
    walk.follow("Go on to the witness")


def open_account(walk: Walk, code: str) -> None:
    """The account that was taken in last."""
    open_case(walk, code, "Testimonies")
    walk.page.locator("a.row-link").first.click()


def investigator_hands_the_account_in(walk: Walk) -> None:
    open_account(walk, "INV-01")
    walk.follow("Hand in for review")
    walk.press("Hand it in")
    walk.sees("Submitted for review")


def supervisor_returns_it(walk: Walk) -> None:
    """Nothing is returned without a word of what should be mended."""
    open_account(walk, "SUP-01")
    walk.follow("Read side by side")
    walk.press("Take it up")
    walk.press("Return to the author")
    walk.sees("Say what should be mended")
    walk.page.get_by_label("Comments").fill("From where did she see the stairs, and how far away?")
    walk.press("Return to the author")
    walk.sees("Returned")


def investigator_mends_it_and_reads_it_back(walk: Walk) -> None:
    walk.become("INV-01")
    walk.go("/")
    walk.page.get_by_role("row", name="BAN-WT-0005").get_by_role("link").first.click()
    walk.sees("From where did she see the stairs")
    walk.follow("Write the next version")
    text = walk.page.get_by_role("textbox", name="Text")
    text.fill("")
    walk.press("Save as the next version")
    walk.sees("There is something to mend")
    text.fill(MENDED)
    walk.press("Save as the next version")
    walk.follow("Read it back")
    walk.page.get_by_label("Yes, and the witness confirmed it.").check()
    walk.page.get_by_label("Who read it").fill("INT-01")
    walk.press("Record it")
    walk.follow("Hand in for review")
    walk.press("Hand it in")
    walk.sees("Submitted for review")


def supervisor_approves_the_account(walk: Walk) -> None:
    """Approving asks for the whole checklist; comments are kept while it is refused."""
    open_account(walk, "SUP-01")
    walk.follow("Read side by side")
    walk.press("Take it up")
    walk.page.get_by_label("Comments").fill("Keeps apart what she saw and heard.")
    walk.press("Approve this version")
    walk.sees("There is something to mend")
    expect(walk.page.get_by_label("Comments")).to_have_value("Keeps apart what she saw and heard.")
    for point in walk.page.get_by_role("group", name="Checklist").get_by_role("checkbox").all():
        point.check()
    walk.press("Approve this version")
    walk.sees("Approved")


def investigator_brings_in_a_clip(walk: Walk) -> bytes:
    """What is no file at all is told beside its name; the clip beside it arrives and is checked by Celery."""
    open_case(walk, "INV-01", "Evidence")
    walk.follow("Register an exhibit")
    page = walk.page
    page.get_by_label("Type").select_option(label="Video")
    page.get_by_label("Description").fill("Filmed from the kitchen window.")
    walk.press("Register the exhibit")
    walk.sees("There is something to mend")
    expect(page.get_by_label("Description")).to_have_value("Filmed from the kitchen window.")
    page.get_by_label("Title").fill("The stairs, one clip")
    page.get_by_label("Graphic").check()
    page.get_by_label("Witness who gave it").select_option(label=witness_called(page, "Nadia"))
    page.get_by_label("Did the people shown or heard agree?").select_option(label="Nobody can be recognised")
    walk.press("Register the exhibit")
    clip = a_clip()
    nothing = FilePayload(name="nothing.mp4", mimeType="video/mp4", buffer=b"")
    filmed = FilePayload(name="VID_0042.mp4", mimeType="video/mp4", buffer=clip)
    page.get_by_label("Choose one or several files").set_input_files([nothing, filmed])
    walk.sees("This file is empty.")
    walk.sees("Checked: what is stored is what arrived.")
    page.reload()
    expect(page.locator("video")).to_be_hidden()
    walk.press("Show it")
    expect(page.locator("video")).to_be_visible()
    return clip


def a_clip() -> bytes:
    """The demonstration's clip with a box that players skip, so that it is not the same file again."""
    free = secrets.token_bytes(8)
    return floor_clip() + (8 + len(free)).to_bytes(4, "big") + b"free" + free


def witness_called(page: Page, pseudonym: str) -> str:
    """The label under which a list offers this witness."""
    option = page.locator("option", has_text=pseudonym).first
    return (option.text_content() or "").strip()


def analyst_and_supervisor_verify_it(walk: Walk) -> None:
    """Verified needs two methods of two families, and a second person for each."""
    open_exhibit(walk, "ANA-01")
    walk.press("Begin to verify")
    for method, words in (("Metadata", "Made by a telephone."), ("Place", "The stairs match the account.")):
        walk.follow("Record a finding")
        walk.page.get_by_label("Method").select_option(label=method)
        walk.page.get_by_label("Consistent", exact=True).check()
        walk.page.get_by_label("On what it rests").fill(words)
        walk.press("Record the finding")
    open_exhibit(walk, "SUP-01")
    walk.follow("Decide")
    walk.page.get_by_label("Verified").check()
    walk.press("Decide")
    walk.sees("There is something to mend")
    for _finding in range(2):
        open_exhibit(walk, "SUP-01")
        walk.follow("Confirm")
        walk.press("Confirm")
    walk.follow("Decide")
    walk.page.get_by_label("Verified").check()
    walk.press("Decide")
    walk.sees("Verified")


def open_exhibit(walk: Walk, code: str) -> None:
    """The exhibit that was registered last."""
    open_case(walk, code, "Evidence")
    walk.page.locator("a.row-link").first.click()


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
    walk.page.get_by_label("BAN-WT-0005").check()
    walk.page.get_by_label("BAN-EX-0010").check()
    walk.page.get_by_label("BAN-EX-0004").check()
    walk.press("See what would leave")
    walk.sees("A person shown did not agree, or could not be asked")
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


def recipients_key_opens_it(product: Product, package: Path, folder: Path, clip: bytes) -> None:
    """With the recipient's key alone, by programs that are not ours; the name is nowhere in it."""
    script = Path(__file__).parents[1] / "exports" / "open_age.mjs"
    opened = folder / "package.zip"
    identity = product.data_dir / "demo-recipient.txt"
    subprocess.run([node(), script, identity, package, opened], check=True, capture_output=True)
    root = unzip(opened.read_bytes(), folder / "bag")
    subprocess.run([sys.executable, "-m", "bagit", "--validate", root], check=True, capture_output=True)
    (account,) = (root / "data" / "testimonies").glob("*/statement.ar.txt")
    assert account.read_text() == MENDED
    (video,) = (root / "data" / "evidence").glob("*/file-1.*")
    assert video.read_bytes() == clip
    assert "not covered by consent" in (root / "data" / "tables" / "withheld.csv").read_text()
    for path in root.rglob("*"):
        assert path.is_dir() or NAME.encode() not in path.read_bytes(), path


def stored(product: Product) -> set[Path]:
    """Every sealed file of this product."""
    return {path for path in (product.data_dir / "media").rglob("*") if path.is_file()}


def flip_a_byte(sealed: Path) -> None:
    """What a failing disk does, or somebody at it."""
    sealed.chmod(0o600)
    with sealed.open("r+b") as file:
        file.seek(sealed.stat().st_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))


def integrity_task_finds_it(walk: Walk) -> None:
    """The alert names the exhibit, the exhibit is frozen, and the log holds the event."""
    open_case(walk, "EVI-01", "Evidence")
    walk.follow("Integrity")
    walk.press("Check every file now")
    walk.until("BAN-EX-0010")
    open_exhibit(walk, "EVI-01")
    walk.sees("Frozen")
    open_case(walk, "SUP-01", "Log")
    walk.page.get_by_label("Kind of event").select_option("fixity:failed")
    walk.press("Show")
    expect(walk.page.get_by_role("cell", name="fixity:failed")).to_be_visible()


def log_verifies(product: Product) -> None:
    checked = product.command("verify_audit")
    assert checked.returncode == 0, checked.stderr
    assert "The log is sound" in checked.stdout
    assert checked.stderr == ""
