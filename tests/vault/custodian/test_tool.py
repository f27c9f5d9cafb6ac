"""The offline tool: files in, files out, one clear line for every refusal."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.vault.custodian.cast import CHEAP, NOW, WORDS, request_for, subject
from tests.vault.custodian.test_keys import ROOT
from vault import cipher
from vault.custodian import directory as directories
from vault.custodian import keyfile, layers, words
from vault.custodian.answers import Answer, Item
from vault.custodian.directory import Directory
from vault.custodian.judging import agreed
from vault.custodian.keys import BoxKey, BoxSecret
from vault.custodian.pairs import Half, new_secret, split
from vault.custodian.papers import Ask, Decision, Request, Verdict
from vault.custodian.repairing import new_halves
from vault.custodian.repairpapers import Completed, Help, Repair, Source
from vault.custodian.tool.arguments import main

CODES = ("CUS-01", "CUS-02", "CUS-03")


class Desk:
    """A folder with the files of everybody, and the tool."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        (folder / "passphrase").write_bytes(WORDS)

    def run(self, *arguments: str, heard: str = "") -> str:
        """Run a command that works and return what it said."""
        code, said, complaint = self.tried(*arguments, heard=heard)
        assert (code, complaint) == (0, "")
        return said

    def refused(self, *arguments: str, heard: str = "") -> str:
        """Run a command that is refused and return its one line; nothing was written."""
        before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        code, _, complaint = self.tried(*arguments, heard=heard)
        assert code == 1
        assert len(complaint.splitlines()) == 1, complaint
        assert {path.name: path.read_bytes() for path in self.folder.iterdir()} == before
        return complaint

    def tried(self, *arguments: str, heard: str = "") -> tuple[int, str, str]:
        options = [
            "--passphrase-file",
            str(self.folder / "passphrase"),
            *(["--heard", heard] if heard else []),
        ]
        files = [str(self.folder / one[1:]) if one.startswith("@") else one for one in arguments]
        code = main([*options, *files], CHEAP)
        caught = self.capsys.readouterr()
        return code, caught.out, caught.err

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def directory(self, name: str) -> Directory:
        return directories.read(self.read(name)).directory

    def found(self) -> Directory:
        """Three custodians make keys, found a directory and trust it."""
        for code in CODES:
            self.run("new-key", f"@{code}", "--code", code)
        self.run("propose-directory", "@d1", *(part for code in CODES for part in ("--add", f"@{code}.card")))
        self.run("sign-directory", "@CUS-01", "@d1", "@d1a")
        self.run("sign-directory", "@CUS-02", "@d1a", "@d1b")
        self.run("sign-directory", "@CUS-03", "@d1b", "@d1c")
        directory = self.directory("d1c")
        for code in CODES:
            self.run("trust", f"@{code}", "@d1c", heard=directory.words)
        return directory


class Case:
    """A sealed identity and a request for it, made as the server does."""

    def __init__(self, desk: Desk, directory: Directory) -> None:
        self.desk, self.about = desk, subject()
        self.share, self.secret = cipher.new_key(), new_secret()
        key = cipher.new_key()
        self.wrapped = layers.wrap(key, self.secret, self.about, self.share, uuid4())
        self.sealed = layers.seal_content(
            key, self.about, '{"names": "سميرة", "phones": "+963", "ids": "hidden"}'.encode()
        )
        self.halves = split(self.secret, self.about, directory.box_keys, directory.pairs, directory.number)
        desk.run("one-time-key", "@once")
        self.key = BoxKey(desk.read("once.pub"))
        self.request = replace(request_for(directory, [self.about], BoxSecret.new()), key=self.key)

    @property
    def heard(self) -> str:
        return words.as_words(self.key.fingerprint)

    def ask(self, code: str, request: Request | None = None, name: str = "ask") -> None:
        member = keyfile_id(self.desk, code)
        mine = tuple(half for half in self.halves if half.binding.holder == member)
        (self.desk.folder / name).write_bytes(Ask(request or self.request, mine).write())

    def decision(self, name: str) -> Decision:
        return Decision.read(self.desk.read(name), self.request)


def keyfile_id(desk: Desk, code: str) -> object:
    return keyfile.unseal(desk.read(code), WORDS, CHEAP).id


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_an_unsealing_walked_by_tool(desk: Desk) -> None:
    directory = desk.found()
    case = Case(desk, directory)
    for code in ("CUS-01", "CUS-03"):
        case.ask(code, name=f"ask-{code}")
        shown = desk.run("show", f"@ask-{code}")
        assert "W-7K3Q" in shown
        assert "protection" in shown
        assert case.heard not in shown  # the words are heard, never read off the request
        assert "2 of 2 halves" in desk.run("rehearse", f"@{code}", f"@ask-{code}")
        desk.run("approve", f"@{code}", f"@ask-{code}", f"@yes-{code}", heard=case.heard)
    two = agreed(case.request, [case.decision("yes-CUS-01"), case.decision("yes-CUS-03")], directory, NOW)
    item = Item(case.about, layers.open_outer(case.wrapped, case.about, case.share), case.sealed)
    digests = {half.binding: half.digest for half in case.halves}
    (desk.folder / "answer").write_bytes(Answer(case.request, two, (item,), digests).write())
    shown = desk.run("open", "@once", "@answer")
    assert "names: سميرة" in shown
    assert "hidden" not in shown  # a field that nobody asked for
    assert "سميرة".encode() not in b"".join(path.read_bytes() for path in desk.folder.iterdir())
    desk.run("one-time-key", "@other")
    assert "another key" in desk.refused("open", "@other", "@answer")


def test_what_a_custodian_may_not_approve(desk: Desk) -> None:
    directory = desk.found()
    case = Case(desk, directory)
    case.ask("CUS-01")
    approve = ("approve", "@CUS-01", "@ask", "@out")
    other = words.as_words(bytes(32))
    assert "Do not approve" in desk.refused(*approve, heard=other)
    assert "Do not approve" in desk.refused(*approve, heard="yes")
    case.ask("CUS-02")
    assert "no half of yours" in desk.refused(*approve, heard=case.heard)
    changes = {
        "expired": replace(case.request, made_at=NOW - 7200, expires_at=NOW - 3600),
        "Who asks": replace(case.request, requester="CUS-01"),
        "made under directory 7": replace(case.request, directory=7),
        "made under directory 1": replace(case.request, directory_digest=bytes(32)),
    }
    for why, request in changes.items():
        case.ask("CUS-01", request)
        assert why in desk.refused(*approve, heard=case.heard)
    shown = replace(case.request, subjects=(replace(case.about, witness_code="W-SHOWN"),))
    mine = [half for half in case.halves if half.binding.holder == keyfile_id(desk, "CUS-01")]
    lying = [replace(one, binding=replace(one.binding, subject=shown.subjects[0])) for one in mine]
    (desk.folder / "ask").write_bytes(Ask(shown, tuple(lying)).write())
    assert "not bound to this" in desk.refused(*approve, heard=case.heard)
    case.ask("CUS-01")
    desk.run(*approve, heard=case.heard)
    assert "is there already" in desk.refused(*approve, heard=case.heard)


def test_a_veto_says_why(desk: Desk) -> None:
    directory = desk.found()
    case = Case(desk, directory)
    case.ask("CUS-02")
    desk.run("veto", "@CUS-02", "@ask", "@no", "--reason", "nobody is in danger")
    desk.run("lift-veto", "@CUS-02", "@ask", "@lift", "--reason", "heard more")
    assert (case.decision("no").verdict, case.decision("no").reason) == (Verdict.VETO, "nobody is in danger")
    assert case.decision("lift").verdict == Verdict.LIFT
    with pytest.raises(SystemExit) as ended:
        main(["veto", "k", "r", "o"])
    assert ended.value.code == 2
    assert "--reason" in desk.capsys.readouterr().err


def test_a_directory_is_trusted_by_its_words_and_never_goes_back(desk: Desk) -> None:
    directory = desk.found()
    desk.run("new-key", "@CUS-04", "--code", "CUS-04")
    assert directory.words in desk.run("show-directory", "@d1c")
    for one in (words.as_words(bytes(32)), "eight words of something that is not it at all"):
        assert "not the words" in desk.refused("trust", "@CUS-04", "@d1c", heard=one)
    assert "2 of 3" in desk.refused("trust", "@CUS-04", "@d1b", heard=directory.words)
    desk.run("propose-directory", "@d2", "--after", "@d1c", "--add", "@CUS-04.card", "--remove", "CUS-03")
    assert {one.code for one in desk.directory("d2").members} == {"CUS-01", "CUS-02", "CUS-04"}
    desk.run("sign-directory", "@CUS-01", "@d2", "@d2a")
    assert "1 of 2" in desk.refused("trust", "@CUS-02", "@d2a")
    desk.run("sign-directory", "@CUS-02", "@d2a", "@d2b")
    assert "compare the words" in desk.refused("sign-directory", "@CUS-04", "@d2a", "@x")
    assert "Begin with directory 1" in desk.refused("trust", "@CUS-04", "@d2b", heard=directory.words)
    desk.run("trust", "@CUS-04", "@d1c", "@d2b", heard=directory.words)
    desk.run("trust", "@CUS-01", "@d2b")
    assert "older than 2" in desk.refused("trust", "@CUS-01", "@d1c")
    assert "does not follow" in desk.refused("sign-directory", "@CUS-01", "@d2", "@x")
    desk.run("propose-directory", "@e2", "--after", "@d1c", "--remove", "CUS-03")
    desk.run("sign-directory", "@CUS-02", "@e2", "@e2a")
    desk.run("sign-directory", "@CUS-03", "@e2a", "@e2b")
    assert "another directory 2" in desk.refused("trust", "@CUS-01", "@e2b")
    assert "CUS-09 is not" in desk.refused("propose-directory", "@x", "--after", "@d1c", "--remove", "CUS-09")
    assert "two custodians" in desk.refused("propose-directory", "@x", "--add", "@CUS-04.card")


def test_a_lost_key_is_replaced_and_repaired(desk: Desk) -> None:
    """CUS-03 loses the key, makes another under the same id, and opens again with either of the others."""
    directory = desk.found()
    case = Case(desk, directory)
    lost = str(keyfile_id(desk, "CUS-03"))
    desk.run("new-key", "@again", "--code", "CUS-03", "--id", lost)
    desk.run("propose-directory", "@d2", "--after", "@d1c", "--add", "@again.card")
    desk.run("sign-directory", "@CUS-01", "@d2", "@d2a")
    desk.run("sign-directory", "@CUS-02", "@d2a", "@d2b")
    desk.run("trust", "@again", "@d1c", "@d2b", heard=directory.words)
    assert "another key" in desk.refused(*one_veto(case, "CUS-03"))
    for code in ("CUS-01", "CUS-02"):
        desk.run("trust", f"@{code}", "@d2b")
    repair = repair_of(case.halves, desk.directory("d2b"), lost)
    (desk.folder / "repair").write_bytes(repair.write())
    for code in ("CUS-01", "CUS-02"):
        assert "Newcomer       CUS-03" in desk.run("help-newcomer", f"@{code}", "@repair", f"@help-{code}")
    assert "does not ask you" in desk.refused("help-newcomer", "@again", "@repair", "@x")
    desk.run("join-helps", "@again", "@repair", "@help-CUS-01", "@help-CUS-02", "@joined")
    one, other = (Help.read(desk.read(f"help-{code}"), repair) for code in ("CUS-01", "CUS-02"))
    completed = Completed.read(desk.read("joined"), repair)
    halves = new_halves(repair, (one, other), completed, desk.directory("d2b"))
    assert len(halves) == 4
    mine = [half for half in halves if str(half.binding.holder) == lost]
    ask = Ask(replace(case.request, directory=2), tuple(mine))
    (desk.folder / "later").write_bytes(ask.write())
    assert "2 of 2 halves" in desk.run("rehearse", "@again", "@later")


def one_veto(case: Case, code: str) -> tuple[str, ...]:
    case.ask(code, replace(case.request, directory=2))
    (case.desk.folder / f"{code}.directory").write_bytes(case.desk.read("again.directory"))
    return ("veto", f"@{code}", "@ask", "@x", "--reason", "x")


def repair_of(halves: list[Half], directory: Directory, newcomer: str) -> Repair:
    others = sorted(one.id for one in directory.members if str(one.id) != newcomer)
    two = [one for one in halves if {one.binding.pair.first, one.binding.pair.second} == set(others)]
    two.sort(key=lambda one: one.binding.side)
    member = next(one.id for one in directory.members if str(one.id) == newcomer)
    return Repair(
        uuid4(), directory.number, directory.digest, member, tuple(others), (Source((two[0], two[1])),)
    )


def test_refusals_are_one_line(desk: Desk) -> None:
    desk.run("new-key", "@CUS-01", "--code", "CUS-01")
    assert "never replaced" in desk.refused("new-key", "@CUS-01", "--code", "CUS-01")
    assert "cannot be read" in desk.refused("words", "@nothing")
    assert "not a custodian's key file" in desk.refused("words", "@CUS-01.card")
    for command in (("show", "@CUS-01"), ("show-directory", "@CUS-01.card"), ("open", "@CUS-01", "@CUS-01")):
        assert desk.refused(*command)
    (desk.folder / "passphrase").write_bytes(b"another passphrase altogether")
    assert "passphrase does not open" in desk.refused("words", "@CUS-01")
    (desk.folder / "passphrase").write_bytes(b"short")
    assert "at least 16" in desk.refused("new-key", "@other", "--code", "CUS-02")
    (desk.folder / "passphrase").write_bytes(b"\xff\xfe\xfa")
    assert desk.refused("words", "@CUS-01")


def test_words_of_keys_are_said_and_keys_are_not(desk: Desk) -> None:
    said = desk.run("new-key", "@CUS-01", "--code", "CUS-01")
    me = keyfile.unseal(desk.read("CUS-01"), WORDS, CHEAP)
    assert me.keys.public.words in said
    assert me.keys.public.words in desk.run("words", "@CUS-01")
    assert len(desk.run("draw-words").split()) == 6
    everything = said + desk.run("words", "@CUS-01")
    assert me.keys.raw.hex() not in everything
    assert (desk.folder / "CUS-01").stat().st_mode & 0o777 == 0o600


def test_the_tool_starts_by_itself() -> None:
    """As a custodian starts it, in a fresh interpreter, without any setting."""
    command = [sys.executable, "-m", "vault.custodian"]
    told = subprocess.run([*command, "--help"], cwd=ROOT, capture_output=True, text=True, env={}, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert "approve" in told.stdout
    wrong = subprocess.run(
        [*command, "show", "nothing"], cwd=ROOT, capture_output=True, text=True, env={}, check=False
    )
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr == "nothing cannot be read: No such file or directory.\n"
