"""Erasures: for members of the case; the sweep finishes them, and finds what names a witness."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from accounts.owed import OwedWork
from cases.rowsecurity import row_security, same_case, seen_by_sweep, sweepable
from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_hold_what_an_authority_ordered"),
        ("exports", "0004_call_back_what_was_delivered"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Destruction",
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
                ("number", models.CharField(max_length=16, unique=True)),
                (
                    "method",
                    models.CharField(
                        choices=[("crypto_shred", "Destruction of the keys")],
                        default="crypto_shred",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("declined", "Declined"),
                            ("confirmed", "Confirmed, being carried out"),
                            ("keys_gone", "Keys deleted, their wrapping being replaced"),
                            ("turned", "Unreadable here; old copies of the keystore expire"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("keys", models.PositiveIntegerField(default=0)),
                ("keys_gone_at", models.DateTimeField(null=True)),
                (
                    "epochs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("turned_at", models.DateTimeField(null=True)),
                ("reason", vault.fields.SealedText()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destructions",
                        to="cases.witness",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ErasureJob",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("owed", "Owed"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="owed",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=80)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "destruction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="job",
                        to="exports.destruction",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "declined"), _negated=True),
                fields=("witness",),
                name="one_erasure_a_witness",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "declined", "confirmed", "keys_gone", "turned"])),
                name="destruction_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^DES-[0-9]{4}-[0-9]{6}$")),
                name="destruction_number_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["asked", "declined"]),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="destruction_confirmed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="destruction_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["keys_gone", "turned"]), _negated=True),
                    ("keys_gone_at__isnull", False),
                    _connector="OR",
                ),
                name="destruction_keys_gone_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "turned"), ("turned_at__isnull", False)),
                    models.Q(models.Q(("state", "turned"), _negated=True), ("turned_at__isnull", True)),
                    _connector="OR",
                ),
                name="destruction_turned_at_a_time",
            ),
        ),
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
        row_security("exports_destruction", machines=("sweep",)),
        same_case("exports_destruction", "witness_id", "cases_witness"),
        seen_by_sweep("evidence_evidenceitem"),
        sweepable("cases_savedview"),
    ]
