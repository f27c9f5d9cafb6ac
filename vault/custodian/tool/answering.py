"""The requester's side: opening an answer on the screen, and nowhere else."""

import json
from pathlib import Path

from vault.custodian.answers import Answer
from vault.custodian.errors import PaperRefused
from vault.custodian.tool.asking import Session, read, say
from vault.custodian.tool.keyring import ONE_TIME
from vault.custodian.tool.showing import request_lines


def open_answer(session: Session, key: Path, paper: Path) -> None:
    """Show what the fields of the request hold."""
    answer = Answer.read(read(paper))
    me = session.key(key)
    if me.code != ONE_TIME or me.keys.public.box != answer.request.key:
        raise PaperRefused("The answer is to another key than this one.")
    say(*request_lines(answer.request), "")
    for subject, content in answer.open(me.keys.box).items():
        say(f"{subject.witness_code}, version {subject.version}:")
        for name, value in sorted(_fields(content).items()):
            if name in answer.request.fields:
                say(f"  {name}: {_printable(value)}")


def _fields(content: bytes) -> dict[str, object]:
    facts = json.loads(content)
    if not isinstance(facts, dict):
        raise PaperRefused("What was sealed is not a set of fields.")
    return facts


def _printable(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else " " for sign in text)
