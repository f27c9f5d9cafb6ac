"""What the application may change: states of exhibits, files and checks, and the words people correct."""

from django.db import migrations

from accounts.owed import OwedWork
from vault.database import allow_delete, allow_update


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_integrity_and_redaction")]

    operations = [
        allow_update(
            "evidence_evidenceitem",
            "status",
            "status_by_id",
            "status_at",
            "witness_id",
            "incident_id",
            "frozen_at",
            "frozen_reason",
            "revision",
            "sensitivity",
            "type",
            "title",
            "description",
            "author",
            "provider",
            "original_url",
            "licence",
            "restrictions",
            "traits",
            "recorded",
            "published",
            "obtained",
            "place",
            "belongs_to",
        ),
        allow_update(
            "evidence_fileobject",
            "check_state",
            "flag",
            "intact_at",
            "set_aside_at",
            "set_aside_by_id",
            "set_aside_reason",
            "checked_at",
            "deep_checked_at",
        ),
        allow_update("evidence_verification", "reviewed_by_id", "reviewed_at"),
        allow_update("evidence_ingestjob", *OwedWork.changing, "by_id"),
        allow_update(
            "evidence_integrityrun", *OwedWork.changing, "checked", "failed", "commitment", "files", "strays"
        ),
        allow_update("evidence_fixitycheck", "closed_at", "closed_by_id", "answer"),
        allow_update("evidence_upload", "segments", "turn", "turn_at", "expires_at", "length"),
        allow_delete("evidence_upload"),
        allow_update(
            "evidence_redactionset", "state", "fault", "output_id", "judged_by_id", "judged_at", "answer"
        ),
        allow_update("evidence_redactionjob", *OwedWork.changing),
        allow_update("evidence_handover", "state", "ended_at", "ended_by_id", "answer"),
    ]
