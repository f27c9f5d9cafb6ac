"""Who may reach exhibits: members by their role, and to everybody else they do not exist."""

from accounts.door import entering
from accounts.models import User
from evidence import tasks
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.models import EvidenceItem, FileObject, IngestJob
from tests.evidence.worlds import PHOTO, photo
from tests.policy.matrix.cases import ONE, a_case, a_foreign_case, members
from tests.policy.rows import World, row, unknown

READERS = ("lead", "investigator", "supervisor", "disclosure_officer")
ADDERS = ("lead", "investigator")
READ, NONE = members(200, *READERS), members(404, *READERS)


def _by(world: World) -> User:
    return world.people["investigator"]


def an_item(world: World) -> EvidenceItem:
    with entering(_by(world), "test"):
        return register_item(by=_by(world), case=world.get(a_case), facts=PHOTO)


def a_file(world: World) -> FileObject:
    """A photo that was checked and has its preview."""
    item = world.get(an_item)
    with entering(_by(world), "test"):
        file = receive_file(by=_by(world), item=item, chunks=[photo()], filename="stairs.jpg")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return file


def a_foreign_item(world: World) -> EvidenceItem:
    case = world.get(a_foreign_case)
    with entering(case.created_by, "test"):
        return register_item(by=case.created_by, case=case, facts=PHOTO)


def a_foreign_file(world: World) -> FileObject:
    item = world.get(a_foreign_item)
    with entering(item.created_by, "test"):
        return receive_file(by=item.created_by, item=item, chunks=[photo()], filename="stairs.jpg")


ITEM = {**ONE, "item": an_item}
FILE = {**ITEM, "file": a_file}
FOREIGN_ITEM = {**ONE, "item": a_foreign_item}

ROWS = [
    # A form is refused: its file would be written down before anybody could seal it.
    row("file-receive", ITEM, POST=members(415, *ADDERS)),
    row("file-receive", FOREIGN_ITEM, query="?foreign", POST=members(415, *ADDERS)),
    *(row(name, FILE, GET=READ) for name in ("file-state", "file-content", "file-thumbnail")),
    # The file of another case under the address of one's own, in every combination: nothing there.
    *(
        row(name, {**ids, "file": file}, query=f"?{said}", GET=NONE)
        for name in ("file-state", "file-content", "file-thumbnail")
        for said, ids, file in (
            ("foreign-item", FOREIGN_ITEM, a_foreign_file),
            ("foreign-file", ITEM, a_foreign_file),
            ("no-file", ITEM, unknown),
        )
    ),
]
