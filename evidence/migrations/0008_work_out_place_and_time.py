"""Place and time worked out, questions answered, and what a weapon was compared with; all behind the wall."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import row_security, same_case

NEW = ("placeanalysis", "timeanalysis", "checklist")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keep_saved_views"),
        ("evidence", "0007_redacted_copies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="satelliteanalysis",
            name="outline",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name="weaponanalysis",
            name="confidence",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name="weaponanalysis",
            name="references",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name="weaponanalysis",
            name="seen",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.CreateModel(
            name="PlaceAnalysis",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("restricted", "Restricted"),
                            ("confidential", "Confidential"),
                            ("strictly_confidential", "Strictly confidential"),
                        ],
                        default="confidential",
                        max_length=22,
                    ),
                ),
                ("place", vault.fields.SealedText(null=True)),
                ("point", vault.fields.SealedJSON()),
                ("features", vault.fields.SealedJSON()),
                ("references", vault.fields.SealedText(null=True)),
                ("confidence", vault.fields.SealedText()),
                ("finding", vault.fields.SealedText()),
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
                        related_name="place_analyses",
                        to="evidence.evidenceitem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TimeAnalysis",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("restricted", "Restricted"),
                            ("confidential", "Confidential"),
                            ("strictly_confidential", "Strictly confidential"),
                        ],
                        default="confidential",
                        max_length=22,
                    ),
                ),
                ("found", vault.fields.SealedJSON()),
                ("bases", vault.fields.SealedJSON()),
                ("notes", vault.fields.SealedText()),
                ("references", vault.fields.SealedText(null=True)),
                ("confidence", vault.fields.SealedText()),
                ("finding", vault.fields.SealedText()),
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
                        related_name="time_analyses",
                        to="evidence.evidenceitem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("restricted", "Restricted"),
                            ("confidential", "Confidential"),
                            ("strictly_confidential", "Strictly confidential"),
                        ],
                        default="confidential",
                        max_length=22,
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        choices=[("source", "Source"), ("technical", "Technical"), ("content", "Content")],
                        max_length=12,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("answers", vault.fields.SealedJSON()),
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
                        related_name="checklists",
                        to="evidence.evidenceitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "family", "number"), name="checklists_are_numbered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("family__in", ["source", "technical", "content"])),
                        name="checklist_is_known",
                    ),
                ],
            },
        ),
        *(row_security(f"evidence_{table}") for table in NEW),
        *(same_case(f"evidence_{table}", "item_id", "evidence_evidenceitem") for table in NEW),
    ]
