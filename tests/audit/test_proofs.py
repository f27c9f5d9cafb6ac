"""Proofs computed from the database convince somebody who holds only the checkpoint."""

from pathlib import Path

import pytest
from django.db import transaction

from audit.actions import record
from audit.models import Batch, Event, Position
from audit.proofs import latest_checkpoint, prove, prove_growth, range_hash
from audit.sealing import seal_batch
from audit.signer import Signer
from audit.tree import Frontier, check_consistency, check_inclusion, leaf_hash
from audit.vocabulary import Kind


@pytest.mark.django_db(transaction=True)
def test_events_and_growth_are_proved_across_kept_subtrees(folder: Path) -> None:
    with transaction.atomic():
        for number in range(700):
            record(Kind.CASE_CHANGED, by="INV-01", facts={"n": number})
    first = seal_batch()
    with transaction.atomic():
        late = record(Kind.CASE_CHANGED, by="INV-01")
    assert prove(late) is None
    with Signer() as signer:
        signer.sign()
        size = seal_batch()
        assert prove(late) is None, "sealed, but not signed"
        signer.sign()
        verifier = signer.verifier
    head = verifier.open(getattr(latest_checkpoint(), "note", ""))
    for event in [*Event.objects.order_by("at")[:700:97], late]:
        proof = prove(event)
        assert proof is not None
        assert verifier.open(proof.note) == head
        check_inclusion(
            hashed=leaf_hash(event.leaf.encode()),
            index=proof.index,
            size=head.size,
            root=head.root,
            path=proof.path,
        )
    roots = {batch.size: bytes(batch.root) for batch in Batch.objects.all()}
    check_consistency(
        old=first, size=size, old_root=roots[first], root=roots[size], path=prove_growth(first, size)
    )
    hashes = [bytes(one) for one in Position.objects.order_by("index").values_list("leaf_hash", flat=True)]
    for start, end in [(0, size), (256, 512), (512, size), (512, 640), (0, 512), (3, 4)]:
        tree = Frontier()
        tree.extend(hashes[start:end])
        assert range_hash(start, end) == tree.root()
