"""Where and when: the case, its places and incidents, who is reported harmed, and by whom."""

from dataclasses import dataclass

from accounts.models import User
from casemgr.demo import texts
from casemgr.demo.people import INVESTIGATOR, LEAD, acting
from cases.actions.acts import record_act, record_actor, record_involvement
from cases.actions.cases import open_case
from cases.actions.incidents import link_incidents, record_incident, record_location
from cases.actions.victims import record_death, record_victim
from cases.facts import (
    ActFacts,
    ActorFacts,
    BodyStep,
    CaseFacts,
    Dated,
    DeathFacts,
    IncidentFacts,
    InvolvementFacts,
    LocationFacts,
    StatedReason,
    VictimFacts,
)
from cases.models import Act, Actor, Case, Incident, Location
from cases.vocabulary import (
    ActorKind,
    ActType,
    AgeBand,
    ArmedConflict,
    ChainLink,
    CivilianStatus,
    DeathMethod,
    Degree,
    DisclosedLevel,
    IdentificationStrength,
    Outcome,
    PlaceType,
    Precision,
    Rites,
    Sex,
    StandardOfProof,
    ViolationStatus,
)

EIGHTH = Dated("2025-03-08", Precision.DAY)
NINTH_AT_TEN = Dated("2025-03-09T10", Precision.HOUR)
THOSE_DAYS = Dated("2025-03-08", Precision.BETWEEN, "2025-03-10")


@dataclass(frozen=True, slots=True)
class Scene:
    """What accounts, exhibits and findings refer to."""

    case: Case
    roof: Incident
    home: Incident
    hospital: Incident
    burial: Incident


def open_the_case() -> Case:
    """Open the case as its lead."""
    facts = CaseFacts(
        title=texts.CASE_TITLE,
        situation=texts.CASE_SITUATION,
        mandate=texts.CASE_MANDATE,
        standard_of_proof=StandardOfProof.GROUNDS_TO_BELIEVE,
        armed_conflict=ArmedConflict.UNDETERMINED,
    )
    with acting(LEAD) as lead:
        return open_case(by=lead, prefix="BAN", facts=facts)


def set_scene(case: Case) -> Scene:
    """Record places, incidents, acts and people as the investigator who heard of them."""
    with acting(INVESTIGATOR) as by:
        town, cemetery = _places(by, case)
        scene = Scene(
            case,
            roof=_incident(by, town, texts.ROOF_INCIDENT, texts.ROOF_STORY, NINTH_AT_TEN),
            home=_incident(by, town, texts.HOME_INCIDENT, texts.HOME_STORY, EIGHTH),
            hospital=_incident(by, town, texts.HOSPITAL_INCIDENT, texts.HOSPITAL_STORY, THOSE_DAYS),
            burial=_incident(by, cemetery, texts.BURIAL_INCIDENT, texts.BURIAL_STORY, THOSE_DAYS),
        )
        link_incidents(by=by, first=scene.home, second=scene.hospital, kind=ChainLink.PRECEDES)
        link_incidents(by=by, first=scene.hospital, second=scene.burial, kind=ChainLink.PRECEDES)
        raiders = record_actor(
            by=by,
            case=case,
            facts=ActorFacts(
                kind=ActorKind.UNKNOWN_GROUP,
                identification_strength=IdentificationStrength.DESCRIBED_ONLY,
                description="Armed men in mixed uniforms, some masked; no insignia was recognised.",
            ),
        )
        _on_the_roof(by, scene, raiders)
        _in_the_home(by, scene, raiders)
        _at_the_cemetery(by, scene)
        return scene


def _places(by: User, case: Case) -> tuple[Location, Location]:
    town = LocationFacts(
        name_en="Banias",
        name_ar="بانياس",
        admin=("Tartous", "Banias"),
        type=PlaceType.OTHER,
        latitude=35.18,
        longitude=35.95,
        precision_m=5_000,
        disclosed_level=DisclosedLevel.TOWN,
    )
    cemetery = LocationFacts(
        name_en="Empty lot beside Sheikh Hilal cemetery",
        name_ar="أرض خالية بجانب مقبرة الشيخ هلال",
        admin=("Tartous", "Banias", "al-Qusour"),
        type=PlaceType.CEMETERY,
        disclosed_level=DisclosedLevel.NEIGHBOURHOOD,
    )
    return record_location(by=by, case=case, facts=town), record_location(by=by, case=case, facts=cemetery)


def _incident(by: User, place: Location, title: str, story: str, dates: Dated) -> Incident:
    facts = IncidentFacts(
        title=title, description=story, dates=dates, violation_status=ViolationStatus.LIKELY
    )
    return record_incident(by=by, case=place.case, facts=facts, location=place)


def _on_the_roof(by: User, scene: Scene, raiders: Actor) -> None:
    _husband(by, scene)
    _others_as_told(by, scene)
    _act(
        by,
        scene.roof,
        raiders,
        ActFacts(
            type=ActType.MURDER,
            dates=NINTH_AT_TEN,
            method="Shot once in the head",
            stated_reason=StatedReason(
                words="Asked whether they were Alawite", spoken_by="one of the armed men", language="ar"
            ),
        ),
    )


def _husband(by: User, scene: Scene) -> None:
    husband = record_victim(
        by=by,
        case=scene.case,
        incident=scene.roof,
        facts=VictimFacts(
            outcome=Outcome.KILLED,
            sex=Sex.MALE,
            age_band=AgeBand.ADULT_UNKNOWN,
            civilian_status=CivilianStatus.CIVILIAN,
            group_targeted=("Alawite",),
            known_as="The husband of the witness",
            dates=NINTH_AT_TEN,
        ),
    )
    record_death(
        by=by,
        victim=husband,
        facts=DeathFacts(
            dates=NINTH_AT_TEN,
            place="The roof of the home",
            method=DeathMethod.SHOOTING,
            cause_basis="The wife's account; six pictures",
            wounds="One wound to the head",
            chain=(BodyStep(step="found", at=NINTH_AT_TEN, place="The roof", by_whom="his wife"),),
        ),
    )


def _others_as_told(by: User, scene: Scene) -> None:
    """Two more whom she did not see die."""
    for known_as, age in (
        ("The husband of a neighbour", AgeBand.AGE_70),
        ("The brother-in-law of the witness", AgeBand.ADULT_UNKNOWN),
    ):
        record_victim(
            by=by,
            case=scene.case,
            incident=scene.roof,
            facts=VictimFacts(
                outcome=Outcome.KILLED,
                sex=Sex.MALE,
                age_band=age,
                civilian_status=CivilianStatus.CIVILIAN,
                known_as=f"{known_as}, as others told her",
                dates=Dated("2025-03-09", Precision.DAY),
            ),
        )


def _in_the_home(by: User, scene: Scene, raiders: Actor) -> None:
    father = record_victim(
        by=by,
        case=scene.case,
        incident=scene.home,
        facts=VictimFacts(
            outcome=Outcome.KILLED,
            sex=Sex.MALE,
            age_band=AgeBand.AGE_60_69,
            civilian_status=CivilianStatus.CIVILIAN,
            group_targeted=("Alawite",),
            known_as="The father of the witness",
            dates=EIGHTH,
        ),
    )
    record_death(by=by, victim=father, facts=_death_of_the_father())
    facts = ActFacts(
        type=ActType.MURDER,
        dates=EIGHTH,
        method="Shot from behind after being told to turn round",
        stated_reason=StatedReason(
            words="Asked whether the family was Alawite", spoken_by="one of four armed men", language="ar"
        ),
    )
    _act(by, scene.home, raiders, facts)
    _act(by, scene.home, raiders, ActFacts(type=ActType.ILL_TREATMENT, dates=EIGHTH, method="Beat a son"))


def _death_of_the_father() -> DeathFacts:
    return DeathFacts(
        dates=EIGHTH,
        place="The family's home",
        method=DeathMethod.SHOOTING,
        cause_basis="The mother's account, told by the son",
        wounds="Shot in the back; the bullet left through the chest",
        chain=(
            BodyStep(step="moved", at=EIGHTH, place="From the home", by_whom="the armed men"),
            BodyStep(step="hospital", at=THOSE_DAYS, place="A hospital nearby"),
        ),
        rites=Rites.UNKNOWN,
    )


def _act(by: User, incident: Incident, raiders: Actor, facts: ActFacts) -> Act:
    act = record_act(by=by, incident=incident, facts=facts)
    involvement = InvolvementFacts(degree=Degree.DIRECTLY_CARRIED_OUT, note="As the account describes them")
    record_involvement(by=by, act=act, actor=raiders, facts=involvement)
    return act


def _at_the_cemetery(by: User, scene: Scene) -> None:
    for kind, said in (
        (ActType.FORCED_MASS_BURIAL, "Bodies laid beside and above each other in one pit"),
        (ActType.DENIAL_OF_BURIAL_RITES, "Seven people interviewed say that rites were refused"),
    ):
        record_act(
            by=by, incident=scene.burial, facts=ActFacts(type=kind, dates=THOSE_DAYS, description=said)
        )
