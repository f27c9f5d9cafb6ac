"""Which drills are owed, and how each pair of custodians stands.

Promise: a pair owes a drill unless it passed one that was written in the last four weeks, with the keys that
both hold now; a row that does not carry our tag, or that names what nobody invented, counts for nothing and
stands in no other row's way. Called by the sweep and by the custodians' page.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from accounts.custodians import chain, directory_in_force
from accounts.errors import ForgedDrill
from accounts.models import Drill, DrillAnswer, DrillIdentity
from accounts.vocabulary import DRILL_EVERY, DrillState
from vault.custodian.directory import Directory, held_since
from vault.custodian.pairs import Pair
from vault.drills import drills_scope
from vault.errors import VaultError
from vault.models import IdentityHalf, SealedIdentity
from vault.stepping import Guarded, stepping_into


@dataclass(frozen=True, slots=True)
class Standing:
    """How one pair stands: the last drill they passed, the last that ended, and the one that waits."""

    codes: tuple[str, str]
    ids: tuple[UUID, UUID]
    passed: Drill | None
    ended: Drill | None
    waiting: Drill | None
    answered: tuple[str, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """Who has not answered the drill that waits."""
        return tuple(code for code in self.codes if code not in self.answered) if self.waiting else ()

    @property
    def is_late(self) -> bool:
        """The last drill ended unanswered, and none was passed since."""
        return self.ended is not None and self.ended.state == DrillState.LATE


def subject_of(drill: Drill) -> str:
    """How the log names a drill."""
    return f"drill:{drill.pk}"


def believe(row: Drill | DrillAnswer) -> None:
    """Raise `ForgedDrill` unless the row carries our tag."""
    try:
        row.verify_tag()
    except VaultError:
        raise ForgedDrill(subject=subject_of(row if isinstance(row, Drill) else row.drill)) from None


def is_ours(row: Drill | DrillAnswer) -> bool:
    """Tell whether the row carries our tag."""
    try:
        believe(row)
    except ForgedDrill:
        return False
    return True


def answered_by(drill: Drill) -> set[UUID]:
    """Who has answered a drill."""
    return {one.member for one in DrillAnswer.objects.filter(drill=drill) if is_ours(one)}


def owing(directory: Directory) -> list[Pair]:
    """The pairs without a drill that waits and without one that they passed lately: of custodians, and the
    outside bodies'.
    """
    return [one for one in directory.pairs if not _waiting(one) and not _passed_lately(one)]


def standings(directory: Directory) -> list[Standing]:
    """Every pair, for the custodians' page."""
    codes = {one.id: one.code for one in directory.members}
    return [_standing(pair, codes) for pair in directory.pairs]


def usable(pair: Pair) -> list[UUID]:
    """The invented identities to which both hold a half under their present keys."""
    since = _since_of(pair)
    made = list(DrillIdentity.objects.values_list("pk", flat=True))
    found: list[set[UUID]] = []
    with stepping_into(Guarded.IDENTITY):
        for holder, partner in ((pair.first, pair.second), (pair.second, pair.first)):
            rows = IdentityHalf.objects.filter(
                identity__in=made, custodian=holder, partner=partner, directory_number__gte=since
            ).filter(identity__scope_id=drills_scope())
            found.append(set(rows.values_list("identity_id", flat=True)))
    return sorted(found[0] & found[1])


def has_its_own(pair: Pair) -> bool:
    """Tell whether an identity was invented for this pair, under the keys that both hold now."""
    rows = DrillIdentity.objects.filter(first=pair.first, second=pair.second, pk__in=usable(pair))
    return rows.filter(directory_number__gte=_since_of(pair)).exists()


def not_invented() -> list[UUID]:
    """What the table of invented identities names and nobody invented: a real one, or none."""
    made = set(DrillIdentity.objects.values_list("pk", flat=True))
    with stepping_into(Guarded.IDENTITY):
        ours = SealedIdentity.objects.filter(pk__in=made, scope_id=drills_scope())
        return sorted(made - set(ours.values_list("pk", flat=True)))


def is_carried(drill: Drill, directory: Directory) -> bool:
    """Tell whether it is the outside bodies' drill, which custodians carry to them."""
    return set(drill.pair) == {one.id for one in directory.outside_bodies}


def _since_of(pair: Pair) -> int:
    since = held_since([signed.directory for signed in chain()])
    return max(since[pair.first], since[pair.second])


def _of(pair: Pair, *states: DrillState) -> Drill | None:
    """The newest drill of a pair that is ours."""
    rows = Drill.objects.filter(first=pair.first, second=pair.second, state__in=states)
    newest = rows.order_by("-created_at", "-id").iterator(chunk_size=20)
    return next((one for one in newest if is_ours(one)), None)


def _waiting(pair: Pair) -> Drill | None:
    return _of(pair, DrillState.ASKED)


def _passed_lately(pair: Pair) -> bool:
    drill = _of(pair, DrillState.PASSED)
    if drill is None or drill.directory_number < _since_of(pair):
        return False
    return bool(drill.created_at > timezone.now() - DRILL_EVERY)


def _standing(pair: Pair, codes: dict[UUID, str]) -> Standing:
    waiting = _waiting(pair)
    answered = answered_by(waiting) if waiting else ()
    return Standing(
        codes=(codes[pair.first], codes[pair.second]),
        ids=(pair.first, pair.second),
        passed=_of(pair, DrillState.PASSED),
        ended=_of(pair, DrillState.PASSED, DrillState.FAILED, DrillState.LATE),
        waiting=waiting,
        answered=tuple(sorted(codes[one] for one in answered if one in codes)),
    )


def waiting_for_member(member: UUID) -> list[Drill]:
    """The drills that wait for one custodian's answer, or to be carried by any of them."""
    directory = directory_in_force()
    if directory is None:
        return []
    rows = Drill.objects.filter(state=DrillState.ASKED, expires_at__gt=timezone.now())
    mine = [one for one in rows.order_by("created_at", "id") if is_ours(one)]
    return [
        one
        for one in mine
        if is_carried(one, directory) or (member in one.pair and member not in answered_by(one))
    ]
