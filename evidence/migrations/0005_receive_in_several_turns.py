"""A file may arrive in several turns; an upload is its sender's alone, and deleted when it ends."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import vault.fields
from cases.rowsecurity import row_security, same_case, sweepable
from vault.database import allow_delete, allow_update

SENSITIVITY = [
    ("public", "Public"),
    ("restricted", "Restricted"),
    ("confidential", "Confidential"),
    ("strictly_confidential", "Strictly confidential"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keep_saved_views"),
        ("evidence", "0004_look_again_and_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "sensitivity",
                    models.CharField(choices=SENSITIVITY, default="confidential", max_length=22),
                ),
                ("belongs_to", models.UUIDField(null=True)),
                ("file", models.UUIDField(unique=True)),
                ("segments", models.PositiveIntegerField(default=0)),
                ("turn", models.UUIDField(null=True)),
                ("turn_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("metadata", vault.fields.SealedJSON()),
                ("length", vault.fields.SealedText(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="evidence.evidenceitem",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["item", "created_by"], name="upload_of_item")]},
        ),
        allow_update("evidence_upload", "segments", "turn", "turn_at", "expires_at", "length"),
        allow_delete("evidence_upload"),
        row_security("evidence_upload", own_column="created_by_id"),
        sweepable("evidence_upload"),
        same_case("evidence_upload", "item_id", "evidence_evidenceitem"),
    ]
