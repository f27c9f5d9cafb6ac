"""The queue: the same in every thread, and nothing but JSON, ids and names goes through it."""

import threading

from celery import current_app
from django.conf import settings


def test_every_thread_wakes_tasks_through_our_broker() -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(current_app.conf.broker_url))
    thread.start()
    thread.join()
    assert found == [settings.REDIS_URL]


def test_messages_are_json_and_leave_no_result() -> None:
    conf = dict(current_app.conf)
    assert conf["accept_content"] == ["json"]
    assert conf["task_serializer"] == "json"
    assert conf["task_ignore_result"] is True
    assert conf["result_backend"] is None
    assert conf["task_acks_late"] is True
    assert conf["worker_enable_remote_control"] is False
    assert conf["worker_send_task_events"] is False


def test_the_schedule_names_tasks_that_exist_and_no_content() -> None:
    current_app.loader.import_default_modules()
    for name, entry in current_app.conf.beat_schedule.items():
        assert entry["task"] in current_app.tasks, name
        assert not entry.get("args"), name
        assert not entry.get("kwargs"), name


def test_every_sweep_is_in_the_schedule() -> None:
    """What nobody finished is found again by a sweep: one that is not scheduled finds nothing."""
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert {name for name in current_app.tasks if "sweep" in name} <= scheduled
