"""Saved views of lists: for their owner alone, in the cases they are in."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import row_security
from vault.database import allow_delete


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_wall_off_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
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
                ("shelf", models.CharField(max_length=40)),
                ("place", models.PositiveSmallIntegerField()),
                ("name", vault.fields.SealedText()),
                ("filters", vault.fields.SealedJSON()),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("created_by", "case", "shelf", "place"), name="one_saved_view_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 1), ("place__lte", 20)), name="saved_views_are_few"
                    ),
                ],
            },
        ),
        allow_delete("cases_savedview"),
        row_security("cases_savedview", own_column="created_by_id"),
    ]
