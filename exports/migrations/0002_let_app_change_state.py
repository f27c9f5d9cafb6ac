"""What the application may change: states, decisions, tags, and the sealed cells of a recipient."""

from django.db import migrations

from accounts.owed import OwedWork
from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_recipients_keys_exports")]

    operations = [
        allow_update(
            "exports_recipient",
            "recipient_class",
            "state_affiliated",
            "death_penalty_risk",
            "default_tier",
            "agreement_until",
            "revision",
            "name",
            "jurisdiction",
            "contact",
            "agreement_ref",
            "conditions",
        ),
        allow_update("exports_recipientkey", "revoked_at", "revoked_by_id", "tag"),
        allow_update("exports_recipientcontact", "ended_at", "tag"),
        allow_update(
            "exports_export",
            "state",
            "state_at",
            "stored_id",
            "package_size",
            "package_sha512",
            "statement",
            "signature",
        ),
        allow_update("exports_exportitem", "decision", "reason", "version_id", "sha256_delivered"),
        allow_update("exports_buildjob", *OwedWork.changing, "by_id"),
    ]
