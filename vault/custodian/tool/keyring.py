"""Keys: making one, its card, its words, and a one-time key for a request."""

from pathlib import Path
from uuid import UUID, uuid4

from vault.custodian import keyfile, words
from vault.custodian.cards import Card
from vault.custodian.directory import Kept, Member, Role
from vault.custodian.keyfile import KeyFile
from vault.custodian.keys import PrivateKeys
from vault.custodian.tool.asking import Session, say, write
from vault.custodian.tool.showing import member_lines

ONE_TIME = "one-time key"


def new(session: Session, path: Path, *, code: str, role: Role, kept: Kept, member_id: UUID | None) -> None:
    """Make a key file and its card."""
    me = KeyFile(member_id or uuid4(), code, PrivateKeys.new())
    member = Member(me.id, code, role, kept, me.keys.public)
    keyfile.create(path, keyfile.seal(me, session.passphrase(new=True), session.cost))
    say(f"Written: {path}  (keep it and its passphrase apart; nobody can make either again)")
    write(path.with_name(path.name + ".card"), Card.make(member, me.keys).write())
    say(*member_lines(member))


def show_words(session: Session, path: Path) -> None:
    """Say the words of a key, to be read to somebody by voice."""
    me = session.key(path)
    public = me.keys.public
    digest = public.box.fingerprint if me.code == ONE_TIME else public.fingerprint
    say(f"{me.code}:", f"  {words.as_words(digest)}", f"  {words.as_numbers(digest)}")


def one_time(session: Session, path: Path) -> None:
    """Make the key that one request is opened to; its public part is handed in with the request."""
    me = KeyFile(uuid4(), ONE_TIME, PrivateKeys.new())
    keyfile.create(path, keyfile.seal(me, session.passphrase(new=True), session.cost))
    say(f"Written: {path}")
    write(path.with_name(path.name + ".pub"), me.keys.public.box.raw)
    fingerprint = me.keys.public.box.fingerprint
    say("Read these words to both custodians by voice, when they ask:")
    say(f"  {words.as_words(fingerprint)}", f"  {words.as_numbers(fingerprint)}")


def draw() -> None:
    """Say six random words, for a passphrase."""
    say(words.draw())
