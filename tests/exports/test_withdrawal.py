"""A withdrawal reaches those who hold something already, and the witness is told what it reached."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.consents import record_consent
from cases.actions.talks import record_recontact
from cases.errors import StepNotPossible
from cases.facts import ScopeAnswer
from cases.models.consent import RECONTACT_LASTS, Use
from cases.vocabulary import (
    ConsentPurpose,
    Decision,
    Gap,
    IdentityLevel,
    Material,
    Reached,
    RecipientClass,
)
from exports.actions import delivery, withdrawal
from exports.errors import NothingToRecall, RecallEnded
from exports.models import Export, RecallNotice
from exports.recalling import owed, reach_of
from exports.vocabulary import ExportState, RecallState
from exports.waiting import waiting_for
from tests import factories
from tests.exports.worlds import World, make_world
from tests.personas import signed_in

BEGINS_WITH = ("requested",)


def owed_now(world: World) -> list[tuple[str, int]]:
    with entering(world.officer, "test"):
        return [(one.export.number, len(one.items)) for one in owed(Export.objects.filter(case=world.case))]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def holds(said: str, text: str) -> bool:
    """Each word stands in it, in whichever order a reader of right-to-left pages takes letters and words."""
    found = {"".join(sorted(word)) for word in said.split()}
    return all("".join(sorted(word)) in found for word in text.split())


def taken(world: World, who: str, name: str, language: str, **kwargs: Any) -> str:
    answer = signed_in(getattr(world, who)).post(reverse(name, kwargs=kwargs), {"language": language})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'-{language}.pdf"')
    return text_of(answer.getvalue())


def test_what_was_delivered_is_owed_a_letter_in_the_instant_of_the_withdrawal(world: World) -> None:
    assert world.delivered
    assert owed_now(world) == []
    world.withdraw(ConsentPurpose.CRIMINAL_NATIONAL)  # it rests on another purpose
    assert owed_now(world) == []
    world.withdraw(ConsentPurpose.CRIMINAL_INTERNATIONAL)
    assert owed_now(world) == [(world.delivered.number, 2)]
    with entering(world.officer, "test"):
        assert "recall" in [one.kind for one in waiting_for(world.officer)]
    with entering(world.supervisor, "test"):
        assert "recall" not in [one.kind for one in waiting_for(world.supervisor)]


def test_what_waits_is_owed_no_letter_and_is_stopped(world: World) -> None:
    assert world.verified
    consent = world.withdraw()
    assert owed_now(world) == []
    with entering(world.officer, "test"):
        reach = reach_of(consent)
    assert [one.number for one in reach.stopped] == [world.verified.number]
    assert reach.held == ()


def test_a_narrower_consent_calls_back_what_it_covers_no_more(world: World) -> None:
    assert world.delivered
    international = (ConsentPurpose.CRIMINAL_INTERNATIONAL,)
    answers = tuple(one for one in factories.ANSWERS if one.purpose not in international)
    narrower = ScopeAnswer(
        purpose=ConsentPurpose.CRIMINAL_INTERNATIONAL,
        decision=Decision.GRANTED,
        materials=(Material.ACCOUNT_TEXT,),
        recipient_classes=(RecipientClass.UN_IIIM,),
        identity_level=IdentityLevel.PSEUDONYM,
    )
    facts = replace(factories.CONSENT, answers=(*answers, narrower))
    with entering(world.investigator, "test"):
        record_consent(by=world.investigator, witness=world.witness, facts=facts)
    assert owed_now(world) == [(world.delivered.number, 1)]


def test_an_expired_consent_calls_nothing_back(world: World) -> None:
    assert world.delivered
    with entering(world.officer, "test"):
        later = timezone.now() + timedelta(days=10_000)
        assert owed(Export.objects.filter(case=world.case), at=later) == []


def test_once_called_back_it_can_be_fetched_no_more_and_is_not_called_back_twice(world: World) -> None:
    assert world.notice
    assert world.now(world.delivered).state == ExportState.RECALLED
    assert owed_now(world) == []
    with pytest.raises(NothingToRecall), entering(world.officer, "test"):
        withdrawal.send_recall(by=world.officer, export=world.delivered)
    with pytest.raises(StepNotPossible), entering(world.officer, "test"):
        delivery.fetch_for_officer(by=world.officer, export=world.delivered)
    assert world.events(Kind.RECALL_REFUSED)


def test_who_does_not_answer_is_shown_to_be_reminded(world: World, settings: LazySettings) -> None:
    notice = world.notice
    settings.RECALL_DAYS = -1
    with entering(world.officer, "test"):
        assert "recall-remind" in [one.kind for one in waiting_for(world.officer)]
        withdrawal.remind_recall(by=world.officer, notice=notice)
    settings.RECALL_DAYS = 14
    with entering(world.officer, "test"):
        row = RecallNotice.objects.get()
        assert (row.reminders, row.state) == (1, RecallState.SENT)
        assert "recall-remind" not in [one.kind for one in waiting_for(world.officer)]
        withdrawal.answer_recall(by=world.officer, notice=notice, to=RecallState.NO_ANSWER)
        withdrawal.answer_recall(by=world.officer, notice=notice, to=RecallState.REFUSED, note="Their law")
    for step in (RecallState.COMPLIED, RecallState.SENT):
        with pytest.raises(RecallEnded), entering(world.officer, "test"):
            withdrawal.answer_recall(by=world.officer, notice=notice, to=step)
    with pytest.raises(RecallEnded), entering(world.officer, "test"):
        withdrawal.remind_recall(by=world.officer, notice=notice)


@pytest.mark.parametrize(("language", "word"), [("en", "Recall of delivered documents"), ("ar", "وثائق")])
def test_the_letter_names_documents_and_no_person(world: World, language: str, word: str) -> None:
    notice = world.notice
    kwargs = {"case": world.case.pk, "notice": notice.pk}
    said = taken(world, "officer", "recall-letter-take", language, **kwargs)
    with entering(world.officer, "test"):
        codes = list(notice.items.values_list("item__exported_id", flat=True))
    assert len(codes) == 2
    assert all(holds(said, code) for code in codes)
    assert holds(said, word)
    for secret in ("Samira", world.witness.code, world.testimony.registration_no, world.officer.staff_code):
        assert not holds(said, secret)


def test_the_pages_from_the_word_to_the_answer(world: World) -> None:
    assert world.delivered
    consent = world.withdraw()
    here = {"case": world.case.pk}
    officer = signed_in(world.officer)
    listed = officer.get(reverse("recall-list", kwargs=here)).content.decode()
    write = reverse("recall-send", kwargs={**here, "export": world.delivered.pk})
    assert write in listed
    assert officer.post(write, {"note": ""}).status_code == 422
    page = officer.post(write, {"note": "By their registrar"}, follow=True).content.decode()
    with entering(world.officer, "test"):
        notice = RecallNotice.objects.get()
    told = signed_in(world.lead)
    reached = reverse("withdrawal-detail", kwargs={**here, "consent": consent.pk})
    assert "A mechanism of the tests" in told.get(reached).content.decode()
    address = reverse("recall-answer", kwargs={**here, "notice": notice.pk})
    assert address in page
    assert officer.post(address, {"to": "sent"}).status_code == 422
    assert "Complied" in officer.post(address, {"to": "complied"}, follow=True).content.decode()
    assert "Complied" in told.get(reached).content.decode()
    confirm = reverse("withdrawal-confirm", kwargs={**here, "consent": consent.pk})
    assert told.post(confirm, {"channel": ""}).status_code == 422
    assert "was told" in told.post(confirm, {"channel": "by telephone"}, follow=True).content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_witness_is_told_who_holds_it(world: World, language: str) -> None:
    assert world.notice
    kwargs = {"case": world.case.pk, "consent": world.consent.pk}
    said = taken(world, "lead", "withdrawal-take", language, **kwargs)
    assert holds(said, "mechanism")
    assert holds(said, world.delivered.number)
    assert not holds(said, world.lead.staff_code)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_was_agreed_can_be_read_aloud_without_names(world: World, language: str) -> None:
    kwargs = {"case": world.case.pk, "consent": world.consent.pk}
    said = taken(world, "lead", "consent-paper-take", language, **kwargs)
    assert "Samira" in said  # the pseudonym that she knows
    assert not holds(said, world.investigator.staff_code)
    assert not holds(said, world.witness.code)
    page = signed_in(world.lead).get(reverse("consent-paper", kwargs=kwargs), {"in": language})
    assert f'lang="{language}"' in page.content.decode()


def test_addresses_of_another_case_are_not_found(world: World) -> None:
    stranger = make_world()
    assert world.notice
    officer = signed_in(stranger.officer)
    here = {"case": stranger.case.pk}
    foreign = (
        reverse("recall-send", kwargs={**here, "export": world.delivered.pk}),
        reverse("recall-detail", kwargs={**here, "notice": world.notice.pk}),
        reverse("withdrawal-detail", kwargs={**here, "consent": world.consent.pk}),
        reverse("consent-paper", kwargs={**here, "consent": world.consent.pk}),
    )
    assert {officer.get(address).status_code for address in foreign} == {404}


def test_a_use_that_asks_for_a_talk_is_open_after_a_yes_and_for_a_while(world: World) -> None:
    by = world.investigator
    answers = tuple(
        replace(one, recontact_before_use=one.decision == Decision.GRANTED) for one in factories.ANSWERS
    )
    consent = factories.make_consent(world.witness, by, facts=replace(factories.CONSENT, answers=answers))
    use = Use(
        ConsentPurpose.CRIMINAL_INTERNATIONAL,
        RecipientClass.UN_IIIM,
        Material.ACCOUNT_TEXT,
        IdentityLevel.PSEUDONYM,
    )

    def gap(later: timedelta = timedelta()) -> Gap | None:
        with entering(by, "test"):
            return consent.gap(use, timezone.now() + later)

    def talk(reached: Reached) -> None:
        with entering(by, "test"):
            record_recontact(by=by, consent=consent, purpose=use.purpose, reached=reached)

    assert gap() == Gap.ASK_AGAIN
    talk(Reached.NOT_REACHED)
    assert gap() == Gap.ASK_AGAIN
    talk(Reached.AGREED)
    assert gap() is None
    assert gap(RECONTACT_LASTS) == Gap.ASK_AGAIN
    with entering(by, "test"):
        row = consent.scopes.get(
            purpose=use.purpose, recipient_class=use.recipient_class, material=use.material
        )
        row.recontacted_at = timezone.now() + timedelta(days=1)  # as a database administrator would
        assert row.gap(use, timezone.now()) == Gap.NOT_AUTHENTIC
    talk(Reached.REFUSED)
    assert gap() == Gap.ASK_AGAIN
