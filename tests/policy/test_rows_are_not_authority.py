"""A superuser of the database writes what would give power: refused when used, or found by comparing."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.utils import timezone

from accounts import credentials
from accounts.actions import resets
from accounts.actions.people import take_role
from accounts.actions.trainings import end_training
from accounts.door import entering
from accounts.errors import ForgedCredentials, ForgedReset, ForgedRole, ForgedTraining
from accounts.models import Session, User, UserRole, trainings_of
from accounts.vocabulary import Role, TrainingKind
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.cases import change_case
from cases.actions.interviews import propose_interview
from cases.actions.members import end_membership
from cases.actions.risks import justify_repetition, needs_clearance
from cases.errors import ForgedMembership, NotVisible
from cases.facts import PriorFacts
from cases.models import Case, CaseGrant, Consent, ConsentScope, Membership, RiskAssessment, Witness
from cases.permissions import check
from cases.vocabulary import Decision, Gap, Permission, PriorForm
from exports.actions import approvals
from exports.errors import ApprovalVoid, ConsentGone, KeyUnfit
from exports.models import Approval, RecipientKey
from exports.permissions import check_key
from exports.vocabulary import ExportState
from tests import factories
from tests.accounts.signing import PASSWORD, equip, type_password
from tests.exports.worlds import World
from tests.factories import CASE, INTERVIEW
from tests.personas import make_person, signed_in
from tests.policy.attacks import Attacked, attacked, blob_of, laid
from vault.errors import NotVerified, UnknownKey, VaultError
from vault.opening import open_row
from vault.vocabulary import Purpose

__all__ = ["attacked", "laid"]


Row = TypeVar("Row", bound=models.Model)


def owned(model: type[Row], **wanted: object) -> Row:
    """Read past row-level security."""
    return model._base_manager.using("owner").get(**wanted)


def test_nothing_is_found_where_nothing_was_done(attacked: Attacked) -> None:
    assert attacked.found() == []
    out = StringIO()
    call_command("verify_audit", cells=True, stdout=out)
    assert "as it was last written" in out.getvalue()


def test_inserted_member(attacked: Attacked) -> None:
    world = attacked.world
    lead = owned(Membership, case=world.case, user=world.lead)
    pk = attacked.superuser.clone(lead, user_id=world.outsider.pk)
    give_grants(attacked, world.outsider)
    with pytest.raises(ForgedMembership), entering(world.outsider, "test"):
        check(world.outsider, Permission.CASE_READ, world.case)
    page = signed_in(world.outsider).get(f"/cases/{world.case.pk}/")
    assert page.status_code >= 400
    assert "Killings" not in page.content.decode()
    assert Event.objects.filter(kind=Kind.GRANT_UNVERIFIED).exists()
    assert attacked.finds((Membership, pk), "no leaf speaks of this row")


def give_grants(attacked: Attacked, user: User) -> None:
    """As guardian lays them, for a person who has none."""
    attacked.superuser.connection.execute(
        "INSERT INTO cases_casegrant (user_id, permission_id, content_object_id) "
        "SELECT %s, permission_id, content_object_id FROM cases_casegrant WHERE user_id = %s AND "
        "content_object_id = %s",
        [user.pk, attacked.world.lead.pk, attacked.world.case.pk],
    )


def test_inserted_grants(attacked: Attacked) -> None:
    world = attacked.world
    give_grants(attacked, world.outsider)
    assert CaseGrant.objects.filter(user=world.outsider).exists()
    with pytest.raises(NotVisible), entering(world.outsider, "test"):
        check(world.outsider, Permission.CASE_READ, world.case)


def test_membership_that_was_ended_put_back(attacked: Attacked) -> None:
    """The one thing that opens until the next comparison: and the comparison names it."""
    world = attacked.world
    with entering(world.lead, "test"):
        before = Membership.objects.get(case=world.case, user=world.investigator)
        end_membership(by=world.lead, membership=before)
    assert attacked.found() == []
    attacked.superuser.change(before, closed_at=None, closed_by_id=None)
    with entering(world.lead, "test"), pytest.raises(VaultError):
        Membership.objects.get(pk=before.pk).verify_tag()
    attacked.superuser.change(before, tag=bytes(before.tag))
    assert attacked.finds(before, "not as it was last written")


def test_role_inserted_moved_or_opened_again(attacked: Attacked) -> None:
    world = attacked.world
    mine = owned(UserRole, user=world.officer, role=Role.DISCLOSURE_OFFICER)
    pk = attacked.superuser.clone(mine, user_id=world.outsider.pk, role=Role.SYSADMIN.value)
    with pytest.raises(ForgedRole):
        User.objects.get(pk=world.outsider.pk).has_role(Role.SYSADMIN)
    assert attacked.finds((UserRole, pk), "no leaf speaks of this row")
    attacked.superuser.connection.execute("DELETE FROM accounts_userrole WHERE id = %s", [pk])
    with entering(world.lead, "test"):
        take_role(user=world.officer, role=Role.DISCLOSURE_OFFICER, by=world.lead)
    assert attacked.found() == []
    attacked.superuser.change(mine, ended_at=None)
    with pytest.raises(ForgedRole):
        User.objects.get(pk=world.officer.pk).has_role(Role.DISCLOSURE_OFFICER)
    assert attacked.finds(mine, "not as it was last written")


def test_password_of_the_attacker(attacked: Attacked) -> None:
    """Their own hash, peppered and all, copied from an account of theirs."""
    victim = attacked.world.lead
    attacked.superuser.change(victim, password=attacked.signer.user.password)
    assert type_password(Client(), victim.staff_code, PASSWORD) == 200
    assert Event.objects.filter(kind=Kind.CREDENTIAL_UNVERIFIED).exists()
    assert attacked.finds(victim, "not as it was last written")
    attacked.superuser.change(victim, credentials_tag=bytes(attacked.signer.user.credentials_tag or b""))
    with pytest.raises(ForgedCredentials):
        credentials.verify(User.objects.get(pk=victim.pk))


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_second_factor_of_the_attacker(attacked: Attacked, kind: str) -> None:
    victim, mine = attacked.world.lead, equip()
    attacked.superuser.connection.execute(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at) "
        "SELECT %s, %s, data, now() FROM mfa_authenticator WHERE user_id = %s AND type = 'totp'",
        [victim.pk, kind, mine.user.pk],
    )
    with pytest.raises(ForgedCredentials):
        credentials.verify(User.objects.get(pk=victim.pk))


def test_recipient_key_of_the_attacker(attacked: Attacked) -> None:
    world = attacked.world
    attacked.superuser.change(world.key, key_index=hashlib.sha256(b"another").digest()[:16])
    with pytest.raises(KeyUnfit), entering(world.officer, "test"):
        check_key(RecipientKey.objects.get(pk=world.key.pk))
    with pytest.raises(ApprovalVoid):
        world.build(world.approved)
    assert attacked.finds(world.key, "not as it was last written")


def test_inserted_recipient_key(attacked: Attacked) -> None:
    world = attacked.world
    attacked.superuser.change(world.key, revoked_at=timezone.now(), revoked_by_id=world.officer.pk)
    pk = attacked.superuser.clone(world.key, key_index=bytes(16), revoked_at=None, revoked_by_id=None)
    with entering(world.officer, "test"), pytest.raises(KeyUnfit):
        check_key(RecipientKey.objects.get(pk=pk))
    assert f"exports_recipientkey {pk}: no leaf speaks of this row" in attacked.found()


def test_inserted_consent(attacked: Attacked) -> None:
    world = attacked.world
    consent = owned(Consent, pk=world.consent.pk)
    pk = attacked.superuser.clone(consent, number=7, state="superseded")
    attacked.superuser.change(consent, state="superseded")
    attacked.superuser.connection.execute("UPDATE cases_consent SET state = 'active' WHERE id = %s", [pk])
    with entering(world.lead, "test"):
        row = Consent.objects.get(pk=pk)
        assert row.standing_gap(timezone.now(), lambda: False) == Gap.NOT_AUTHENTIC
    with pytest.raises(ConsentGone):
        world.build(world.approved)
    assert f"cases_consent {pk}: no leaf speaks of this row" in attacked.found()


def test_answer_turned_round(attacked: Attacked) -> None:
    world = attacked.world
    answers = ConsentScope._base_manager.using("owner").filter(consent=world.consent)
    answer = answers.filter(decision=Decision.GRANTED)[0]
    attacked.superuser.change(answer, identity_level="full_identity")
    assert attacked.finds(answer, "not as it was last written")
    pk = attacked.superuser.clone(answer, purpose="publication")
    with entering(world.lead, "test"):
        for found in (answer.pk, pk):
            row = ConsentScope.objects.get(pk=found)
            assert row.gap(None, timezone.now()) == Gap.NOT_AUTHENTIC  # type: ignore[arg-type]  # it is not even asked
    assert f"cases_consentscope {pk}: no leaf speaks of this row" in attacked.found()


def test_inserted_approval(attacked: Attacked) -> None:
    world = attacked.world
    export = world.request(testimonies=[world.testimony], evidence=[])
    word = owned(Approval, export=world.approved)
    pk = attacked.superuser.clone(
        word, export_id=export.pk, approved_digest=approvals.digest_of(world.now(export))
    )
    attacked.superuser.change(export, state=ExportState.APPROVED.value)
    with pytest.raises(ApprovalVoid):
        world.build(world.now(export))
    found = attacked.found()
    assert f"exports_approval {pk}: no leaf speaks of this row" in found
    assert f"exports_export {export.pk}: not as it was last written" in found


def test_weighed_risk_made_fresh_lent_and_a_reason_moved(attacked: Attacked) -> None:
    """Days of an assessment are found by comparing; what is said of one witness opens for no other."""
    world = attacked.world
    by = world.investigator
    with entering(by, "test"):
        witness = Witness.objects.get(pk=world.witness.pk)
    factories.weigh(witness, by, prior=PriorFacts(form=PriorForm.FULL_STATEMENT, organisation="A commission"))
    other = factories.make_witness(world.case, by, pseudonym="Nadia")
    row = owned(RiskAssessment, witness=witness)
    attacked.superuser.change(row, assessed_on=row.assessed_on - timedelta(days=1))
    assert attacked.finds(row, "not as it was last written")
    attacked.superuser.change(row, assessed_on=row.assessed_on)
    attacked.superuser.clone(row, witness_id=other.pk)
    with entering(by, "test"):
        lent = propose_interview(by=by, witness=other, facts=INTERVIEW)
        again = [propose_interview(by=by, witness=witness, facts=INTERVIEW) for _time in range(2)]
    with pytest.raises(VaultError), entering(by, "test"):
        needs_clearance(by=by, interview=lent)
    with entering(world.supervisor, "test"):
        reason = justify_repetition(by=world.supervisor, interview=again[0], reason="It breaks off")
    attacked.superuser.clone(reason, interview_id=again[1].pk)
    with entering(by, "test"):
        assert needs_clearance(by=by, interview=again[0]).pk == row.pk
    with pytest.raises(VaultError), entering(by, "test"):
        needs_clearance(by=by, interview=again[1])


def test_training_inserted_lengthened_or_opened_again(attacked: Attacked) -> None:
    world = attacked.world
    admin = make_person(Role.SYSADMIN)
    row = factories.make_training(world.lead, admin, TrainingKind.CHILD)
    pk = attacked.superuser.clone(row, user_id=world.investigator.pk)
    with pytest.raises(ForgedTraining):
        trainings_of([world.investigator], timezone.localdate())
    assert f"accounts_training {pk}: no leaf speaks of this row" in attacked.found()
    attacked.superuser.connection.execute("DELETE FROM accounts_training WHERE id = %s", [pk])
    for change in ({"expires_on": "2999-01-01"}, {"kind": "sgbv"}):
        attacked.superuser.change(row, **change)
        with pytest.raises(ForgedTraining):
            trainings_of([world.lead], timezone.localdate())
        attacked.superuser.change(row, expires_on=row.expires_on, kind=row.kind)
    with entering(admin, "test"):
        end_training(training=row, by=admin)
    attacked.superuser.change(row, ended_at=None)
    with pytest.raises(ForgedTraining):
        trainings_of([world.lead], timezone.localdate())
    assert f"accounts_training {row.pk}: not as it was last written" in attacked.found()


def test_inserted_reset_and_one_put_back(attacked: Attacked) -> None:
    """One administrator and the database are not two administrators."""
    first, second = make_person(Role.SYSADMIN), make_person(Role.SYSADMIN)
    lead = attacked.world.lead
    with entering(first, "test"):
        asked = resets.request_reset(user=attacked.world.outsider, by=first)
        resets.cancel_reset(reset=asked.pk, by=first)
    taken_back = {"state": "requested", "decided_by_id": None, "decided_at": None}
    forged = attacked.superuser.clone(asked, user_id=lead.pk, **taken_back)
    attacked.superuser.change(asked, **taken_back)
    for pk in (forged, asked.pk):
        with pytest.raises(ForgedReset), entering(second, "test"):
            resets.confirm_reset(reset=pk, by=second)
    assert Event.objects.filter(kind=Kind.CREDENTIAL_UNVERIFIED, actor=second.staff_code).count() == 2
    assert User.objects.get(pk=lead.pk).password == lead.password
    with entering(second, "test"):
        resets.cancel_reset(reset=forged, by=second)  # anybody may stop what nobody asked for


def test_inserted_event(attacked: Attacked) -> None:
    """An event that blesses a changed row: it carries no tag of ours, with or without a place in the tree."""
    world = attacked.world
    event = Event.objects.latest("at")
    attacked.superuser.change(world.key, expires_at=timezone.now())
    leaf = event.leaf.replace(str(event.pk), str(uuid4()))
    pk = uuid4()
    attacked.superuser.connection.execute(
        "INSERT INTO audit_event (id, leaf, mac) VALUES (%s, %s, %s)", [pk, leaf, bytes(event.mac)]
    )
    assert f"audit_event {pk}: not written by this application" in attacked.found()
    with pytest.raises(CommandError, match="not sound"):
        call_command("verify_audit", stderr=StringIO())


def test_session_replayed(attacked: Attacked) -> None:
    """A row names no cookie; content sealed for one digest opens under no other."""
    world = attacked.world
    theirs, mine = signed_in(world.lead), signed_in(world.outsider)
    assert theirs.get("/account").status_code == 200
    stolen = Session.objects.get(user=world.lead)
    cookie = "x" * 32
    attacked.superuser.clone(stolen, digest=hashlib.sha256(cookie.encode()).digest())
    for value in (cookie, bytes(stolen.digest).hex(), str(stolen.pk)):
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = value
        assert browser.get("/account").status_code == 302
    own = Session.objects.get(user=world.outsider)
    attacked.superuser.change(own, content=bytes(stolen.content), user_id=world.lead.pk)
    assert mine.get("/account").status_code == 302
    attacked.superuser.change(own, content=bytes(own.content))
    assert mine.get("/account").status_code == 302, "the person stands inside the seal"


def test_cell_rolled_back(attacked: Attacked) -> None:
    """It opens, since it was sealed for this very place; the comparison names it."""
    world = attacked.world
    old = attacked.superuser.blob(world.case, "title")
    with entering(world.lead, "test"):
        facts = replace(CASE, title="A second title")
        change_case(by=world.lead, case=world.case, expected=world.case.revision, facts=facts)
    assert attacked.found() == []
    attacked.superuser.change(world.case, title=old)
    assert opens(world, world.case.pk) == CASE.title
    assert attacked.finds(world.case, "not as it was last written")


def opens(world: World, pk: UUID) -> str:
    lead = world.lead
    with entering(lead, "test"):
        row = Case.objects.get(pk=pk)
        return open_row(row, "title", reader=lead.staff_code, purpose=Purpose.READ).text("title")


RUBBISH: dict[str, Callable[[bytes], bytes | None]] = {
    "plaintext": lambda _blob: b"Killings on the coast",
    "empty": lambda _blob: b"",
    "random": lambda blob: bytes(range(256))[: len(blob)],
    "header alone": lambda blob: blob[:40],
    "cut": lambda blob: blob[:-1],
    "longer": lambda blob: blob + b"\x00",
    "nothing": lambda _blob: None,
}


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_in_a_cell(attacked: Attacked, what: str) -> None:
    world = attacked.world
    attacked.superuser.connection.execute("ALTER TABLE cases_case ALTER COLUMN title DROP NOT NULL")
    try:
        attacked.superuser.change(world.case, title=RUBBISH[what](blob_of(world.case, "title")))
        with pytest.raises(VaultError):
            opens(world, world.case.pk)
        assert Event.objects.filter(kind=Kind.CONTENT_UNVERIFIED).exists()
        for place in ("", "edit/"):  # where it is printed in passing, and where it is asked for
            page = signed_in(world.lead).get(f"/cases/{world.case.pk}/{place}")
            assert page.status_code == 500
            assert "Killings" not in page.content.decode()
        assert attacked.finds(world.case, "not as it was last written")
        attacked.superuser.change(world.case, title=blob_of(world.case, "title"))
    finally:
        attacked.superuser.connection.execute("ALTER TABLE cases_case ALTER COLUMN title SET NOT NULL")


def test_cells_swapped(attacked: Attacked) -> None:
    """Between cases, columns, tables, and rows of one case: never shown, whoever reads."""
    world, superuser = attacked.world, attacked.superuser
    witness = owned(Witness, pk=world.witness.pk)
    own = {"title": superuser.blob(world.case, "title"), "mandate": superuser.blob(world.case, "mandate")}
    for strange in (
        superuser.blob(attacked.other, "title"),
        own["mandate"],
        superuser.blob(witness, "public_pseudonym"),
    ):
        superuser.change(world.case, title=strange)
        with pytest.raises((NotVerified, UnknownKey)):
            opens(world, world.case.pk)
    superuser.change(world.case, **own)
    assert opens(world, world.case.pk)
