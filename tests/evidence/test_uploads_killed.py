"""A process killed at every step of an upload: what is there afterwards is gone on with, once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from evidence.actions.uploads import SILENT
from evidence.models import FileObject, IngestJob, Upload
from tests.evidence.dying import steps
from tests.evidence.turning import begun, offset_of, patch
from tests.evidence.worlds import World, make_world, stored_files
from tests.personas import signed_in
from tests.running import ROOT
from vault.files import SEGMENT, check_content, check_sealed
from vault.models import StoredFile
from vault.vocabulary import Purpose

CONTENT = os.urandom(3 * SEGMENT + 77)


def killed_at(step: str, world: World, where: str, offset: int, content: Path) -> None:
    ids = [str(world.investigator.pk), str(world.item.pk), where.rstrip("/").rpartition("/")[2]]
    command = [sys.executable, "-m", "tests.evidence.dying", step, *ids, str(offset), str(content)]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", steps())
def test_killed_at_any_step(step: str, tmp_path: Path) -> None:
    world, content = make_world(), tmp_path / "content"
    content.write_bytes(CONTENT)
    browser = signed_in(world.investigator)
    where = begun(browser, world, len(CONTENT))
    killed_at(step, world, where, 0, content)
    with entering(world.investigator, "test"):
        Upload.objects.update(turn_at=timezone.now() - SILENT * 2)
    at = offset_of(browser, where)
    assert at % SEGMENT == 0 or at == len(CONTENT)
    if at < len(CONTENT):
        assert patch(browser, where, at, CONTENT[at:]).status_code == 204
    with entering(world.investigator, "test"):
        file = FileObject.objects.select_related("stored").get(item=world.item)
        assert check_content(file.stored, reader="INV-01", purpose=Purpose.INTEGRITY).length == len(CONTENT)
        assert not Upload.objects.exists()
        assert IngestJob.objects.filter(file=file.pk).count() == 1
    check_sealed(file.stored)
    assert [StoredFile.objects.count(), len(world.events(Kind.EVIDENCE_RECEIVED))] == [1, 1]
    mine = [path for path in stored_files() if path.name.startswith(file.stored_id.hex)]
    assert [path.parent.name for path in mine] == [file.stored_id.hex[:2]]
