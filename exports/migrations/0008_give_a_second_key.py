"""A second key of a recipient: ten words on paper, under a key of its own, gone with its use."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0007_end_what_lies_outside"),
        ("vault", "0004_keep_words_on_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SecondKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("tag", models.BinaryField()),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True,
                        choices=[("used", "Used for a hand-over"), ("revoked", "Given up")],
                        max_length=7,
                    ),
                ),
                (
                    "epochs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("turned_at", models.DateTimeField(null=True)),
                ("secret", vault.fields.SealedJSON(null=True)),
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
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_keys",
                        to="exports.recipient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="secondkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("recipient",),
                name="one_second_key_a_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="second_key_confirmed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="second_key_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as", ""), ("ended_at__isnull", True), ("secret__isnull", False)),
                    models.Q(
                        ("ended_as__in", ["used", "revoked"]),
                        ("ended_at__isnull", False),
                        ("secret__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="second_key_ends_without_its_words",
            ),
        ),
        allow_update(
            "exports_secondkey",
            "confirmed_at",
            "confirmed_by_id",
            "ended_at",
            "ended_as",
            "ended_by_id",
            "epochs",
            "turned_at",
            "secret",
            "tag",
        ),
    ]
