"""Names that files go by outside: number, place in the exhibit and type, never what somebody called them."""

import pytest
from django.urls import reverse

from evidence.decoding.kinds import CLAIMS, KNOWN, known
from tests.evidence.runs import check_again
from tests.evidence.worlds import World, photo
from tests.personas import signed_in

pytestmark = pytest.mark.usefixtures("looked_once")


@pytest.mark.parametrize("mime", sorted(KNOWN))
def test_every_type_that_is_opened_has_an_end_of_its_name_that_it_may_claim(mime: str) -> None:
    kind = known(mime)
    assert kind.suffix.isalnum()
    assert kind.suffix != known("application/x-unknown").suffix == "bin"
    assert kind.decoder in CLAIMS.get(kind.suffix, {kind.decoder})


@pytest.mark.parametrize(
    ("mime", "end"),
    [
        ("video/3gpp", "3gp"),
        ("video/x-matroska", "mkv"),
        ("image/bmp", "bmp"),
        ("audio/amr", "amr"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("text/html", "bin"),
    ],
)
def test_end_is_the_one_that_other_programs_know(mime: str, end: str) -> None:
    assert known(mime).suffix == end


def test_files_of_one_exhibit_are_told_apart(world: World) -> None:
    browser, names = signed_in(world.investigator), []
    for seed in (0, 40, 80):
        file = world.receive(photo(seed=seed), name="Aziza on the stairs.jpg")
        check_again(file)
        for name in ("file-content", "file-thumbnail"):
            answer = browser.get(reverse(name, args=[world.case.pk, world.item.pk, file.pk]))
            assert answer.getvalue()
            names.append(answer.headers["Content-Disposition"].partition("filename=")[2].strip('"'))
    number = world.item.exhibit_no
    assert names == [f"{number}-{place}{end}" for place in (1, 2, 3) for end in (".jpg", "-preview.jpg")]
