"""The append-only log, its tree and checkpoints, and their time stamps: written once, never changed."""

import uuid

import django.contrib.postgres.indexes
import django.utils.timezone
from django.db import migrations, models

import audit.columns
from vault.database import CreateTables

ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateTables(
            migrations.CreateModel(
                "Event",
                [
                    ID,
                    ("leaf", models.TextField(editable=False)),
                    ("mac", models.BinaryField(max_length=64)),
                    (
                        "transaction",
                        models.BigIntegerField(db_default=audit.columns.CurrentTransaction(), editable=False),
                    ),
                    (
                        "at",
                        models.GeneratedField(
                            db_persist=True,
                            expression=audit.columns.LeafTime(key="at"),
                            output_field=models.DateTimeField(),
                        ),
                    ),
                    (
                        "actor",
                        models.GeneratedField(
                            db_persist=True,
                            expression=audit.columns.LeafText(key="actor"),
                            output_field=models.TextField(),
                        ),
                    ),
                    (
                        "kind",
                        models.GeneratedField(
                            db_persist=True,
                            expression=audit.columns.LeafText(key="kind"),
                            output_field=models.TextField(),
                        ),
                    ),
                    (
                        "subject",
                        models.GeneratedField(
                            db_persist=True,
                            expression=audit.columns.LeafText(key="subject"),
                            output_field=models.TextField(),
                        ),
                    ),
                    (
                        "scope",
                        models.GeneratedField(
                            db_persist=True,
                            expression=audit.columns.LeafUUID(key="scope"),
                            output_field=models.UUIDField(null=True),
                        ),
                    ),
                    (
                        "scopes",
                        models.GeneratedField(
                            db_persist=True,
                            expression=audit.columns.LeafJSON(key="scopes"),
                            output_field=models.JSONField(null=True),
                        ),
                    ),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("actor__isnull", False), ("at__isnull", False), ("kind__isnull", False)
                            ),
                            name="event_is_complete",
                        )
                    ],
                    "indexes": [
                        models.Index(fields=["transaction"], name="event_sealing"),
                        models.Index(fields=["scope", "-at", "-id"], name="event_scope"),
                        models.Index(fields=["-at", "-id"], name="event_newest"),
                        models.Index(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "drill:failed",
                                        "drill:late",
                                        "drill:touched",
                                        "identity:break-glass-agreed",
                                        "identity:break-glass-opened",
                                        "identity:too-many",
                                        "log:failed",
                                        "row:set-aside",
                                    ],
                                )
                            ),
                            fields=["kind", "-at", "-id"],
                            name="event_alarms",
                        ),
                        models.Index(
                            condition=models.Q(("kind__in", ["alarm:seen", "row:set-aside"])),
                            fields=["subject", "actor"],
                            name="event_told_once",
                        ),
                        models.Index(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "consent:expired",
                                        "consent:recontacted",
                                        "consent:recorded",
                                        "consent:superseded",
                                        "consent:withdrawal-confirmed",
                                        "consent:withdrawn",
                                    ],
                                )
                            ),
                            fields=["subject"],
                            name="event_of_consent",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            condition=models.Q(("scopes__isnull", False)),
                            fields=["scopes"],
                            name="event_scopes",
                            opclasses=["jsonb_path_ops"],
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                "Batch",
                [
                    ("size", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                    ("root", models.BinaryField(max_length=32)),
                    ("frontier", models.BinaryField(max_length=2048)),
                    ("watermark", models.BigIntegerField(editable=False)),
                    ("sealed_at", models.DateTimeField(editable=False)),
                ],
            ),
            migrations.CreateModel(
                "Position",
                [
                    ("index", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                    (
                        "event",
                        models.OneToOneField(
                            "audit.event", models.PROTECT, editable=False, related_name="position"
                        ),
                    ),
                    ("leaf_hash", models.BinaryField(max_length=32)),
                ],
            ),
            migrations.CreateModel(
                "Subtree",
                [
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("level", models.SmallIntegerField(editable=False)),
                    ("index", models.BigIntegerField(editable=False)),
                    ("hash", models.BinaryField(max_length=32)),
                ],
                {"constraints": [models.UniqueConstraint(fields=("level", "index"), name="subtree_once")]},
            ),
            migrations.CreateModel(
                "Checkpoint",
                [
                    ("size", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                    ("note", models.TextField(editable=False)),
                    ("signed_at", models.DateTimeField(editable=False)),
                ],
            ),
            migrations.CreateModel(
                "StampOwed",
                [
                    ID,
                    ("authority", models.CharField(editable=False, max_length=40)),
                    ("due_at", models.DateTimeField(editable=False)),
                    (
                        "checkpoint",
                        models.ForeignKey(
                            "audit.checkpoint", models.PROTECT, editable=False, related_name="+"
                        ),
                    ),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("authority", "due_at"), name="one_stamp_a_time")
                    ]
                },
            ),
            migrations.CreateModel(
                "Stamp",
                [
                    ID,
                    (
                        "owed",
                        models.OneToOneField(
                            "audit.stampowed", models.PROTECT, editable=False, related_name="stamp"
                        ),
                    ),
                    ("token", models.BinaryField(max_length=65536)),
                    ("nonce", models.CharField(editable=False, max_length=64)),
                    ("policy", models.CharField(editable=False, max_length=120)),
                    ("serial", models.CharField(editable=False, max_length=64)),
                    ("said_at", models.DateTimeField(editable=False)),
                    ("received_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ],
            ),
            migrations.CreateModel(
                "StampTry",
                [
                    ID,
                    (
                        "owed",
                        models.ForeignKey(
                            "audit.stampowed", models.PROTECT, editable=False, related_name="tries"
                        ),
                    ),
                    ("reason", models.CharField(editable=False, max_length=40)),
                    ("tried_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ],
            ),
        ),
    ]
