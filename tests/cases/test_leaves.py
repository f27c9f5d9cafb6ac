"""Each writing leaves the digests of the rows it wrote: what is put back later contradicts the log."""

import json

import pytest
from django.apps import apps
from django.db import connection

from accounts.door import entering
from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Case, Draft, Membership
from tests.cases.scenarios import SCENARIOS
from tests.cases.worlds import World
from vault.rows import SealedRow

# A draft says nothing yet: keeping one is no event.
KEPT = [
    model
    for model in apps.get_app_config("cases").get_models()
    if issubclass(model, SealedRow) and model is not Draft
]


def differing(world: World) -> list[str]:
    """Rows of the case that are not as the log last said, or of which it says nothing."""
    said: dict[tuple[str, str], str] = {}
    with entering(world.lead, "test"):
        for event in Event.objects.of_scope(world.case.pk).order_by("at"):
            for row in json.loads(event.leaf).get("rows", []):
                said[row["table"], row["id"]] = row["digest"]
        rows = [
            row
            for model in _filled()
            for row in model._base_manager.filter(**{"pk" if model is Case else "case": world.case.pk})
        ]
        assert any(isinstance(row, Membership) for row in rows)
        return [
            str(row) for row in rows if said.get((row._meta.db_table, str(row.pk))) != row.row_digest().hex()
        ]


def _filled() -> list[type[SealedRow]]:
    """Of which there is a row that the reader of the open door sees; to ask each by itself takes long."""
    there = "SELECT {0!r} WHERE EXISTS (SELECT FROM {0})"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(there.format(model._meta.db_table) for model in KEPT))
        found = {row[0] for row in cursor.fetchall()}
    return [model for model in KEPT if model._meta.db_table in found]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("withdraw_consent", Kind.CONSENT_WITHDRAWN),
        ("withdraw_testimony", Kind.TESTIMONY_WITHDRAWN),
        ("approve_testimony", Kind.REVIEW_APPROVED),
    ],
)
def test_what_must_not_be_undone_is_sealed_at_once(
    name: str, kind: Kind, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = next(one for one in SCENARIOS if one.name == name)
    scenario.prepare(world)
    asked: list[Event] = []
    for room in ("consents", "reviews", "testimonies"):
        monkeypatch.setattr(f"cases.actions.{room}.seal_now", lambda *events: asked.extend(events))
    person = getattr(world, scenario.by)
    with entering(person, "test"):
        scenario.run(world, person)
    assert [event.kind for event in asked] == [kind]
