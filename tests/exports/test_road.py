"""The whole road of an export, and what strangers' programs say of what leaves."""

import csv
import hashlib
import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from django.apps import apps

from accounts.door import entering
from audit.models import Event
from audit.vocabulary import Kind
from casemgr.embedded.frontend import node
from cases.models import TestimonyVersion
from exports.models import ExportItem
from exports.package.ageing import fingerprint
from exports.package.reading import PackageReader
from exports.package.signing import public_pem
from exports.package.statement import check_delivery
from exports.signer import signing_key
from exports.vocabulary import ExportState
from tests import factories
from tests.exports.worlds import CLIP, World, unzip
from vault.rows import SealedRow

BEGINS_WITH = ("built",)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"))))


def test_package_opens_with_programs_that_are_not_ours(world: World, tmp_path: Path) -> None:
    export = world.verified
    sealed = world.fetch(export)
    opened = world.opened(export)
    letters = world.letters(export)
    root = unzip(opened, tmp_path / "bag")
    assert root.name == export.number
    (tmp_path / "p.zip").write_bytes(opened)
    subprocess.run([sys.executable, "-m", "bagit", "--validate", root], check=True, capture_output=True)
    subprocess.run(["unzip", "-t", tmp_path / "p.zip"], check=True, capture_output=True)
    subprocess.run(["sha512sum", "-c", "manifest-sha512.txt"], cwd=root, check=True, capture_output=True)
    (tmp_path / "s.txt").write_bytes(letters.statement)
    (tmp_path / "s.sig").write_bytes(letters.signature)
    (tmp_path / "s.pem").write_bytes(public_pem(signing_key()))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "s.pem", "-rawin", "-in", "s.txt"]
    subprocess.run([*command, "-sigfile", "s.sig"], cwd=tmp_path, check=True, capture_output=True)
    assert f"SHA-512: {hashlib.sha512(sealed).hexdigest()}" in letters.receipt.decode()
    assert f"Size: {len(sealed)}" in letters.receipt.decode()


def test_package_opens_with_the_age_of_its_author(world: World, tmp_path: Path) -> None:
    (tmp_path / "identity.txt").write_text(f"# made by the test\n{world.identity}\n")
    (tmp_path / "package.age").write_bytes(world.fetch(world.verified))
    script, opened = Path(__file__).with_name("open_age.mjs"), tmp_path / "package.zip"
    given = [tmp_path / "identity.txt", tmp_path / "package.age", opened]
    subprocess.run([node(), script, *given], check=True, capture_output=True)
    root = unzip(opened.read_bytes(), tmp_path / "bag")
    subprocess.run([sys.executable, "-m", "bagit", "--validate", root], check=True, capture_output=True)


def test_statement_names_recipient_key_purpose_and_digest(world: World) -> None:
    opened, letters = world.opened(world.verified), world.letters(world.verified)
    reader = PackageReader()
    reader.feed(opened)
    address = check_delivery(
        reader.finish(),
        letters.statement,
        letters.signature,
        signer=public_pem(signing_key()),
        recipient_key=world.public_key,
    )
    assert address.recipient == "A mechanism of the tests"
    assert address.fingerprint == fingerprint(world.public_key)
    assert address.purpose == "criminal_international"
    assert hashlib.sha512(opened).hexdigest() in letters.statement.decode()


def test_package_holds_account_clip_and_tables(world: World, tmp_path: Path) -> None:
    root = unzip(world.opened(world.verified), tmp_path)
    data = root / "data"
    (account,) = (data / "testimonies").glob("*/statement.ar.txt")
    assert account.read_text() == factories.TEXT
    assert account.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    (clip,) = (data / "evidence").glob("*/file-1.*")
    assert clip.read_bytes() == CLIP
    index = rows(data / "03_index.csv")
    assert {row["DOCTYPE"] for row in index} == {"STATEMENT", "VIDEO"}
    by_type = {row["DOCTYPE"]: row for row in index}
    assert by_type["VIDEO"]["SHA256"] == hashlib.sha256(CLIP).hexdigest()
    assert by_type["VIDEO"]["SHA512"] == hashlib.sha512(CLIP).hexdigest()
    assert by_type["STATEMENT"]["WITNESS_CODE"] == by_type["VIDEO"]["WITNESS_CODE"]
    for name in (
        "witnesses",
        "custody",
        "withheld",
        "consent_conditions",
        "verification",
        "casualty_claims",
        "codebook",
    ):
        assert (data / "tables" / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for name in ("00_README.txt", "00_README.ar.txt", "01_transmittal.pdf", "02_case_summary.pdf"):
        assert (data / name).stat().st_size > 100
    assert json.loads(next(clip.parent.glob("item.json")).read_text())["type"] == "video"


def test_nothing_internal_leaves(world: World, tmp_path: Path) -> None:
    content = world.opened(world.verified)
    root = unzip(content, tmp_path)
    inside = [
        world.witness.code,
        world.testimony.registration_no,
        "BAN-EX-0001",
        world.case.code,
        *(user.staff_code for user in (world.lead, world.investigator, world.supervisor, world.officer)),
        *(str(row.pk) for row in (world.case, world.witness, world.testimony, world.clip, world.verified)),
        "IMG_0007",
    ]
    for path in root.rglob("*"):
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        for word in inside:
            assert word not in text, path.name
            assert word not in str(path.relative_to(tmp_path))
    assert not re.search(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", content.replace(CLIP, b""))


def test_each_recipient_gets_codes_of_its_own_and_keeps_them(world: World, tmp_path: Path) -> None:
    first = rows(unzip(world.opened(world.verified), tmp_path / "1") / "data/03_index.csv")
    again = world.build(world.approve(world.request()))
    with_same = rows(unzip(world.opened_as(again), tmp_path / "2") / "data/03_index.csv")
    assert {row["WITNESS_CODE"] for row in first} == {row["WITNESS_CODE"] for row in with_same}
    assert not {row["DOCID"] for row in first} & {row["DOCID"] for row in with_same}


def test_every_step_is_an_event(world: World) -> None:
    world.fetch(world.verified)
    for kind in (
        Kind.RECIPIENT_ADDED,
        Kind.RECIPIENT_KEY_ADDED,
        Kind.RECIPIENT_KEY_CHECKED,
        Kind.EXPORT_REQUESTED,
        Kind.EXPORT_CHECKED,
        Kind.EXPORT_APPROVED,
        Kind.EXPORT_BUILT,
        Kind.EXPORT_VERIFIED,
        Kind.EXPORT_DOWNLOADED,
        Kind.EXPORT_DELIVERED,
    ):
        assert world.events(kind), kind
    assert world.now(world.verified).state == ExportState.DELIVERED


def test_item_remembers_version_digest_and_consent(world: World) -> None:
    export = world.verified
    with entering(world.officer, "test"):
        item = ExportItem.objects.get(export=export, testimony=world.testimony)
        assert item.version == TestimonyVersion.objects.get(testimony=world.testimony)
        assert item.sha256_delivered is not None
        (rest,) = item.consents.all()
        assert rest.consent == world.consent


def test_log_knows_every_row_as_it_is(world: World) -> None:
    """What `verify_audit` asks of each row: that its digest is what the newest leaf about it says."""
    world.fetch(world.verified)
    rooms = {model._meta.db_table: model for model in apps.get_app_config("exports").get_models()}
    said: dict[tuple[str, str], str] = {}
    for event in Event.objects.order_by("at"):
        for row in json.loads(event.leaf).get("rows", []):
            said[row["table"], row["id"]] = row["digest"]
    found = [key for key in said if key[0] in rooms]
    assert {table for table, _id in found} >= {"exports_export", "exports_exportitem", "exports_approval"}
    with entering(world.officer, "test"):
        for table, pk in found:
            row = rooms[table]._base_manager.get(pk=pk)
            assert isinstance(row, SealedRow)
            assert row.row_digest().hex() == said[table, pk], table
