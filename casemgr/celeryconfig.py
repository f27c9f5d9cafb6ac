"""Celery's own settings; the schedule is static and names tasks, never content."""

from celery.schedules import crontab
from django.conf import settings

broker_url = settings.REDIS_URL
task_serializer = "json"
accept_content = ["json"]
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_enable_remote_control = False
worker_send_task_events = False
worker_hijack_root_logger = False
broker_connection_retry_on_startup = True
broker_transport_options = {"visibility_timeout": 3600}
timezone = "UTC"
beat_schedule: dict[str, dict[str, object]] = {
    "sweep-sessions": {"task": "accounts.sweep", "schedule": crontab(minute="*/15")},
    "sweep-drills": {"task": "accounts.sweep_drills", "schedule": crontab(minute="*/10")},
    "sweep-repairs": {"task": "cases.sweep_repairs", "schedule": crontab(minute="*/10")},
    "stamp-log": {"task": "audit.stamp", "schedule": crontab(minute="*/5")},
    "verify-log": {"task": "audit.verify_log", "schedule": crontab(hour=2, minute=17)},
    "sweep-memberships": {"task": "cases.sweep_memberships", "schedule": crontab(minute="*/5")},
    "sweep-identities": {"task": "cases.sweep_identities", "schedule": crontab(minute="*/10")},
    "sweep-drafts": {"task": "cases.sweep_drafts", "schedule": crontab(hour=3, minute=11)},
    "check-integrity": {"task": "evidence.start_integrity", "schedule": crontab(minute=41)},
    "note-integrity": {"task": "evidence.note_integrity", "schedule": 10.0},
    "sweep-evidence": {"task": "evidence.sweep", "schedule": crontab(minute="*")},
    "sweep-orphaned-files": {"task": "evidence.sweep_orphans", "schedule": crontab(hour=4, minute=23)},
    "sweep-exports": {"task": "exports.sweep", "schedule": crontab(minute="*/5")},
}
