"""The questions of the three analyses, each under the method that answers it. Informed by the Berkeley
Protocol and the Leiden Guidelines; the wording is our own.

Each is put so that "yes" carries an exhibit and "no" must be explained. A code, once released, keeps its
question for ever: a question that is put anew gets a new code.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.vocabulary.verification import FAMILY_OF, Method, MethodFamily


@dataclass(frozen=True, slots=True)
class Question:
    """One question, by its code, and the method that answers it."""

    code: str
    method: Method
    words: str | Promise

    @property
    def family(self) -> MethodFamily:
        """The analysis to which the question belongs."""
        return FAMILY_OF[self.method]


def _asked(method: Method, **questions: str | Promise) -> tuple[Question, ...]:
    return tuple(Question(code, method, words) for code, words in questions.items())


QUESTIONS: tuple[Question, ...] = (
    *_asked(
        Method.SOURCE_PROVENANCE,
        maker_known=_("Is it known who made it, and how do we know?"),
        way_known=_("Is its way from whoever made it to us known without a gap?"),
        received_whole=_("Did we receive it as it was made or first put out, and not as an excerpt?"),
    ),
    *_asked(
        Method.SOURCE_CREDIBILITY,
        was_there=_("Could the source have been where and when this was made?"),
        held_before=_("Did earlier material of this source hold when it was checked?"),
        independent=_("Is the source independent of the parties, and of our other sources of this event?"),
        specific=_("Is what the source says of it specific enough to be checked?"),
        soon_after=_("Was it told or put out soon after the event, and at first hand?"),
    ),
    *_asked(
        Method.REVERSE_SEARCH,
        copies_sought=_("Were earlier copies sought, of single frames too?"),
        none_older=_("Is no copy older than the event?"),
        copies_agree=_("Do the copies that were found agree on place, time and event?"),
    ),
    *_asked(
        Method.METADATA,
        metadata_there=_("Does the file still carry what the device wrote into it?"),
        clock_fits=_("Do its times fit the time that is claimed, with zone and clock error considered?"),
        position_fits=_("Does its position fit the place that is claimed?"),
        device_fits=_("Do device, format and encoder fit the account of the source?"),
    ),
    *_asked(
        Method.MANIPULATION_CHECK,
        first_form=_("Is it in the form in which it was made, not encoded anew by a service?"),
        not_cut=_("Is it whole, neither cropped nor cut out of something longer?"),
        no_traces=_("Was it searched for traces of editing, and were none found?"),
        not_made=_("Was it searched for signs that a program made it, and were none found?"),
    ),
    *_asked(
        Method.GEOLOCATION,
        place_matched=_("Do several features that are seen match a reference of the place?"),
        place_alone=_("Was it asked which other places would match as well, and is there none?"),
    ),
    *_asked(
        Method.CHRONOLOCATION,
        time_fits=_("Do light, shadows, weather or clocks fit the time that is claimed?"),
        time_bounded=_("Do the earliest and the latest possible time enclose the claimed one?"),
    ),
    *_asked(
        Method.WEAPON_IDENTIFICATION,
        marks_clear=_("Are marks or shape clear enough to name a type?"),
        weapon_compared=_("Was it compared with a reference, or read by a specialist?"),
    ),
    *_asked(
        Method.SATELLITE_COMPARISON,
        frames_near=_("Were the frames taken within 31 days of the event?"),
        change_explained=_("Were other reasons for the change considered, and found weaker?"),
    ),
    *_asked(
        Method.FORENSIC_MEDICAL,
        read_by_trained=_("Was what is seen of bodies or wounds read by somebody trained for it?"),
        wounds_fit=_("Does that fit what is told of how it happened?"),
    ),
    *_asked(
        Method.CONTENT_CONSISTENCY,
        parts_fit=_("Do people, speech, signs, vehicles and season fit together?"),
        others_tell=_("Do independent accounts or pictures tell of the same?"),
        seen_apart=_("Is what is seen kept apart from what is said of it?"),
    ),
)


def questions_of(family: MethodFamily) -> tuple[Question, ...]:
    """Return the questions of one analysis, in their order."""
    return tuple(one for one in QUESTIONS if one.family == family)
