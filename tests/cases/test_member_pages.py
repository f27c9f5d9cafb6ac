"""The pages of members and of the log: who comes and goes, and who may see what was done."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from cases.actions.members import end_membership
from cases.models import Membership
from cases.views import log
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import signed_in


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def test_members_come_change_and_go(world: World, disclosure_officer: User) -> None:
    browser = signed_in(world.lead)
    case = world.case.pk
    code = disclosure_officer.staff_code
    data = {"staff_code": code.lower(), "role": "disclosure_officer", "reason": "exports"}
    send(browser, "member-create", data, case=case)
    assert code in look(browser, "member-list", case=case)
    assert "already" in send(browser, "member-create", data, 422, case=case).content.decode()
    unknown = send(browser, "member-create", {**data, "staff_code": "INV-999"}, 422, case=case)
    assert "Nobody with an open account" in unknown.content.decode()
    wrong = send(browser, "member-create", {**data, "role": "supervisor"}, 422, case=case)
    assert "exports" in wrong.content.decode()
    member = Membership.objects.get(case=case, user=disclosure_officer)
    send(
        browser,
        "member-edit",
        {"role": "disclosure_officer", "reason": "longer", "sees_strict": "on"},
        case=case,
        member=member.pk,
    )
    now = Membership.objects.get(case=case, user=disclosure_officer, closed_at__isnull=True)
    assert now.sees_strict
    send(browser, "member-end", {}, case=case, member=now.pk)
    look(signed_in(disclosure_officer), "case-detail", 404, case=case)


def test_member_who_leaves_sees_nothing_more(world: World, browser: Client) -> None:
    send(browser, "member-end", {}, case=world.case.pk, member=world.memberships["investigator"].pk)
    for name in ("case-detail", "incident-list", "member-list", "victim-list"):
        look(browser, name, 404, case=world.case.pk)


def test_ended_membership_stops_the_next_request(world: World, browser: Client) -> None:
    look(browser, "incident-list", case=world.case.pk)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["investigator"])
    look(browser, "incident-list", 404, case=world.case.pk)


def test_auditor_reads_the_log_and_no_title(world: World) -> None:
    browser = signed_in(world.auditor)
    page = look(browser, "case-log", case=world.case.pk)
    assert "case:opened" in page
    assert factories.CASE.title not in page
    assert world.case.code in page
    look(browser, "case-detail", 403, case=world.case.pk)


def test_log_pages_follow_one_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "SIZE", 3)
    assert world.incident
    lead = signed_in(world.lead)
    pages = [look(lead, "case-log", case=world.case.pk)]
    while found := re.search(r'rel="next" href="([^"]*)"', pages[-1]):
        pages.append(lead.get(found.group(1).replace("&amp;", "&")).content.decode())
    rows = [re.findall(r"<time class=\"dated\" datetime=\"([^\"]*)", page) for page in pages]
    assert [len(row) for row in rows[:-1]] == [3] * (len(rows) - 1)
    times = [time for row in rows for time in row]
    assert times == sorted(times, reverse=True)
    assert len(pages) >= 3
    older = lead.get(
        reverse("case-log", kwargs={"case": world.case.pk}), {"before": "nonsense", "row": "nonsense"}
    )
    assert older.status_code == 200
    chosen = lead.get(reverse("case-log", kwargs={"case": world.case.pk}), {"kind": "case:opened"})
    assert chosen.content.decode().count("<tr>") == 2
