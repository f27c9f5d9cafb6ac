"""The strongest attack on a name: the whole server, its keys and one custodian, before, during and after an
intake that was left unfinished. And the control: with a second custodian the same attack opens it.
"""

import base64
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.door import Machine, entering
from cases.actions.watches import sweep_watches
from cases.models import NameWatch, Witness
from tests.cases.guards import Guards, found
from tests.cases.intakes import Intake
from tests.cases.worlds import World, make_world
from tests.cases.writing import AUTOSAVE, FIRST, revision_in
from tests.custodians import id_of
from tests.personas import signed_in
from tests.policy.loot import Codes, Loot, names_from, take

CANARIES = {
    "given": "Quzahiyya",
    "father": "مرداسقزح",
    "grandfather": "Wabqashir",
    "family": "الزمخشريبان",
    "kunya": "Umm Fazlakar",
    "laqab": "Zindaruqa",
    "mother": "Harqalisa",
    "latin_forms": "QUZAHIYA ZAMAKH",
    "born": "31 Zulhaj 1399",
    "papers": "NX-88412-7731",
    "phones": "+963 944 555 121",
    "addresses": "the blue door opposite the bakery",
    "accounts": "@quzah_1399",
    "community": "Madhabqazi",
    "relatives": "Dalfaruna\nBinqashad",
    "safe_contact": "never on Fridays after the call",
}
SUPPLEMENT = {"phones": "+961 71 909 343", "latin_forms": "Kouzahiyeh"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_stolen_server_and_one_custodian_name_nobody() -> None:
    world = make_world()
    guards = found(world)
    before = take()
    browser = signed_in(world.investigator)
    witness = Intake(world).take()
    Intake(world)  # another one, begun and left
    sealed(browser, witness, CANARIES)
    key = base64.urlsafe_b64decode(browser.cookies[settings.INTAKE_COOKIE_NAME].value)
    during = take()
    sealed(browser, witness, SUPPLEMENT, "?add")
    told = written(browser, witness)
    after_text = take()
    swept(world, witness)
    loots = [before, during, after_text, take()]
    codes = {witness.pk: (world.case.code, witness.code)}
    assert "The account was registered" in told
    nothing_opens(loots, codes, guards)
    nothing_stands_there(loots)
    two_of_them_open_it(loots, codes, guards, key)


def sealed(browser: Client, witness: Witness, said: dict[str, str], more: str = "") -> None:
    """Type an identity into its page; what must be mended first is typed wrong once, too."""
    url = reverse("witness-identity", kwargs=of(witness)) + more
    assert browser.post(url, {**said, "given": CANARIES["given"] * 9}).status_code == 422
    assert browser.post(url, said).status_code == 302
    assert "is sealed" in browser.get(url.removesuffix(more)).content.decode()


def written(browser: Client, witness: Witness) -> str:
    """Save an account, which is compared with the names, and begin another one that is left."""
    url = reverse("testimony-create", kwargs=of(witness))
    browser.post(url, {**FIRST, "text": "They came again."}, headers=AUTOSAVE)
    drafted = browser.get(url).content.decode()
    sent = {**FIRST, "text": "He lives at the bakery.", "revision": revision_in(drafted)}
    page = browser.post(url, sent, follow=True).content.decode()
    browser.post(url, {**FIRST, "text": "Half a sen"}, headers=AUTOSAVE)
    return page


def swept(world: World, witness: Witness) -> None:
    """Twelve hours later: what is left is deleted by the sweep."""
    with entering(world.investigator, "test"):
        (watch,) = NameWatch.objects.using("owner").filter(witness=witness)
        NameWatch.objects.using("owner").update(until=watch.created_at)
    with entering(Machine.SWEEP, "test"):
        assert sweep_watches() == 1
    assert not NameWatch.objects.using("owner").exists()


def nothing_opens(loots: list[Loot], codes: Codes, guards: Guards) -> None:
    assert sum(len(loot.identities) for loot in loots) == 5
    assert [len(loot.copies) for loot in loots] == [0, 1, 1, 0]
    assert min(len(loot.keys) for loot in loots) > 10
    for person, keys in guards.keys.items():
        assert names_from(loots, codes, {person: keys}) == []


def nothing_stands_there(loots: list[Loot]) -> None:
    everything = [line for value in (*CANARIES.values(), *SUPPLEMENT.values()) for line in value.split("\n")]
    known = loots[0].digests()  # nobody had typed a name
    for loot in loots[1:]:
        assert loot.holding(everything, known) == []


def two_of_them_open_it(loots: list[Loot], codes: Codes, guards: Guards, key: bytes) -> None:
    """The control: the very same attack, with what it lacked."""
    first, second = guards.people[:2]
    opened = names_from(loots, codes, {id_of(one): guards.keys[id_of(one)] for one in (first, second)})
    assert len(opened) == 5
    assert all(any(value.split("\n")[0].encode() in one for one in opened) for value in CANARIES.values())
    assert names_from(loots, codes, {}, key)
    loots[-1].raw["a note on the desk"] = b"call " + CANARIES["phones"].encode()
    assert loots[-1].holding([CANARIES["phones"]])


def of(witness: Witness) -> dict[str, Any]:
    return {"case": witness.case_id, "witness": witness.pk}
