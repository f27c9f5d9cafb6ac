"""Exhibits whose files lie in a bucket: taken in, looked at and checked as from a folder."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from evidence.models import FileObject
from evidence.vocabulary import FileState, FixityResult
from tests.buckets import Bucket, refusing
from tests.evidence.runs import alerts, check_again, run_all
from tests.evidence.sending import address, send
from tests.evidence.worlds import World, photo
from tests.personas import signed_in


def test_file_is_taken_in_looked_at_and_checked(world: World, bucket: Bucket, browser: Client) -> None:
    content = photo(seed=3)
    assert send(browser, address(world), content).status_code == 200
    with entering(world.investigator, "test"):
        file = FileObject.objects.select_related("stored").get(item=world.item.pk)
    check_again(file)
    assert world.file_now(file).check_state == FileState.CHECKED
    where = reverse("file-content", args=[world.case.pk, world.item.pk, file.pk])
    answer: Any = browser.get(where, headers={"Range": "bytes=-100"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, content[-100:])
    run = run_all()
    assert (run.state, run.failed) == (OwedState.DONE, 0)
    bucket.client.delete_object(Bucket=bucket.name, Key=file.stored.storage_ref)
    assert run_all().failed == 1
    assert [alert.result for alert in alerts(world)] == [FixityResult.MISSING]


def test_bucket_that_does_not_answer_blames_no_file(world: World, bucket: Bucket) -> None:
    file = world.receive(photo(seed=4))
    for what in ("head", "get"):
        bucket.weather.bring(what, refusing(503, "SlowDown"), 99)
    run = run_all()
    assert (run.state, run.reason, run.failed) == (OwedState.RUNNING, "store_out_of_reach", 0)
    assert (alerts(world), world.now().is_frozen, world.file_now(file).flag) == ([], False, "")
    answer = send(signed_in(world.investigator), address(world), photo(seed=5))
    assert answer.status_code == 503
    assert len(world.events(Kind.EVIDENCE_REFUSED)) == 1
