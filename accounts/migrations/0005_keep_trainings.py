"""What people were trained for; only the end of a training is ever written anew."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_keep_directories_of_custodians"),
    ]

    operations = [
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sgbv", "Sexual and gender-based violence"),
                            ("child", "Hearing children"),
                            ("trauma", "Acute trauma"),
                            ("chain_of_custody", "Chain of custody"),
                        ],
                        max_length=16,
                    ),
                ),
                ("completed_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(null=True)),
                ("certificate", vault.fields.SealedText()),
                ("tag", models.BinaryField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user", "kind"),
                        name="training_counts_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["sgbv", "child", "trauma", "chain_of_custody"])),
                        name="training_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gt", models.F("completed_on"))),
                        name="training_expires_later",
                    ),
                ],
            },
        ),
        allow_update("accounts_training", "ended_at", "tag"),
    ]
