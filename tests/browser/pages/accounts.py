"""Pages of people and accounts."""

from accounts.models import User
from accounts.vocabulary import TrainingKind
from tests import factories
from tests.browser.visits import send_empty, visit
from tests.personas import ANONYMOUS
from tests.policy.matrix.accounts import (
    a_drill,
    a_person,
    a_repair,
    a_training,
    an_alarm,
    directories,
)
from tests.policy.rows import World


def a_trained_person(world: World) -> User:
    """One training counts, one has expired, one was replaced."""
    person, admin = world.get(a_person), world.people["sysadmin"]
    factories.make_training(person, admin, TrainingKind.TRAUMA)
    factories.make_training(person, admin, TrainingKind.TRAUMA)
    factories.make_training(person, admin, TrainingKind.SGBV, begun=800, days=730)
    return person


VISITS = [
    visit("custodian-list", "custodian", given=(directories,)),
    visit("custodian-list", "custodian", called="custodian-list-empty"),
    visit("drill-list", "custodian", given=(a_drill, an_alarm)),
    visit("drill-list", "custodian", called="drill-list-empty"),
    visit("drill-answer", "custodian", {"drill": a_drill}),
    visit("drill-answer", "custodian", {"drill": a_drill}, called="drill-answer-empty", act=send_empty),
    visit("repair-list", "custodian", given=(a_repair,)),
    visit("repair-list", "custodian", called="repair-list-empty"),
    visit("account_login", ANONYMOUS),
    visit("account_login", ANONYMOUS, called="account_login-empty", act=send_empty),
    visit("account-detail", "lead"),
    visit("account-detail", "investigator", called="account-trained", given=(a_training,)),
    visit("account_logout", "lead"),
    visit("account_reauthenticate", "lead", status=403),
    visit("people-list", "sysadmin"),
    visit("people-list", "lead", called="people-list-refused", status=403),
    visit("person-invite", "sysadmin"),
    visit("person-detail", "sysadmin", {"person": a_person}),
    visit("person-detail", "sysadmin", {"person": a_trained_person}, called="person-trained"),
    visit("training-note", "sysadmin", {"person": a_person}),
    visit("training-note", "sysadmin", {"person": a_person}, called="training-note-empty", act=send_empty),
    visit("training-end", "sysadmin", {"training": a_training}),
]
