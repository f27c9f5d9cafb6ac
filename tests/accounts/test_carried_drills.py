"""The outside bodies' pair is drilled as every pair is: custodians carry it to them, and open nothing."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.actions.drills import answer_drill, drill_paper
from accounts.alarms import alarms_for
from accounts.door import entering
from accounts.drills import standings, waiting_for_member
from accounts.errors import DrillAnswered, DrillAnswerRefused, NotYourDrill
from accounts.models import Drill, User
from accounts.tasks import sweep_drills
from accounts.vocabulary import DRILL_LIFE, DrillState, Role
from audit.models import Event
from audit.vocabulary import Kind
from tests import custodians
from tests.custodians import Board, board, id_of
from tests.personas import make_person, signed_in
from vault.custodian import papers
from vault.custodian.directory import Directory, Member
from vault.custodian.errors import HalfRefused
from vault.custodian.papers import Ask, Verdict

pytestmark = pytest.mark.django_db


class Carried:
    """Three custodians, two outside bodies, and the drill of the bodies."""

    def __init__(self, made: Board) -> None:
        self.made = made
        self.bodies = (custodians.body("BODY-01", made.keys), custodians.body("BODY-02", made.keys))
        self.directory: Directory = custodians.found(made.people, made.keys, self.bodies)
        assert sweep_drills() == 4
        wanted = {one.id for one in self.bodies}
        self.drill = next(one for one in Drill.objects.all() if set(one.pair) == wanted)

    @property
    def carrier(self) -> User:
        return self.made.people[0]

    def ask(self, by: User | None = None) -> Ask:
        who = by or self.carrier
        with entering(who, "test"):
            return Ask.read(drill_paper(by=who, drill=self.drill))

    def sign(self, body: Member) -> bytes:
        return papers.approve(self.ask(), body.id, self.made.keys[body.id]).write()

    def bring(self, raw: bytes, by: User | None = None) -> Drill:
        who = by or self.carrier
        with entering(who, "test"):
            return answer_drill(by=who, drill=self.drill, answer=raw)


@pytest.fixture
def carried(db: None) -> Iterator[Carried]:
    with override_settings(CUSTODIAN_FOUNDING=""):
        yield Carried(board())


def test_the_bodies_open_what_was_invented(carried: Carried) -> None:
    one, other = carried.bodies
    assert carried.bring(carried.sign(one)).state == DrillState.ASKED
    with pytest.raises(DrillAnswered):
        carried.bring(carried.sign(one), by=carried.made.people[1])
    assert carried.bring(carried.sign(other), by=carried.made.people[1]).state == DrillState.PASSED
    standing = next(each for each in standings(carried.directory) if set(each.ids) == set(carried.drill.pair))
    assert (set(standing.codes), standing.passed) == ({"BODY-01", "BODY-02"}, carried.drill)
    assert alarms_for(carried.carrier) == []  # a drill is no break-glass
    assert sweep_drills() == 0


def test_who_carries_it_opens_and_says_nothing_of_it(carried: Carried) -> None:
    ask, (one, _other) = carried.ask(), carried.bodies
    assert {half.binding.holder for half in ask.halves} == set(carried.drill.pair)
    mine = carried.made.keys[id_of(carried.carrier)]
    with pytest.raises(HalfRefused):
        papers.approve(ask, one.id, mine)  # with one's own key, under a body's id
    own = papers.decide(Verdict.VETO, ask.request, id_of(carried.carrier), mine, "no").write()
    for raw in (own, b"{}"):
        with pytest.raises(DrillAnswerRefused):
            carried.bring(raw)
    theirs = Drill.objects.exclude(pk=carried.drill.pk).first()
    assert theirs
    carried_paper, carried.drill = carried.sign(one), theirs
    people = [each for each in carried.made.people if id_of(each) in theirs.pair]
    with pytest.raises(DrillAnswerRefused):  # a body's word counts in no other pair's drill
        carried.bring(carried_paper, by=people[0])
    with pytest.raises(NotYourDrill):
        carried.ask(by=make_person(Role.IDENTITY_CUSTODIAN))


def test_nobody_forgets_to_carry_it(carried: Carried, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in carried.made.people:
        assert carried.drill in waiting_for_member(id_of(person))
    browser = signed_in(carried.carrier)
    address = reverse("drill-answer", args=[carried.drill.pk])
    for page in ("/", reverse("drill-list")):
        shown = browser.get(page).content.decode()
        assert address in shown
        assert "Carry" in shown
    page = browser.get(address).content.decode()
    assert "Carry the file to both outside bodies" in page
    assert browser.get(reverse("drill-file", args=[carried.drill.pk])).status_code == 200
    carried.bring(carried.sign(carried.bodies[0]))
    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + DRILL_LIFE)
    sweep_drills()
    late = [event.leaf for event in Event.objects.of_kinds([Kind.DRILL_LATE])]
    assert sum('"silent":"BODY-02"' in leaf for leaf in late) == 1
