"""The demonstration's custodians: their keys lie in DATA_DIR and open with what lies beside them."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.actions import installation
from accounts.custodians import directory_in_force
from accounts.door import Machine, entering
from accounts.models import CustodianDirectory
from casemgr.demo import guards, people
from vault.custodian.tool.arguments import main

pytestmark = pytest.mark.django_db


def test_a_newcomer_finds_keys_that_the_tool_opens(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    settings.CUSTODIAN_FOUNDING = ""  # whoever else was founded in this process was undone with their test
    folder = tmp_path / "custodians"
    folder.mkdir()
    (folder / "CUS-01.key").write_text("what a start left that was killed")
    with entering(Machine.COMMAND, "start"):
        installation.mark_demonstration()
    with entering(Machine.DEMONSTRATION, "load"):
        people.make_people()
        guards.found()
    directory = directory_in_force()
    assert directory is not None
    assert {one.code for one in directory.custodians} == set(guards.CUSTODIANS)
    assert {one.code for one in directory.outside_bodies} == set(guards.OUTSIDE_BODIES)
    for one in directory.members:
        key = folder / f"{one.code}.key"
        assert key.stat().st_mode & 0o077 == 0
        tool = ["--demonstration", "--passphrase-file", str(folder / "passphrase")]
        assert main([*tool, "words", str(key)]) == 0
        assert one.keys.words in capsys.readouterr().out
        assert main(["show-directory", f"{key}.directory"]) == 0
        assert directory.words in capsys.readouterr().out
    # Outside a demonstration such a key is too cheap to be taken.
    assert main(["--passphrase-file", str(folder / "passphrase"), "words", str(folder / "CUS-01.key")]) == 1
    assert "less work" in capsys.readouterr().err
    with entering(Machine.DEMONSTRATION, "load"):
        guards.found()
    assert CustodianDirectory.objects.count() == 1
