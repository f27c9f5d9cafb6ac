"""Consent in whole sentences, so that it can be read aloud to the person who gave it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import ConsentScope
from cases.views.common import Line
from cases.vocabulary import ConsentPurpose, Decision, IdentityLevel, Material, RecipientClass

Key = tuple[str, str, str, str, bool, bool, datetime | None, str]


@dataclass(slots=True)
class Said:
    """One answer as it can be read aloud."""

    sentence: str
    decision: str
    label: str
    further: list[str] = field(default_factory=list)
    conditions: str = ""
    withdrawn_at: datetime | None = None


def by_purpose(lines: Iterable[Line[ConsentScope]]) -> list[tuple[str, list[Said]]]:
    """What was agreed to, purpose by purpose; answers that differ in the material alone are one sentence."""
    grouped: dict[Key, list[Material]] = {}
    for line in lines:
        row = line.row
        key = (
            row.purpose,
            row.recipient_class,
            row.decision,
            row.identity_level if row.decision == Decision.GRANTED else "",
            row.names_state_body,
            row.recontact_before_use,
            row.withdrawn_at,
            line.opened.text("conditions"),
        )
        grouped.setdefault(key, []).append(Material(row.material))
    return [
        (str(purpose.label), found) for purpose in ConsentPurpose if (found := list(_said(purpose, grouped)))
    ]


def _said(purpose: ConsentPurpose, grouped: dict[Key, list[Material]]) -> Iterator[Said]:
    order = list(RecipientClass)
    rank = list(Decision)
    mine = [(key, materials) for key, materials in grouped.items() if key[0] == purpose]
    for key, materials in sorted(mine, key=lambda one: (order.index(one[0][1]), rank.index(one[0][2]))):  # type: ignore[arg-type]  # words of the lists themselves
        yield _sentence(key, materials)


def _sentence(key: Key, materials: list[Material]) -> Said:
    _purpose, recipient, decision, level, state_body, recontact, withdrawn_at, conditions = key
    words = {
        "recipient": RecipientClass(recipient).label,
        "materials": _("; ").join(str(one.label) for one in Material if one in materials),
    }
    said = Said(
        _form(Decision(decision)) % words,
        "withdrawn" if withdrawn_at else decision,
        _("Withdrawn") if withdrawn_at else str(Decision(decision).label),
        conditions=conditions,
        withdrawn_at=withdrawn_at,
    )
    if decision == Decision.GRANTED:
        said.further.append(_level(IdentityLevel(level)))
        if state_body:
            said.further.append(_("The bodies of the State among them were named, and agreed to."))
        if recontact:
            said.further.append(_("The person is asked before each use."))
    return said


def _form(decision: Decision) -> str:
    if decision == Decision.GRANTED:
        return _("This may be used by: %(recipient)s. What may be used: %(materials)s.")
    if decision == Decision.REFUSED:
        return _("This may not be used by: %(recipient)s. What may not be used: %(materials)s.")
    return _("The person is asked again before any use by: %(recipient)s. What it is about: %(materials)s.")


def _level(level: IdentityLevel) -> str:
    words = {
        IdentityLevel.NONE: _("Nothing about the person is said with it."),
        IdentityLevel.PSEUDONYM: _("The person appears under a pseudonym alone."),
        IdentityLevel.CONFIDENTIAL_IDENTITY: _(
            "The recipient may learn who the person is, and must keep it secret."
        ),
        IdentityLevel.FULL_IDENTITY: _("The recipient may learn and say who the person is."),
    }
    return words[level]
