"""Pages of people and accounts."""

from tests.browser.visits import send_empty, visit
from tests.personas import ANONYMOUS
from tests.policy.matrix.accounts import a_person, directories

VISITS = [
    visit("custodian-list", "custodian", given=(directories,)),
    visit("custodian-list", "custodian", called="custodian-list-empty"),
    visit("account_login", ANONYMOUS),
    visit("account_login", ANONYMOUS, called="account_login-empty", act=send_empty),
    visit("account-detail", "lead"),
    visit("account_logout", "lead"),
    visit("account_reauthenticate", "lead", status=403),
    visit("people-list", "sysadmin"),
    visit("people-list", "lead", called="people-list-refused", status=403),
    visit("person-invite", "sysadmin"),
    visit("person-detail", "sysadmin", {"person": a_person}),
]
