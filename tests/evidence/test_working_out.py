"""Pages of place, time, outlines and questions: what was typed is kept, and mended where it is wrong."""

from dataclasses import replace

from accounts.door import entering
from evidence.models import PlaceAnalysis, SatelliteAnalysis, TimeAnalysis, WeaponAnalysis
from evidence.vocabulary import FAMILY_OF, ItemType, Method
from tests.evidence.test_weighing_pages import FRAMES, WEAPON, checked, confirm, found, ids, look, send
from tests.evidence.worlds import PHOTO, World

PLACE = {
    "place": "The lot",
    "latitude": "٣٥٫١٨١٢",
    "longitude": "35.9481",
    "uncertainty": "20",
    "seen_1": "A dome",
    "there_1": "The dome on the map",
    "seen_3": "A wall",
    "there_3": "The wall in the frame",
    "confidence": "moderate",
    "finding": "It tends to show the lot.",
}
TIME: dict[str, str | list[str]] = {
    "found": "2025-03-09 10",
    "found_precision": "hour",
    "bases": ["shadow", "weather"],
    "notes": "By the shadow of the pole.",
    "confidence": "weak",
    "finding": "Late morning.",
}
LOT = "35.1812, 35.9481\n35.1812, 35.9492\n35.1803, 35.9492\n35.1803, 35.9481"


def test_place_is_kept_with_what_matches_and_shown_to_readers(world: World) -> None:
    for wrong, said in (
        ({"latitude": "91"}, "less than or equal to 90"),
        ({"latitude": ""}, "required"),
        ({"there_3": ""}, "only if both sides are told"),
        ({name: "" for name in PLACE if name[-1].isdigit()}, "at least one feature"),
        ({"uncertainty": "0"}, "greater than or equal to 1"),
    ):
        page = send(world.analyst, "place-analysis-create", PLACE | wrong, 422, **ids(world))
        assert said in page
        assert PLACE["finding"] in page
    send(world.analyst, "place-analysis-create", PLACE, **ids(world))
    page = look(world.investigator, "exhibit-detail", **ids(world))
    for word in ("35.181200", "35.948100", "20 metres off", "A dome", "The wall in the frame", "Moderate"):
        assert word in page
    with entering(world.analyst, "test"):
        kept = PlaceAnalysis.objects.get()
    assert "35.18" not in repr(kept.__dict__)


def test_time_is_kept_with_its_precision_and_how_it_was_found(world: World) -> None:
    wrongs: list[dict[str, str | list[str]]] = [
        {"found": ""},
        {"found": "2025-13-09"},
        {"bases": []},
        {"bases": ["guess"]},
        {"notes": ""},
    ]
    for wrong in wrongs:
        page = send(world.analyst, "time-analysis-create", TIME | wrong, 422, **ids(world))
        assert "Late morning." in page
    send(world.analyst, "time-analysis-create", TIME, **ids(world))
    page = look(world.investigator, "exhibit-detail", **ids(world))
    for word in ("9 March 2025, about", "Shadows and the height of the sun", "Weather of the day", "Weak"):
        assert word in page
    with entering(world.analyst, "test"):
        assert TimeAnalysis.objects.count() == 1


def test_outlines_of_frames_are_measured_beside_the_own_figure(world: World) -> None:
    item = world.register(replace(PHOTO, type=ItemType.SATELLITE_IMAGE))
    files = {name: str(checked(world, seed, item).pk) for name, seed in (("before", 3), ("after", 60))}
    sent = FRAMES | files | {"outline": LOT, "measured_area": "9,900 m2, by counting pixels"}
    crossing = "0,0; 1,1; 0,1; 1,0"
    for name in ("outline", "footprint"):
        page = send(
            world.analyst, "satellite-analysis-create", sent | {name: crossing}, 422, **ids(world, item)
        )
        assert "crosses itself" in page
        assert crossing in page
    send(world.analyst, "satellite-analysis-create", sent, **ids(world, item))
    page = look(world.investigator, "exhibit-detail", **ids(world, item))
    assert "9,900 m2, by counting pixels" in page
    assert "10,004 m²" in page
    assert "35.1812000, 35.9481000" in page
    with entering(world.analyst, "test"):
        kept = SatelliteAnalysis.objects.get()
    assert kept.footprint is None


def test_weapon_says_where_it_is_seen_and_how_sure_that_is(world: World) -> None:
    more = {"seen": "Lower left", "references": "A catalogue", "confidence": "strong", "markings": "13 / 89"}
    send(world.analyst, "weapon-analysis-create", WEAPON | more | {"confidence": ""}, 422, **ids(world))
    send(world.analyst, "weapon-analysis-create", WEAPON | more, **ids(world))
    page = look(world.investigator, "exhibit-detail", **ids(world))
    for word in ("Lower left", "A catalogue", "Strong", "13 / 89"):
        assert word in page
    with entering(world.analyst, "test"):
        assert WeaponAnalysis.objects.count() == 1


def test_questions_are_answered_told_and_read_by_who_confirms(world: World) -> None:
    checked(world)
    send(world.analyst, "exhibit-take-up", {}, **ids(world))
    family = FAMILY_OF[Method.METADATA].value
    sent = {"revision": "", "clock_fits": "no", "clock_fits_note": "The zone is off.", "device_fits": "yes"}
    for wrong, said in (
        ({"clock_fits_note": " "}, "needs words"),
        ({"clock_fits": "", "device_fits": ""}, "Answer the question to which you wrote a note"),
        ({"clock_fits": "perhaps"}, "valid choice"),
    ):
        page = send(world.analyst, "checklist-answer", sent | wrong, 422, **ids(world), family=family)
        assert said in page
    assert "Nothing is answered yet" in send(
        world.analyst, "checklist-answer", {"revision": ""}, 422, **ids(world), family=family
    )
    send(world.analyst, "checklist-answer", sent, **ids(world), family=family)
    # Who answers what somebody else answered meanwhile is told so, and loses nothing.
    page = send(world.supervisor, "checklist-answer", sent, 422, **ids(world), family=family)
    assert "Somebody else saved a change" in page
    assert "The zone is off." in page
    send(world.supervisor, "checklist-answer", sent | {"revision": "1"}, **ids(world), family=family)
    page = look(world.investigator, "exhibit-detail", **ids(world))
    assert "The zone is off." in page
    assert world.supervisor.staff_code in page
    one = found(world)
    shown = look(world.supervisor, "verification-confirm", **ids(world), verification=one.pk)
    assert "The zone is off." in shown
    assert "Do its times fit" in shown
    confirm(world, one, world.supervisor)
