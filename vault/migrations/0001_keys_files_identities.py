"""Keys, sealed files and sealed identities: the tables of the vault, each in its schema, and what may change."""

import uuid

import django.utils.timezone
from django.db import migrations, models

from vault.database import CreateTables, allow_update, into_schema
from vault.fields import SealedJSON

ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))
CREATED_AT = ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateTables(
            migrations.CreateModel(
                "RootCheck",
                [
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("root_id", models.UUIDField()),
                    ("sealed", models.BinaryField()),
                    CREATED_AT,
                ],
            ),
            migrations.CreateModel(
                "ScopeKey",
                [
                    ID,
                    (
                        "kind",
                        models.CharField(
                            choices=[("case", "case"), ("recipients", "recipients"), ("staff", "staff")],
                            max_length=12,
                        ),
                    ),
                    ("scope_id", models.UUIDField()),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("primary", "primary"),
                                ("enabled", "enabled"),
                                ("decrypt_only", "decrypt_only"),
                                ("destroyed", "destroyed"),
                            ],
                            default="primary",
                            max_length=12,
                        ),
                    ),
                    ("root_id", models.UUIDField()),
                    ("wrapped", models.BinaryField()),
                    CREATED_AT,
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "primary")),
                            fields=("kind", "scope_id"),
                            name="scope_has_one_primary_key",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["primary", "enabled", "decrypt_only", "destroyed"])
                            ),
                            name="scope_key_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["case", "recipients", "staff"])),
                            name="scope_key_kind_is_known",
                        ),
                    ],
                    "indexes": [models.Index(fields=["root_id"], name="scope_key_by_root")],
                },
            ),
            migrations.CreateModel(
                "KeystoreKey",
                [
                    ID,
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("witness", "witness"),
                                ("file", "file"),
                                ("share", "share"),
                                ("words", "words"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "scope_kind",
                        models.CharField(
                            choices=[("case", "case"), ("recipients", "recipients"), ("staff", "staff")],
                            max_length=12,
                        ),
                    ),
                    ("scope_id", models.UUIDField()),
                    ("unit", models.UUIDField()),
                    ("belongs_to", models.UUIDField(null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("primary", "primary"),
                                ("enabled", "enabled"),
                                ("decrypt_only", "decrypt_only"),
                                ("destroyed", "destroyed"),
                            ],
                            default="primary",
                            max_length=12,
                        ),
                    ),
                    ("scope_key_id", models.UUIDField()),
                    ("epoch_id", models.UUIDField()),
                    ("sealed", models.BinaryField()),
                    CREATED_AT,
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "primary")),
                            fields=("unit",),
                            name="unit_has_one_primary_key",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["primary", "enabled", "decrypt_only", "destroyed"])
                            ),
                            name="keystore_key_state_is_known",
                        ),
                    ],
                    "db_table": "keystore_key",
                    "indexes": [
                        models.Index(fields=["scope_key_id"], name="keystore_key_by_scope_key"),
                        models.Index(fields=["epoch_id"], name="keystore_key_by_epoch"),
                        models.Index(fields=["belongs_to"], name="keystore_key_by_witness"),
                    ],
                },
            ),
            migrations.CreateModel(
                "DestroyedKey",
                [
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("destroyed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ],
            ),
            migrations.CreateModel(
                "StoredFile",
                [
                    ID,
                    (
                        "scope_kind",
                        models.CharField(
                            choices=[("case", "case"), ("recipients", "recipients"), ("staff", "staff")],
                            max_length=12,
                        ),
                    ),
                    ("scope_id", models.UUIDField()),
                    ("storage_ref", models.CharField(max_length=64, unique=True)),
                    ("sealed_size", models.PositiveBigIntegerField()),
                    ("sealed_digest", models.BinaryField(max_length=32)),
                    ("manifest", SealedJSON()),
                    CREATED_AT,
                    ("created_by", models.CharField(max_length=40)),
                ],
            ),
            migrations.CreateModel(
                "SealedIdentity",
                [
                    ID,
                    ("scope_id", models.UUIDField()),
                    ("subject", models.UUIDField()),
                    ("version", models.PositiveIntegerField(default=1)),
                    ("sealed", models.BinaryField()),
                    ("wrapped_key", models.BinaryField()),
                    ("share_id", models.UUIDField()),
                    ("directory_number", models.PositiveIntegerField()),
                    CREATED_AT,
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("subject", "version"), name="identity_version_once")
                    ],
                    "db_table": "sealed_identity",
                },
            ),
            migrations.CreateModel(
                "IdentityHalf",
                [
                    ID,
                    (
                        "identity",
                        models.ForeignKey("vault.sealedidentity", models.PROTECT, related_name="halves"),
                    ),
                    ("custodian", models.UUIDField()),
                    ("partner", models.UUIDField()),
                    ("side", models.PositiveSmallIntegerField()),
                    ("encrypted", models.BinaryField()),
                    ("digest", models.BinaryField(max_length=32)),
                    ("directory_number", models.PositiveIntegerField()),
                    CREATED_AT,
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("identity", "custodian", "partner", "directory_number"),
                            name="identity_half_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("side__in", (0, 1))), name="identity_half_has_a_side"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("custodian", models.F("partner")), _negated=True),
                            name="identity_half_of_two_people",
                        ),
                    ],
                    "db_table": "identity_half",
                },
            ),
        ),
        allow_update("vault_rootcheck", "root_id", "sealed"),
        allow_update("vault_scopekey", "state", "root_id", "wrapped"),
        into_schema("keystore_key", "keystore"),
        into_schema("sealed_identity", "identity"),
        into_schema("identity_half", "identity"),
    ]
