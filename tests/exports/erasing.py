"""A witness who gave all that can be given, with a word in every row by which it is found again."""

from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.test import TestCase

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from cases.actions.contacts import log_contact, offer_referral, set_contact_rules
from cases.actions.drafts import keep_draft
from cases.actions.interviews import propose_interview
from cases.actions.risks import assess_risk, justify_repetition, note_prior_account
from cases.facts import PriorFacts
from cases.models import SavedView, Witness
from cases.vocabulary import MemberRole, PriorForm
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.actions.uploads import begin_upload
from evidence.facts import ItemFacts
from evidence.models import (
    Annotation,
    EvidenceItem,
    FileObject,
    MediaRecord,
    PlaceAnalysis,
    Verification,
)
from evidence.vocabulary import ItemType, Method
from exports import tasks
from exports.actions import shredding
from exports.models import Destruction, ErasureJob
from findings.models import FactAssertion, FactLink, LinkRetraction
from findings.vocabulary import Stance
from tests import factories
from tests.exports.worlds import World
from tests.personas import make_person
from vault.errors import VaultError
from vault.fields import sealed_fields
from vault.keys.ring import holding
from vault.models import KeystoreKey
from vault.opening import open_row
from vault.rows import SealedRow
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import Purpose

CANARY = "Kanarienvogel"
CONTENT = f"{CANARY} on a film ".encode() * 3000
OTHERS = "Somebody else on the stairs"
Cell = tuple[SealedRow, str]


@dataclass
class Scene:
    """A witness who gave all that can be given, and one who stays."""

    world: World
    custodian: User
    witness: Witness
    other: Witness
    item: EvidenceItem
    file: FileObject

    @property
    def lead(self) -> User:
        return self.world.lead

    def ask(self) -> Destruction:
        with entering(self.custodian, "test"):
            return shredding.ask_erasure(by=self.custodian, witness=self.witness, reason="On their word")

    def confirmed(self) -> ErasureJob:
        self.world.withdraw()
        row = self.ask()
        with entering(self.lead, "test"):
            shredding.confirm_erasure(by=self.lead, destruction=row)
        return ErasureJob.objects.get()

    def run(self) -> None:
        """What the worker does."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            tasks.shred(str(ErasureJob.objects.get().pk))

    def now(self) -> Destruction:
        with entering(self.lead, "test"):
            return Destruction.objects.select_related("witness", "case").get()


@pytest.fixture
def scene(world: World) -> Scene:
    by = world.investigator
    custodian = make_person(Role.IDENTITY_CUSTODIAN)
    factories.join(world.case, world.lead, custodian, MemberRole.IDENTITY_CUSTODIAN)
    witness = _witness(world)
    account = factories.make_testimony(witness, by, text=f"{CANARY} heard them on the stairs.")
    other = factories.make_consented_witness(world.case, by, pseudonym="Nadia")
    factories.make_testimony(other, by, text=OTHERS)
    with entering(by, "test"):
        item = _exhibit(world, witness)
        file = receive_file(by=by, item=item, chunks=[CONTENT], filename=f"{CANARY}.bin")
        _said_of(world, item, file)
        _under_way(world, witness, item)
        fact = FactAssertion(case=world.case, created_by=by)
        fact.seal(text="Men came at ten.")
        fact.save()
        link = FactLink(
            case=world.case, created_by=by, assertion=fact, testimony=account, stance=Stance.SUPPORTS
        )
        link.seal(passage=f"{CANARY} heard", independence_group="the stairs")
        link.save()
        gone = LinkRetraction(case=world.case, created_by=by, link=link)
        gone.seal(reason=f"{CANARY} was not there")
        gone.save()
    with entering(world.lead, "test"):
        for place, name in enumerate((f"All of {CANARY}", "The living"), 1):
            view = SavedView(case=world.case, created_by=world.lead, shelf="witness-list", place=place)
            view.seal(name=name, filters={"state": "active"})
            view.save()
    return Scene(world, custodian, witness, other, item, file)


def _witness(world: World) -> Witness:
    by = world.investigator
    facts = replace(factories.WITNESS, public_pseudonym=CANARY, role_summary=f"{CANARY} the baker")
    witness = factories.make_witness(world.case, by, pseudonym=CANARY, facts=facts)
    answers = tuple(replace(one, conditions=f"{CANARY} asks") for one in factories.ANSWERS)
    factories.make_consent(witness, by, facts=replace(factories.CONSENT, answers=answers))
    with entering(by, "test"):
        witness.refresh_from_db()
        planned = replace(factories.INTERVIEW, added_value=f"{CANARY} was there")
        interview = propose_interview(by=by, witness=witness, facts=planned)
        assess_risk(by=by, witness=witness, facts=replace(factories.RISK, threats=f"They ask for {CANARY}"))
        told = PriorFacts(form=PriorForm.FULL_STATEMENT, organisation=f"The friends of {CANARY}")
        note_prior_account(by=by, witness=witness, facts=told)
        rules = replace(factories.CONTACT_RULES, words=f"{CANARY} sings")
        set_contact_rules(by=by, witness=witness, facts=rules, expected=0)
        log_contact(by=by, witness=witness, facts=replace(factories.CONTACT, note=f"{CANARY} was afraid"))
        offer_referral(by=by, witness=witness, facts=replace(factories.REFERRAL, note=f"{CANARY} will think"))
    with entering(world.supervisor, "test"):
        justify_repetition(by=world.supervisor, interview=interview, reason=f"{CANARY} left something out")
    world.__dict__["witness"] = witness
    return witness


def _under_way(world: World, witness: Witness, item: EvidenceItem) -> None:
    """A file that still arrives, and a text that somebody still types."""
    by = world.investigator
    begin_upload(by=by, item=item, length=5000, metadata={"filename": f"{CANARY}.mp4"})
    keep_draft(
        by=by,
        case=world.case,
        form="testimony",
        content={"text": f"{CANARY} begins"},
        number=0,
        subject=witness.pk,
        witness=witness,
    )


def _exhibit(world: World, witness: Witness) -> EvidenceItem:
    facts = ItemFacts(
        type=ItemType.DOCUMENT, title=f"{CANARY} wrote it", description=f"{CANARY} and a letter"
    )
    return register_item(by=world.investigator, case=world.case, facts=facts, witness=witness)


def _said_of(world: World, item: EvidenceItem, file: FileObject) -> None:
    """What programs read out of the file, and what people wrote of it."""
    by, case = world.investigator, world.case
    media = MediaRecord(case=case, file=file, created_by=by, number=9)
    media.seal(metadata={"gps": f"{CANARY} 35.18,35.94"}, looks=CANARY)
    note = Annotation(case=case, file=file, created_by=by)
    note.seal(annotation={"body": f"{CANARY} at the door"})
    check = Verification(case=case, item=item, method=Method.METADATA, created_by=by)
    check.seal(finding="consistent", notes=f"{CANARY} filmed it")
    place = PlaceAnalysis(case=case, item=item, created_by=by)
    place.seal(point={}, features=[CANARY], confidence="high", finding=CANARY)
    for row in (media, note, check, place):
        row.save(force_insert=True)


def dump() -> list[Cell]:
    """Every sealed cell of the database, as a stolen copy of it would hold them: seen by its owner."""
    cells: list[Cell] = []
    for model in apps.get_models():
        if issubclass(model, SealedRow) and sealed_fields(model):
            for row in model._default_manager.using("owner").all():
                row._state.db = "default"
                cells += [(row, name) for name in sealed_fields(model) if getattr(row, name) is not None]
    return cells


def opened(cells: list[Cell]) -> dict[tuple[UUID, str], str]:
    """What the keys that are there now open of a copy, cell by cell; the others stay closed."""
    found: dict[tuple[UUID, str], str] = {}
    with holding():  # a key is unwrapped once for all of them
        for row, name in cells:
            try:
                with transaction.atomic():
                    values = open_row(row, name, reader="INV-01", purpose=Purpose.INTEGRITY)
            except VaultError:
                continue
            found[row.pk, name] = str(values[name])
    return found


def keystore() -> list[KeystoreKey]:
    with transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        return list(KeystoreKey.objects.all())
