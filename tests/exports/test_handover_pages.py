"""The pages of a hand-over: the officer asks, custodians read what they sign, others see how it stands."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.door import entering
from cases.actions.sessions import close_session
from cases.models import IdentitySession
from exports.actions import secondkeys
from exports.forms import UseForm
from exports.models import IdentityHandover
from exports.views.handovers import current_second_key
from tests.exports.handing import Handing
from tests.personas import signed_in


def page(browser: Client, name: str, **kwargs: Any) -> str:
    answer = browser.get(reverse(name, kwargs=kwargs))
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def of(made: Handing) -> dict[str, Any]:
    return {"case": made.world.case.pk, "export": made.export.pk}


def test_the_officer_asks_and_custodians_read_what_they_sign(made: Handing) -> None:
    officer, custodian, supervisor = map(signed_in, (made.officer, made.guards[0], made.world.supervisor))
    assert "Ask that identities go with it" in page(officer, "export-detail", **of(made))
    assert "Ask that identities go with it" not in page(supervisor, "export-detail", **of(made))
    url = reverse("handover-ask", kwargs=of(made))
    # A consent names no body: nobody may believe that the witness chose this one.
    assert "covers bodies of this kind" in page(officer, "handover-ask", **of(made))
    assert officer.post(url, {"reason": ""}).status_code == 422
    told = officer.post(url, {"reason": "The court asked"}, follow=True).content.decode()
    assert "Two custodians are asked" in told
    made.keeper.step()
    with entering(made.officer, "test"):
        row = IdentityHandover.objects.get()
    here = {"case": made.world.case.pk, "session": row.session_id}
    shown = page(custodian, "comparison-detail", **here)
    kind = str(made.world.recipient.get_recipient_class_display())
    for one in (made.export.number, secondkeys.numbers_on(made.key), "The court asked", escape(kind)):
        assert one in shown
    assert custodian.get(reverse("comparison-paper", kwargs=here)).status_code == 200
    assert officer.get(reverse("comparison-report", kwargs=here)).status_code == 409
    waiting = page(officer, "export-detail", **of(made))
    assert "Custodians decide about it" in waiting
    assert "Build the package" not in waiting
    assert "Ask that identities go with it" not in waiting
    assert "What custodians decide on" not in page(supervisor, "export-detail", **of(made))
    with entering(made.officer, "test"):
        close_session(by=made.officer, session=IdentitySession.objects.get(pk=row.session_id))
    ended = page(officer, "export-detail", **of(made))
    assert "Nothing was handed over." in ended
    assert "Ask that identities go with it" in ended


def test_without_a_second_key_the_page_says_where_to_make_one(made: Handing) -> None:
    with entering(made.officer, "test"):
        assert current_second_key(made.export)
        secondkeys.revoke_second_key(by=made.officer, key=made.key)
        assert current_second_key(made.export) is None
    officer = signed_in(made.officer)
    assert "There is none that could be used." in page(officer, "handover-ask", **of(made))
    answer = officer.post(reverse("handover-ask", kwargs=of(made)), {"reason": "Because"})
    assert answer.status_code == 422
    assert "second key cannot be used" in answer.content.decode()


def test_names_travel_at_the_highest_tier_alone() -> None:
    chosen = {"purpose": "criminal_international", "identity_level": "confidential_identity"}
    assert UseForm({**chosen, "tier": "T3"}).is_valid()
    for tier in ("T0", "T1", "T2"):
        form = UseForm({**chosen, "tier": tier})
        assert "identity_level" in form.errors
    assert not UseForm({**chosen, "tier": "T3", "identity_level": "full_identity"}).is_valid()
