"""A checkpoint has one spelling, and only its own log's signature opens it."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from audit.notes import BadNote, Head, Verifier, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ORIGIN = "casemgr/log/0123"
ROOT = bytes(range(32))
VERIFIER = Verifier(ORIGIN, KEY.public_key())
NOTE = sign(Head(ORIGIN, 42, ROOT), KEY)


def signed(body: str, key: Ed25519PrivateKey = KEY, name: str = ORIGIN) -> str:
    verifier = Verifier(name, key.public_key())
    value = base64.b64encode(verifier.key_id + key.sign(body.encode())).decode()
    return f"{body}\n\u2014 {name} {value}\n"


def test_note_says_what_was_signed() -> None:
    assert VERIFIER.open(NOTE) == Head(ORIGIN, 42, ROOT)
    assert VERIFIER.open(sign(Head(ORIGIN, 0, ROOT), KEY)).size == 0


def test_published_verifier_key_parses() -> None:
    """The example of C2SP's signed-note page."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    raw = base64.b64decode(text.split("+", 2)[2])[1:]
    example = Verifier("PeterNeumann", Ed25519PublicKey.from_public_bytes(raw))
    assert example.key_id.hex() == "c74f20a3"
    assert example.text() == text


def test_verifier_key_survives_its_own_text_and_nothing_else() -> None:
    assert Verifier.parse(VERIFIER.text()).open(NOTE).size == 42
    name, key_id, value = VERIFIER.text().split("+", 2)
    for bad in (
        "",
        name,
        f"{name}+{key_id}",
        f"{name}+00000000+{value}",
        f"x{name}+{key_id}+{value}",
        f"{name}+{key_id}+{value[:-4]}",
        f"{name}+{key_id}+Ag{value[2:]}",
    ):
        with pytest.raises(BadNote):
            Verifier.parse(bad)


B64 = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    "body",
    [
        f"{ORIGIN}\n042\n{B64}\n",
        f"{ORIGIN}\n+42\n{B64}\n",
        f"{ORIGIN}\n-1\n{B64}\n",
        f"{ORIGIN}\n\n{B64}\n",
        f"{ORIGIN}\n{B64}\n",
        f"42\n{ORIGIN}\n{B64}\n",
        f"{ORIGIN}\n42\n{B64}\nextra\n",
        f"{ORIGIN}\n42\n{B64[:-1]}\n",
        f"{ORIGIN}\n42\n{B64[:-2]}9=\n",
        f"{ORIGIN}\n42\n{base64.b64encode(ROOT[:31]).decode()}\n",
        f"{ORIGIN}\r\n42\r\n{B64}\r\n",
        f" {ORIGIN}\n42\n{B64}\n",
        f"{ORIGIN}\n\u0664\u0662\n{B64}\n",
        f"casemgr/log/other\n42\n{B64}\n",
        f"{ORIGIN}\n99999999999999999\n{B64}\n",
        "\n\n\n",
        "",
    ],
)
def test_well_signed_but_badly_spelled_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(BadNote):
        VERIFIER.open(signed(body))


def test_signatures_that_are_not_ours_do_not_count() -> None:
    body = Head(ORIGIN, 42, ROOT).text()
    ours = NOTE.removeprefix(body + "\n")
    theirs = signed(body, OTHER, "partner.example/witness").removeprefix(body + "\n")
    assert VERIFIER.open(f"{body}\n{theirs}{ours}").size == 42
    for tail in (
        theirs,
        "",
        "\u2014 \n",
        ours + ours,
        ours.replace("\u2014", "-"),
        ours[:-1],
        ours + "\n",
        ours + "x",
    ):
        with pytest.raises(BadNote):
            VERIFIER.open(f"{body}\n{tail}")
    with pytest.raises(BadNote):
        VERIFIER.open(signed(body, OTHER))
    with pytest.raises(BadNote):
        VERIFIER.open(NOTE.replace("\n42\n", "\n43\n"))
    with pytest.raises(BadNote):
        VERIFIER.open(NOTE + "\u2014 a " + "A" * 5000 + "\n")


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_any_changed_letter_is_refused(place: int, letter: str) -> None:
    changed = NOTE[:place] + letter + NOTE[place + 1 :]
    if changed != NOTE:
        with pytest.raises(BadNote):
            VERIFIER.open(changed)
