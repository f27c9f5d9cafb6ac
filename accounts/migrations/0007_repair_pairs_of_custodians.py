"""Repairs: what helpers and a newcomer among the custodians are asked for."""

import uuid

import django.utils.timezone
from django.db import migrations, models

import vault.fields
from vault.database import allow_update

STATES = [
    ("asked", "Waits for files"),
    ("finished", "Finished"),
    ("overtaken", "Overtaken by a new directory"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_ask_custodians_to_drill")]

    operations = [
        migrations.CreateModel(
            name="Repair",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("tag", models.BinaryField()),
                ("newcomer", models.UUIDField()),
                ("first", models.UUIDField()),
                ("second", models.UUIDField()),
                ("directory_number", models.PositiveIntegerField()),
                ("identities", models.PositiveSmallIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("sources", vault.fields.SealedJSON()),
                ("first_help", vault.fields.SealedText(null=True)),
                ("second_help", vault.fields.SealedText(null=True)),
                ("state", models.CharField(choices=STATES, default="asked", max_length=10)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "finished", "overtaken"])),
                        name="repair_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("state",),
                        name="one_repair_at_a_time",
                    ),
                ],
            },
        ),
        allow_update("accounts_repair", "state", "closed_at", "first_help", "second_help", "tag"),
    ]
