"""Two cases: no list of one case's people shows a row of the other, whichever model it is of."""

import pytest
from django.apps import apps

from accounts.door import entering
from accounts.models import User
from cases.models import Case, CaseRow
from tests import factories
from tests.cases.worlds import World, once

MODELS = [model for model in apps.get_app_config("cases").get_models() if issubclass(model, CaseRow)]


def fill(case: Case, by: User) -> None:
    witness = factories.make_consented_witness(case, by)
    factories.make_interview(witness, by)
    factories.make_submitted_testimony(witness, by)
    incident = factories.make_incident(case, by)
    victim = factories.make_victim(case, by, incident=incident)
    factories.make_act(incident, by, victims=(victim,))
    factories.make_actor(case, by)


def other_of(world: World) -> Case:
    """The outsider's case, as full of rows as the world's own."""
    return once(world, "other", _both)


def _both(world: World) -> Case:
    fill(world.case, world.investigator)
    other = factories.make_case(world.outsider, prefix="HOM")
    fill(other, world.outsider)
    return other


BEGINS_WITH = (other_of,)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_keep_to_the_readers_cases(model: type[CaseRow], world: World, outsider: User) -> None:
    other = other_of(world)
    for reader, case in ((world.investigator, world.case), (outsider, other)):
        with entering(reader, "test"):
            rows = list(model.objects.visible_to(reader))
            assert {row.case_id for row in rows} <= {case.pk}
            assert model.objects.visible_to(reader).count() == len(rows)
    # The queryset alone keeps them apart, too: the first wall does not lean on the second.
    with entering(outsider, "test"):
        assert not model.objects.visible_to(world.lead).filter(case=other).exists()


def test_every_table_of_a_case_says_which_case() -> None:
    others = {"Case", "CaseCounter", "Membership", "CaseGrant"}
    known = {model.__name__ for model in apps.get_app_config("cases").get_models()}
    assert known - others == {model.__name__ for model in MODELS}
