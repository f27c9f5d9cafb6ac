"""What the application may change: states of exhibits, files and checks, and the words people correct."""

from django.db import migrations

from accounts.owed import OwedWork
from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_exhibits_files_custody_checks")]

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
        ),
        allow_update("evidence_fileobject", "check_state", "flag", "intact_at"),
        allow_update("evidence_verification", "reviewed_by_id", "reviewed_at"),
        allow_update("evidence_ingestjob", "by_id", *OwedWork.changing),
        allow_update(
            "evidence_integrityrun", *OwedWork.changing, "cursor", "checked", "failed", "commitment"
        ),
        allow_update("evidence_fixitycheck", "closed_at", "closed_by_id", "answer"),
    ]
