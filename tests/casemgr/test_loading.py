"""What is switched off while a process loads is on again when it works."""

import subprocess
import sys

import pytest

from tests.running import ROOT


@pytest.mark.parametrize(
    "begin",
    [
        "import casemgr.wsgi",
        "from casemgr.celery import app; app.loader.import_default_modules()",
    ],
    ids=["web", "worker and scheduler"],
)
def test_garbage_is_collected_once_all_is_loaded(django_db_setup: None, begin: str) -> None:
    program = f"{begin}; import gc; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"
    asked = [sys.executable, "-c", program]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"
