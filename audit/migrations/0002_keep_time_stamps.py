"""Time stamps of authorities over checkpoints: what is owed, what came, why nothing came; never changed."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_keep_an_append_only_log")]

    operations = [
        migrations.CreateModel(
            name="StampOwed",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("authority", models.CharField(editable=False, max_length=40)),
                ("due_at", models.DateTimeField(editable=False)),
                (
                    "checkpoint",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="audit.checkpoint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("token", models.BinaryField(max_length=65536)),
                ("nonce", models.CharField(editable=False, max_length=64)),
                ("policy", models.CharField(editable=False, max_length=120)),
                ("serial", models.CharField(editable=False, max_length=64)),
                ("said_at", models.DateTimeField(editable=False)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "owed",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stamp",
                        to="audit.stampowed",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StampTry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(editable=False, max_length=40)),
                ("tried_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "owed",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="audit.stampowed",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="stampowed",
            constraint=models.UniqueConstraint(fields=("authority", "due_at"), name="one_stamp_a_time"),
        ),
    ]
