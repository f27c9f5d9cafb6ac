"""What the demonstration's exhibits are: pictures, a clip, satellite frames and a cartridge case.

All are drawn by `drawings.py`, and marked so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import User
from casemgr.demo import drawings, texts, weighing
from casemgr.demo.people import ANALYST, INVESTIGATOR, SUPERVISOR, acting
from casemgr.demo.scene import Scene
from casemgr.demo.witnesses import Told
from cases.facts import Dated
from cases.models import Incident, Witness
from cases.vocabulary import Precision
from evidence.actions.analyses import analyse_satellite, analyse_weapon
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.actions.verification import (
    confirm_verification,
    decide_item,
    record_verification,
    take_up_verification,
)
from evidence.facts import ItemFacts, SatelliteFacts, VerificationFacts, WeaponFacts
from evidence.models import EvidenceItem, FileObject, Verification
from evidence.vocabulary import DepictedConsent, Finding, ItemStatus, ItemType, Method, WeaponCategory

OBTAINED = Dated("2025-03-21", Precision.DAY)
NINTH = Dated("2025-03-09", Precision.DAY)
BEFORE, AFTER = Dated("2025-03-05", Precision.DAY), Dated("2025-03-14", Precision.DAY)
# On the fourth picture stands a neighbour who said no: it stays with us, though it was verified.
DEPICTED = {4: DepictedConsent.REFUSED, 5: DepictedConsent.NOT_POSSIBLE, 6: DepictedConsent.NOT_POSSIBLE}
Check = tuple[Method, Finding, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """The exhibits that findings and the export refer to."""

    pictures: tuple[EvidenceItem, ...]
    clip: EvidenceItem
    frames: EvidenceItem
    casing: EvidenceItem


def bring_in(scene: Scene, told: Told) -> Shown:
    """Register every exhibit and receive its files as the investigator who was given them."""
    return Shown(
        tuple(_picture(number, scene, told) for number in range(1, 7)),
        _clip(scene, told),
        _frames(scene),
        _casing(scene),
    )


def _registered(
    facts: ItemFacts,
    files: Iterable[tuple[str, bytes]],
    *,
    incident: Incident,
    witness: Witness | None = None,
) -> tuple[EvidenceItem, list[FileObject]]:
    with acting(INVESTIGATOR) as by:
        item = register_item(by=by, case=incident.case, facts=facts, witness=witness, incident=incident)
        received = [
            receive_file(by=by, item=item, chunks=[content], filename=name, declared_length=len(content))
            for name, content in files
        ]
        return item, received


def _picture(number: int, scene: Scene, told: Told) -> EvidenceItem:
    facts = ItemFacts(
        type=ItemType.PHOTO,
        title=f"The roof, picture {number} of 6",
        description=texts.PICTURE_STANDS_FOR,
        provider="Samira",
        graphic=True,
        depicted=DEPICTED.get(number, DepictedConsent.NOT_APPLICABLE),
        recorded=NINTH,
        obtained=OBTAINED,
        place="Roof of a home in Banias",
    )
    name, content = f"IMG_000{number}.jpg", drawings.roof_photo(number)
    return _registered(facts, [(name, content)], incident=scene.roof, witness=told.samira)[0]


def _clip(scene: Scene, told: Told) -> EvidenceItem:
    facts = ItemFacts(
        type=ItemType.VIDEO,
        title="The floor of the home, one clip",
        description="Drawn for the demonstration. Stands for a video that shows blood on the floor.",
        provider="Ahmad",
        graphic=True,
        depicted=DepictedConsent.NOT_APPLICABLE,
        recorded=Dated("2025-03-08", Precision.DAY),
        obtained=OBTAINED,
        place="A home in Banias",
    )
    content = drawings.floor_clip()
    return _registered(facts, [("VID_0001.mp4", content)], incident=scene.home, witness=told.ahmad)[0]


def _frames(scene: Scene) -> EvidenceItem:
    facts = ItemFacts(
        type=ItemType.SATELLITE_IMAGE,
        title="The lot beside the cemetery, before and after",
        description="Two frames drawn for the demonstration.",
        provider="A provider of the demonstration",
        licence="Drawn by the demonstration; free to use",
        published=Dated("2025-03-18", Precision.DAY),
        obtained=OBTAINED,
        place="Empty lot beside Sheikh Hilal cemetery, Banias",
    )
    drawn = [
        ("lot-2025-03-05.png", drawings.lot_frame(disturbed=False)),
        ("lot-2025-03-14.png", drawings.lot_frame(disturbed=True)),
    ]
    item, (before, after) = _registered(facts, drawn, incident=scene.burial)
    analysis = SatelliteFacts(
        before=before,
        after=after,
        captured_before=BEFORE,
        captured_after=AFTER,
        event=Dated("2025-03-09", Precision.DAY),
        provider="A provider of the demonstration",
        scene_before="DEMO-0305",
        scene_after="DEMO-0314",
        place="Empty lot beside Sheikh Hilal cemetery, Banias",
        resolution="0.5 m a pixel, as drawn",
        measured_area="3 strips of about 40 m by 5 m: 600 square metres",
        finding=texts.SATELLITE_FINDING,
    )
    with acting(ANALYST) as by:
        analyse_satellite(by=by, item=item, facts=analysis)
    return item


def _casing(scene: Scene) -> EvidenceItem:
    facts = ItemFacts(
        type=ItemType.WEAPON_REMNANT,
        title="A cartridge case on the stairs",
        description="Drawn for the demonstration, with a ruler beside it.",
        recorded=NINTH,
        obtained=OBTAINED,
        place="Stairs of a home in Banias",
    )
    item, _files = _registered(facts, [("IMG_0107.jpg", drawings.casing_photo())], incident=scene.roof)
    weapon = WeaponFacts(
        category=WeaponCategory.AMMUNITION,
        calibre="7.62 x 39 mm",
        markings="None can be read",
        quantity="1",
        basis="Measured against the ruler in the picture",
        users="Common in the region",
        finding=texts.WEAPON_FINDING,
    )
    with acting(ANALYST) as by:
        analyse_weapon(by=by, item=item, facts=weapon)
    return item


def verify(exhibits: Sequence[EvidenceItem]) -> None:
    """Weigh the exhibits, once their files were checked; a second person confirms what the first found.

    They come in the order in which `bring_in` registered them. Two pictures stay unverified.
    """
    *pictures, clip, frames, casing = exhibits
    weighing.work_out(clip, frames, casing)
    for picture in pictures[:4]:
        _weigh(
            picture,
            (Method.METADATA, Finding.CONSISTENT, "The camera's clock says 9 March, late morning."),
            (
                Method.SOURCE_PROVENANCE,
                Finding.AUTHENTIC,
                "Sent by the person who took it, by a known channel.",
            ),
        )
    _weigh(
        clip,
        (Method.METADATA, Finding.CONSISTENT, "Container and encoder are those of a telephone."),
        (Method.CONTENT_CONSISTENCY, Finding.CONSISTENT, "The room is as the account describes it."),
    )
    _weigh(
        frames,
        (Method.SATELLITE_COMPARISON, Finding.CONSISTENT, texts.SATELLITE_FINDING),
        (Method.SOURCE_PROVENANCE, Finding.AUTHENTIC, "Ordered from the provider by ourselves."),
    )
    with acting(ANALYST) as by:
        take_up_verification(by=by, item=casing)
        _record(by, casing, (Method.WEAPON_IDENTIFICATION, Finding.INCONCLUSIVE, texts.WEAPON_FINDING))
    weighing.hand_over(casing)


def _weigh(item: EvidenceItem, *checks: Check) -> None:
    with acting(ANALYST) as by:
        take_up_verification(by=by, item=item)
        recorded = [_record(by, item, check) for check in checks]
    with acting(SUPERVISOR) as second:
        for verification in recorded:
            confirm_verification(by=second, verification=verification)
        decide_item(by=second, item=item, to=ItemStatus.VERIFIED)


def _record(by: User, item: EvidenceItem, check: Check) -> Verification:
    method, finding, notes = check
    facts = VerificationFacts(method=method, finding=finding, notes=notes)
    return record_verification(by=by, item=item, facts=facts)
