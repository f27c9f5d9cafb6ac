"""The words of the last searches, kept so that somebody who opened what was found can go back to it.

They stand in no address. They lie in the session, whose row is sealed for the cookie that only the person's
browser has; they are few, they are used for some minutes only, and they go with the session. What was found
is not kept: it is looked for anew, with the rights that the person has then.
"""

import time
from typing import Final
from uuid import UUID, uuid4

from django.contrib.sessions.backends.base import SessionBase

from cases.models import Case

MOST_KEPT: Final = 5
LASTS: Final = 15 * 60  # seconds
_NAME: Final = "searches"
# Of each search: its handle, its case, the words, and when they were sent.
Kept = tuple[str, str, str, float]


def keep_words(session: SessionBase, case: Case, words: str) -> UUID:
    """Keep the words of a search, and return the handle by which its page is found again."""
    handle = uuid4()
    session[_NAME] = [*_still(session), (str(handle), str(case.pk), words, time.time())][-MOST_KEPT:]
    return handle


def kept_words(session: SessionBase, case: Case, handle: UUID) -> str | None:
    """Return the words of a search in this case, while they are kept."""
    still = _still(session)
    if len(still) != len(session.get(_NAME, [])):
        session[_NAME] = still
    return next((words for one, of, words, _at in still if (one, of) == (str(handle), str(case.pk))), None)


def _still(session: SessionBase) -> list[Kept]:
    return [one for one in session.get(_NAME, []) if one[3] > time.time() - LASTS]
