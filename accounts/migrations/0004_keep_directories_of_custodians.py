"""Directories of custodians, as they were handed in; never changed."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_tag_the_end_of_a_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustodianDirectory",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("paper", models.BinaryField()),
                ("in_force", models.BooleanField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("in_force", True)),
                        fields=("number",),
                        name="one_directory_of_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="directory_has_a_number"
                    ),
                ],
            },
        ),
    ]
