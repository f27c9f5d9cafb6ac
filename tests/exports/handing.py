"""A hand-over as the tests of its steps take it: two witnesses of whom one may be named, and who decides.

What the process does is done in this very one (`Here`), but for the test that starts it; and the words are
stretched less than age does, which takes a second.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import pyrage
import pytest
import time_machine
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from cases import keeper as keeping
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.identities import add_to_identity, seal_identity
from cases.chamber import child, holding
from cases.keeper import Keeper
from cases.models import Consent, IdentitySession, Testimony, Witness
from cases.vocabulary import ConsentPurpose, IdentityLevel, Material, MemberRole, RecipientClass
from exports.actions import handovers, secondkeys
from exports.models import Export, IdentityHandover, SecondKey
from tests import custodians, factories
from tests.cases import comparing
from tests.custodians import Keys, id_of
from tests.exports.worlds import World, make_world, read_all
from tests.personas import make_person
from tests.sharing import Kept
from vault.custodian import papers
from vault.custodian.directory import Directory
from vault.custodian.keys import PrivateKeys
from vault.custodian.papers import Ask, Verdict
from vault.files import open_file
from vault.vocabulary import Purpose

HER = {"given": "Quzahiyya", "father": "مرداس", "family": "القزحية", "phones": "+963 944 555 121",
       "relatives": "Dalfaruna"}  # fmt: skip
LATER = {"latin_forms": "Quzahiya al-Quzahiya", "addresses": "the blue door"}
HIM = {"given": "Wabqashir", "family": "Fazlakar", "phones": "+961 71 909 343"}
NAMES = [line for one in (HER, LATER, HIM) for line in one.values()]
REASON = "The court has asked who they are"
NAMING = IdentityLevel.CONFIDENTIAL_IDENTITY


class Here(comparing.Here):
    """What the child does, in this process."""

    def hand_over(self, parcel: holding.Parcel) -> holding.Handed:
        return holding.handed(child.answer(parcel.facts(), self._secret))


def answers(*materials: Material) -> tuple[Any, ...]:
    """What witnesses of the tests agree to, and their names for one kind of body beside it."""
    court = (RecipientClass.UN_IIIM, RecipientClass.ICC_OTP)
    changed = []
    for one in factories.ANSWERS:
        if one.purpose == ConsentPurpose.CRIMINAL_INTERNATIONAL:
            changed.append(replace(one, materials=materials, recipient_classes=court, identity_level=NAMING))
        else:
            changed.append(one)
    return tuple(changed)


def consented(world: World, pseudonym: str, *materials: Material) -> Witness:
    """A witness who may be named, as far as these materials go."""
    witness = factories.make_witness(world.case, world.investigator, pseudonym=pseudonym)
    factories.make_consent(
        witness, world.investigator, facts=replace(factories.CONSENT, answers=answers(*materials))
    )
    with entering(world.investigator, "test"):
        witness.refresh_from_db()
    return witness


@dataclass
class Handing:
    """An approved export of two accounts: hers, with contact details, and his, without."""

    world: World
    guards: list[User] = field(default_factory=list)
    keys: Keys = field(default_factory=dict)
    directory: Directory = field(init=False)
    keeper: Keeper = field(default_factory=Keeper)

    def __post_init__(self) -> None:
        for _ in range(3):
            person = make_person(Role.IDENTITY_CUSTODIAN)
            factories.join(self.world.case, self.world.lead, person, MemberRole.IDENTITY_CUSTODIAN)
            self.guards.append(person)
        self.keys = {id_of(one): PrivateKeys.new() for one in self.guards}
        self.directory = custodians.found(self.guards, self.keys)
        world = self.world
        self.her = consented(world, "Lama", Material.ACCOUNT_TEXT, Material.CONTACT_DETAILS)
        self.him = consented(world, "Suad", Material.ACCOUNT_TEXT)
        self.seal(self.her, HER)
        with entering(world.investigator, "test"):
            add_to_identity(by=world.investigator, witness=self.her, identity=LATER)
        self.seal(self.him, HIM)
        self.accounts: list[Testimony] = [
            factories.make_approved_testimony(one, world.investigator, world.supervisor)
            for one in (self.her, self.him)
        ]
        made = self.second_key()
        self.key, self.words = made.key, made.words
        self.export = self.approved()

    def seal(self, witness: Witness, identity: dict[str, str]) -> None:
        by = self.world.investigator
        with entering(by, "test"):
            seal_identity(by=by, witness=witness, identity=identity)

    def second_key(self, *, confirmed: bool = True) -> secondkeys.Made:
        """Made by the officer, and confirmed by the supervisor."""
        world = self.world
        assert world.ready
        with entering(world.officer, "test"):
            made = secondkeys.make_second_key(by=world.officer, recipient=world.recipient)
        if confirmed:
            with entering(world.supervisor, "test"):
                heard = secondkeys.numbers_on(made.key)
                secondkeys.confirm_second_key(by=world.supervisor, key=made.key, heard=heard)
        return made

    def approved(self, **changes: object) -> Export:
        chosen: dict[str, object] = {"testimonies": self.accounts, "evidence": [], "identity_level": NAMING}
        return self.world.approve(self.world.request(**{**chosen, **changes}))

    @property
    def officer(self) -> User:
        return self.world.officer

    def ask(self, *, by: User | None = None, export: Export | None = None) -> IdentityHandover:
        """Ask, and let the keeper start the process."""
        who = by or self.officer
        with entering(who, "test"):
            row = handovers.ask_handover(by=who, export=export or self.export, reason=REASON)
        self.keeper.step()
        return row

    def ask_alone(self) -> IdentityHandover:
        """Ask, where no process is started."""
        with entering(self.officer, "test"):
            return handovers.ask_handover(by=self.officer, export=self.export, reason=REASON)

    def session(self, row: IdentityHandover) -> IdentitySession:
        with entering(self.officer, "test"):
            return IdentitySession.objects.select_related("created_by", "case").get(pk=row.session_id)

    def now(self, row: IdentityHandover) -> IdentityHandover:
        with entering(self.officer, "test"):
            return IdentityHandover.objects.select_related("stored", "export").get(pk=row.pk)

    def handed(self, row: IdentityHandover, place: int) -> Ask:
        """What one custodian is handed."""
        person = self.guards[place]
        with entering(person, "test"):
            return Ask.read(ask_paper(by=person, request=self.session(row)))

    def paper(self, row: IdentityHandover, place: int, verdict: Verdict = Verdict.APPROVE) -> bytes:
        handed, holder = self.handed(row, place), id_of(self.guards[place])
        if verdict == Verdict.APPROVE:
            return papers.approve(handed, holder, self.keys[holder]).write()
        return papers.decide(verdict, handed.request, holder, self.keys[holder], "Not safe").write()

    def answer(self, row: IdentityHandover, place: int, raw: bytes) -> IdentitySession:
        person = self.guards[place]
        with entering(person, "test"):
            return decide_request(by=person, request=self.session(row), answer=raw)

    def say(self, row: IdentityHandover, place: int, verdict: Verdict = Verdict.APPROVE) -> IdentitySession:
        return self.answer(row, place, self.paper(row, place, verdict))

    def agreed(self) -> IdentityHandover:
        """Asked, and approved by two."""
        row = self.ask()
        self.say(row, 0)
        self.say(row, 1)
        return row

    def run(self) -> IdentityHandover:
        """Ask, agree, wait and hand over."""
        row = self.agreed()
        self.go_on(row)
        return self.now(row)

    def go_on(self, row: IdentityHandover) -> IdentitySession:
        """What the keeper does once the time of waiting is over."""
        with later():
            self.keeper.step()
        return self.session(row)

    @cached_property
    def done(self) -> IdentityHandover:
        return self.run()

    def sealed(self, row: IdentityHandover) -> bytes:
        """The ciphertext that was kept."""
        assert row.stored
        with entering(self.officer, "test"):
            return read_all(open_file(row.stored, reader=self.officer.staff_code, purpose=Purpose.EXPORT))

    def key_now(self) -> SecondKey:
        with entering(self.officer, "test"):
            return SecondKey.objects.get(pk=self.key.pk)

    def consent_of(self, witness: Witness) -> Consent:
        with entering(self.world.investigator, "test"):
            return Consent.objects.get(witness=witness)


def later() -> Any:
    """An hour and a bit after now: the time in which a third custodian can stop it is over."""
    return time_machine.travel(timezone.now() + timedelta(minutes=61))


def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "Chamber", Here)


def opened(sealed: bytes, words: str) -> dict[str, Any]:
    """What the recipient reads with the words, and a program that is not ours."""
    told: dict[str, Any] = json.loads(pyrage.passphrase.decrypt(sealed, words))
    return told


def make_handing() -> Handing:
    return Handing(make_world())


def make_done() -> Handing:
    """One that was made: its file waits for the build."""
    with pytest.MonkeyPatch.context() as patched:
        here(patched)
        made = make_handing()
        assert made.done.stored
    return made


def copied(kept: Kept[Handing], settings: Any) -> Handing:
    """A copy for one test, whose directory is the one in force, with a keeper of its own."""
    copy = kept.copy()
    settings.CUSTODIAN_FOUNDING = copy.directory.digest.hex()
    copy.keeper = Keeper()
    return copy


def tells_what_was_agreed(told: dict[str, Any]) -> None:
    by_name = {one["pseudonym"]: one for one in told["witnesses"]}
    her, him = by_name["Lama"], by_name["Suad"]
    assert her["versions"] == [
        {"version": 1, "said": {name: HER[name] for name in ("given", "father", "family", "phones")}},
        {"version": 2, "said": LATER},
    ]
    assert her["left_out"] == ["relatives"]  # they were never asked
    assert him["versions"] == [{"version": 1, "said": {"given": HIM["given"], "family": HIM["family"]}}]
    assert "phones" in him["left_out"]
    assert told["fields"]["given"] == "Given name"
