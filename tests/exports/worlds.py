"""A case from which something can be sent: people, a witness who agreed, a recipient with a key."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pyrage
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.models import Case, Consent, Testimony, Witness
from cases.vocabulary import ConsentPurpose, MemberRole, RecipientClass
from evidence.actions.files import scope_of
from evidence.models import EvidenceItem, FileObject
from evidence.vocabulary import CopyKind, DepictedConsent, EvidenceRole, FileState, ItemStatus
from exports import signer
from exports.actions import (
    approvals,
    building,
    delivery,
    keys,
    recipients,
    requests,
    secondkeys,
    shredding,
    withdrawal,
)
from exports.models import Destruction, Export, RecallNotice, Recipient, RecipientKey, SecondKey
from exports.package.ageing import fingerprint
from exports.vocabulary import Channel, Tier
from tests import factories
from tests.personas import make_person
from tests.scenarios import digests_of
from vault.blind import blind_index
from vault.files import FileSealer, SealedReader
from vault.scopes import Scope

CLIP = b"\x00\x00\x00\x18ftypmp42 a made-up clip " * 5000
MECHANISM = recipients.RecipientFacts(
    name="A mechanism of the tests",
    recipient_class=RecipientClass.UN_IIIM,
    contact="A desk in Geneva",
    conditions="Not to be passed on.",
)


TABLES = (
    "export",
    "exportitem",
    "itemconsent",
    "approval",
    "receipt",
    "recipientpseudonym",
    "recipient",
    "recipientkey",
    "keycheck",
    "recipientcontact",
    "buildjob",
    "recallnotice",
    "recalleditem",
    "destruction",
    "disposal",
    "erasurejob",
    "secondkey",
    "identityhandover",
    "handoverconsent",
)


@dataclass
class World:
    """People and a case; rows are made when a test first asks for them."""

    lead: User
    investigator: User
    supervisor: User
    officer: User
    contact: User
    outsider: User
    case: Case

    @cached_property
    def secret(self) -> str:
        return str(pyrage.x25519.Identity.generate())

    @property
    def identity(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.secret)

    @property
    def public_key(self) -> str:
        return str(self.identity.to_public())

    @cached_property
    def recipient(self) -> Recipient:
        """A body without a key."""
        with entering(self.officer, "test"):
            return recipients.add_recipient(by=self.officer, facts=MECHANISM)

    @cached_property
    def key(self) -> RecipientKey:
        """Its key, which nobody has compared yet."""
        with entering(self.officer, "test"):
            return keys.add_key(by=self.officer, recipient=self.recipient, public_key=self.public_key)

    def compare(self, by: User) -> None:
        """Let one person compare the key."""
        with entering(by, "test"):
            keys.check_key_with(
                by=by,
                key=self.key,
                heard=fingerprint(self.public_key)[:36].upper(),
                channel=Channel.VOICE,
                note="Their registrar, whom I met in May",
            )

    @cached_property
    def ready(self) -> Recipient:
        """The body once two people have compared its key and somebody may fetch for it."""
        self.compare(self.officer)
        self.compare(self.supervisor)
        with entering(self.officer, "test"):
            recipients.add_contact(by=self.officer, recipient=self.recipient, user=self.contact)
        return self.recipient

    @cached_property
    def second_key(self) -> SecondKey:
        """Its second key, which nobody has confirmed yet."""
        with entering(self.officer, "test"):
            return secondkeys.make_second_key(by=self.officer, recipient=self.recipient).key

    @cached_property
    def witness(self) -> Witness:
        """A witness who agreed to what `factories.ANSWERS` says."""
        return factories.make_consented_witness(self.case, self.investigator)

    @cached_property
    def testimony(self) -> Testimony:
        return factories.make_approved_testimony(self.witness, self.investigator, self.supervisor)

    @cached_property
    def consent(self) -> Consent:
        with entering(self.investigator, "test"):
            return Consent.objects.get(witness=self.testimony.witness)

    @cached_property
    def clip(self) -> EvidenceItem:
        """A verified clip of the witness's."""
        return make_exhibit(self.case, self.investigator, witness=self.witness)

    def wish(self, **changes: object) -> requests.Wish:
        """What is asked for unless a test says otherwise."""
        chosen: dict[str, object] = {
            "recipient": self.ready,
            "purpose": ConsentPurpose.CRIMINAL_INTERNATIONAL,
            "tier": Tier.JUDICIAL,
            "testimonies": [self.testimony],
            "evidence": [self.clip],
        }
        return requests.Wish(**{**chosen, **changes})  # type: ignore[arg-type]  # a test names what it changes

    def request(self, **changes: object) -> Export:
        """Ask for an export and ask every consent."""
        wish = self.wish(**changes)
        with entering(self.officer, "test"):
            export = requests.request_export(by=self.officer, case=self.case, wish=wish)
            return requests.check_scope(by=self.officer, export=export)

    @cached_property
    def requested(self) -> Export:
        return self.request()

    @cached_property
    def approved(self) -> Export:
        return self.approve(self.requested)

    def approve(self, export: Export) -> Export:
        with entering(self.supervisor, "test"):
            approvals.approve_export(by=self.supervisor, export=export, reason="Needed")
        return self.now(export)

    def build(self, export: Export) -> Export:
        with entering(self.officer, "test"):
            return building.build_export(by=self.officer, export=export)

    @cached_property
    def built(self) -> Export:
        return self.build(self.approved)

    @cached_property
    def verified(self) -> Export:
        with entering(self.officer, "test"):
            return delivery.verify_export(by=self.officer, export=self.built)

    @cached_property
    def delivered(self) -> Export:
        """What the officer carried to the recipient."""
        self.fetch(self.verified)
        return self.now(self.verified)

    def withdraw(self, purpose: ConsentPurpose | None = None) -> Consent:
        """The witness takes the consent back, whole or for one purpose."""
        with entering(self.investigator, "test"):
            return withdraw_consent(by=self.investigator, consent=self.consent, purpose=purpose)

    @cached_property
    def notice(self) -> RecallNotice:
        """The letter that calls back what was delivered."""
        assert self.delivered
        self.withdraw()
        with entering(self.officer, "test"):
            return withdrawal.send_recall(by=self.officer, export=self.delivered, note="By their registrar")

    @cached_property
    def custodian(self) -> User:
        """An identity custodian of the case."""
        person = make_person(Role.IDENTITY_CUSTODIAN)
        factories.join(self.case, self.lead, person, MemberRole.IDENTITY_CUSTODIAN)
        return person

    @cached_property
    def erasure(self) -> Destruction:
        """What the custodian asked for, once the consent was taken back."""
        assert self.testimony
        self.withdraw()
        with entering(self.custodian, "test"):
            return shredding.ask_erasure(by=self.custodian, witness=self.witness, reason="On their word")

    @cached_property
    def agreed(self) -> Destruction:
        """What a second person confirmed."""
        with entering(self.lead, "test"):
            return shredding.confirm_erasure(by=self.lead, destruction=self.erasure)

    def now(self, export: Export) -> Export:
        """The export as it is now."""
        with entering(self.officer, "test"):
            return Export.objects.select_related("case", "recipient", "key").get(pk=export.pk)

    def fetch(self, export: Export) -> bytes:
        """The ciphertext, as the officer carries it."""
        with entering(self.officer, "test"):
            return read_all(delivery.fetch_for_officer(by=self.officer, export=export))

    def letters(self, export: Export) -> delivery.Letters:
        with entering(self.officer, "test"):
            return delivery.open_letters(export, reader=self.officer.staff_code)

    def opened(self, export: Export) -> bytes:
        """The zip inside, opened with the recipient's identity."""
        return bytes(pyrage.decrypt(self.fetch(export), [self.identity]))

    def opened_as(self, export: Export) -> bytes:
        """The zip inside a package that was built and not verified yet."""
        with entering(self.officer, "test"):
            export = delivery.verify_export(by=self.officer, export=export)
        return self.opened(export)

    def events(self, kind: Kind) -> list[Event]:
        return list(Event.objects.of_kinds([kind]).order_by("at", "id"))

    def state(self) -> dict[str, str]:
        """A digest of every row of the room as its people see it: equal means that nothing changed."""
        with entering(self.officer, "test"):
            return digests_of(f"exports_{table}" for table in TABLES)


def read_all(reader: SealedReader) -> bytes:
    with reader:
        return b"".join(reader)


def make_exhibit(
    case: Case,
    by: User,
    *,
    witness: Witness | None = None,
    content: bytes = CLIP,
    kind: str = "video",
    status: ItemStatus = ItemStatus.VERIFIED,
    depicted: DepictedConsent = DepictedConsent.NOT_APPLICABLE,
    restrictions: str = "",
    title: str = "A clip of the floor of the home",
    number: str = "BAN-EX-0001",
) -> EvidenceItem:
    """Lay an exhibit in the state that a test needs; how it comes there is another room's matter."""
    with entering(by, "test"):
        item = EvidenceItem(
            case=case,
            created_by=by,
            exhibit_no=number,
            status=status,
            status_by=by,
            status_at=timezone.now(),
            witness=witness,
        )
        traits = {"role": EvidenceRole.CRIME_BASE.value, "graphic": True, "depicted": depicted.value}
        item.seal(type=kind, title=title, restrictions=restrictions or None, traits=traits)
        item.save(force_insert=True)
        add_file(item, by, content)
        return item


def add_file(
    item: EvidenceItem, by: User, content: bytes, *, derived_from: FileObject | None = None
) -> FileObject:
    """Seal a file and lay its row, as checked: as received, or as a redacted copy."""
    with FileSealer(scope=scope_of(item), by=by.staff_code) as sealer:
        sealer.write(content)
        stored, digests = sealer.commit()
    file = FileObject(
        case=item.case,
        created_by=by,
        item=item,
        stored=stored,
        copy_kind=CopyKind.EVIDENTIARY if derived_from is None else CopyKind.REDACTED,
        derived_from=derived_from,
        check_state=FileState.CHECKED,
        content_index=content_index(item.case_id, digests.sha256),
    )
    file.seal(
        filename="IMG_0007.mp4",
        sha256=digests.sha256.hex(),
        blake3=digests.blake3.hex(),
        length=str(digests.length),
    )
    file.save(force_insert=True)
    return file


def content_index(case: UUID, digest: bytes) -> bytes:
    return blind_index(
        table="evidence_fileobject",
        column="sha256",
        scope=Scope.case(case),
        value=digest,
        possible=2**256,
    )


def make_world() -> World:
    """Open a case and take its people in."""
    signer.prepare()
    lead = make_person(Role.INVESTIGATOR, Role.SUPERVISOR)
    investigator, supervisor = make_person(Role.INVESTIGATOR), make_person(Role.SUPERVISOR)
    officer, contact = make_person(Role.DISCLOSURE_OFFICER), make_person(Role.RECIPIENT)
    outsider = make_person(Role.INVESTIGATOR)
    case = factories.make_case(lead)
    for user, role in (
        (investigator, MemberRole.INVESTIGATOR),
        (supervisor, MemberRole.SUPERVISOR),
        (officer, MemberRole.DISCLOSURE_OFFICER),
    ):
        factories.join(case, lead, user, role)
    return World(lead, investigator, supervisor, officer, contact, outsider, case)


def unzip(content: bytes, folder: Path) -> Path:
    """Unpack a package and return the bag's folder."""
    import zipfile

    with zipfile.ZipFile(BytesIO(content)) as opened:
        opened.extractall(folder)
    (root,) = [path for path in folder.iterdir() if path.is_dir()]
    return root
