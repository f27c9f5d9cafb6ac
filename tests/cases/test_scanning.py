"""Texts and bytes scanned for names in a session: what is found, who may ask, and what is not said."""

import base64
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from cases.actions.session_queue import Stream
from cases.chamber import child
from cases.chamber.likeness import Person
from cases.chamber.streams import Unread, texts_in
from cases.errors import (
    AuthorAsks,
    NotAllowed,
    NotVisible,
)
from cases.models import TestimonyVersion, Witness
from cases.vocabulary import Found, SessionCheck
from tests import factories
from tests.cases.comparing import ASKED, HER, OTHER, SAME, Comparing
from tests.cases.worlds import World
from vault.files import FileSealer
from vault.models import StoredFile
from vault.scopes import Scope

NAMES = [line for one in (HER, SAME, OTHER) for value in one.values() for line in value.split("\n")]


OTHERS = (("lead", NotAllowed), ("investigator", NotAllowed), ("outsider", NotVisible))
NOTHING: dict[str, object] = {"duplicates": False, "pseudonyms": [], "texts": [], "streams": []}
LATER = timezone.now() + timedelta(days=90)


@pytest.fixture
def world(real: Comparing) -> World:
    return real.world


def test_too_many_places_are_an_alarm_and_no_answer() -> None:
    people = [Person(str(uuid4()), ({"given": "Samira", "family": f"F{n}rz"},)) for n in range(7)]
    clear = child.compare({**NOTHING, "pseudonyms": [said("Bxqz")]}, people)
    assert clear["lines"] == [{"check": "pseudonyms", "place": 0, "part": 0, "word": "clear", "pair": []}]
    apart = child.compare({**NOTHING, "duplicates": True}, people[:1])
    assert apart["lines"] == [{"check": "duplicates", "place": 0, "part": 0, "word": "clear", "pair": []}]
    some = child.compare({**NOTHING, "pseudonyms": [said("Samirah")]}, people[:5])
    assert [one["word"] for one in cast("list[dict[str, str]]", some["lines"])] == ["block"]
    many = child.compare({**NOTHING, "pseudonyms": [said("Samirah")]}, people)
    assert many == {"too_many": True, "lines": [], "authors": {"A": 1}}
    often = child.compare({**NOTHING, "pseudonyms": [said("Samirah")] * 21}, people[:1])
    assert (often["too_many"], often["lines"]) == (True, [])


def said(text: str) -> dict[str, object]:
    return {"place": 0, "text": text, "author": "A"}


def account(session: Comparing, text: str) -> TestimonyVersion:
    """An account of the third witness, as the investigator wrote it down."""
    return made_by(session.world.investigator, session.witnesses[2], text)


def made_by(by: User, witness: Witness, text: str) -> TestimonyVersion:
    made = factories.make_testimony(witness, by, text=text)
    with entering(by, "test"):
        return TestimonyVersion.objects.get(testimony=made)


TEXT = """They came at ten in the morning.

My neighbour Mrs. al-Qouzahiyya saw it.
Qouzahiya Mirdas was there, too.
"""


def test_a_text_is_scanned_for_every_name_of_the_case(session: Comparing) -> None:
    version = account(session, TEXT)
    told = session.read(session.run(replace(ASKED, checks=(), texts=(version.pk,))))
    assert [(one.check, one.word, one.part) for one in told.lines] == [
        (SessionCheck.TEXTS, Found.BLOCK, 3),
        (SessionCheck.TEXTS, Found.LOOK, 2),
    ]
    assert {one.item.subject for one in told.lines} == {version.pk}
    assert told.authors == {session.world.investigator.staff_code: 2}


def test_whoever_wrote_a_text_or_may_not_read_it_does_not_ask(session: Comparing, world: World) -> None:
    version = account(session, TEXT)
    facts = replace(ASKED, checks=(), texts=(version.pk,))
    with pytest.raises(NotAllowed):  # a custodian reads no account
        session.ask(by=world.custodian, facts=facts)
    with pytest.raises(NotVisible):
        session.ask(facts=replace(facts, texts=(version.pk, uuid4())))
    with pytest.raises(AuthorAsks):
        session.ask(facts=replace(facts, texts=(also_written(session, version).pk,)))
    other = factories.make_case(world.lead, prefix="HOM")
    elsewhere = made_by(world.lead, factories.make_consented_witness(other, world.lead), TEXT)
    with pytest.raises(NotVisible):
        session.ask(facts=replace(facts, texts=(elsewhere.pk,)))
    with pytest.raises(NotVisible):
        session.ask(facts=replace(facts, texts=(), streams=(Stream(stored(Scope.case(other.pk), b"x")),)))
    mine = Stream(stored(Scope.case(world.case.pk), b"x"), session.officer)
    with pytest.raises(AuthorAsks):
        session.ask(facts=replace(facts, texts=(), streams=(mine,)))


def also_written(session: Comparing, before: TestimonyVersion) -> TestimonyVersion:
    """The next version of the account, which the officer wrote when they had another role."""
    with entering(session.world.investigator, "test"):
        later = TestimonyVersion(
            case_id=before.case_id,
            witness_id=before.witness_id,
            testimony=before.testimony,
            seq=before.seq + 1,
            kind=before.kind,
            based_on=before,
            created_by=session.officer,
        )
        later.seal(text="Nothing", language="en", sha256="")
        later.save(force_insert=True)
    return before


def test_a_text_that_was_erased_since_is_not_compared(session: Comparing) -> None:
    version = account(session, TEXT)
    asked = session.ask(facts=replace(ASKED, checks=(), texts=(version.pk,)))
    session.say(asked, 0)
    session.say(asked, 1)
    with entering(session.world.investigator, "test"):
        Witness.objects.filter(pk=version.witness_id).update(sensitivity="strictly_confidential")
    session.keeper.step()
    assert session.now(asked).ended_by == "MaterialChanged"


def stored(scope: Scope, content: bytes) -> StoredFile:
    """Bytes that are to leave, sealed."""
    with transaction.atomic(), FileSealer(scope=scope, by="machine:build") as sealer:
        sealer.write(content)
        return sealer.commit()[0]


def test_bytes_that_are_to_leave_are_scanned_and_fixed(session: Comparing) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.comment = b"by Fazlakar"
        archive.writestr("a.txt", "said so")
    scope = Scope.case(session.world.case.pk)
    contents = (b"nothing", packed.getvalue(), "\u0660\u0669\u0664\u0664 555 121".encode("utf-16"))
    files = [stored(scope, one) for one in contents]
    facts = replace(ASKED, checks=(), streams=tuple(Stream(one) for one in files))
    told = session.read(session.run(facts))
    assert [(one.word, one.item.number) for one in told.lines] == [("block", 2), ("look", 1), ("clear", 0)]


def test_what_lies_in_bytes_is_read_to_its_end_or_is_no_clear() -> None:
    inner, outer = zipped("Quzahiyya.txt", b"x"), b""
    outer = zipped("inner.zip", inner)
    assert any("Quzahiyya" in one for one in texts_in(outer))
    lying = zipped("zeros", b"\0" * 4096).replace((4096).to_bytes(4, "little"), (16).to_bytes(4, "little"))
    deep = zipped("a", zipped("b", zipped("c", zipped("d", b"x"))))
    for raw in (lying, deep, inner[:-30] + b"PK\x05\x06", inner.replace(b"PK\x03\x04", b"PK\x03\x05")):
        with pytest.raises(Unread):
            list(texts_in(raw))
    people = [Person("p", ({"given": "Quzahiyya"},))]
    told = child.compare({**NOTHING, "streams": [said(base64.b64encode(lying).decode())]}, people)
    assert [one["word"] for one in cast("list[dict[str, str]]", told["lines"])] == ["look"]


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()
