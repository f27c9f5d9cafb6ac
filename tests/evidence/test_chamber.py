"""The decoding chamber: whatever a file is, it ends with a report, and reaches nothing but its own bytes."""

import gzip
import hashlib
import os
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidence.decoding import chamber
from evidence.decoding.chamber import Limits, Report, examine
from evidence.decoding.kinds import Family
from evidence.vocabulary import FileFlag
from tests.evidence.samples import (
    archive,
    clip_elsewhere,
    docx,
    gif,
    huge_clip,
    huge_png,
    huge_tiff,
    many_scans,
    pdf,
    picture,
    recording,
    sound,
    swelling_png,
)
from tests.evidence.worlds import World, photo
from vault import walls
from vault.errors import Damaged
from vault.keys import held

_PATH = "import sys; sys.path.insert(0, {root!r})"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
QUICK = Limits(cpu_seconds=20, wall_seconds=60)


def look(content: bytes, name: str, limits: Limits = QUICK) -> Report:
    return examine(lambda start, end: content[start:end], length=len(content), filename=name, limits=limits)


def stand_in(monkeypatch: pytest.MonkeyPatch, program: str, *arguments: str) -> None:
    """Run one of the probes where the real child would run."""
    call = f"from tests.evidence.probe import {program}; {program}{arguments!r}"
    monkeypatch.setattr(chamber, "_PROGRAM", f"{_PATH}; {call}")


ORDINARY = {
    "stairs.jpg": (photo(), "image/jpeg", Family.PICTURE),
    "stairs.png": (picture("PNG"), "image/png", Family.PICTURE),
    "stairs.webp": (picture("WEBP"), "image/webp", Family.PICTURE),
    "stairs.tif": (picture("TIFF"), "image/tiff", Family.PICTURE),
    "moving.gif": (gif(frames=3), "image/gif", Family.PICTURE),
    "letter.pdf": (pdf(), "application/pdf", Family.PAPER),
    "names.zip": (archive({"a/b.txt": b"x"}), "application/zip", Family.PACKAGE),
    "report.docx": (docx(), DOCX, Family.PACKAGE),
    "clip.mp4": (recording("mp4", "mpeg4"), "video/mp4", Family.MOVING),
    "clip.webm": (recording("webm", "libvpx"), "video/webm", Family.MOVING),
    "clip.avi": (recording("avi", "mpeg4"), "video/x-msvideo", Family.MOVING),
    "voice.wav": (sound("wav", "pcm_s16le"), "audio/x-wav", Family.SOUND),
    "voice.flac": (sound("flac", "flac"), "audio/flac", Family.SOUND),
    "voice.mp3": (sound("mp3", "libmp3lame"), "audio/mpeg", Family.SOUND),
    "voice.ogg": (sound("ogg", "flac"), "audio/ogg", Family.SOUND),
    "old.txt": ("رأيتهم على الدرج\n".encode("windows-1256"), "text/plain", Family.TEXT),
    "wide.txt": ("رأيتهم على الدرج\n".encode("utf-16"), "text/plain", Family.TEXT),
    "stairs.heic": (picture("HEIF"), "image/heic", Family.PICTURE),
    "words.txt": ("رأيتهم على الدرج".encode(), "text/plain", Family.TEXT),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_file_is_named_and_read(name: str) -> None:
    content, mime, family = ORDINARY[name]
    report = look(content, name)
    assert (report.flag, report.mime, report.kind.family) == ("", mime, family)
    assert bool(report.preview) == (family in {Family.PICTURE, Family.MOVING})
    assert bool(report.overview) == (family in {Family.MOVING, Family.SOUND})


# What takes long to make is made by the test that asks for it, not by each worker that reads this file.
HOSTILE: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "cut short": ("stairs.jpg", lambda: photo((1600, 1200))[:-4000], FileFlag.BROKEN),
    "head alone": ("stairs.jpg", b"\xff\xd8\xff\xe0", FileFlag.BROKEN),
    "picture bomb": ("stairs.png", huge_png(), FileFlag.OVERSIZED),
    "page as picture": ("stairs.jpg", b"<!doctype html><script>alert(1)</script>", FileFlag.DISGUISED),
    "page in a comment": ("stairs.gif", b"GIF89a/*<script>*/=1;" + b"\0" * 50, FileFlag.BROKEN),
    "picture and archive": ("stairs.png", picture("PNG") + archive({"a": b"x"}), FileFlag.DISGUISED),
    "another picture": ("stairs.png", photo(), FileFlag.DISGUISED),
    "moving and archive": ("a.gif", gif(frames=2) + archive({"a.class": b"x"}), FileFlag.DISGUISED),
    "clip and archive": ("clip.mp4", recording("mp4", "mpeg4") + archive({"a": b"x"}), FileFlag.DISGUISED),
    "satellite bomb": ("frame.tif", huge_tiff(), FileFlag.OVERSIZED),
    "clip bomb": ("clip.mov", huge_clip(), FileFlag.OVERSIZED),
    "words that swell": ("stairs.png", swelling_png, FileFlag.BROKEN),
    "packs in packs": ("a.gz", lambda: gzip.compress(gzip.compress(bytes(10_000_000))), FileFlag.UNKNOWN),
    "icon": ("a.ico", picture("ICO"), FileFlag.UNKNOWN),
    "drawing": ("map.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileFlag.UNKNOWN),
    "postscript": ("map.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run", FileFlag.UNKNOWN),
    "entities": (
        "a.xml",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        FileFlag.UNKNOWN,
    ),
    "program": ("clip.mp4", Path("/proc/self/exe").read_bytes()[:50_000], FileFlag.DISGUISED),
    "out of the folder": ("names.zip", archive({"../../etc/cron.d/x": b"x"}), FileFlag.UNSAFE),
    "absolute": ("names.zip", archive({"/etc/cron.d/x": b"x"}), FileFlag.UNSAFE),
    "by another slash": ("names.zip", archive({"..\\..\\x": b"x"}), FileFlag.UNSAFE),
    "link": ("names.zip", archive({"a": b"/etc/passwd"}, link=True), FileFlag.UNSAFE),
    "archive bomb": ("names.zip", lambda: archive({"zeros": bytes(50_000_000)}), FileFlag.UNSAFE),
    "fetching": ("names.zip", archive({"bag/fetch.txt": b"http://127.0.0.1/ 5 data/x"}), FileFlag.UNSAFE),
    "broken paper": ("letter.pdf", b"%PDF-1.7\n" + b"1 0 obj<<" * 500, FileFlag.BROKEN),
    "nearly a clip": ("clip.mp4", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41", FileFlag.BROKEN),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_file_ends_with_its_flag(what: str) -> None:
    name, content, flag = HOSTILE[what]
    report = look(content() if callable(content) else content, name)
    assert report.flag == flag
    assert report.preview == b"" or flag == FileFlag.DISGUISED
    assert report.overview == b"" or flag == FileFlag.DISGUISED


def test_picture_of_many_frames_costs_one() -> None:
    report = look(gif(frames=2000), "moving.gif")
    assert (report.flag, bool(report.preview)) == ("", True)


def test_picture_of_many_scans_ends_with_its_time() -> None:
    report = look(many_scans(), "stairs.jpg", Limits(cpu_seconds=1, wall_seconds=30))
    assert (report.flag, report.preview) == (FileFlag.SLOW, b"")


def test_script_in_a_paper_is_told_and_not_run() -> None:
    report = look(pdf(script=True), "letter.pdf")
    assert report.flag == ""
    assert report.metadata["has_script"] is True


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A server of this machine that must hear nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n",
    "hls of a file": "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile http://127.0.0.1:{port}/a.mp4\nfile /etc/passwd\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n",
    "hls of its own words": "#EXTM3U\n#EXTINF:1,\ndata:video/mp4;base64,AAAAIGZ0eXBpc29t\n#EXT-X-ENDLIST\n",
    "subfile": "subfile,,start,0,end,99,,:/etc/passwd",
    "dash": '<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:{port}/</BaseURL></MPD>',
}


@pytest.mark.parametrize(
    ("kind", "name"), [("hls", "clip.m3u8"), *((kind, "clip.mp4") for kind in PLAYLISTS)], ids=str
)
def test_playlist_reaches_no_network_and_no_file(kind: str, name: str, listening: socket.socket) -> None:
    text = PLAYLISTS[kind].format(port=listening.getsockname()[1])
    report = look(text.encode(), name)
    with pytest.raises(BlockingIOError):
        listening.accept()
    assert "root:" not in str(report.metadata)
    assert report.preview == b""
    if name == "clip.mp4":
        assert report.flag == FileFlag.DISGUISED


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/a.mp4", "file:///etc/passwd"])
def test_clip_that_lies_elsewhere_is_not_fetched(address: str, listening: socket.socket) -> None:
    report = look(clip_elsewhere(address.format(port=listening.getsockname()[1])), "clip.mov")
    with pytest.raises(BlockingIOError):
        listening.accept()
    assert "root:" not in str(report.metadata)


def test_child_inherits_nothing_and_reaches_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("somebody else's")
    monkeypatch.setenv("CANARY_OF_THE_PARENT", "a key")
    stand_in(monkeypatch, "reach_out", str(theirs))
    inherited = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(inherited, True)
    try:
        told = look(b"x", "a.bin").metadata
    finally:
        os.close(inherited)
    assert told["environment"] == {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    assert told["folder"] == "/"
    assert told["fds"] == ["0", "1", "2", "3"], "two pipes, nothing, and the folder that was just listed"
    tried = told["tried"]
    assert isinstance(tried, dict)
    assert "done" not in tried.values(), tried
    assert told["traced"] == -1
    assert told["has_filter"] is True
    assert (theirs.read_text(), [path.name for path in tmp_path.iterdir()]) == ("somebody else's", ["theirs"])


def test_memory_of_the_child_holds_no_key_of_the_parent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child is told two bytes and the digest of each key, and looks through all of its own memory."""
    assert world.item, "keys were used: this process holds them"
    root = held.keys().primary.key
    planted = os.urandom(32)
    wanted = ",".join(f"{key[:2].hex()}:{hashlib.sha256(key).hexdigest()}" for key in (root, planted))
    stand_in(monkeypatch, "remember", wanted, bytes(byte ^ 0x5A for byte in planted).hex())
    told = look(b"x", "a.bin").metadata
    assert told["found"] == [False, True], "what was planted is found, so that a key would be"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_ends_in_a_refusal_and_is_whole(machine: str) -> None:
    code = walls.program(machine)
    assert code is not None
    lines = list(struct.iter_unpack("=HBBI", code))
    assert lines[-1] == (0x06, 0, 0, 0x00050001), "what is not named fails with EPERM"
    for at, (_code, yes, no, _value) in enumerate(lines):
        assert at + max(yes, no) < len(lines) - (0 if not (yes or no) else 1)
    assert walls.program("a processor of another kind") is None


def test_nothing_is_looked_at_where_the_kernel_refuses_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "stand_open", "00" * 8)
    with pytest.raises(chamber.Unwalled):
        look(photo(), "stairs.jpg")


def test_processor_without_a_filter_is_held_by_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "stand_open", "")
    report = look(photo(), "stairs.jpg")
    assert (report.flag, bool(report.preview)) == ("", True)


@pytest.mark.parametrize(
    ("program", "limits", "flag"),
    [
        ("spin", Limits(cpu_seconds=1), FileFlag.SLOW),
        ("wait", Limits(wall_seconds=1), FileFlag.SLOW),
        ("swell", QUICK, FileFlag.BROKEN),
        ("die", QUICK, FileFlag.BROKEN),
        ("babble", QUICK, FileFlag.BROKEN),
        ("boast", QUICK, FileFlag.BROKEN),
        ("demand", QUICK, FileFlag.BROKEN),
        ("lie", QUICK, FileFlag.BROKEN),
        ("list_things", QUICK, FileFlag.BROKEN),
    ],
)
def test_child_that_misbehaves_ends_with_a_flag(
    monkeypatch: pytest.MonkeyPatch, program: str, limits: Limits, flag: str
) -> None:
    stand_in(monkeypatch, program)
    report = look(b"x" * 5000, "a.bin", limits)
    assert (report.flag, report.preview) == (flag, b"")


def test_child_to_which_nobody_listens_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends at once, by the closed pipe; whoever waited for its time to be over would call it slow."""
    stand_in(monkeypatch, "babble")
    monkeypatch.setattr(chamber, "_LAST_SECONDS", 60)
    assert look(b"x" * 5000, "a.bin", Limits(cpu_seconds=20, wall_seconds=5)).flag == FileFlag.BROKEN


def test_preview_that_is_no_picture_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "smuggle")
    assert look(b"x", "a.jpg").preview == b""


def test_bytes_that_do_not_verify_are_no_matter_of_their_type() -> None:
    def damaged(_start: int, _end: int) -> bytes:
        raise Damaged

    with pytest.raises(Damaged):
        examine(damaged, length=5000, filename="stairs.jpg")


def test_name_of_the_file_and_report_are_in_no_print() -> None:
    report = look(photo(place=True), "stairs.jpg")
    assert "CanaryMaker" in str(report.metadata)
    assert "CanaryMaker" not in repr(report)
