"""Search for two words, spelled otherwise, in 10,000 Arabic accounts of 10 KB by 1,000 witnesses, beside the
same search over the plain texts in memory.

Ours goes through the door, row-level security, the keys of the witnesses and the leaves of the openings; the
yardstick has every text before it begins. Both look for the words with the same patterns, which take a
twentieth of the time of folding the texts: what is left of the ratio is reading and opening 160 MB.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from uuid import uuid4

from django.db import connections

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from benchmarks import Benchmark, Pair
from casemgr.matching import Wanted, spread, words_in
from casemgr.search import search
from cases.models import Case, Testimony, TestimonyVersion, Witness
from cases.vocabulary import Permission, VersionKind
from tests.factories import make_case
from tests.personas import make_person
from vault.keys import create_unit_key

ACCOUNTS, WITNESSES, LENGTH, EVERY, PAGE = 10_000, 1_000, 10_000, 500, 500
ASKED = "مستشفي الشاطئ"
RARE = "المُستشفى"
_SAID = """
وفي صباح يوم السبت سمعتُ إطلاق نارٍ كثيف قرب المدرسة ثم جاء أربعة رجال مسلحين وسألوا هل أنتم من هذه الطائفة
فقلت لهم نحن أهل هذا البيت منذ ثلاثين سنة وأخذوا أخي إلى السطح ونزلتُ إلى الجيران على طريق الشاطئ القديم
"""


def _text(chance: random.Random, number: int) -> str:
    """Ten thousand bytes of account; every five-hundredth speaks of the hospital."""
    words = chance.choices(_SAID.split(), k=LENGTH // 8)
    if number % EVERY == 0:
        words[len(words) // 2] = RARE
    return " ".join(words).encode()[:LENGTH].decode(errors="ignore")


def _fill(case: Case, lead: User, texts: list[str]) -> None:
    """Write the rows past the actions: what is measured is reading, and ten thousand actions take an hour."""
    ours = {"case": case, "created_by": lead}
    with entering(lead, "bench"):
        witnesses = [Witness(code=f"W-{1000 + number}", **ours) for number in range(WITNESSES)]
        for witness in witnesses:
            create_unit_key(witness.scope())
            witness.seal(public_pseudonym="-", category=[], sex="-", age_band="-", vulnerability=[])
            witness.seal(protective_measures=[], risk_level="-")
        Witness.objects.bulk_create(witnesses)
        numbered = enumerate(texts)
        while page := list(islice(numbered, PAGE)):
            rows = [
                Testimony(registration_no=f"BEN-WT-{number}", witness=witnesses[number % WITNESSES], **ours)
                for number, _text in page
            ]
            Testimony.objects.bulk_create(rows)
            TestimonyVersion.objects.bulk_create(
                _version(row, text, ours) for row, (_number, text) in zip(rows, page, strict=True)
            )
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_testimony t SET current_id = v.id FROM cases_testimonyversion v"
            " WHERE v.testimony_id = t.id"
        )
        cursor.execute("VACUUM ANALYZE cases_testimony, cases_testimonyversion")


def _version(row: Testimony, text: str, ours: Mapping[str, object]) -> TestimonyVersion:
    version = TestimonyVersion(
        id=uuid4(), testimony=row, witness=row.witness, seq=1, kind=VersionKind.ORIGINAL_NOTES, **ours
    )
    version.seal(text=text, language="ar", sha256="-")
    return version


@contextmanager
def _prepare() -> Iterator[Pair]:
    lead = make_person(Role.INVESTIGATOR)
    case = make_case(lead)
    chance = random.Random(8)  # the same words in every run
    texts = [_text(chance, number) for number in range(ACCOUNTS)]
    _fill(case, lead, texts)
    words, hits = words_in(ASKED), ACCOUNTS // EVERY

    def ours() -> None:
        with entering(lead, "bench"):
            (found,) = search(lead, case, {Permission.TESTIMONY_READ}, words)
        assert len(found.hits) == hits

    def yardstick() -> None:
        with Wanted(words) as wanted:
            assert sum(wanted.are_in(spread(text)) for text in texts) == hits

    try:
        yield Pair(ours=ours, yardstick=yardstick)
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("TRUNCATE cases_case CASCADE")


BENCHMARK = Benchmark(
    path="search",
    unit="s a search",
    yardstick="the same patterns over plain text in memory",
    target=2.0,
    prepare=_prepare,
)
