"""A package with 1 GiB of exhibits, from sealed files to sealed ciphertext, beside bagit, zip and age.

The yardstick starts from plain files, stores without deflating (random bytes gain nothing by it), and
encrypts with the age program where the machine has one, else with pyrage, which is what we use ourselves.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import transaction

from benchmarks import Benchmark, Pair, _files
from exports.package.bag import close_bag
from exports.package.payload import PayloadFile, measure
from exports.package.pouring import pour
from vault.files import FileSealer, open_file
from vault.models import StoredFile
from vault.scopes import Scope
from vault.vocabulary import Purpose

FILES, MEGABYTES = 4, 256
NUMBER = "EXP-2025-000007"
READER = "DIS-01"


def _export(files: list[StoredFile], scope: Scope, key: str) -> StoredFile:
    """Measure, bag, check and encrypt as a build does; only the rows of a case are missing."""
    with transaction.atomic(), ExitStack() as stack:
        payload = []
        for number, stored in enumerate(files):
            opened = stack.enter_context(open_file(stored, reader=READER, purpose=Purpose.EXPORT))
            payload.append(PayloadFile(f"data/evidence/D-{number}/file.bin", opened.length, opened.__iter__))
        bag = close_bag(NUMBER, list(measure(payload)), [("External-Identifier", NUMBER)])
        sealer = stack.enter_context(FileSealer(scope=scope, by=READER))
        pour(bag, sealer.write, to=key)
        return sealer.commit()[0]


def _by_hand(source: Path, key: str) -> None:
    folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR))
    try:
        bag, archive = folder / NUMBER, folder / "bag.zip"
        bag.mkdir()
        for number in range(FILES):
            os.link(source, bag / f"{number}.bin")
        command = [sys.executable, "-m", "bagit", "--quiet", "--sha256", "--sha512", str(bag)]
        subprocess.run(command, check=True, capture_output=True)
        subprocess.run(["zip", "-q", "-0", "-r", str(archive), NUMBER], cwd=folder, check=True)
        sealed = folder / "bag.zip.age"
        if shutil.which("age"):
            subprocess.run(["age", "-r", key, "-o", str(sealed), str(archive)], check=True)
        else:
            pyrage.encrypt_file(str(archive), str(sealed), [pyrage.x25519.Recipient.from_str(key)])
    finally:
        shutil.rmtree(folder)


@contextmanager
def _prepare() -> Iterator[Pair]:
    scope, key = _files.new_scope(), str(pyrage.x25519.Identity.generate().to_public())
    with _files.plain(MEGABYTES) as path:
        files = [_files.seal(path, scope) for _ in range(FILES)]
        try:
            yield Pair(
                ours=lambda: _files.forget(_export(files, scope, key)),
                yardstick=lambda: _by_hand(path, key),
                per=lambda seconds: FILES * MEGABYTES / seconds,
            )
        finally:
            for stored in files:
                _files.forget(stored)


BENCHMARK = Benchmark("export", "MiB/s", "bagit, zip -0 and age over the same 1 GiB", 0.7, _prepare)
