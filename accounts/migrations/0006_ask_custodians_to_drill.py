"""Drills: what was invented, which pair is asked to open it, and what they answered."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import vault.fields
from vault.database import allow_update

ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))
NOW = ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False))
PROTECT = django.db.models.deletion.PROTECT
STATES = [
    ("asked", "Waits for both"),
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("late", "Not answered in time"),
    ("overtaken", "Overtaken by a new directory"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_keep_trainings")]

    operations = [
        migrations.CreateModel(
            name="DrillIdentity",
            fields=[
                ID,
                ("first", models.UUIDField()),
                ("second", models.UUIDField()),
                ("directory_number", models.PositiveIntegerField()),
                ("commitment", models.BinaryField(max_length=32)),
                NOW,
            ],
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                ID,
                ("first", models.UUIDField()),
                ("second", models.UUIDField()),
                ("directory_number", models.PositiveIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("paper", vault.fields.SealedText()),
                ("held_key", vault.fields.SealedText(null=True)),
                ("state", models.CharField(choices=STATES, default="asked", max_length=10)),
                ("failed_by", models.UUIDField(null=True)),
                NOW,
                ("expires_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("tag", models.BinaryField()),
                (
                    "identity",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="accounts.drillidentity"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "passed", "failed", "late", "overtaken"])),
                        name="drill_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("first", "second"),
                        name="one_drill_a_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrillAnswer",
            fields=[
                ID,
                ("member", models.UUIDField()),
                ("paper", vault.fields.SealedText()),
                NOW,
                ("tag", models.BinaryField()),
                (
                    "created_by",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "drill",
                    models.ForeignKey(on_delete=PROTECT, related_name="answers", to="accounts.drill"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("drill", "member"), name="one_answer_a_custodian")
                ],
            },
        ),
        allow_update("accounts_drill", "state", "failed_by", "closed_at", "held_key", "tag"),
    ]
