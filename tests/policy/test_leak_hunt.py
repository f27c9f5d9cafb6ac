"""A whole scenario with a mark in every sealed field, and then a hunt for it wherever bytes come to lie.

What is sealed gets the mark as it is sealed, so that a new sealed column cannot be forgotten: it is marked by
this scenario, or stands in `UNMARKED` with its reason. What people type gets it in the browser.
"""

import io
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from psycopg import sql
from psycopg.errors import CheckViolation

import vault.rows
from accounts.actions import installation
from accounts.door import Machine, entering
from accounts.models import User
from casemgr.demo import people
from cases.models import Case
from evidence.models import EvidenceItem, IngestJob
from evidence.tasks import ingest_file
from tests.evidence.turning import announce, patch, place
from tests.personas import signed_in
from tests.policy.hunting import MARK, Hunt, everywhere, listening, queue_of, told
from vault.fields import TEXT, SealedField, sealed_fields
from vault.rows import SealedRow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PAGES = 45
LINK = re.compile(r'href="(/[^"#?]*)"')

# Signed as it is written: nothing may be added to it.
AS_WRITTEN = {"exports_export.statement"}
# Tables of which neither the demonstration nor this scenario writes a row.
UNUSED = {
    "accounts_drill",
    "accounts_drillanswer",
    "accounts_repair",
    "cases_caselock",
    "cases_contactentry",
    "cases_contactrules",
    "cases_draft",
    "cases_identitydecision",
    "cases_identityrequest",
    "cases_identitysession",
    "cases_legalhold",
    "cases_lockword",
    "cases_referral",
    "cases_repetitionreason",
    "cases_savedview",
    "evidence_collectionrecord",
    "cases_sessiondecision",
    "cases_sessionreport",
    "evidence_fixitycheck",
    "evidence_redaction",
    "evidence_redactionset",
    "exports_destruction",
    "exports_disposal",
    "exports_recallnotice",
    "exports_receipt",
    "exports_secondkey",
}


def marked(value: Any) -> Any:
    """Put the mark into every text of more than one word; codes and digests have one."""
    if isinstance(value, str):
        return f"{value} {MARK}" if " " in value else value
    if isinstance(value, dict):
        return {name: marked(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [marked(one) for one in value]
    return value


@dataclass
class Scenario:
    """What happened, and what was seen of it from outside."""

    hunt: Hunt = field(default_factory=Hunt)
    covered: set[str] = field(default_factory=set)
    sealed: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    shown: int = 0
    is_over: bool = False
    logged: io.StringIO = field(default_factory=io.StringIO)

    def seal(self, real: Callable[..., bytes]) -> Callable[..., bytes]:
        """Stand in for the one function that every sealed cell passes."""

        def content(column: SealedField, value: object) -> bytes:
            of = f"{column.model._meta.db_table}.{column.attname}"
            self.sealed.add(of)
            if of in AS_WRITTEN and not self.is_over:
                return real(column, value)
            other = marked(value)
            if other != value:
                self.covered.add(of)
                if isinstance(value, str) and len(value) > 24:
                    self.hunt.originals.setdefault(of, value[:60].encode())
            return real(column, other)

        return content

    def ask(self, browser: Client, method: str, address: str, **sent: Any) -> Any:
        """Send one request and keep what others see of it."""
        answer = getattr(browser, method)(address, **sent)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.told += told(answer)
        self.shown += MARK.encode() in body
        self.kept.append(repr(dict(browser.session.items())))
        return answer


@contextmanager
def overheard(scenario: Scenario) -> Iterator[None]:
    """Listen to every logger at every level that can be set, to each statement of SQL too."""
    handler, scenario.logged = listening()
    pinned = cast("dict[str, dict[str, Any]]", settings.LOGGING)["loggers"]
    names = [None, *(name for name in logging.root.manager.loggerDict if name not in pinned)]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
        if name is None or not logging.getLogger(name).propagate:
            logging.getLogger(name).addHandler(handler)
    connection.force_debug_cursor = True
    try:
        yield
    finally:
        connection.force_debug_cursor = False
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
            logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def scenario(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Load the demonstration, read its pages, type into them, bring a file in, and break a page."""
    settings.DATA_DIR, settings.LOG_SIGNER_DIR = tmp_path / "data", tmp_path / "data" / "log-signer"
    settings.MEDIA_STORE = tmp_path / "media"
    settings.ADMINS, settings.DEBUG = [("Operator", "operator@example.org")], False
    (tmp_path / "data").mkdir()
    (tmp_path / "tmp").mkdir()
    played = Scenario()
    with entering(Machine.COMMAND, "start"):
        installation.mark_demonstration()
    with monkeypatch.context() as patched, overheard(played):
        patched.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
        patched.setenv("TMPDIR", str(tmp_path / "tmp"))
        patched.setattr(vault.rows, "_content", played.seal(vault.rows._content))
        call_command("load_demo")
        lead = User.objects.get(staff_code=people.LEAD.code)
        read(played, signed_in(lead))
        write(played, lead)
        played.is_over = True
        mark_every_column()
    return played


def sealed_models() -> list[type[SealedRow]]:
    """Every table of the product with sealed columns."""
    found = [model for model in apps.get_models() if issubclass(model, SealedRow) and sealed_fields(model)]
    return [model for model in found if not model._meta.app_label.startswith("tests")]


def mark_every_column() -> None:
    """Codes, dates and digests had no room for a mark while the product still read them: now they have."""
    with entering(Machine.COMMAND, "test"), psycopg.connect(superuser(), autocommit=True) as top:
        top.execute("SET session_replication_role = replica")  # also where nothing may be changed
        for model in sealed_models():
            table = sql.Identifier(model._meta.db_table)
            for name, column in sealed_fields(model).items():
                rows = model._base_manager.using("owner")
                row = rows.filter(**{f"{name}__isnull": False}).first() or rows.first()
                if row is not None:
                    row.seal(**{name: said(column)})
                    put = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(table, sql.Identifier(name))
                    with suppress(CheckViolation):  # a column that only another state of the row may fill
                        top.execute(put, [getattr(row, name).blob, row.pk])


def superuser() -> str:
    """The address at which a superuser reaches this run's database."""
    server = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")[0]
    return f"{server}/{connection.settings_dict['NAME']}"


def said(column: SealedField) -> object:
    """A value of the column's kind that holds the mark."""
    return f"A {MARK} sings" if column.kind == TEXT else [f"A {MARK} sings"]


def read(played: Scenario, browser: Client) -> None:
    """Walk from page to page as a person does."""
    waiting, seen = ["/"], {"/sign-out"}
    while waiting and len(seen) < PAGES:
        address = waiting.pop(0)
        if address in seen or address.startswith(("/static", "/i18n")):
            continue
        seen.add(address)
        answer = played.ask(browser, "get", address)
        if not answer.streaming:
            waiting += [found for found in LINK.findall(answer.content.decode()) if found not in seen]


def write(played: Scenario, lead: User) -> None:
    """Type the mark wherever there is a place to type; be refused, mistaken, and met by a broken page."""
    browser = signed_in(lead)
    with entering(lead, "test"):
        case = Case.objects.get()
    home = f"/cases/{case.pk}/"
    typed = {"letters": "ban", "title": f"A case of {MARK}", "situation": "Syria", "mandate": f"On {MARK}"}
    chosen = {"standard_of_proof": "reasonable_grounds_to_believe", "armed_conflict": "NIAC"}
    assert played.ask(browser, "post", "/cases/new/", data=typed).status_code == 422
    whole = {**typed, **chosen, "retention_rule": "permanent"}
    assert played.ask(browser, "post", "/cases/new/", data=whole).status_code == 302
    played.ask(browser, "post", f"{home}search/", data={"q": MARK, "words": MARK})
    played.ask(browser, "post", f"{home}incidents/new/", data={"title": MARK, "description": f"{MARK} there"})
    played.ask(Client(), "post", "/sign-in", data={"login": "INV-99", "password": f"the {MARK} sings"})
    upload(played, lead, case)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("cases.views.cases.form_page", _break)
        stubborn = signed_in(lead)
        stubborn.raise_request_exception = False
        assert played.ask(stubborn, "get", f"{home}edit/").status_code == 500
        assert (
            played.ask(stubborn, "post", f"{home}edit/", data={**typed, "revision": "1"}).status_code == 500
        )


def _break(*_: object, **__: object) -> None:
    raise RuntimeError("a page that breaks once its values are open")


def upload(played: Scenario, lead: User, case: Case) -> None:
    """A file whose name and bytes carry the mark comes in by the resumable door, and a worker looks at it."""
    browser = signed_in(lead)
    with entering(lead, "test"):
        item = EvidenceItem.objects.order_by("exhibit_no").first()
    content = f"{MARK} stands in this file, many times.\n".encode() * 40_000
    where = cast("Any", SimpleNamespace(case=case, item=item))
    begun = announce(browser, place(where), len(content), filename=f"{MARK}.txt")
    assert begun.status_code == 201, begun.content
    played.told += told(begun)
    for at in range(0, len(content), 600_001):
        played.told += told(patch(browser, begun["Location"], at, content[at : at + 600_001]))
    for job in IngestJob.objects.filter(state="owed"):
        ingest_file(str(job.pk))


def test_nothing_of_what_is_sealed_lies_anywhere(scenario: Scenario, tmp_path: Path) -> None:
    """And what is put there on purpose is found: the hunt can fail, in each of its places."""
    columns = {f"{model._meta.db_table}.{name}" for model in sealed_models() for name in sealed_fields(model)}
    unwritten = {column.partition(".")[0] for column in columns - scenario.covered}
    assert unwritten - UNUSED == set(), sorted(unwritten - UNUSED)
    assert scenario.shown > PAGES // 3, "what is sealed is shown to whoever may read it"
    assert mail.outbox, "a broken page is reported"
    hunt = scenario.hunt
    everywhere(hunt, tmp_path / "tmp", scenario.logged, scenario.told)
    # What somebody typed into a search is kept in their session, sealed: so that Back asks nothing.
    hunt.search("sessions", "\n".join(scenario.kept).replace(MARK, "").encode())
    assert hunt.found == []
    assert_each_place_can_be_failed(scenario, tmp_path)


def assert_each_place_can_be_failed(scenario: Scenario, tmp_path: Path) -> None:
    """Lay the mark in each place, in one form or another."""
    with psycopg.connect(superuser(), autocommit=True) as top:
        top.execute(
            "CREATE TABLE planted AS SELECT %s::text AS said, %s::bytea AS raw", [MARK, MARK.encode()]
        )
        top.execute(f"DO $$ BEGIN RAISE WARNING '{MARK}'; END $$")
    queue = queue_of()
    queue.set("planted", MARK)
    planted = [tmp_path / "tmp", tmp_path / "media", tmp_path / "data", tmp_path / "data" / "log-signer"]
    for folder in planted:
        (folder / "planted").write_bytes(MARK.encode("utf-16-le"))
    scenario.logged.write(MARK)
    mail.outbox[0].body += MARK
    scenario.told.append(f"/search?q={MARK}")
    again = Hunt()
    try:
        everywhere(again, tmp_path / "tmp", scenario.logged, scenario.told)
    finally:
        queue.delete("planted")
        with psycopg.connect(superuser(), autocommit=True) as top:
            top.execute("DROP TABLE planted")
    silent = {
        "cache",
        "dumpdata",
        "pickles",
        "representations",
        "values()",
        "running statements",
        "pg_dumpall",
    }
    places = {found.partition(": ")[0] for found in again.found}
    assert {place for place in again.places if "(names)" not in place} - places <= silent
