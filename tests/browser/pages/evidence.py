"""Pages of exhibits: files, custody, verification, analyses, integrity."""

from dataclasses import replace
from typing import cast

from django.utils import timezone
from playwright.sync_api import Page

from accounts.door import Machine, entering
from accounts.models import User
from accounts.vocabulary import OwedState, Role
from cases.facts import Dated
from cases.vocabulary import MemberRole, Precision
from evidence import tasks
from evidence.actions.analyses import analyse_place, analyse_satellite, analyse_time, analyse_weapon
from evidence.actions.checklists import answer_checklist
from evidence.actions.collecting import record_collection
from evidence.actions.files import receive_file
from evidence.actions.handing import confirm_hand_over, hand_outside, propose_hand_over
from evidence.actions.items import register_item
from evidence.actions.planning import ask_integrity_run, start_full_run
from evidence.facts import (
    CollectionFacts,
    HandOverFacts,
    ItemFacts,
    OutsideFacts,
    SatelliteFacts,
    WeaponFacts,
)
from evidence.geometry import read_outline
from evidence.models import (
    CollectionRecord,
    EvidenceItem,
    FileObject,
    HandOver,
    IngestJob,
    IntegrityFinding,
    IntegrityRun,
)
from evidence.vocabulary import (
    Confidence,
    CopyKind,
    DepictedConsent,
    FoundKind,
    ItemType,
    MethodFamily,
    WeaponCategory,
)
from tests import factories
from tests.browser.visits import send_empty, visit
from tests.evidence.samples import packed, recording, scene, sound
from tests.evidence.weighing import ANSWERS, PLACE, TIME
from tests.evidence.worlds import photo
from tests.personas import make_person
from tests.policy.matrix.cases import a_case, a_witness, an_incident
from tests.policy.matrix.evidence import (
    a_copy,
    a_file,
    a_finding,
    a_lost_file,
    a_note,
    a_paper,
    a_set,
    a_short_clip,
    an_alert,
    an_analyst,
    an_item,
    an_offer,
    an_opened_item,
)
from tests.policy.rows import World

FRAMES = ItemFacts(
    type=ItemType.SATELLITE_IMAGE,
    title="The lot beside the cemetery / قطعة الأرض بجانب المقبرة",
    description="Two frames of one place.",
    provider="A provider of satellite images",
    licence="For investigation, not for publication",
    obtained=Dated("2025-03-21", Precision.DAY),
    place="Banias",
)
POST = ItemFacts(
    type=ItemType.SOCIAL_MEDIA_POST,
    title="منشور عن الدرج",
    description="Shows a body on the stairs.",
    graphic=True,
    depicted=DepictedConsent.NOT_POSSIBLE,
    recorded=Dated("2025-03-09T10:00", Precision.HOUR),
    published=Dated("2025-03-10", Precision.DAY),
    original_url="https://example.org/posts/1234567890",
)


def some_frames(world: World) -> EvidenceItem:
    """Two frames that were compared; the later lies far from the event."""
    by, analyst, case = world.people["investigator"], world.get(an_analyst), world.get(a_case)
    with entering(by, "test"):
        item = register_item(by=by, case=case, facts=FRAMES, incident=world.get(an_incident))
        files = [
            receive_file(by=by, item=item, chunks=[photo(seed=seed)], filename=f"lot-{seed}.jpg")
            for seed in (1, 90)
        ]
    for file in files:
        tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    facts = SatelliteFacts(
        before=files[0],
        after=files[1],
        captured_before=Dated("2025-03-05", Precision.DAY),
        captured_after=Dated("2025-05-14", Precision.DAY),
        event=Dated("2025-03-09", Precision.DAY),
        provider="A provider of satellite images",
        scene_before="SC-0305",
        scene_after="SC-0514",
        place="Empty lot, Banias",
        footprint=read_outline("35.19, 35.93; 35.19, 35.96; 35.17, 35.96; 35.17, 35.93"),
        outline=read_outline("35.1812, 35.9481; 35.1812, 35.9492; 35.1803, 35.9492; 35.1803, 35.9481"),
        measured_area="About 9,900 m2, by counting pixels",
        finding="Disturbed earth in the second frame.",
    )
    with entering(analyst, "test"):
        analyse_satellite(by=analyst, item=item, facts=facts)
    return item


def a_post(world: World) -> EvidenceItem:
    """A graphic post with everything that can be said of it, and a weapon seen in it."""
    by, analyst, case = world.people["investigator"], world.get(an_analyst), world.get(a_case)
    with entering(by, "test"):
        item = register_item(by=by, case=case, facts=POST, witness=world.get(a_witness))
        file = receive_file(by=by, item=item, chunks=[photo(seed=7, place=True)], filename="لقطة.jpg")
        record_collection(
            by=by,
            item=item,
            facts=CollectionFacts(
                url="https://example.org/posts/1234567890",
                tool="auto-archiver 1.0",
                virtual_identity="VI-03",
                collected=Dated("2025-03-12", Precision.DAY),
            ),
        )
        handed = propose_hand_over(
            by=by, item=item, facts=HandOverFacts(to=world.people["lead"], purpose="For safe keeping")
        )
    with entering(world.people["lead"], "test"):
        confirm_hand_over(by=world.people["lead"], hand_over=handed, condition="Seal whole")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    weapon = WeaponFacts(
        category=WeaponCategory.AMMUNITION,
        calibre="7.62 x 39 mm",
        seen="Lower left, beside the ruler",
        references="EX-0002",
        confidence=Confidence.MODERATE,
        basis="Measured against the ruler",
        finding="Common in the region.",
    )
    with entering(analyst, "test"):
        analyse_weapon(by=analyst, item=item, facts=weapon)
        analyse_place(by=analyst, item=item, facts=PLACE)
        analyse_time(by=analyst, item=item, facts=TIME)
        answer_checklist(by=analyst, item=item, family=MethodFamily.SOURCE, answers=ANSWERS, expected=0)
    return item


def a_clip(world: World) -> EvidenceItem:
    """A clip of a telephone whose clock is wrong, and a voice message."""
    by, case = world.people["investigator"], world.get(a_case)
    tags = {"creation_time": "2031-01-01T10:00:00Z", "location": "+35.1812+035.9489/", "comment": "من الدرج"}
    clip = recording("mp4", "mpeg4", 48, tags=tags, show=lambda number: scene(number // 3, (320, 180)))
    voice = sound("wav", "pcm_s16le", seconds=3)
    with entering(by, "test"):
        item = register_item(by=by, case=case, facts=replace(POST, type=ItemType.VIDEO, title="درج المبنى"))
        files = [
            receive_file(by=by, item=item, chunks=[content], filename=name)
            for content, name in ((clip, "clip.mp4"), (voice, "صوت.wav"))
        ]
    for file in files:
        tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return item


def a_still(world: World) -> FileObject:
    """One frame of the clip, sent by somebody else as a picture."""
    by, case = world.people["investigator"], world.get(a_case)
    with entering(by, "test"):
        item = register_item(by=by, case=case, facts=replace(POST, title="A still / صورة ثابتة"))
        content = packed(scene(4, (320, 180)), 40)
        file = receive_file(by=by, item=item, chunks=[content], filename="still.jpg")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return file


def a_followed_record(world: World) -> CollectionRecord:
    """What was said of the post's collection, and said otherwise since."""
    by, item = world.people["investigator"], world.get(a_post)
    with entering(by, "test"):
        first, file = item.collections.get(), item.files.filter(copy_kind=CopyKind.EVIDENTIARY).get()
        facts = CollectionFacts(
            url="https://example.org/posts/1234567890",
            page_title="منشور عن الدرج",
            tool="auto-archiver",
            tool_version="1.0",
            collector=world.people["lead"],
            material=file,
            collected=Dated("2025-03-12", Precision.DAY),
        )
        return record_collection(by=by, item=item, facts=facts, supersedes=first)


def sent_outside(world: World) -> HandOver:
    """The post, sent to a laboratory by the lead, who had it."""
    lead = world.people["lead"]
    facts = OutsideFacts(
        outside="مختبر في غنت / A laboratory in Ghent", reference="R-2025-17", place="The office"
    )
    with entering(lead, "test"):
        return hand_outside(by=lead, item=world.get(a_post), facts=facts)


def a_keeper(world: World) -> User:
    """Somebody who keeps the case's evidence: none of the personas does."""
    person = make_person(Role.EVIDENCE_CUSTODIAN)
    factories.join(world.get(a_case), world.people["lead"], person, MemberRole.EVIDENCE_CUSTODIAN)
    cast("dict[str, User]", world.people)["keeper"] = person
    with entering(person, "test"):
        ask_integrity_run(by=person, case=world.get(a_case))
    return person


def a_stray(world: World) -> IntegrityFinding:
    """A run over everything that found a file on no record, and one under way."""
    now = timezone.now()
    done = IntegrityRun.objects.create(
        state=OwedState.DONE, files=3, checked=3, strays=1, started_at=now, finished_at=now
    )
    with entering(Machine.INTEGRITY, "test"):
        start_full_run()
    return IntegrityFinding.objects.create(run=done, ref="ab" * 16, result=FoundKind.EXTRA)


def uncover(page: Page) -> None:
    """Ask to see what is covered, by keyboard."""
    page.locator("[data-cover-open]").first.press("Enter")
    page.wait_for_load_state("networkidle")


def uncover_all(page: Page) -> None:
    """Unfold what the files say, and ask to see everything that is covered, by keyboard."""
    for one in page.locator(".everything > summary").all():
        one.press("Enter")
    for one in page.locator("[data-cover-open]").all():
        one.press("Enter")
    page.wait_for_load_state("networkidle")


def draw(page: Page) -> None:
    """Uncover the picture and drag a box over a part of it."""
    uncover(page)
    page.wait_for_function("() => document.querySelector('[data-shown]').complete")
    layer = page.locator("[data-layer]").bounding_box()
    assert layer is not None
    page.mouse.move(layer["x"] + layer["width"] * 0.2, layer["y"] + layer["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(layer["x"] + layer["width"] * 0.5, layer["y"] + layer["height"] * 0.6, steps=4)
    page.mouse.up()
    held = [
        float(page.locator(f"[name=r0-{name}]").input_value()) for name in ("left", "top", "width", "height")
    ]
    assert [round(value) for value in held] == [20, 20, 30, 40], held
    assert page.locator(".redact-box").count() == 1
    page.locator("[data-more]").press("Enter")
    assert page.locator("[name=rows]").input_value() == "4"


def draw_on_clip(page: Page) -> None:
    """Take two times by key, and drag a box over the frame that is shown."""
    uncover(page)
    clip = page.locator("video[data-clock]")
    page.wait_for_function("() => document.querySelector('video[data-clock]').readyState > 1")
    page.evaluate("document.querySelector('video[data-clock]').currentTime = 0.5")
    page.wait_for_function("() => !document.querySelector('video[data-clock]').seeking")
    page.locator("[data-draw]").press("Enter")
    layer = page.locator("[data-layer]").bounding_box()
    assert layer is not None
    page.mouse.move(layer["x"] + 4, layer["y"] + 4)
    page.mouse.down()
    page.mouse.move(layer["x"] + layer["width"] / 2, layer["y"] + layer["height"] / 2, steps=3)
    page.mouse.up()
    clip.press("o")
    told = [page.locator(f"[name=r0-{name}]").input_value() for name in ("kind", "start", "end")]
    assert told == ["box", "0.5", "0.5"], told


def send_rows(page: Page) -> None:
    """Send the rows as they stand: the button before them only gives more."""
    with page.expect_navigation():
        page.locator("#redaction .guided-foot button").click()


IN = {"case": a_case}
ITEM = {**IN, "item": an_item}
OPENED = {**IN, "item": an_opened_item}
OFFERED = {**IN, "hand_over": an_offer}

VISITS = [
    visit("exhibit-list", "investigator", IN, called="exhibit-list-empty"),
    visit("exhibit-create", "investigator", IN),
    visit("exhibit-create", "investigator", IN, called="exhibit-create-empty", act=send_empty),
    visit("exhibit-detail", "investigator", ITEM, called="exhibit-detail-new"),
    visit("exhibit-detail", "investigator", ITEM, given=(a_file,)),
    visit("exhibit-detail", "investigator", {**IN, "item": a_post}, called="exhibit-graphic"),
    visit("exhibit-detail", "lead", {**IN, "item": a_post}, called="exhibit-uncovered", act=uncover),
    visit("exhibit-detail", "supervisor", {**IN, "item": some_frames}, called="exhibit-frames"),
    visit("exhibit-detail", "investigator", {**IN, "item": a_clip}, called="exhibit-clip", act=uncover_all),
    visit(
        "exhibit-detail",
        "lead",
        {**IN, "item": a_clip},
        query="?alike",
        called="exhibit-alike",
        given=(a_still,),
    ),
    visit("exhibit-edit", "investigator", {**IN, "item": a_post}),
    visit("collection-record", "investigator", {**IN, "item": a_post}),
    visit("collection-follow", "investigator", {**IN, "item": a_post, "collection": a_followed_record}),
    visit("custody-list", "investigator", {**IN, "item": a_post}),
    visit("custody-record", "investigator", {**IN, "item": a_post}),
    visit("custody-record", "lead", {**IN, "item": a_post}, called="custody-record-empty", act=send_empty),
    visit("custody-propose", "lead", {**IN, "item": a_post}),
    visit("custody-propose", "lead", {**IN, "item": a_post}, called="custody-propose-empty", act=send_empty),
    visit("custody-hand-outside", "lead", {**IN, "item": a_post}),
    visit("custody-hand-over", "lead", OFFERED),
    visit("custody-confirm", "lead", OFFERED),
    visit("custody-decline", "lead", OFFERED, act=send_empty),
    visit("custody-hand-over", "lead", {**IN, "hand_over": sent_outside}, called="custody-outside"),
    visit("custody-list", "investigator", {**IN, "item": a_post}, called="custody-outside-chain"),
    visit("exhibit-detail", "supervisor", OPENED, called="exhibit-in-verification", given=(a_finding,)),
    visit("verification-record", "supervisor", OPENED),
    visit("verification-record", "supervisor", OPENED, called="verification-empty", act=send_empty),
    visit("verification-confirm", "supervisor", {**OPENED, "verification": a_finding}),
    visit("exhibit-decide", "supervisor", OPENED),
    visit("redaction-draft", "disclosure_officer", {**ITEM, "file": a_file}, act=draw),
    visit(
        "redaction-draft",
        "disclosure_officer",
        {**ITEM, "file": a_paper},
        called="redaction-paper",
        act=uncover,
    ),
    visit(
        "redaction-draft",
        "disclosure_officer",
        {**ITEM, "file": a_file},
        called="redaction-empty",
        act=send_rows,
    ),
    visit(
        "redaction-draft",
        "disclosure_officer",
        {**ITEM, "file": a_short_clip},
        called="redaction-clip",
        act=draw_on_clip,
    ),
    visit("redaction-detail", "disclosure_officer", {**ITEM, "redaction": a_set}, called="redaction-owed"),
    visit("redaction-detail", "supervisor", {**ITEM, "redaction": a_copy}),
    visit("redaction-approve", "supervisor", {**ITEM, "redaction": a_copy}),
    visit("redaction-return", "supervisor", {**ITEM, "redaction": a_copy}, act=send_empty),
    visit("satellite-analysis-create", "supervisor", {**IN, "item": some_frames}),
    visit("weapon-analysis-create", "supervisor", ITEM),
    visit("place-analysis-create", "supervisor", ITEM),
    visit("place-analysis-create", "supervisor", ITEM, called="place-empty", act=send_empty),
    visit("time-analysis-create", "supervisor", ITEM),
    visit("checklist-answer", "supervisor", {**IN, "item": a_post, "family": "source"}),
    visit("annotation-create", "supervisor", {**ITEM, "file": a_file}, act=uncover),
    visit("annotation-correct", "supervisor", {**ITEM, "file": a_file, "annotation": a_note}, act=send_empty),
    visit("annotation-withdraw", "supervisor", {**ITEM, "file": a_file, "annotation": a_note}),
    visit("exhibit-detail", "supervisor", ITEM, called="exhibit-noted", given=(a_note,), act=uncover),
    visit("exhibit-list", "supervisor", IN),
    visit("integrity-page", "investigator", IN, called="integrity-quiet"),
    visit("integrity-page", "supervisor", IN, given=(an_alert,)),
    visit("exhibit-detail", "supervisor", ITEM, called="exhibit-frozen", given=(an_alert,)),
    visit("integrity-page", "keeper", IN, called="integrity-kept", given=(a_keeper,)),
    visit("integrity-schedule", "keeper", IN, given=(a_keeper,)),
    visit("integrity-house", "sysadmin", given=(a_stray,)),
    visit("alert-answer", "keeper", {**IN, "alert": an_alert}, given=(a_keeper,)),
    visit(
        "alert-answer",
        "keeper",
        {**IN, "alert": an_alert},
        called="alert-answer-empty",
        given=(a_keeper,),
        act=send_empty,
    ),
    visit("file-set-aside", "keeper", {**ITEM, "file": a_lost_file}, given=(a_keeper,)),
]
