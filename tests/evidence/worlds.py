"""A case with an exhibit, people who may do different things with it, and files of every kind."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from PIL import Image

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Case, Witness
from cases.vocabulary import MemberRole
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.facts import ItemFacts
from evidence.models import CustodyEvent, EvidenceItem, FileObject
from evidence.vocabulary import FileState, ItemType
from tests import factories
from tests.personas import make_person
from tests.scenarios import digests_of
from vault.files.folder import MARK

PHOTO = ItemFacts(type=ItemType.PHOTO, title="The stairs, seen from the door")
TABLES = (
    "annotation",
    "checklist",
    "collectionrecord",
    "custodyevent",
    "decision",
    "evidenceitem",
    "fileobject",
    "fixitycheck",
    "handover",
    "ingestjob",
    "integritychunk",
    "integrityfinding",
    "integrityrun",
    "integrityschedule",
    "mediarecord",
    "placeanalysis",
    "redaction",
    "redactionjob",
    "redactionset",
    "satelliteanalysis",
    "timeanalysis",
    "upload",
    "verification",
    "weaponanalysis",
)


@dataclass
class World:
    """People of one case; rows are made when a test first asks for them."""

    lead: User
    investigator: User
    supervisor: User
    analyst: User
    keeper: User
    officer: User
    interpreter: User
    outsider: User
    case: Case

    @cached_property
    def item(self) -> EvidenceItem:
        """A registered photo without a file."""
        return self.register()

    @cached_property
    def witness(self) -> Witness:
        return factories.make_consented_witness(self.case, self.investigator)

    def register(self, facts: ItemFacts = PHOTO, **links: object) -> EvidenceItem:
        with entering(self.investigator, "test"):
            return register_item(by=self.investigator, case=self.case, facts=facts, **links)  # type: ignore[arg-type]  # a test names a witness or an incident

    def receive(
        self, content: bytes, *, item: EvidenceItem | None = None, name: str = "IMG_0007.jpg", **said: object
    ) -> FileObject:
        """Take a file in, in pieces of an odd size."""
        with entering(self.investigator, "test"):
            return receive_file(
                by=self.investigator,
                item=item or self.item,
                chunks=pieces(content),
                filename=name,
                **said,  # type: ignore[arg-type]  # a test names what it says of the file
            )

    def receive_checked(self, content: bytes, *, item: EvidenceItem | None = None) -> FileObject:
        """Take a file in and lay it as checked; how it comes there is the worker's matter."""
        file = self.receive(content, item=item)
        with entering(self.investigator, "test"):
            FileObject.objects.filter(pk=file.pk).update(check_state=FileState.CHECKED)
        return self.file_now(file)

    def now(self, item: EvidenceItem | None = None) -> EvidenceItem:
        """The exhibit as it is now."""
        with entering(self.investigator, "test"):
            return EvidenceItem.objects.get(pk=(item or self.item).pk)

    def file_now(self, file: FileObject) -> FileObject:
        with entering(self.investigator, "test"):
            return FileObject.objects.select_related("stored", "item").get(pk=file.pk)

    def custody(self, item: EvidenceItem | None = None) -> list[CustodyEvent]:
        with entering(self.investigator, "test"):
            return list(CustodyEvent.objects.filter(item=item or self.item).order_by("seq"))

    def events(self, kind: Kind) -> list[Event]:
        return list(Event.objects.of_kinds([kind]).order_by("at", "id"))

    def state(self) -> dict[str, str]:
        """A digest of every row of the room as the lead sees it, and what lies in the store."""
        with entering(self.lead, "test"):
            found = digests_of(f"evidence_{table}" for table in TABLES)
        return found | {"store": " ".join(sorted(path.name for path in stored_files()))}


def make_world() -> World:
    """Open a case and take its people in."""
    lead = make_person(Role.INVESTIGATOR, Role.SUPERVISOR)
    people = {
        "investigator": (make_person(Role.INVESTIGATOR), MemberRole.INVESTIGATOR),
        "supervisor": (make_person(Role.SUPERVISOR), MemberRole.SUPERVISOR),
        "analyst": (make_person(Role.ANALYST), MemberRole.ANALYST),
        "keeper": (make_person(Role.EVIDENCE_CUSTODIAN), MemberRole.EVIDENCE_CUSTODIAN),
        "officer": (make_person(Role.DISCLOSURE_OFFICER, Role.SUPERVISOR), MemberRole.DISCLOSURE_OFFICER),
        "interpreter": (make_person(Role.INTERPRETER), MemberRole.INTERPRETER),
    }
    case = factories.make_case(lead)
    for user, role in people.values():
        factories.join(case, lead, user, role)
    members = {name: user for name, (user, _) in people.items()}
    return World(lead=lead, outsider=make_person(Role.INVESTIGATOR), case=case, **members)


def pieces(content: bytes, size: int = 70_001) -> Iterator[bytes]:
    """Give bytes in pieces that fit no segment."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


def photo(size: tuple[int, int] = (640, 480), *, place: bool = False, seed: int = 0) -> bytes:
    """A real JPEG; with `place` its EXIF says where and with what it was taken."""
    image = Image.new("RGB", size, (120 + seed % 100, 90 + seed * 7 % 100, 60))
    exif = Image.Exif()
    if place:
        exif[271] = "CanaryMaker"
        exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 11.0, 12.0), 3: "E", 4: (35.0, 57.0, 3.0)})
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif)
    return written.getvalue()


def stored_path(file: FileObject) -> Path:
    """Where the sealed bytes of a file lie."""
    ref = file.stored.storage_ref
    return Path(settings.MEDIA_STORE) / ref[:2] / ref


def flip(path: Path, at: int = 1000) -> None:
    """Change one bit of a stored file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def stored_files() -> list[Path]:
    """Everything that lies in the store, but for its mark."""
    files = (path for path in Path(settings.MEDIA_STORE).rglob("*") if path.is_file())
    return sorted(path for path in files if path.name != MARK)
