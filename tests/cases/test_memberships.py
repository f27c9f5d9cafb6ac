"""Power is a grant and a membership in force and a tag: take any of them away and nothing opens."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from guardian.models import GroupObjectPermission, UserObjectPermission
from guardian.shortcuts import assign_perm

from accounts.door import Machine, entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.vocabulary import Kind
from cases.actions.members import (
    add_member,
    change_member,
    end_membership,
    readmit_member,
    sweep_memberships,
)
from cases.errors import (
    AlreadyMember,
    ForgedMembership,
    LastLead,
    MembershipWithoutTime,
    MemberUnfit,
    NotAllowed,
    NotVisible,
    OwnMembership,
    StepNotPossible,
)
from cases.models import Case, CaseGrant, Incident, Membership, Witness
from cases.models.sets import stored_permission
from cases.permissions import ROLE_PERMISSIONS, can, check, powers, verified_cases
from cases.vocabulary import MemberRole, Permission, Sensitivity
from tests import factories
from tests.cases.worlds import World
from tests.personas import make_person
from vault.errors import NotVerified
from vault.sealed import Sealed

NOW = timezone.now


def add(world: World, user: User, role: MemberRole, **times: Any) -> Membership:
    with entering(world.lead, "test"):
        return add_member(by=world.lead, case=world.case, user=user, role=role, reason="needed", **times)


def sees(user: User, world: World) -> tuple[bool, bool, bool]:
    """Whether the list, the check and the database itself show the case."""
    with entering(user, "test"):
        listed = Case.objects.visible_to(user).filter(pk=world.case.pk).exists()
        raw = Case.objects.filter(pk=world.case.pk).exists()
        return listed, can(user, Permission.CASE_READ, world.case), raw


@pytest.mark.parametrize("role", MemberRole)
def test_role_brings_exactly_its_powers(role: MemberRole, world: World) -> None:
    membership = Membership(case=world.case, user=world.investigator, role=role, granted_by=world.lead)
    membership.put_tag()
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["investigator"])
        Membership.objects.bulk_create([membership])
        for permission in ROLE_PERMISSIONS[role]:
            assign_perm(stored_permission(permission), world.investigator, world.case)
    with entering(world.investigator, "test"):
        assert powers(world.investigator, world.case) == ROLE_PERMISSIONS[role]
        for permission in Permission:
            assert can(world.investigator, permission, world.case) == (permission in ROLE_PERMISSIONS[role])


def test_grants_are_cases_own_and_never_global(world: World) -> None:
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()
    held = CaseGrant.objects.filter(user=world.investigator)
    assert {grant.permission.codename for grant in held} == {
        permission.value for permission in ROLE_PERMISSIONS[MemberRole.INVESTIGATOR]
    }


def test_django_permission_for_every_case_gives_nothing(world: World) -> None:
    world.outsider.user_permissions.add(stored_permission(Permission.CASE_READ))
    assert sees(world.outsider, world) == (False, False, False)


def test_membership_of_the_future_opens_nothing(world: World, outsider: User) -> None:
    add(world, outsider, MemberRole.INVESTIGATOR, starts_at=NOW() + timedelta(days=1))
    assert sees(outsider, world) == (False, False, False)


def test_membership_that_ran_out_opens_nothing(world: World, outsider: User) -> None:
    begin = NOW() - timedelta(days=2)
    add(world, outsider, MemberRole.INVESTIGATOR, starts_at=begin, ends_at=begin + timedelta(days=1))
    assert sees(outsider, world) == (False, False, False)
    with pytest.raises(NotVisible), entering(outsider, "test"):
        check(outsider, Permission.CASE_READ, world.case)


def test_dated_membership_opens_between_its_dates(world: World, outsider: User) -> None:
    begin = NOW() - timedelta(days=1)
    add(world, outsider, MemberRole.INVESTIGATOR, starts_at=begin, ends_at=begin + timedelta(days=2))
    assert sees(outsider, world) == (True, True, True)


def test_ended_membership_opens_nothing_and_leaves_no_grant(world: World) -> None:
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["investigator"])
    assert sees(world.investigator, world) == (False, False, False)
    assert not CaseGrant.objects.filter(user=world.investigator).exists()


def test_grant_without_membership_opens_nothing(world: World) -> None:
    assign_perm(stored_permission(Permission.CASE_READ), world.outsider, world.case)
    assert sees(world.outsider, world) == (False, False, False)


def test_membership_without_grants_opens_nothing(world: World) -> None:
    CaseGrant.objects.filter(user=world.investigator).delete()
    assert sees(world.investigator, world) == (False, False, False)


def test_closed_account_opens_nothing(world: World) -> None:
    User.objects.filter(pk=world.investigator.pk).update(is_active=False, deactivated_at=NOW())
    assert sees(world.investigator, world) == (False, False, False)


def test_reset_takes_a_person_out_until_the_lead_readmits_them(world: World) -> None:
    User.objects.filter(pk=world.investigator.pk).update(credentials_reset_at=NOW())
    assert sees(world.investigator, world) == (False, False, False)
    with entering(world.lead, "test"):
        readmit_member(by=world.lead, membership=world.memberships["investigator"])
    assert sees(world.investigator, world) == (True, True, True)
    assert len(world.events(Kind.MEMBER_READMITTED)) == 1


def test_readmission_is_for_those_who_were_reset(world: World) -> None:
    with pytest.raises(StepNotPossible), entering(world.lead, "test"):
        readmit_member(by=world.lead, membership=world.memberships["investigator"])


def test_lead_who_was_reset_is_readmitted_by_a_supervisor_of_the_case(world: World) -> None:
    User.objects.filter(pk=world.lead.pk).update(credentials_reset_at=NOW())
    with pytest.raises(NotVisible), entering(world.lead, "test"):
        readmit_member(by=world.lead, membership=world.memberships["lead"])
    with pytest.raises(NotAllowed), entering(world.investigator, "test"):
        readmit_member(by=world.investigator, membership=world.memberships["lead"])
    with entering(world.supervisor, "test"):
        readmit_member(by=world.supervisor, membership=world.memberships["lead"])
    assert sees(world.lead, world) == (True, True, True)


@pytest.mark.parametrize("column", ["role", "sees_strict", "ends_at", "starts_at", "granted_at", "user_id"])
def test_tag_covers_every_column_that_gives_power(column: str, world: World) -> None:
    membership = world.memberships["investigator"]
    values = {"role": "lead", "sees_strict": True, "user_id": world.outsider.pk}
    setattr(membership, column, values.get(column, NOW() + timedelta(days=9)))
    with pytest.raises(NotVerified):
        membership.verify_tag()


def test_forged_membership_opens_nothing(world: World) -> None:
    forged = Membership(
        case=world.case, user=world.outsider, role=MemberRole.LEAD, granted_by=world.lead, tag=bytes(32)
    )
    Membership.objects.bulk_create([forged])
    assign_perm(stored_permission(Permission.CASE_READ), world.outsider, world.case)
    with pytest.raises(ForgedMembership), entering(world.outsider, "test"):
        check(world.outsider, Permission.CASE_READ, world.case)
    with pytest.raises(ForgedMembership), entering(world.outsider, "test"):
        verified_cases(world.outsider, Case.objects.visible_to(world.outsider))
    with entering(world.outsider, "test"):
        assert not can(world.outsider, Permission.CASE_READ, world.case)
    assert len(world.events(Kind.GRANT_UNVERIFIED)) == 2


def test_grant_beyond_the_role_gives_nothing(world: World) -> None:
    assign_perm(stored_permission(Permission.MEMBER_MANAGE), world.investigator, world.case)
    with pytest.raises(NotAllowed), entering(world.investigator, "test"):
        check(world.investigator, Permission.MEMBER_MANAGE, world.case)
    with entering(world.investigator, "test"):
        assert Permission.MEMBER_MANAGE not in powers(world.investigator, world.case)


def test_refusal_of_what_exists_and_of_what_does_not_are_alike(world: World) -> None:
    told = []
    for case in (world.case.pk, uuid4()):
        with pytest.raises(NotVisible) as refusal, entering(world.outsider, "test"):
            check(world.outsider, Permission.CASE_READ, case)
        told.append(
            (refusal.value.status, refusal.value.kind, str(refusal.value.message), refusal.value.facts)
        )
    assert told[0] == told[1]
    assert told[0][0] == 404


def test_one_person_one_membership(world: World) -> None:
    with pytest.raises(AlreadyMember):
        add(world, world.investigator, MemberRole.INVESTIGATOR)


def test_person_whose_membership_ran_out_can_come_back(world: World, outsider: User) -> None:
    begin = NOW() - timedelta(days=2)
    old = add(world, outsider, MemberRole.INVESTIGATOR, starts_at=begin, ends_at=begin + timedelta(days=1))
    add(world, outsider, MemberRole.INVESTIGATOR)
    assert sees(outsider, world) == (True, True, True)
    old.refresh_from_db()
    assert old.closed_at is not None


def test_role_in_the_case_needs_the_role_in_the_organisation(
    world: World, outsider: User, sysadmin: User, recipient: User
) -> None:
    for person in (outsider, sysadmin, recipient):
        with pytest.raises(MemberUnfit):
            add(world, person, MemberRole.SUPERVISOR)
    with pytest.raises(MemberUnfit):
        add(world, sysadmin, MemberRole.LEAD)


def test_membership_that_ends_before_it_begins_is_refused(world: World, outsider: User) -> None:
    with pytest.raises(MembershipWithoutTime):
        add(world, outsider, MemberRole.INVESTIGATOR, ends_at=NOW() - timedelta(days=1))


def test_nobody_changes_their_own_powers(world: World) -> None:
    with pytest.raises(OwnMembership), entering(world.lead, "test"):
        change_member(
            by=world.lead, membership=world.memberships["lead"], role=MemberRole.SUPERVISOR, reason="more"
        )
    with pytest.raises(OwnMembership), entering(world.lead, "test"):
        add_member(by=world.lead, case=world.case, user=world.lead, role=MemberRole.SUPERVISOR, reason="more")


def test_a_case_keeps_a_lead(world: World) -> None:
    with pytest.raises(LastLead), entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["lead"])


def test_anybody_may_leave(world: World) -> None:
    for name, person in (("custodian", world.custodian), ("auditor", world.auditor)):
        with entering(person, "test"):
            end_membership(by=person, membership=world.memberships[name])
        assert not CaseGrant.objects.filter(user=person).exists()


def test_membership_of_another_case_cannot_be_touched(world: World, outsider: User) -> None:
    factories.make_case(outsider, prefix="HOM")
    membership = world.memberships["investigator"]
    with pytest.raises(NotVisible), entering(outsider, "test"):
        end_membership(by=outsider, membership=membership)
    with pytest.raises(NotVisible), entering(outsider, "test"):
        change_member(by=outsider, membership=membership, role=MemberRole.LEAD, reason="x")


def test_sweep_closes_what_ran_out_and_takes_stray_grants(world: World, outsider: User) -> None:
    begin = NOW() - timedelta(days=2)
    over = add(world, outsider, MemberRole.INVESTIGATOR, starts_at=begin, ends_at=begin + timedelta(days=1))
    with entering(Machine.SWEEP, "test"):
        assert sweep_memberships() == 1
    over.refresh_from_db()
    over.verify_tag()
    assert over.closed_at is not None
    assert over.closed_by is None
    assert not CaseGrant.objects.filter(user=outsider).exists()
    assert world.events(Kind.MEMBER_ENDED)[-1].actor == "machine:sweep"
    with entering(Machine.SWEEP, "test"):
        assert sweep_memberships() == 0


def test_one_membership_that_cannot_be_ended_keeps_no_other_from_ending(world: World, outsider: User) -> None:
    """Rubbish in its sealed reason, which whoever writes into the database can lay before any other row."""
    begin = NOW() - timedelta(days=2)
    over = add(world, outsider, MemberRole.INVESTIGATOR, starts_at=begin, ends_at=begin + timedelta(days=1))
    with entering(world.lead, "test"):
        spoilt = Membership.objects.get(pk=over.pk)
        spoilt.pk, spoilt.user, spoilt.reason = (
            UUID(int=0),
            make_person(Role.INVESTIGATOR),
            Sealed(b"rubbish"),
        )
        spoilt.save(force_insert=True)
    for closed in (1, 0):
        with entering(Machine.SWEEP, "test"):
            assert sweep_memberships() == closed
    (told,) = world.events(Kind.ROW_SET_ASIDE)
    assert told.subject == f"membership:{spoilt.pk}"


def test_sweep_takes_grants_that_no_membership_stands_behind(world: World, outsider: User) -> None:
    assign_perm(stored_permission(Permission.CASE_READ), outsider, world.case)
    with entering(Machine.SWEEP, "test"):
        sweep_memberships()
    assert not CaseGrant.objects.filter(user=outsider).exists()
    assert CaseGrant.objects.filter(user=world.investigator).exists()


def test_strictly_confidential_rows_need_a_word_of_their_own(world: World, outsider: User) -> None:
    factories.join(world.case, world.lead, outsider, MemberRole.INVESTIGATOR, sees_strict=True)
    with entering(world.lead, "test"):
        Incident.objects.filter(pk=world.incident.pk).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    for person, expected in ((world.investigator, False), (world.lead, True), (outsider, True)):
        with entering(person, "test"):
            assert Incident.objects.visible_to(person).exists() is expected


def test_auditor_sees_the_log_and_no_row(world: World) -> None:
    assert world.witness
    with entering(world.auditor, "test"):
        assert powers(world.auditor, world.case) == {Permission.LOG_READ}
        assert not Case.objects.visible_to(world.auditor).exists()
        assert Case.objects.visible_to(world.auditor, Permission.LOG_READ).exists()
        assert not Witness.objects.visible_to(world.auditor).exists()
