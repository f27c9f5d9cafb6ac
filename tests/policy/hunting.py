"""Where plaintext could come to lie, and how it is looked for there, in every form that programs give it."""

import base64
import io
import json
import logging
import os
import pickle
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import psycopg
import redis
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http.response import HttpResponseBase

from casemgr.embedded import postgres, programs
from vault.rows import SealedRow

MARK = "Kanariévogel"  # stands in nothing else; its é is written in as many ways as there are


def forms(word: str) -> dict[str, bytes]:
    """Return a word in every form that a program may write it in."""
    raw = word.encode()
    found = {
        "utf-8": raw,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "latin-1": word.encode("latin-1", "replace"),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "percent": quote(word).encode(),
        "percent, small": quote_plus(word).lower().encode(),
        "json": json.dumps(word)[1:-1].encode(),
        "python": ascii(word)[1:-1].encode(),
        "xml": word.encode("ascii", "xmlcharrefreplace"),
    }
    for shift in range(3):  # base64 says three bytes in four letters: three ways to begin
        coded = base64.b64encode(bytes(shift) + raw)
        found[f"base64+{shift}"] = coded[4 if shift else 0 : -4]
    return found


@dataclass
class Hunt:
    """What is looked for: the mark in every form, and some texts as they were before they were sealed."""

    originals: dict[str, bytes] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def search(self, place: str, content: bytes, *, thoroughly: bool = True) -> None:
        """Look through bytes; `thoroughly` for the texts too, which takes long in a folder of a database."""
        self.places.append(place)
        self.found += [f"{place}: {form}" for form, needle in forms(MARK).items() if needle in content]
        if thoroughly:
            self.found += [f"{place}: {of}" for of, needle in self.originals.items() if needle in content]

    def folder(self, name: str, folder: Path, *, thoroughly: bool = True) -> None:
        """Look through every file below, and through its name."""
        for path in sorted(folder.rglob("*")):
            self.search(f"{name} (names)", os.fsencode(str(path.relative_to(folder))), thoroughly=False)
            if path.is_file() and not path.is_symlink():
                self.search(name, path.read_bytes(), thoroughly=thoroughly)


def everywhere(hunt: Hunt, temporary: Path, logged: io.StringIO, answers: Iterable[str]) -> None:
    """Look in every place that outlives a request."""
    _database(hunt)
    _queue(hunt)
    _rows(hunt)
    hunt.folder("temporary folder", temporary)
    hunt.folder("data folder", Path(settings.DATA_DIR))
    hunt.folder("stored files", Path(settings.MEDIA_STORE))
    hunt.folder("log signer", Path(settings.LOG_SIGNER_DIR))
    hunt.search("application log", logged.getvalue().encode())
    hunt.search("addresses and headers", "\n".join(answers).encode())
    letters = [letter.message().as_bytes() for letter in mail.outbox]
    hunt.search("mail", b"\n".join(letters))
    hunt.search("cache", repr(getattr(cache, "_cache", cache)).encode())


def _run_folder() -> Path:
    return Path(os.environ["DATA_DIR"]).parent


def _database(hunt: Hunt) -> None:
    """A dump of every role's tables, the folder with its write-ahead log, the server's own log."""
    cluster = postgres.existing(_run_folder())
    assert cluster
    name = str(connection.settings_dict["NAME"])
    url = cluster.url("postgres", name)
    with psycopg.connect(url, autocommit=True) as top:
        top.execute("CHECKPOINT")
        tables = {row[0] for row in top.execute("SELECT tablename FROM pg_tables").fetchall()}
        extensions = {row[0] for row in top.execute("SELECT extname FROM pg_extension").fetchall()}
        seen = top.execute("SELECT query FROM pg_stat_activity").fetchall()
    assert "django_admin_log" not in tables, "nothing keeps a history of what was typed"
    assert "pg_stat_statements" not in extensions, "statements are kept nowhere"
    hunt.search("running statements", repr(seen).encode())
    for program, words in (("pg_dump", [url]), ("pg_dumpall", ["--globals-only", "-d", url])):
        found = subprocess.run(
            [programs.program(cluster.home / "pg", program), *words], capture_output=True, check=True
        )
        assert len(found.stdout) > 1000
        hunt.search(program, found.stdout)
    hunt.folder("write-ahead log", cluster.folder / "pg_wal", thoroughly=False)
    hunt.folder("database's folder", cluster.folder / "base", thoroughly=False)
    hunt.search("database's log", (cluster.home / "log").read_bytes())


def queue_of() -> redis.Redis:
    """The queue, by an address that its own library reads."""
    return redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://"))


def _queue(hunt: Hunt) -> None:
    """Redis as it would lie on a disk, and each message as it is."""
    queue = queue_of()
    for key in queue.scan_iter():
        hunt.search("queue", bytes(key) + b"\n" + bytes(queue.dump(key) or b""))
    queue.config_set("rdbcompression", "no")
    queue.save()
    folder, name = (str(queue.config_get(of)[of]) for of in ("dir", "dbfilename"))
    hunt.search("dump of the queue", (Path(folder) / name).read_bytes())


def _rows(hunt: Hunt) -> None:
    """Rows as people's tools write them out."""
    models = [model for model in apps.get_models() if issubclass(model, SealedRow)]
    there = set(connection.introspection.table_names())
    labels = [model._meta.label for model in models if model._meta.db_table in there]
    out = io.StringIO()
    call_command("dumpdata", *labels, database="owner", use_base_manager=True, stdout=out)
    assert len(out.getvalue()) > 1000
    hunt.search("dumpdata", out.getvalue().encode())
    for model in models:
        if model._meta.db_table in there:
            rows = list(model._base_manager.using("owner").all())
            shown = [repr(rows), str([str(row) for row in rows]), str([row.__dict__ for row in rows])]
            hunt.search("pickles", pickle.dumps(rows))
            hunt.search("representations", "".join(shown).encode())
            hunt.search("values()", repr(list(model._base_manager.using("owner").values())).encode())


def told(answer: HttpResponseBase) -> Iterator[str]:
    """What of an answer others see, or keep: its address and headers."""
    request = getattr(answer, "wsgi_request", None)
    if request is not None:
        yield request.get_full_path()
    yield from (f"{name}: {value}" for name, value in answer.headers.items())
    yield from (morsel.OutputString() for morsel in answer.cookies.values())


def listening() -> tuple[logging.Handler, io.StringIO]:
    """A handler that writes down everything, at every level, with what was to be filled in."""
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    handler.setLevel(logging.DEBUG)
    return handler, logged
