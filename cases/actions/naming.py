"""Numbers and addresses in words that are to name nobody.

Promise: seven digits in a row are taken for a telephone number, of whatever script and whatever is between
them but letters, unless all of it reads as hours or days. Called by the actions of safe contact.
"""

import re
import unicodedata

_NUMBER = re.compile(r"\d(?:[\W_]*\d){6,}")
_ADDRESS = re.compile(r"\S@\S|(?:^|\s)@\w{3,}|(?:t|wa)\.me/|https?://", re.IGNORECASE)
_HOUR, _MINUTE = r"(?:[01]?\d|2[0-4])", r"[0-5]\d"
_HOURS = rf"{_HOUR}(?:[.:]{_MINUTE})?\s*[-–—\u2010]\s*{_HOUR}(?:[.:]{_MINUTE})?|{_HOUR}:{_MINUTE}"  # noqa: RUF001 - dashes that people write
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_DATE = rf"{_DAY}[-./]{_MONTH}[-./]{_YEAR}|{_YEAR}[-./]{_MONTH}[-./]{_DAY}"
_TIME = rf"(?:{_DATE}|{_HOURS})"
# Between two times stands a comma, or room: "9-12-14-17" is none.
_TIMES = re.compile(rf"{_TIME}(?:(?:\s*[,;،]\s*|\s+(?:[-–—]\s+)?){_TIME})*")  # noqa: RUF001 - as above


def names_somebody(text: str) -> bool:
    """Tell whether a telephone number, an e-mail address or an account stands in the text."""
    plain = _plain(text)
    numbers = _NUMBER.finditer(plain)
    return bool(_ADDRESS.search(plain)) or any(not _TIMES.fullmatch(one.group()) for one in numbers)


def _plain(text: str) -> str:
    """One form for digits of every script, without the marks that no eye sees."""
    seen = (one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in seen)
