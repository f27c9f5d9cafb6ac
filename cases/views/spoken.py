"""What is said to a person before they agree to anything, to be read aloud in their language.

Every sentence must be true of this system, of the worst that can happen to it too: whoever promises more
takes a consent that is none.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from cases.vocabulary import RIGHT_TO_LEFT


@dataclass(frozen=True, slots=True)
class Reading:
    """The text in one language."""

    language: str
    name: str
    direction: str
    is_open: bool
    sentences: list[str]


def readings() -> list[Reading]:
    """The text in each language of the interface; the reader's own stands open."""
    here = translation.get_language()
    found = []
    for language, name in settings.LANGUAGES:
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        with translation.override(language):
            found.append(Reading(language, str(name), direction, language == here, _sentences()))
    return found


def _sentences() -> list[str]:
    return [
        _(
            "It is your choice whether you talk to us. You may say no, leave a question out, pause, or stop "
            "at any time, and you need give no reason."
        ),
        _(
            "We write down what you tell us under a code and a pseudonym. Your name does not stand in your "
            "account; if it is kept at all, it is sealed apart from it."
        ),
        _(
            "The people who work on this case read your account. Every reading is written down, with the "
            "code of the person who read."
        ),
        _(
            "We cannot promise that nobody ever learns who you are. Those who know you may recognise you by "
            "what you tell, by your face or by your voice, and whoever takes over our machines while they "
            "run can read the accounts."
        ),
        _(
            "We give your account to others only for what you agree to, and we ask about each use by itself. "
            "Whoever receives it works by their own rules; a court may have to show it to the defence."
        ),
        _(
            "You may take your consent back at any time. From that moment we give nothing more to anybody. "
            "What others received before we cannot bring back, and taking back does not erase: if you want "
            "that, say so, and it is decided by itself."
        ),
        _(
            "We pay nothing for an account, and we cannot promise protection, papers, or that anybody will "
            "be brought before a court."
        ),
    ]
