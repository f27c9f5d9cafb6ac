"""What is handed in is the version that the page showed, and no other."""

import re

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.testimonies import save_version
from cases.models import Testimony
from cases.vocabulary import TestimonyStatus, TextLanguage, VersionKind
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.cases.writing import of
from tests.personas import signed_in


def status(world: World) -> str:
    with entering(world.lead, "test"):
        return Testimony.objects.get(pk=world.testimony.pk).status


def shown(page: str) -> str:
    found = re.search(r'<input[^>]*name="seen"[^>]*value="(\d+)"', page)
    assert found
    return found.group(1)


def test_a_version_saved_meanwhile_is_not_handed_in(world: World) -> None:
    browser, ids = signed_in(world.investigator), of(world)
    seen = shown(look(browser, "testimony-submit", **ids))
    assert seen == "1"
    with entering(world.lead, "test"):
        save_version(
            by=world.lead,
            testimony=world.testimony,
            text="Somebody else's words",
            language=TextLanguage.ARABIC,
            kind=VersionKind.STATEMENT,
            based_on=1,
        )
    page = send(browser, "testimony-submit", {"seen": seen}, 409, **ids).content.decode()
    assert "A newer version was saved meanwhile" in page
    assert status(world) == TestimonyStatus.DRAFT
    assert len(world.events(Kind.TRANSITION_REFUSED)) == 1
    send(browser, "testimony-submit", {"seen": "two"}, 422, **ids)
    send(browser, "testimony-submit", {"seen": shown(look(browser, "testimony-submit", **ids))}, **ids)
    assert status(world) == TestimonyStatus.SUBMITTED
