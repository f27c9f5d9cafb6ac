"""The names of an open intake: for their author alone, deleted at its end."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import row_security, same_case, sweepable
from vault.database import allow_delete


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keep_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NameWatch",
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
                ("until", models.DateTimeField()),
                ("sealed", models.BinaryField()),
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
                    "witness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.witness"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("witness", "created_by"), name="one_watch_an_intake")
                ],
            },
        ),
        allow_delete("cases_namewatch"),
        row_security("cases_namewatch", own_column="created_by_id"),
        sweepable("cases_namewatch"),
        same_case("cases_namewatch", "witness_id", "cases_witness"),
    ]
