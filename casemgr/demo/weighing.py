"""What the demonstration's analysts worked out of three exhibits, and who has one of them now.

The point and the outline are those of the town, not of a lot: the frames are drawn, and say so.
"""

from collections.abc import Mapping
from decimal import Decimal

from accounts.models import User
from casemgr.demo.people import ANALYST, EVIDENCE_CUSTODIAN, INVESTIGATOR, acting
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence.actions.analyses import analyse_place, analyse_time
from evidence.actions.annotations import annotate
from evidence.actions.checklists import answer_checklist
from evidence.actions.handing import confirm_hand_over, propose_hand_over
from evidence.annotating import Box, Note, Span
from evidence.facts import Answered, HandOverFacts, Match, PlaceFacts, TimeFacts
from evidence.models import EvidenceItem, FileObject
from evidence.vocabulary import Answer, Confidence, CopyKind, MethodFamily, Motivation, TimeBasis

YES, UNKNOWN = Answered(Answer.YES), Answered(Answer.UNKNOWN)
ASKED: Mapping[MethodFamily, Mapping[str, Answered]] = {
    MethodFamily.SOURCE: {
        "maker_known": YES,
        "way_known": YES,
        "received_whole": YES,
        "copies_sought": Answered(Answer.NO, "Frames of a provider are not put out anywhere else."),
    },
    MethodFamily.TECHNICAL: {"metadata_there": YES, "clock_fits": UNKNOWN, "no_traces": YES},
    MethodFamily.CONTENT: {
        "frames_near": YES,
        "change_explained": Answered(Answer.YES, "Building and farming were considered; neither fits."),
        "place_matched": YES,
        "place_alone": UNKNOWN,
    },
}


def work_out(clip: EvidenceItem, frames: EvidenceItem, casing: EvidenceItem) -> None:
    """Answer the checklists of the frames, find their place and the clip's time, note what is seen where."""
    with acting(ANALYST) as by:
        for family, answers in ASKED.items():
            answer_checklist(by=by, item=frames, family=family, answers=answers, expected=0)
        _place(by, frames)
        _time(by, clip)
        _note(by, casing)
        _moment(by, clip)


def hand_over(casing: EvidenceItem) -> None:
    """Pass the cartridge case on to the evidence custodian, who confirms it."""
    with acting(EVIDENCE_CUSTODIAN) as custodian:
        to = custodian
    with acting(INVESTIGATOR) as by:
        facts = HandOverFacts(
            to=to,
            when=Dated("2025-03-22T10:30", Precision.EXACT_MINUTE),
            place="The office, room of the safe",
            purpose="To be kept under lock",
            condition="In a sealed bag, unbroken",
            seal_no="DEMO-0017",
        )
        offered = propose_hand_over(by=by, item=casing, facts=facts)
    with acting(EVIDENCE_CUSTODIAN) as custodian:
        confirm_hand_over(by=custodian, hand_over=offered, condition="Seal compared and unbroken")


def _place(by: User, frames: EvidenceItem) -> None:
    facts = PlaceFacts(
        latitude=35.182,
        longitude=35.949,
        uncertainty=3000,
        place="Banias, the town; the lot itself is drawn",
        features=(
            Match("A road along the upper edge of the frame", "The road on the outline of the town"),
            Match("Rows of graves beside an empty lot", "The cemetery as the interviewed people describe it"),
        ),
        confidence=Confidence.WEAK,
        finding="The frames are consistent with the lot that was described; a drawn frame can show no more.",
    )
    analyse_place(by=by, item=frames, facts=facts)


def _time(by: User, clip: EvidenceItem) -> None:
    facts = TimeFacts(
        found=Dated("2025-03-08", Precision.DAY),
        bases=(TimeBasis.METADATA, TimeBasis.BOUNDS),
        notes="The clock of the device names the day; the clip was sent on two weeks later.",
        confidence=Confidence.MODERATE,
        finding="Consistent with the day that is told. The clock was not compared with another.",
    )
    analyse_time(by=by, item=clip, facts=facts)


def _note(by: User, casing: EvidenceItem) -> None:
    box = Box(Decimal(32), Decimal(48), Decimal(38), Decimal(16))
    note = Note(text="The cartridge case, beside the ruler.", motivation=Motivation.DESCRIBING, box=box)
    annotate(by=by, file=_received(casing), note=note)


def _moment(by: User, clip: EvidenceItem) -> None:
    span = Span(Decimal(1), Decimal(2))
    note = Note(
        text="The stain comes into view. Ask for the place of the doorway.",
        motivation=Motivation.QUESTIONING,
        span=span,
    )
    annotate(by=by, file=_received(clip), note=note)


def _received(item: EvidenceItem) -> FileObject:
    return item.files.filter(copy_kind=CopyKind.EVIDENTIARY).select_related("item").get()
