"""Opening a case."""

from accounts.door import entering
from accounts.models import User
from cases.models import Case
from tests.factories import make_case


def test_lead_sees_the_case_they_opened(lead: User, outsider: User) -> None:
    case = make_case(lead)
    with entering(lead, "test"):
        assert list(Case.objects.visible_to(lead)) == [case]
    with entering(outsider, "test"):
        assert list(Case.objects.all()) == []
