"""A figure names the exhibit in which it stands: one of its case, seen by the reader, that may be used."""

from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.door import entering
from cases.errors import ElsewhereRow
from cases.vocabulary import Sensitivity
from evidence.models import EvidenceItem
from findings.actions.claims import record_claim
from findings.models import CasualtyClaim
from tests import factories
from tests.exports.worlds import make_exhibit
from tests.findings.test_sources import TOLD, Spoil, each, freeze, page, reject
from tests.findings.worlds import CLAIM, World
from tests.personas import signed_in

TYPED = {
    "organisation": "A group by the sea",
    "figure_min": "100",
    "happening": "killed",
    "victim_scope": "civilians",
    "area": "Banias",
    "period": "8-9 March",
    "method": "reported",
}
SAID: dict[Spoil, str] = {freeze: "This exhibit is frozen", reject: "This exhibit was rejected"}


def claims(world: World) -> list[CasualtyClaim]:
    with entering(world.lead, "test"):
        return list(CasualtyClaim.objects.select_related("item").order_by("created_at"))


def make_strict(item: EvidenceItem, world: World) -> None:
    with entering(world.supervisor, "test"):
        EvidenceItem.objects.filter(pk=item.pk).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)


def test_form_offers_the_exhibits_and_the_list_leads_to_the_one_that_was_chosen(world: World) -> None:
    where, browser = reverse("claim-add", args=[world.case.pk]), signed_in(world.supervisor)
    assert f'value="{world.clip.pk}"' in browser.get(where).content.decode()
    assert browser.post(where, {**TYPED, "item": str(world.clip.pk)}).status_code == 302
    assert [claim.item for claim in claims(world)] == [world.clip]
    shown = page(world)
    assert reverse("exhibit-detail", args=[world.case.pk, world.clip.pk]) in shown
    assert world.clip.exhibit_no in shown


def test_figure_without_an_exhibit_stands_as_before(world: World) -> None:
    where, browser = reverse("claim-add", args=[world.case.pk]), signed_in(world.supervisor)
    assert browser.post(where, {**TYPED, "item": ""}).status_code == 302
    assert [claim.item for claim in claims(world)] == [None]


def test_exhibit_of_another_case_and_one_that_is_hidden_are_nothing_to_stand_in(world: World) -> None:
    foreign = make_exhibit(factories.make_case(world.outsider, prefix="HOM"), world.outsider)
    make_strict(world.clip, world)
    where, browser = reverse("claim-add", args=[world.case.pk]), signed_in(world.supervisor)
    for item in (foreign, world.clip):
        assert str(item.pk) not in browser.get(where).content.decode()
        assert browser.post(where, {**TYPED, "item": str(item.pk)}).status_code == 422
        with pytest.raises(ElsewhereRow), entering(world.supervisor, "test"):
            record_claim(by=world.supervisor, case=world.case, facts=CLAIM, item=item)
    assert claims(world) == []


def test_repeated_or_misspelt_exhibit_is_refused_beside_its_field(world: World) -> None:
    browser = signed_in(world.supervisor)
    for sent in ("nonsense", str(world.case.pk)):
        answer = browser.post(reverse("claim-add", args=[world.case.pk]), {**TYPED, "item": sent})
        assert answer.status_code == 422
        assert "A group by the sea" in answer.content.decode(), "what was typed stays"
    assert claims(world) == []


@each
def test_exhibit_that_may_not_be_used_is_refused_and_what_was_typed_stays(world: World, spoil: Spoil) -> None:
    assert world.clip
    spoil(world)
    sent = {**TYPED, "item": str(world.clip.pk)}
    answer = signed_in(world.supervisor).post(reverse("claim-add", args=[world.case.pk]), sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert SAID[spoil] in shown
    assert "A group by the sea" in shown
    assert claims(world) == []


@each
def test_figure_whose_exhibit_is_set_aside_later_says_so(world: World, spoil: Spoil) -> None:
    with entering(world.supervisor, "test"):
        record_claim(by=world.supervisor, case=world.case, facts=CLAIM, item=world.clip)
    assert TOLD[spoil] not in page(world)
    spoil(world)
    assert TOLD[spoil] in page(world)


def test_figure_is_as_strict_as_its_exhibit_and_lies_under_the_key_of_its_giver(world: World) -> None:
    witness = factories.make_consented_witness(world.case, world.investigator)
    given = make_exhibit(world.case, world.investigator, witness=witness)
    with entering(world.supervisor, "test"):
        facts = replace(CLAIM, organisation="Those by the harbour")
        claim = record_claim(by=world.supervisor, case=world.case, facts=facts, item=given)
    assert claim.belongs_to == witness.pk
    assert "Those by the harbour" in page(world)
    make_strict(given, world)
    assert "Those by the harbour" not in page(world)
    with entering(world.lead, "test"):
        assert CasualtyClaim.objects.visible_to(world.lead).count() == 1
