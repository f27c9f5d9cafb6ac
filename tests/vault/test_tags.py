"""Tags, blind indexes and small secrets: each bound to its own domain and place."""

import itertools
from typing import cast
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import smallsecrets
from vault.blind import LENGTH, TooFewValues, blind_index
from vault.errors import NotVerified, UnknownKey
from vault.macs import TAG_LENGTH, Domain, mac, verify_mac
from vault.scopes import STAFF, Scope

pytestmark = pytest.mark.django_db
CASE = Scope.case(uuid4())


def test_a_tag_fits_its_facts_and_domain_alone() -> None:
    tags = {label: mac(label, b"facts") for label in Domain}
    assert len(set(tags.values())) == len(Domain)
    for (label, tag), other in itertools.product(tags.items(), Domain):
        assert len(tag) == TAG_LENGTH
        if label is other:
            verify_mac(label, b"facts", tag)
            verify_mac(label, b"facts", memoryview(tag))
        else:
            with pytest.raises(NotVerified):
                verify_mac(other, b"facts", tag)
    for tag in (b"", tags[Domain.GRANTS][:-1], tags[Domain.GRANTS] + b"\0", bytes(32)):
        with pytest.raises(NotVerified):
            verify_mac(Domain.GRANTS, b"facts", tag)


def test_an_unknown_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="wishes"):
        mac(cast("Domain", "wishes"), b"")


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_index_finds_equal_values_alone(one: str, other: str) -> None:
    def index(value: str) -> bytes:
        return blind_index(table="t", column="c", scope=CASE, value=value, possible=1000)

    one, other = (text.encode(errors="replace").decode() for text in (one, other))
    assert (index(one) == index(other)) == (one == other)
    assert len(index(one)) == LENGTH


def test_an_index_tells_nothing_across_places() -> None:
    places = itertools.product(("t", "tt"), ("c", "tc"), (CASE, Scope.case(uuid4()), STAFF))
    found = {
        blind_index(table=table, column=column, scope=scope, value="V-17", possible=16)
        for table, column, scope in places
    }
    assert len(found) == 12
    assert blind_index(table="t", column="c", scope=CASE, value=b"V-17", possible=16) in found
    witness = Scope.witness(CASE.id, uuid4())
    assert blind_index(table="t", column="c", scope=witness, value="V-17", possible=16) in found


@pytest.mark.parametrize("possible", [0, 2, 15])
def test_a_column_of_few_values_has_no_index(possible: int) -> None:
    with pytest.raises(TooFewValues):
        blind_index(table="t", column="sex", scope=CASE, value="f", possible=possible)


def test_a_small_secret_opens_where_it_was_sealed() -> None:
    blob = smallsecrets.seal(Domain.SECOND_FACTOR, b"person 1", b"secret")
    assert b"secret" not in blob
    assert smallsecrets.unseal(Domain.SECOND_FACTOR, b"person 1", blob) == b"secret"
    for domain, bound_to in ((Domain.SECOND_FACTOR, b"person 2"), (Domain.SESSION, b"person 1")):
        with pytest.raises(NotVerified):
            smallsecrets.unseal(domain, bound_to, blob)
    for at in range(len(blob)):
        changed = bytearray(blob)
        changed[at] ^= 1
        with pytest.raises((NotVerified, UnknownKey)):
            smallsecrets.unseal(Domain.SECOND_FACTOR, b"person 1", bytes(changed))
    assert len({len(smallsecrets.seal(Domain.SESSION, b"", b"x" * length)) for length in range(56)}) == 1
