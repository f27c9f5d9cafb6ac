"""Loading the demonstration's case: once, and whole.

Two transactions with the checks of the files between them, as people and workers would do it over days. A
start that is killed on the way goes on at the next one; nothing is loaded twice.
"""

from accounts.door import Machine, entering
from accounts.models import User
from accounts.vocabulary import OwedState
from audit.sealing import seal_batch
from audit.signer import Signer
from casemgr.demo import exhibits, figures, guards, people, scene, sending, witnesses
from cases.models import Case, Testimony
from evidence.models import EvidenceItem, IngestJob
from evidence.tasks import ingest_file
from exports.models import Export


def load() -> None:
    """Load what is not there yet."""
    if not User.objects.filter(staff_code=people.LEAD.code).exists():
        with entering(Machine.DEMONSTRATION, "load"):
            _tell()
    with people.acting(people.DISCLOSURE):
        is_sent = Export.objects.exists()
    if not is_sent:
        _check_files()
        _sign()
        with entering(Machine.DEMONSTRATION, "load"):
            _weigh_and_send()


def _tell() -> None:
    people.make_people()
    guards.found()
    case = scene.open_the_case()
    people.gather_members(case)
    set_up = scene.set_scene(case)
    told = witnesses.hear_everybody(case)
    figures.write_down(case, told, exhibits.bring_in(set_up, told))


def _check_files() -> None:
    """Do at once what a worker would do next: the export needs files that were checked."""
    for job in IngestJob.objects.filter(state__in=(OwedState.OWED, OwedState.RUNNING)).order_by("created_at"):
        ingest_file(str(job.pk))


def _sign() -> None:
    """Put the log's newest checkpoint where the package and its statement will name it."""
    seal_batch()
    with Signer() as signer:
        signer.sign()


def _weigh_and_send() -> None:
    with people.acting(people.DISCLOSURE):
        case = Case.objects.get()
        items = list(EvidenceItem.objects.select_related("case").order_by("exhibit_no"))
        accounts = list(Testimony.objects.select_related("case", "witness").order_by("registration_no"))
    exhibits.verify(items)
    sending.send(case, sending.add_recipients(), accounts, items)
