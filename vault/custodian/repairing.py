"""Halves for a newcomer, made by two custodians, without rebuilding a secret.

From a pair {a, b} in which a holds r (the first half) and b holds r xor secret (the second), for each member
x who shall be a pair with the newcomer d:

    a draws u; makes HPKE_x(u) and HPKE_d(r xor u)
    b makes HPKE_d(r xor secret)
    d joins what it got: (r xor u) xor (r xor secret) = u xor secret

so that x holds u and d holds u xor secret: a pair like every other.

Promise: nobody meets the secret on the way, whatever a lying server asks for. A first half leaves its owner
blinded with a fresh u alone, a second half alone is given in clear, and which of the two a half is, is bound
into it: so whatever a newcomer adds up, the secret stays covered by a random value that they were not given.
Were the two roles played both ways over one pair, d would hold both halves: so the role is read from the half
and never from the request. The newcomer may stand in no pair that is used, and everybody concerned stands in
the directory that the tool trusts.

Not promised: that a's u to x is the u in what d got. A custodian who lies here makes a pair that opens
nothing; the drill finds it. Called by the tool, and by the server, which checks the papers.
"""

from collections.abc import Iterable
from secrets import token_bytes
from typing import Final

from vault.custodian.directory import Directory
from vault.custodian.errors import HalfRefused, PaperRefused
from vault.custodian.keyfile import KeyFile
from vault.custodian.pairs import (
    LENGTH,
    Binding,
    Half,
    OpenedHalf,
    Pair,
    Side,
    check_half,
    encrypt_half,
    open_half,
    xor,
)
from vault.custodian.repairpapers import Completed, Help, Repair, Sent, Source, helps_digest
from vault.envelope import encode
from vault.errors import NotVerified

_BLINDED: Final = b"casemgr repair blinded half 1"
_GIVEN: Final = b"casemgr repair given half 1"


def check(repair: Repair, directory: Directory) -> None:
    """Raise `PaperRefused` or `DirectoryRefused` unless the repair may be done under `directory`."""
    if repair.directory != directory.number or repair.directory_digest != directory.digest:
        raise PaperRefused("The repair was made under another directory than the one that is trusted here.")
    newcomer = directory.member(repair.newcomer)
    others = {one.id for one in directory.members if one.role == newcomer.role} - {newcomer.id}
    if not repair.partners or not set(repair.partners) <= others:
        raise PaperRefused("The newcomer would be a pair with somebody who is none of theirs.")
    custodians = {one.id for one in directory.custodians}
    helpers = set(repair.helpers)
    if len(helpers) != 2 or newcomer.id in helpers or not helpers <= custodians:
        raise PaperRefused("A repair is helped by two custodians, and the newcomer is neither.")
    if any({one.pair.first, one.pair.second} != helpers for one in repair.sources):
        raise PaperRefused("A repair uses one pair.")


def new_binding(repair: Repair, source: Source, partner_index: int) -> Binding:
    """Return where the first half of the pair with a partner will lie."""
    pair = Pair(repair.partners[partner_index], repair.newcomer)
    return Binding(source.subject, pair, Side.FIRST, repair.directory)


def assist(repair: Repair, directory: Directory, me: KeyFile) -> Help:
    """Do a helper's part. Raises `PaperRefused`, `DirectoryRefused` or `HalfRefused`."""
    check(repair, directory)
    if me.id not in repair.helpers:
        raise PaperRefused("This repair does not ask you.")
    halves: list[Half] = []
    blinded: list[Sent] = []
    given: list[Sent] = []
    newcomer = directory.member(repair.newcomer).keys.box
    for source in repair.sources:
        mine = source.half_of(me.id)
        opened = open_half(mine, me.keys.box)
        if mine.binding.side == Side.SECOND:
            sent = newcomer.encrypt(opened.half, _given(repair, mine.binding))
            given.append(Sent(mine.binding, sent))
            continue
        for place in range(len(repair.partners)):
            binding, u = new_binding(repair, source, place), token_bytes(LENGTH)
            partner = directory.member(binding.pair.first).keys.box
            halves.append(encrypt_half(partner, OpenedHalf(binding, u)))
            text = xor(opened.half, u)
            blinded.append(Sent(binding, newcomer.encrypt(text, _blinded(repair, binding))))
    return Help.sign(repair, me, tuple(halves), tuple(blinded), tuple(given))


def complete(repair: Repair, helps: tuple[Help, Help], directory: Directory, me: KeyFile) -> Completed:
    """Do the newcomer's part: join what two helpers sent. Raises as `assist`; a false half is named."""
    check(repair, directory)
    if me.id != repair.newcomer:
        raise PaperRefused("This repair is not for you.")
    check_helps(repair, helps, directory)
    blinded = {one.binding: one for help_ in helps for one in help_.blinded}
    given = {one.binding: one for help_ in helps for one in help_.given}
    halves: list[Half] = []
    for source in repair.sources:
        second = source.halves[1]
        text = _open(given[second.binding], me, _given(repair, second.binding))
        clear = check_half(second, text).half
        for place in range(len(repair.partners)):
            binding = new_binding(repair, source, place)
            hidden = _open(blinded[binding], me, _blinded(repair, binding))
            mine = OpenedHalf(binding.other, xor(hidden, clear))
            halves.append(encrypt_half(me.keys.public.box, mine))
    return Completed.sign(repair, me, helps, tuple(halves))


def check_helps(repair: Repair, helps: tuple[Help, Help], directory: Directory) -> None:
    """Raise `PaperRefused` unless both helpers signed, and together sent what the repair needs."""
    if {one.by for one in helps} != set(repair.helpers):
        raise PaperRefused("Both helpers answer, each for themself.")
    for one in helps:
        one.check(repair, directory.member(one.by))
    first, second = _wanted(repair)
    _same("first halves", (one.binding for help_ in helps for one in help_.halves), first)
    _same("blinded halves", (one.binding for help_ in helps for one in help_.blinded), first)
    _same("given halves", (one.binding for help_ in helps for one in help_.given), second)
    drawers = {source.subject: source.pair.first for source in repair.sources}
    for one in helps:
        mine = {part.binding.subject for part in one.halves} | {part.binding.subject for part in one.blinded}
        if any(drawers[subject] != one.by for subject in mine):
            raise PaperRefused("A helper answers in the place of the other.")


def new_halves(
    repair: Repair, helps: tuple[Help, Help], completed: Completed, directory: Directory
) -> tuple[Half, ...]:
    """Return what the server keeps from a finished repair, everything checked but what only opening shows."""
    check(repair, directory)
    check_helps(repair, helps, directory)
    completed.check(repair, directory.member(repair.newcomer))
    if completed.helps != helps_digest(helps):
        raise PaperRefused("The newcomer joined other helps than these: join them anew.")
    first, _ = _wanted(repair)
    _same("second halves", (one.binding for one in completed.halves), {one.other for one in first})
    return tuple(one for part in (*helps, completed) for one in part.halves)


def _wanted(repair: Repair) -> tuple[set[Binding], set[Binding]]:
    places = range(len(repair.partners))
    first = {new_binding(repair, source, place) for source in repair.sources for place in places}
    return first, {source.halves[1].binding for source in repair.sources}


def _same(what: str, found: Iterable[Binding], wanted: set[Binding]) -> None:
    listed = list(found)
    if len(listed) != len(wanted) or set(listed) != wanted:
        raise PaperRefused(f"The {what} in the files are not those that the repair asks for.")


def _open(sent: Sent, me: KeyFile, info: bytes) -> bytes:
    try:
        text = me.keys.box.decrypt(sent.encrypted, info)
    except NotVerified:
        raise HalfRefused(sent.binding.holder, "was not encrypted to you for this repair") from None
    if len(text) != LENGTH:
        raise HalfRefused(sent.binding.holder, "has another length")
    return text


def _blinded(repair: Repair, binding: Binding) -> bytes:
    return encode(_BLINDED, repair.digest, binding.info)


def _given(repair: Repair, binding: Binding) -> bytes:
    return encode(_GIVEN, repair.digest, binding.info)
