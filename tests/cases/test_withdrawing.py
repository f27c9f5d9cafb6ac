"""A witness takes their consent back: whoever works in the case can record it, and finds where."""

import pytest
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.vocabulary import Kind
from cases.models import Case, Consent, Witness
from cases.vocabulary import ConsentState, MemberRole, Permission, Sensitivity
from cases.vocabulary.access import ROLE_PERMISSIONS
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import make_person, signed_in

# Whom an account role makes a member of each kind.
ROLE_OF = {
    MemberRole.EVIDENCE_CUSTODIAN: Role.EVIDENCE_CUSTODIAN,
    MemberRole.IDENTITY_CUSTODIAN: Role.IDENTITY_CUSTODIAN,
    MemberRole.INTERPRETER: Role.INTERPRETER,
    MemberRole.DISCLOSURE_OFFICER: Role.DISCLOSURE_OFFICER,
}


def member(case: Case, lead: User, role: MemberRole) -> User:
    person = make_person(ROLE_OF[role])
    factories.join(case, lead, person, role)
    return person


def test_every_member_but_an_observer_may_withdraw() -> None:
    without = {role for role, powers in ROLE_PERMISSIONS.items() if Permission.CONSENT_WITHDRAW not in powers}
    assert without == {MemberRole.AUDITOR}
    assert all(
        Permission.CASE_READ in powers
        for powers in ROLE_PERMISSIONS.values()
        if Permission.CONSENT_WITHDRAW in powers
    )


@pytest.mark.parametrize("role", ROLE_OF)
def test_from_the_overview_to_the_withdrawal(role: MemberRole, world: World) -> None:
    consent, case = world.consent, world.case.pk
    browser = signed_in(member(world.case, world.lead, role))
    choose = reverse("consent-choose", kwargs={"case": case})
    assert choose in look(browser, "case-detail", case=case)
    page = look(browser, "consent-choose", case=case)
    assert world.witness.code in page
    assert "Samira" not in page
    withdraw = reverse("consent-withdraw", kwargs={"case": case, "consent": consent.pk})
    assert withdraw in page
    send(browser, "consent-withdraw", {"purpose": ""}, case=case, consent=consent.pk)
    with entering(world.lead, "test"):
        assert Consent.objects.get().state == ConsentState.WITHDRAWN
    assert len(world.events(Kind.CONSENT_WITHDRAWN)) == 1
    assert withdraw not in look(browser, "consent-choose", case=case)


def test_strict_witness_is_named_to_who_may_know_of_them_alone(world: World) -> None:
    assert world.consent
    with entering(world.lead, "test"):
        Witness.objects.update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    page = look(signed_in(world.custodian), "consent-choose", case=world.case.pk)
    assert world.witness.code not in page
    assert "tell the case lead at once" in page
    page = look(signed_in(world.lead), "consent-choose", case=world.case.pk)
    assert world.witness.code in page
    assert "tell the case lead at once" not in page


def test_consents_of_another_case_are_not_there(world: World, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    foreign = factories.make_consented_witness(other, outsider, pseudonym="Nour")
    assert world.consent
    page = look(signed_in(world.custodian), "consent-choose", case=world.case.pk)
    assert foreign.code not in page
    assert look(signed_in(world.auditor), "consent-choose", 403, case=world.case.pk)


def test_foreign_witness_who_is_chosen_for_an_account_is_refused_and_that_is_recorded(
    world: World, outsider: User
) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    foreign = factories.make_consented_witness(other, outsider, pseudonym="Nour")
    browser = signed_in(world.investigator)
    assert world.consented
    before = len(world.events(Kind.ACCESS_REFUSED))
    send(browser, "testimony-choose", {"witness": str(foreign.pk)}, 404, case=world.case.pk)
    refused = world.events(Kind.ACCESS_REFUSED)[before:]
    assert [(one.actor, one.subject) for one in refused] == [
        (world.investigator.staff_code, f"witness:{foreign.pk}")
    ]
    send(browser, "testimony-choose", {"witness": "nonsense"}, 422, case=world.case.pk)
    assert len(world.events(Kind.ACCESS_REFUSED)) == before + 1
