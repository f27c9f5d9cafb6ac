"""Notes on files, each version a row; behind the wall, and of the same case as their file."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import case_key, row_security, same_case


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keep_saved_views"),
        ("evidence", "0008_work_out_place_and_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Annotation",
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
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("is_withdrawn", models.BooleanField(default=False)),
                ("annotation", vault.fields.SealedJSON()),
                ("reason", vault.fields.SealedText(null=True)),
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annotations",
                        to="evidence.fileobject",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="evidence.annotation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["file", "created_at"], name="notes_of_file")],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "number"), name="versions_of_note_are_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first__isnull", True), ("is_withdrawn", False), ("number", 1)),
                            models.Q(
                                ("first__isnull", False),
                                ("number__gt", 1),
                                models.Q(("first", models.F("id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="first_version_is_number_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_withdrawn", False), ("reason__isnull", True)),
                            models.Q(("is_withdrawn", True), ("reason__isnull", False)),
                            _connector="OR",
                        ),
                        name="withdrawn_note_says_why",
                    ),
                ],
            },
        ),
        row_security("evidence_annotation"),
        case_key("evidence_annotation"),
        same_case("evidence_annotation", "file_id", "evidence_fileobject"),
        same_case("evidence_annotation", "first_id", "evidence_annotation"),
    ]
