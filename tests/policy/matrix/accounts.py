"""Who may reach the people and account pages."""

from accounts.actions import resets
from accounts.door import entering
from accounts.models import CredentialReset, CustodianDirectory, Drill, Repair, Training, User
from accounts.tasks import sweep_drills
from accounts.vocabulary import Role, TrainingKind
from audit.actions import record
from audit.models import Event
from audit.vocabulary import Kind
from cases.tasks import sweep_repairs_now
from tests import custodians, factories
from tests.custodians import Keys, board, hand_in, id_of, signed
from tests.personas import make_person
from tests.policy.rows import World, everybody, only, row, unknown
from vault.custodian.directory import Directory
from vault.custodian.keys import PrivateKeys


def a_person(_world: World) -> User:
    return make_person(Role.ANALYST)


def a_reset(world: World) -> CredentialReset:
    return resets.request_reset(user=world.get(a_person), by=make_person(Role.SYSADMIN))


def a_training(world: World) -> Training:
    """An investigator who may hear children."""
    person, admin = world.people["investigator"], make_person(Role.SYSADMIN)
    return factories.make_training(person, admin, TrainingKind.CHILD)


def directories(world: World) -> CustodianDirectory:
    """A first directory that two of three founders have signed."""
    made = board(world.people["custodian"], *(make_person(Role.IDENTITY_CUSTODIAN) for _ in range(2)))
    return hand_in(signed(made.directory, made.people[:2], made.keys), made.people[0])


def guarded(world: World) -> tuple[list[User], Keys, Directory]:
    """The custodian and another one, whose directory is in force."""
    people = [world.people["custodian"], make_person(Role.IDENTITY_CUSTODIAN)]
    keys = {id_of(one): PrivateKeys.new() for one in people}
    return people, keys, custodians.found(people, keys)


def a_drill(world: World) -> Drill:
    """What the sweep asks of these two."""
    assert world.get(guarded)
    sweep_drills()
    return Drill.objects.get()


def a_repair(world: World) -> Repair:
    """What the sweep asks for once somebody has joined them."""
    people, keys, directory = world.get(guarded)
    assert world.get(a_drill)
    newcomer = make_person(Role.IDENTITY_CUSTODIAN)
    custodians.succeed(directory, keys, [*people, newcomer], {**keys, id_of(newcomer): PrivateKeys.new()})
    sweep_repairs_now()
    return Repair.objects.get()


def an_alarm(world: World) -> Event:
    with entering(world.people["auditor"], "test"):
        return record(Kind.DRILL_TOUCHED, by="INV-99")


ONE = {"person": a_person}
DRILL = {"drill": a_drill}
REPAIR = {"repair": a_repair}
SYSADMIN = only("sysadmin")
SYSADMIN_ACTS = only("sysadmin", status=302)
# Personas of the tests have neither password nor factor: what manages those is refused to them.
NO_CREDENTIALS = everybody(403)

ROWS = [
    row("account-detail", GET=everybody(200)),
    row("session-lock", POST=everybody(302)),
    row("session-end-others", POST=everybody(302)),
    row("session-end", {"session": unknown}, POST=everybody(409)),
    row("preference-set", POST=everybody(302, anonymous=302)),
    row("enrolment-detail", GET=everybody(302)),
    row("enrolment-finish", POST=everybody(409)),
    row(
        "enrolment-begin",
        {"secret": "nothing"},
        GET=everybody(404, anonymous=404),
        POST=everybody(404, anonymous=404),
    ),
    row("custodian-list", GET=only("custodian")),
    row("directory-hand-in", POST=only("custodian", status=400)),
    row("directory-paper", {"paper": directories}, GET=only("custodian")),
    row("drill-list", GET=only("custodian")),
    row("drill-file", DRILL, GET=only("custodian")),
    row("drill-answer", DRILL, GET=only("custodian"), POST=only("custodian", status=400)),
    row("repair-list", GET=only("custodian")),
    row("repair-file", REPAIR, GET=only("custodian")),
    row("help-file", {**REPAIR, "place": 1}, GET=only("custodian", status=409)),
    row("repair-hand-in", REPAIR, POST=only("custodian", status=400)),
    row(
        "alarm-read", {"alarm": an_alarm}, POST=only("custodian", "lead", "supervisor", "auditor", status=302)
    ),
    row("people-list", GET=SYSADMIN),
    row("person-invite", GET=SYSADMIN, POST=SYSADMIN),
    row("person-detail", ONE, GET=SYSADMIN),
    row("person-name", ONE, POST=SYSADMIN),
    row("link-renew", ONE, POST=only("sysadmin", status=409)),
    row("role-give", ONE, data={"role": "interpreter"}, POST=SYSADMIN_ACTS),
    row("role-take", ONE, data={"role": "analyst"}, POST=SYSADMIN_ACTS),
    row("training-note", ONE, GET=SYSADMIN, POST=only("sysadmin", status=422)),
    row("training-end", {"training": a_training}, GET=SYSADMIN, POST=SYSADMIN_ACTS),
    row("training-paper", {"training": a_training}, POST=SYSADMIN),
    row("person-deactivate", ONE, POST=SYSADMIN_ACTS),
    row("reset-request", ONE, POST=SYSADMIN_ACTS),
    row("reset-confirm", {"reset": a_reset}, POST=SYSADMIN),
    row("reset-cancel", {"reset": a_reset}, POST=SYSADMIN_ACTS),
    # This database is no demonstration: the addresses are not there, whatever the method.
    row("persona-list", GET=everybody(404, anonymous=404), POST=everybody(404, anonymous=404)),
    row("persona-take", ONE, GET=everybody(404, anonymous=404), POST=everybody(404, anonymous=404)),
    row(
        "demonstration-enter",
        {"secret": "nothing"},
        GET=everybody(404, anonymous=404),
        POST=everybody(404, anonymous=404),
    ),
    row("account_login", GET=everybody(302, anonymous=200), POST=everybody(302, anonymous=200)),
    row("mfa_authenticate", GET=everybody(302), POST=everybody(302)),
    row("account_logout", GET=everybody(200), POST=everybody(302)),
    row("account_reauthenticate", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_reauthenticate", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_reauthenticate_webauthn", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("account_change_password", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_index", GET=NO_CREDENTIALS),
    row("mfa_activate_totp", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_deactivate_totp", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_list_webauthn", GET=NO_CREDENTIALS),
    row("mfa_add_webauthn", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_edit_webauthn", {"pk": 1}, GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_remove_webauthn", {"pk": 1}, GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
    row("mfa_view_recovery_codes", GET=NO_CREDENTIALS),
    row("mfa_generate_recovery_codes", GET=NO_CREDENTIALS, POST=NO_CREDENTIALS),
]
