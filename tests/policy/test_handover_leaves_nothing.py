"""After identities were handed over: every byte of the server, all its keys, one custodian's: no name, and no
words in them; and the file that went out stays closed to all of it.
"""

from uuid import UUID

import pyrage
import pytest

from accounts.door import entering
from audit.vocabulary import Kind
from cases.vocabulary import SessionState
from exports import tasks
from exports.models import SecondKey
from tests.custodians import id_of
from tests.exports.handing import NAMES, Handing, opened
from tests.exports.worlds import make_world
from tests.policy.loot import Loot, names_from, take
from vault import envelope
from vault.envelope import Place
from vault.errors import VaultError
from vault.vocabulary import Use


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_handover_leaves_no_name_and_no_words(caplog: pytest.LogCaptureFixture) -> None:
    world = make_world()
    before = take().digests()  # nobody had typed a name, and no word was drawn
    made = Handing(world)
    with entering(world.officer, "test"):
        stolen = SecondKey.objects.get(pk=made.key.pk)
    assert take().holding([made.words])  # the control: until it is used a running server opens it
    try:
        row = made.run()
        assert made.session(row).state == SessionState.HANDED
    finally:
        made.keeper.close()
    sealed = made.sealed(row)
    assert {one["pseudonym"] for one in opened(sealed, made.words)["witnesses"]} == {"Lama", "Suad"}
    tasks.turn_second_key(str(made.key.pk))
    loot = take()
    assert loot.holding([*(one for one in NAMES if len(one) > 5), made.words], before) == []
    assert not [one for one in (*NAMES, made.words) if one in caplog.text]
    _nothing_opens(sealed, stolen, made, loot)
    assert len(world.events(Kind.SECOND_KEY_TURNED)) == 1


def _nothing_opens(sealed: bytes, stolen: SecondKey, made: Handing, loot: Loot) -> None:
    """Neither the file, nor a copy of the second key's row from before, nor, with one custodian, a name."""
    assert stolen.secret
    place = Place(Use.CELL, "exports_secondkey", "secret", stolen.pk, stolen.scope())
    for key in loot.keys:
        with pytest.raises(VaultError):
            envelope.unseal(key, place, stolen.secret.blob)
    codes: dict[UUID, tuple[str, str]] = {
        one.pk: (made.world.case.code, one.code) for one in (made.her, made.him)
    }
    for person in made.guards:
        assert names_from([loot], codes, {id_of(person): made.keys[id_of(person)]}) == []
    words = {one for content in loot.raw.values() for one in _lines(content)}
    for guess in (*words, made.world.recipient.pk.hex):
        with pytest.raises(pyrage.DecryptError):
            pyrage.passphrase.decrypt(sealed, guess)


def _lines(content: bytes) -> list[str]:
    """What looks like ten words in a row: there is nothing of the kind."""
    found = []
    for line in content.split(b"\n"):
        parts = line.split(b" ")
        if len(parts) == 10 and all(one.isalpha() and one.islower() for one in parts):
            found.append(line.decode())
    return found
