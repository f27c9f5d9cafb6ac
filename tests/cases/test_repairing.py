"""A newcomer gets halves of what was sealed before, through the server: in files, whole or not at all."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.urls import reverse

from accounts.actions.repairs import hand_in_repair, repair_paper
from accounts.door import entering
from accounts.drills import standings
from accounts.errors import ForgedRepair, NotYourRepair, RepairOver, RepairRefused
from accounts.models import Drill, DrillIdentity, Repair, User
from accounts.repairs import progress, waits_for
from accounts.tasks import sweep_drills
from accounts.vocabulary import DrillState, RepairState, Role
from audit.models import Event
from audit.vocabulary import Kind
from cases.tasks import sweep_identities_now, sweep_repairs_now
from tests.accounts.drilling import say
from tests.cases.asking import Asking, sealed
from tests.cases.guards import Guards
from tests.cases.test_revoking import holders
from tests.custodians import Board, id_of
from tests.personas import make_person, signed_in
from vault import mending
from vault.custodian import repairing
from vault.custodian.directory import Signed
from vault.custodian.keyfile import KeyFile
from vault.custodian.keys import PrivateKeys
from vault.custodian.repairpapers import Completed, Help
from vault.custodian.repairpapers import Repair as Paper
from vault.models import IdentityHalf
from vault.stepping import Guarded, stepping_into

BEGINS_WITH = (sealed,)


@pytest.fixture
def newcomer(asking: Asking) -> User:
    return lose_key(asking.guards)


def lose_key(guards: Guards) -> User:
    """The third custodian has lost their key and stands in directory 2 with another one."""
    person = guards.people[2]
    new = {id_of(person): PrivateKeys.new()}
    guards.succeed(guards.people, new)
    guards.keys.update(new)
    return person


def me(guards: Guards, person: User) -> KeyFile:
    return KeyFile(id_of(person), person.staff_code, guards.keys[id_of(person)])


def waiting() -> Repair:
    sweep_repairs_now()
    return Repair.objects.get(state=RepairState.ASKED)


def paper_of(row: Repair, person: User) -> Paper:
    with entering(person, "test"):
        return Paper.read(repair_paper(by=person, repair=row))


def hand_in(row: Repair, person: User, raw: bytes) -> Repair:
    with entering(person, "test"):
        return hand_in_repair(by=person, repair=row, paper=raw)


def helped(guards: Guards, row: Repair, newcomer: User) -> tuple[Help, Help]:
    """What the two helpers make on their laptops."""
    paper = paper_of(row, newcomer)
    by_id = {id_of(one): one for one in guards.people}
    one, other = (repairing.assist(paper, guards.directory, me(guards, by_id[at])) for at in row.helpers)
    return one, other


def joined(guards: Guards, row: Repair, newcomer: User, helps: tuple[Help, Help]) -> Completed:
    return repairing.complete(paper_of(row, newcomer), helps, guards.directory, me(guards, newcomer))


def repair(guards: Guards, newcomer: User) -> Repair:
    """The whole of it."""
    row = waiting()
    helps = helped(guards, row, newcomer)
    for one in helps:
        hand_in(row, newcomer, one.write())
    return hand_in(row, newcomer, joined(guards, row, newcomer, helps).write())


def halves() -> set[tuple[UUID, UUID, UUID, int]]:
    with stepping_into(Guarded.IDENTITY):
        return set(IdentityHalf.objects.values_list("identity", "custodian", "partner", "directory_number"))


def test_the_newcomer_opens_with_each_of_the_others(asking: Asking, newcomer: User) -> None:
    guards, before = asking.guards, halves()
    sweep_repairs_now()
    sweep_repairs_now()  # one file at a time
    row = repair(guards, newcomer)
    assert row.state == RepairState.FINISHED
    assert row.identities == 2
    assert {one[3] for one in halves() - before} == {2}
    assert holders() == {id_of(one) for one in guards.people}
    assert len(asking.world.events(Kind.IDENTITY_REPAIRED)) == 2
    assert not progress(guards.directory)
    sweep_repairs_now()
    assert not Repair.objects.filter(state=RepairState.ASKED).exists()
    for other in (0, 1):
        asked = asking.ask()
        asking.say(asked, 2)
        asking.say(asked, other)
        assert asking.show(asked).values["given"] == ["Quzahiyya"]
    sweep_identities_now()
    asked = asking.ask()  # and those who were there go on as ever, with the server's new share
    asking.say(asked, 0)
    asking.say(asked, 1)
    assert asking.show(asked).values


def test_a_drill_proves_that_the_repair_was_true(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """An identity that was invented before the newcomer came is repaired like a real one, and drilled."""
    guards = asking.guards
    sweep_drills()
    person = lose_key(guards)
    assert repair(guards, person).identities == 2 + 3
    old = set(DrillIdentity.objects.values_list("pk", flat=True))
    monkeypatch.setattr(
        "accounts.actions.drills.secrets.choice", lambda found: min(old & set(found) or found)
    )
    sweep_drills()
    board = Board(guards.people, guards.keys, guards.directory, Signed(guards.directory, ()))
    drills = Drill.objects.filter(state=DrillState.ASKED)
    assert {one.identity_id for one in drills} <= old
    for drill in drills:
        for one in guards.people:
            if id_of(one) in drill.pair:
                say(board, drill, one)
    assert [one.ended.state for one in standings(guards.directory) if one.ended] == [DrillState.PASSED] * 3


def test_a_kill_between_two_identities_leaves_both_as_they_were(
    asking: Asking, newcomer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    guards, row = asking.guards, waiting()
    helps = helped(guards, row, newcomer)
    for one in helps:
        hand_in(row, newcomer, one.write())
    raw, before, added = joined(guards, row, newcomer, helps).write(), halves(), mending.add_halves
    done: list[UUID] = []

    def killed(identity: UUID, made: object) -> str:
        done.append(identity)
        if len(done) == 2:
            raise KeyboardInterrupt
        return added(identity, made)  # type: ignore[arg-type]  # handed on as it came

    with monkeypatch.context() as patched:
        patched.setattr(mending, "add_halves", killed)
        with pytest.raises(KeyboardInterrupt):
            hand_in(row, newcomer, raw)
    assert halves() == before
    assert not asking.world.events(Kind.IDENTITY_REPAIRED)
    assert hand_in(row, newcomer, raw).state == RepairState.FINISHED
    assert len(halves() - before) == 2 * 2 * 2


def test_it_goes_on_file_by_file(asking: Asking, newcomer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.repairs.MOST", 1)
    for left in (2, 1):
        (one,) = progress(asking.guards.directory)
        assert (one.member.id, one.left) == (id_of(newcomer), left)
        assert repair(asking.guards, newcomer).identities == 1
    assert not progress(asking.guards.directory)
    assert Event.objects.of_kinds([Kind.REPAIR_FINISHED]).count() == 2


def test_what_is_not_signed_for_this_repair_adds_nothing(asking: Asking, newcomer: User) -> None:
    guards, row = asking.guards, waiting()
    paper, before = paper_of(row, newcomer), halves()
    helps = helped(guards, row, newcomer)
    by_helper = {one.by: one for one in helps}
    completed = joined(guards, row, newcomer, helps)
    other = replace(paper, id=UUID(int=1))  # the same identities, asked another time
    elsewhere = replace(paper, sources=paper.sources[:1])  # for another witness
    strangers = make_person(Role.IDENTITY_CUSTODIAN)
    foreign = [
        repairing.assist(one, guards.directory, me(guards, guards.people[0])) for one in (other, elsewhere)
    ]
    lies: list[bytes] = [one.write() for one in foreign]
    lies += [b"{}", completed.write(), replace(helps[0], by=id_of(newcomer)).write()]
    for raw in lies:
        with pytest.raises(RepairRefused):
            hand_in(row, newcomer, raw)
    with pytest.raises(NotYourRepair):
        hand_in(row, strangers, helps[0].write())
    for one in helps:
        hand_in(row, newcomer, one.write())
    again = repairing.assist(paper, guards.directory, me(guards, guards.people[0]))
    assert again.by in by_helper
    hand_in(row, newcomer, again.write())
    with pytest.raises(RepairRefused):  # joined from a help that was done anew since
        hand_in(row, newcomer, completed.write())
    assert halves() == before
    fresh = tuple(again if one.by == again.by else one for one in helps)
    raw = joined(guards, row, newcomer, (fresh[0], fresh[1])).write()
    hand_in(row, newcomer, raw)
    after = halves()
    with pytest.raises(RepairOver):  # handed in twice
        hand_in(row, newcomer, raw)
    assert halves() == after


def test_under_an_older_directory_nothing_is_added(asking: Asking, newcomer: User) -> None:
    guards, row, before = asking.guards, waiting(), halves()
    helps = helped(guards, row, newcomer)
    for one in helps:
        hand_in(row, newcomer, one.write())
    raw = joined(guards, row, newcomer, helps).write()
    guards.succeed(guards.people, {id_of(newcomer): PrivateKeys.new()})
    with pytest.raises(RepairOver):
        hand_in(row, newcomer, raw)
    assert halves() == before
    later = waiting()
    row.refresh_from_db()
    assert (row.state, later.directory_number) == (RepairState.OVERTAKEN, 3)
    with pytest.raises(RepairRefused):
        hand_in(later, newcomer, raw)


FORGERIES: list[Callable[[Repair], object]] = [
    lambda row: Repair.objects.filter(pk=row.pk).update(state=RepairState.OVERTAKEN),
    lambda row: Repair.objects.filter(pk=row.pk).update(tag=bytes(32)),
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_repair_that_the_database_administrator_wrote_is_none(
    asking: Asking, newcomer: User, forge: Callable[[Repair], object]
) -> None:
    row = waiting()
    forge(row)
    with pytest.raises(ForgedRepair), entering(newcomer, "test"):
        repair_paper(by=newcomer, repair=row)
    if row in Repair.objects.filter(state=RepairState.ASKED):  # it waits for nobody, and stops no other
        assert [waits_for(one) for one in (*row.helpers, row.newcomer)] == [None] * 3
        assert waiting().pk != row.pk
        row.refresh_from_db()
        assert (row.state, bytes(row.tag)) == (RepairState.OVERTAKEN, bytes(32))


def test_a_repair_by_the_pages(asking: Asking, newcomer: User) -> None:
    guards, row = asking.guards, waiting()
    browser, address = signed_in(newcomer), reverse("repair-hand-in", args=[row.pk])
    assert "Do your part of a repair" not in browser.get("/").content.decode()
    first = next(one for one in guards.people if id_of(one) in row.helpers)
    assert "Do your part of a repair" in signed_in(first).get("/").content.decode()
    page = browser.get(reverse("repair-list")).content.decode()
    assert "2 identities left to repair" in page
    assert guards.keys[id_of(newcomer)].public.words in page
    paper = Paper.read(browser.get(reverse("repair-file", args=[row.pk])).content)
    assert browser.get(reverse("help-file", args=[row.pk, 1])).status_code == 409
    refused = browser.post(address, {"paper": "typed by hand"})
    assert refused.status_code == 409
    assert "typed by hand" in refused.content.decode()
    assert browser.post(address, {"paper": ""}).status_code == 400
    by_id = {id_of(one): one for one in guards.people}
    for helper in row.helpers:
        help_ = repairing.assist(paper, guards.directory, me(guards, by_id[helper]))
        assert browser.post(address, {"paper": help_.write().decode()}).status_code == 302
    assert "Do your part of a repair" in browser.get("/").content.decode()
    files = [browser.get(reverse("help-file", args=[row.pk, place])).content for place in (1, 2)]
    one, other = (Help.read(raw, paper) for raw in files)
    raw = repairing.complete(paper, (one, other), guards.directory, me(guards, newcomer)).write()
    assert browser.post(address, {"paper": raw.decode()}).status_code == 302
    assert "Every two custodians can open" in browser.get(reverse("repair-list")).content.decode()
    assert browser.get(reverse("help-file", args=[row.pk, 3])).status_code == 404
