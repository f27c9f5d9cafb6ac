"""Arabic of which a word misled: who withdraws, what is approved, and what is gone for good."""

import pytest
from django.utils.translation import gettext, override

from cases.forms.intake import OUTCOMES, MeetingForm
from cases.vocabulary import ConsentState, WitnessStatus


def test_witness_withdraws_and_a_consent_is_withdrawn() -> None:
    with override("ar"):
        assert str(WitnessStatus.WITHDRAWN.label) == "منسحب"
        assert str(ConsentState.WITHDRAWN.label) == "مسحوبة"


def test_meeting_is_spoken_of_in_its_gender() -> None:
    with override("ar"):
        assert [str(label) for _state, label in OUTCOMES] == ["انتهى", "ما زال جاريًا", "أوقفه الشاهد", "قُطع"]
        form = MeetingForm()
        assert [str(form[name].label) for name in ("started_at", "ended_at")] == ["متى بدأ", "متى انتهى"]


@pytest.mark.parametrize(
    ("msgid", "root"),
    [
        ("Why it may be approved without being read back", "اعتمادها"),
        ("No account can be taken down or approved without a consent in force.", "اعتمادها"),
        ("Forget the intake", "حذف"),
    ],
)
def test_grave_words_name_the_act(msgid: str, root: str) -> None:
    with override("ar"):
        assert root in gettext(msgid)
