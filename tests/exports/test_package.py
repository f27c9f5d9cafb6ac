"""The package as bytes: what we write, what strangers' programs say of it, and what is refused."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.package import bag, errors, reading, zipping
from exports.package.payload import Measured, PayloadFile, checked_path, measure, of_bytes

LABELS = [("Source-Organization", "A body"), ("External-Identifier", "EXP-2025-000007")]


def make_bag(*files: PayloadFile) -> list[Measured]:
    chosen = files or (
        of_bytes("data/00_README.txt", b"hello\n"),
        of_bytes("data/evidence/D-1/clip.bin", b"\0" * 3),
    )
    return bag.close_bag("EXP-2025-000007", list(measure(chosen)), LABELS)


def archive(*files: PayloadFile) -> bytes:
    return b"".join(zipping.zip_bytes(make_bag(*files)))


def read(content: bytes, step: int = 1 << 20) -> reading.Checked:
    reader = reading.PackageReader()
    try:
        for start in range(0, len(content), step):
            reader.feed(content[start : start + step])
        return reader.finish()
    finally:
        reader.close()


def unpacked(folder: Path, content: bytes) -> Path:
    path = folder / "bag.zip"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as opened:
        opened.extractall(folder)
    return folder / "EXP-2025-000007"


def test_bag_passes_bagit_and_coreutils(tmp_path: Path) -> None:
    root = unpacked(tmp_path, archive())
    subprocess.run([sys.executable, "-m", "bagit", "--validate", root], check=True, capture_output=True)
    for name in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        subprocess.run(["sha512sum", "-c", "--strict", name], cwd=root, check=True, capture_output=True)
    assert (root / "bagit.txt").read_bytes() == (b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")


def test_bag_info_gives_octets_and_count(tmp_path: Path) -> None:
    info = bagit.Bag(str(unpacked(tmp_path, archive()))).info
    assert info["Payload-Oxum"] == "9.2"
    assert info["External-Identifier"] == "EXP-2025-000007"


def test_archive_passes_unzip(tmp_path: Path) -> None:
    (tmp_path / "bag.zip").write_bytes(archive())
    told = subprocess.run(
        ["unzip", "-t", tmp_path / "bag.zip"], check=True, capture_output=True, text=True
    ).stdout
    assert "No errors detected" in told


def test_archive_is_the_same_each_time_and_says_nothing_of_its_making() -> None:
    content = archive()
    assert content == archive()
    with zipfile.ZipFile(__import__("io").BytesIO(content)) as opened:
        entries = opened.infolist()
        assert opened.comment == b""
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.extra for entry in entries} == {b""}


def test_reader_agrees_with_writer_at_every_step_size() -> None:
    content = archive()
    for step in (1, 2, 3, 7, 29, 30, 31, 1000):
        checked = read(content, step)
        assert checked.sha512 == hashlib.sha512(content).hexdigest()
        assert checked.entries["data/evidence/D-1/clip.bin"].size == 3


def test_entry_and_offset_beyond_four_gigabytes_are_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipping, "LIMIT32", 4)
    checked = read(archive(of_bytes("data/big.bin", b"0123456789"), of_bytes("data/small.bin", b"1")))
    assert checked.entries["data/big.bin"].size == 10


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 200))
def test_any_content_survives(contents: list[bytes], step: int) -> None:
    files = [of_bytes(f"data/{number}.bin", content) for number, content in enumerate(contents)]
    checked = read(archive(*files), step)
    assert [checked.entries[file.path].sha256 for file in files] == [
        hashlib.sha256(content).hexdigest() for content in contents
    ]


def test_reader_refuses_every_cut() -> None:
    content = archive()
    for end in range(0, len(content), 11):
        with pytest.raises((errors.Malformed, errors.WrongDigest)):
            read(content[:end])


def test_reader_refuses_every_flipped_byte_of_names_contents_and_lists() -> None:
    content = archive()
    directory = content.index(zipping.CENTRAL.to_bytes(4, "little"))
    for place in range(0, directory, 3):
        bad = bytearray(content)
        bad[place] ^= 1
        with pytest.raises(errors.PackageError):
            read(bytes(bad))


def test_reader_refuses_what_follows_the_end() -> None:
    with pytest.raises(errors.Malformed):
        read(archive() + b"x")


def _renamed(files: list[Measured]) -> list[Measured]:
    name = "EXP-2025-000007/data/00_README.txt"
    return [
        Measured(
            PayloadFile(f"{name}x", item.file.size, item.file.read), item.sha256, item.sha512, item.crc32
        )
        if item.file.path == name
        else item
        for item in files
    ]


def _extra(name: str, content: bytes = b"x") -> Callable[[list[Measured]], list[Measured]]:
    def change(files: list[Measured]) -> list[Measured]:
        (added,) = measure([PayloadFile(f"EXP-2025-000007/{name}", len(content), lambda: (content,))])
        return sorted([*files, added], key=lambda item: item.file.path)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _renamed,
        _extra("data/extra.txt"),
        _extra("fetch.txt", b"http://example.org/ 1 data/extra.txt\n"),
        _extra("manifest-md5.txt"),
        _extra("data/../../escape.txt"),
        _extra("../escape.txt"),
        _extra("data/00_readme.txt", b"hello\n"),
        lambda files: [item for item in files if not item.file.path.endswith("clip.bin")],
        lambda files: [item for item in files if not item.file.path.endswith("bagit.txt")],
        lambda files: [item for item in files if not item.file.path.endswith("/manifest-sha256.txt")],
        lambda files: [item for item in files if "tagmanifest-sha512" not in item.file.path],
        lambda files: list(reversed(files)),
    ],
)
def test_reader_refuses_a_bag_that_is_not_whole(change: Callable[[list[Measured]], list[Measured]]) -> None:
    with pytest.raises(errors.PackageError):
        read(b"".join(zipping.zip_bytes(change(make_bag()))))


@pytest.mark.parametrize(
    "path",
    [
        "../a", "/a", "a//b", "a/./b", "a/..", "a\\b", "a\0b", "a\nb", "a b", "a:b", "a%b", ".hidden", "con",
        "data/NUL.txt", "data/com1", "é", "e\u0301", "\u202egnp.exe", "a" * 101, "a/" * 101 + "a", "", "a.",
    ],
)  # fmt: skip
def test_name_that_is_not_plain_is_refused(path: str) -> None:
    with pytest.raises(errors.UnsafeName):
        checked_path(path)


def test_names_that_differ_in_case_are_refused() -> None:
    with pytest.raises(errors.UnsafeName):
        make_bag(of_bytes("data/a.txt", b""), of_bytes("data/A.txt", b""))


def test_payload_outside_data_is_refused() -> None:
    with pytest.raises(errors.UnsafeName):
        make_bag(of_bytes("other/a.txt", b""))


def test_line_break_in_bag_info_is_refused() -> None:
    with pytest.raises(errors.UnsafeName):
        bag.bag_info([("Purpose", "a\nRecipient: another")], octets=0, count=0)


@given(st.text(max_size=40))
def test_manifest_path_survives_encoding(path: str) -> None:
    encoded = bag.encode_path(path)
    assert not {"\n", "\r"} & set(encoded)
    assert bag.decode_path(encoded) == path


def test_file_that_is_shorter_than_its_record_is_refused() -> None:
    with pytest.raises(errors.SourceChanged):
        list(measure([PayloadFile("data/a.txt", 5, lambda: (b"four",))]))


def test_file_that_changes_between_the_readings_is_found() -> None:
    contents = iter((b"first", b"other"))
    file = PayloadFile("data/a.txt", 5, lambda: (next(contents),))
    with pytest.raises(errors.WrongDigest):
        read(archive(file))


def test_builder_may_spare_sha512_of_large_entries_but_not_their_digest() -> None:
    large = of_bytes("data/large.bin", b"\2" * 1_100_000)
    content = archive(large, of_bytes("data/small.bin", b"x"))
    reader = reading.PackageReader(spares_sha512=True)
    reader.feed(content)
    entries = reader.finish().entries
    assert entries["data/large.bin"].sha512 == ""
    assert entries["data/small.bin"].sha512 == hashlib.sha512(b"x").hexdigest()
    assert entries["data/large.bin"].sha256 == hashlib.sha256(b"\2" * 1_100_000).hexdigest()
    manifest = content.index(b"manifest-sha256.txt") + len("manifest-sha256.txt")
    spoiled = bytearray(content)
    spoiled[manifest] = ord("0") if spoiled[manifest] != ord("0") else ord("1")
    with pytest.raises(errors.WrongDigest):
        reading.PackageReader(spares_sha512=True).feed(bytes(spoiled))
