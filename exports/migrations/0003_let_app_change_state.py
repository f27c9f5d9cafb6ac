"""What the application may change: states, decisions, tags, and the sealed cells of a recipient."""

from django.db import migrations

from accounts.owed import OwedWork
from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_recalls_endings_handovers")]

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
        allow_update("exports_recallnotice", "state", "state_at", "asked_at", "reminders", "note", "answer"),
        allow_update(
            "exports_destruction",
            "state",
            "state_at",
            "confirmed_at",
            "confirmed_by_id",
            "keys",
            "keys_gone_at",
            "epochs",
            "turned_at",
            "reason",
        ),
        allow_update("exports_erasurejob", *OwedWork.changing, "by_id"),
        allow_update(
            "exports_disposal",
            "state",
            "state_at",
            "agreed_at",
            "agreed_by_id",
            "done_on",
            "carried_out_at",
            "carried_out_by_id",
            "confirmed_at",
            "confirmed_by_id",
            "reason",
            "done_by",
            "place",
            "how",
            "present",
        ),
        allow_update(
            "exports_secondkey",
            "confirmed_at",
            "confirmed_by_id",
            "ended_at",
            "ended_as",
            "ended_by_id",
            "epochs",
            "turned_at",
            "secret",
            "tag",
        ),
        allow_update("exports_identityhandover", "stored_id", "taken_at", "tag"),
    ]
