"""Who may reach exhibits: members by their role, and to everybody else they do not exist."""

from accounts.door import Machine, entering
from accounts.models import User
from accounts.vocabulary import Role
from cases.facts import Dated
from cases.vocabulary import MemberRole, Precision
from evidence import tasks
from evidence.actions.annotations import annotate
from evidence.actions.burning import keep_made, note_outcome
from evidence.actions.collecting import record_collection
from evidence.actions.files import receive_file, scope_of
from evidence.actions.fixity import fail_stored
from evidence.actions.handing import hand_outside, propose_hand_over
from evidence.actions.items import register_item
from evidence.actions.redaction import draft_redaction
from evidence.actions.verification import record_verification, take_up_verification
from evidence.actions.viewing import open_content
from evidence.facts import (
    CollectionFacts,
    HandOverFacts,
    ItemFacts,
    OutsideFacts,
    RedactionFacts,
    RegionFacts,
    VerificationFacts,
)
from evidence.models import (
    Annotation,
    CollectionRecord,
    EvidenceItem,
    FileObject,
    FixityCheck,
    HandOver,
    IngestJob,
    RedactionSet,
    Verification,
)
from evidence.vocabulary import FileState, Finding, FixityResult, ItemType, Method, RedactionReason
from tests import factories
from tests.evidence.samples import pdf, recording, sound
from tests.evidence.weighing import NOTE as NOTED
from tests.evidence.worlds import PHOTO, photo
from tests.personas import make_person
from tests.policy.matrix.cases import FOREIGN, ONE, a_case, a_foreign_case, form, members
from tests.policy.rows import World, everybody, row, unknown
from vault.files import FileSealer

VOICE = ItemFacts(type=ItemType.AUDIO, title="A voice message / رسالة صوتية")
READERS = ("lead", "investigator", "supervisor", "disclosure_officer")
ADDERS = ("lead", "investigator")
READ, NONE = members(200, *READERS), members(404, *READERS)
ADD, ADD_MEND = members(200, *ADDERS), members(422, *ADDERS)
NO_ADD = members(404, *ADDERS)
# Of the personas only the supervisor verifies, and nobody keeps evidence: that is an evidence custodian's.
VERIFY, VERIFY_MEND = members(200, "supervisor"), members(422, "supervisor")
NOBODY = members(403)
TUS = members(412, *ADDERS)


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


def its_file(world: World) -> FileObject:
    """A recording of sound that was checked and has its waveform."""
    item = world.get(a_recording)
    with entering(_by(world), "test"):
        content = sound("wav", "pcm_s16le", seconds=3)
        file = receive_file(by=_by(world), item=item, chunks=[content], filename="voice.wav")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return file


def a_recording(world: World) -> EvidenceItem:
    with entering(_by(world), "test"):
        return register_item(by=_by(world), case=world.get(a_case), facts=VOICE)


def a_foreign_item(world: World) -> EvidenceItem:
    case = world.get(a_foreign_case)
    with entering(case.created_by, "test"):
        return register_item(by=case.created_by, case=case, facts=PHOTO)


def a_foreign_file(world: World) -> FileObject:
    item = world.get(a_foreign_item)
    with entering(item.created_by, "test"):
        return receive_file(by=item.created_by, item=item, chunks=[photo()], filename="stairs.jpg")


def an_analyst(world: World) -> User:
    """A second person who may verify, so that nobody confirms what they found themselves."""
    person = make_person(Role.ANALYST)
    factories.join(world.get(a_case), world.people["lead"], person, MemberRole.ANALYST)
    return person


def an_opened_item(world: World) -> EvidenceItem:
    """An exhibit that is being verified."""
    item, analyst = world.get(an_item), world.get(an_analyst)
    with entering(analyst, "test"):
        return take_up_verification(by=analyst, item=item)


def a_finding(world: World) -> Verification:
    """What the analyst found in it, not confirmed yet."""
    item, analyst = world.get(an_opened_item), world.get(an_analyst)
    facts = VerificationFacts(
        method=Method.METADATA, finding=Finding.CONSISTENT, notes="The clock fits the account."
    )
    with entering(analyst, "test"):
        return record_verification(by=analyst, item=item, facts=facts)


def an_alert(world: World) -> FixityCheck:
    """A file of the exhibit that the machine found damaged; the exhibit is frozen."""
    file = world.get(a_file)
    with entering(Machine.INTEGRITY, "test"):
        return fail_stored(file.stored_id, by="machine:integrity", result=FixityResult.DAMAGED)[0]


def a_lost_file(world: World) -> FileObject:
    """The file of the alert."""
    return world.get(an_alert).file


def a_set(world: World) -> RedactionSet:
    """What the disclosure officer drew over the file; nobody has made the copy yet."""
    officer = world.people["disclosure_officer"]
    facts = RedactionFacts(
        regions=(
            RegionFacts(reason=RedactionReason.B1, left=10, top=10, width=30, height=30, note="Her door"),
        )
    )
    with entering(officer, "test"):
        return draft_redaction(by=officer, file=world.get(a_file), facts=facts)


def a_copy(world: World) -> RedactionSet:
    """The same set with a copy that waits for the second person, who has looked at it."""
    made, officer = world.get(a_set), world.people["disclosure_officer"]
    with entering(officer, "test"), FileSealer(scope=scope_of(made.file.item), by="test") as sealer:
        sealer.write(photo(seed=9))
        keep_made(by=officer, redaction=made.pk, sealer=sealer)
        copy = note_outcome(by=officer, redaction=made.pk, fault="").output
    assert copy is not None
    with entering(_by(world), "test"):
        FileObject.objects.filter(pk=copy.pk).update(check_state=FileState.CHECKED)
    supervisor = world.people["supervisor"]
    with entering(supervisor, "test"):
        shown = open_content(by=supervisor, case=copy.case_id, item=copy.item_id, file=copy.pk)
        assert shown is not None
        shown.opened.close()
    return made


def a_short_clip(world: World) -> FileObject:
    """A checked clip of a second that every browser plays."""
    item = world.get(an_item)
    with entering(_by(world), "test"):
        file = receive_file(by=_by(world), item=item, chunks=[recording("webm", "libvpx")], filename="a.webm")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return file


def a_paper(world: World) -> FileObject:
    """A checked PDF of one empty page."""
    item = world.get(an_item)
    with entering(_by(world), "test"):
        file = receive_file(by=_by(world), item=item, chunks=[pdf()], filename="letter.pdf")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return file


def a_note(world: World) -> Annotation:
    """What the analyst noted on the file."""
    file, analyst = world.get(a_file), world.get(an_analyst)
    with entering(analyst, "test"):
        return annotate(by=analyst, file=file, note=NOTED)


def another_file(world: World) -> FileObject:
    """A second file of the same exhibit."""
    with entering(_by(world), "test"):
        return receive_file(by=_by(world), item=world.get(an_item), chunks=[photo(seed=3)], filename="b.jpg")


def an_offer(world: World) -> HandOver:
    item = world.get(an_item)
    with entering(_by(world), "test"):
        return propose_hand_over(by=_by(world), item=item, facts=HandOverFacts(to=world.people["lead"]))


def another_item(world: World) -> EvidenceItem:
    with entering(_by(world), "test"):
        return register_item(by=_by(world), case=world.get(a_case), facts=PHOTO)


def a_collection(world: World) -> CollectionRecord:
    item = world.get(an_item)
    facts = CollectionFacts(url="https://example.org/1", collected=Dated("2025-03-12", Precision.DAY))
    with entering(_by(world), "test"):
        return record_collection(by=_by(world), item=item, facts=facts)


def a_foreign_hand_over(world: World) -> HandOver:
    item = world.get(a_foreign_item)
    facts = OutsideFacts(outside="A laboratory", reference="R-17")
    with entering(item.created_by, "test"):
        return hand_outside(by=item.created_by, item=item, facts=facts)


ITEM = {**ONE, "item": an_item}
OFFERED = {**ONE, "hand_over": an_offer}
FILE = {**ITEM, "file": a_file}
COPY = {**ITEM, "redaction": a_copy}
DRAW = members(200, "disclosure_officer")
NOTE = {**FILE, "annotation": a_note}
FOREIGN_ITEM = {**ONE, "item": a_foreign_item}

ROWS = [
    row("exhibit-list", ONE, GET=READ, POST=members(422, *READERS)),
    row("exhibit-list", FOREIGN, query="?foreign", GET=everybody(404)),
    row("exhibits-take-up", ONE, data={"item": an_item}, POST=members(302, "supervisor")),
    row("exhibits-check", ONE, data={"item": an_item}, POST=members(302, *ADDERS)),
    # One exhibit of another case among those that were ticked, and nothing is done.
    *(
        row(name, ONE, query=f"?{said}", data={"item": item}, POST=members(404, *who))
        for name, who in (("exhibits-take-up", ("supervisor",)), ("exhibits-check", ADDERS))
        for said, item in (("foreign", a_foreign_item), ("none", unknown))
    ),
    form("exhibit-create", ONE, ADD, ADD_MEND),
    row("exhibit-detail", ITEM, GET=READ),
    row("exhibit-detail", ITEM, query="?alike", GET=READ),
    # The exhibit of another case under the address of one's own: it does not exist either.
    row("exhibit-detail", FOREIGN_ITEM, query="?foreign", GET=NONE),
    form("exhibit-edit", ITEM, ADD, ADD_MEND),
    form("collection-record", ITEM, ADD, ADD_MEND),
    form("collection-follow", {**ITEM, "collection": a_collection}, ADD, ADD_MEND),
    row(
        "collection-follow",
        {**ONE, "item": another_item, "collection": a_collection},
        query="?elsewhere",
        GET=NO_ADD,
        POST=NO_ADD,
    ),
    row("custody-list", ITEM, GET=READ),
    row("custody-list", FOREIGN_ITEM, query="?foreign", GET=NONE),
    row("custody-sheet", ITEM, POST=READ),
    row("custody-sheet", FOREIGN_ITEM, query="?foreign", POST=NONE),
    form("custody-record", ITEM, ADD, ADD_MEND),
    form("custody-propose", ITEM, ADD, ADD_MEND),
    form("custody-hand-outside", ITEM, ADD, ADD_MEND),
    row("custody-hand-over", OFFERED, GET=READ),
    # Only the receiver, here the lead, may answer; only the giver, here the investigator, takes back.
    row("custody-confirm", OFFERED, GET=members(200, "lead"), POST=members(302, "lead")),
    form("custody-decline", OFFERED, members(200, "lead"), members(422, "lead")),
    row("custody-take-back", OFFERED, POST=members(302, "investigator")),
    *(
        row(name, {**ONE, "hand_over": a_foreign_hand_over}, query="?foreign", **cells)
        for name, cells in (
            ("custody-hand-over", {"GET": NONE}),
            ("custody-confirm", {"GET": NO_ADD, "POST": NO_ADD}),
            ("custody-decline", {"GET": NO_ADD, "POST": NO_ADD}),
            ("custody-take-back", {"POST": NO_ADD}),
        )
    ),
    row("exhibit-take-up", ITEM, POST=members(302, "supervisor")),
    row("exhibit-take-up", FOREIGN_ITEM, query="?foreign", POST=members(404, "supervisor")),
    form("verification-record", {**ONE, "item": an_opened_item}, VERIFY, VERIFY_MEND),
    form("exhibit-decide", {**ONE, "item": an_opened_item}, VERIFY, VERIFY_MEND),
    row(
        "exhibit-decide",
        ITEM,
        query="?registered",
        GET=members(409, "supervisor"),
        POST=members(409, "supervisor"),
    ),
    row(
        "verification-confirm",
        {**ONE, "item": an_opened_item, "verification": a_finding},
        GET=VERIFY,
        POST=members(302, "supervisor"),
    ),
    row(
        "verification-confirm",
        {**ITEM, "verification": unknown},
        query="?none",
        GET=members(404, "supervisor"),
    ),
    form("satellite-analysis-create", ITEM, VERIFY, VERIFY_MEND),
    form("weapon-analysis-create", ITEM, VERIFY, VERIFY_MEND),
    form("place-analysis-create", ITEM, VERIFY, VERIFY_MEND),
    form("time-analysis-create", ITEM, VERIFY, VERIFY_MEND),
    form("checklist-answer", {**ITEM, "family": "source"}, VERIFY, VERIFY_MEND),
    row("checklist-answer", {**ITEM, "family": "feeling"}, query="?none", GET=members(404, "supervisor")),
    *(
        row(name, {**FOREIGN_ITEM, **more}, query="?foreign", GET=members(404, "supervisor"))
        for name, more in (
            ("place-analysis-create", {}),
            ("time-analysis-create", {}),
            ("checklist-answer", {"family": "content"}),
        )
    ),
    form("annotation-create", FILE, VERIFY, VERIFY_MEND),
    form("annotation-correct", NOTE, VERIFY, VERIFY_MEND),
    form("annotation-withdraw", NOTE, VERIFY, VERIFY_MEND),
    # The file or the note of another case under the address of one's own, and a note under another file.
    *(
        row(name, ids, query=f"?{said}", GET=members(404, "supervisor"))
        for name, said, ids in (
            ("annotation-create", "foreign-item", {**FOREIGN_ITEM, "file": a_foreign_file}),
            ("annotation-create", "foreign-file", {**ITEM, "file": a_foreign_file}),
            ("annotation-correct", "no-note", {**FILE, "annotation": unknown}),
            ("annotation-withdraw", "other-file", {**ITEM, "file": another_file, "annotation": a_note}),
        )
    ),
    row("integrity-page", ONE, GET=READ),
    row("integrity-page", FOREIGN, query="?foreign", GET=everybody(404)),
    row("integrity-ask", ONE, POST=NOBODY),
    row("integrity-ask", FOREIGN, query="?foreign", POST=everybody(404)),
    row("integrity-schedule", ONE, GET=NOBODY, POST=NOBODY),
    row("integrity-schedule", FOREIGN, query="?foreign", GET=everybody(404), POST=everybody(404)),
    row("integrity-house", GET=everybody(403, sysadmin=200, auditor=200)),
    row("alert-answer", {**ONE, "alert": an_alert}, GET=NOBODY, POST=NOBODY),
    row("file-set-aside", {**ITEM, "file": a_lost_file}, GET=NOBODY, POST=NOBODY),
    row("file-kept", {**ITEM, "key": unknown}, GET=members(200, *ADDERS)),
    row("file-kept", {**FOREIGN_ITEM, "key": unknown}, query="?foreign", GET=members(404, *ADDERS)),
    # Whoever passes is told that no version of the protocol was named.
    row("uploads", ITEM, GET=members(200, *ADDERS), POST=TUS, OPTIONS=members(204, *ADDERS)),
    row(
        "uploads",
        FOREIGN_ITEM,
        query="?foreign",
        GET=members(404, *ADDERS),
        POST=members(404, *ADDERS),
        OPTIONS=members(404, *ADDERS),
    ),
    row(
        "upload",
        {**ITEM, "upload": unknown},
        HEAD=TUS,
        PATCH=TUS,
        DELETE=TUS,
        POST=TUS,
        OPTIONS=members(204, *ADDERS),
    ),
    row(
        "upload",
        {**FOREIGN_ITEM, "upload": unknown},
        query="?foreign",
        **dict.fromkeys(("HEAD", "PATCH", "DELETE", "POST"), members(404, *ADDERS)),
        OPTIONS=members(204, *ADDERS),
    ),
    row("file-check", FILE, POST=members(302, *ADDERS)),
    row("file-check", {**ITEM, "file": a_foreign_file}, query="?foreign", POST=members(404, *ADDERS)),
    form("redaction-draft", FILE, DRAW, members(422, "disclosure_officer")),
    row(
        "redaction-draft",
        {**ITEM, "file": a_foreign_file},
        query="?foreign",
        GET=members(404, "disclosure_officer"),
    ),
    row("redaction-draft", FILE, query="?from=nothing", GET=members(404, "disclosure_officer")),
    row("redaction-page", {**ITEM, "file": a_paper, "number": 1}, GET=DRAW),
    row("redaction-page", {**FILE, "number": 1}, query="?picture", GET=members(404, "disclosure_officer")),
    row("redaction-detail", COPY, GET=READ),
    row("redaction-detail", {**ITEM, "redaction": unknown}, query="?none", GET=NONE),
    row("redaction-approve", COPY, GET=VERIFY, POST=members(302, "supervisor")),
    row("redaction-approve", {**ITEM, "redaction": unknown}, query="?none", POST=members(404, "supervisor")),
    form("redaction-return", COPY, VERIFY, VERIFY_MEND),
    *(row(name, FILE, GET=READ) for name in ("file-state", "file-content", "file-thumbnail")),
    row("file-overview", {**ITEM, "item": a_recording, "file": its_file}, GET=READ),
    # The file of another case under the address of one's own, in every combination: nothing there.
    *(
        row(name, {**ids, "file": file}, query=f"?{said}", GET=NONE)
        for name in ("file-state", "file-content", "file-thumbnail", "file-overview")
        for said, ids, file in (
            ("foreign-item", FOREIGN_ITEM, a_foreign_file),
            ("foreign-file", ITEM, a_foreign_file),
            ("no-file", ITEM, unknown),
        )
    ),
]
