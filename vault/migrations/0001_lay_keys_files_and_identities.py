import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
import vault.vocabulary
from django.db import migrations, models

from vault.database import allow_update, into_schema


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DestroyedKey",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("destroyed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="RootCheck",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("root_id", models.UUIDField()),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
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
                ("manifest", vault.fields.SealedJSON()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("created_by", models.CharField(max_length=40)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="KeystoreKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("witness", "witness"), ("file", "file")], max_length=12)),
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
                        default=vault.vocabulary.KeyState["PRIMARY"],
                        max_length=12,
                    ),
                ),
                ("scope_key_id", models.UUIDField()),
                ("epoch_id", models.UUIDField()),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "db_table": "keystore_key",
                "indexes": [
                    models.Index(fields=["scope_key_id"], name="keystore_key_by_scope_key"),
                    models.Index(fields=["epoch_id"], name="keystore_key_by_epoch"),
                    models.Index(fields=["belongs_to"], name="keystore_key_by_witness"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", vault.vocabulary.KeyState["PRIMARY"])),
                        fields=("unit",),
                        name="unit_has_one_primary_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    vault.vocabulary.KeyState["PRIMARY"],
                                    vault.vocabulary.KeyState["ENABLED"],
                                    vault.vocabulary.KeyState["DECRYPT_ONLY"],
                                    vault.vocabulary.KeyState["DESTROYED"],
                                ],
                            )
                        ),
                        name="keystore_key_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScopeKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
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
                        default=vault.vocabulary.KeyState["PRIMARY"],
                        max_length=12,
                    ),
                ),
                ("root_id", models.UUIDField()),
                ("wrapped", models.BinaryField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "indexes": [models.Index(fields=["root_id"], name="scope_key_by_root")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", vault.vocabulary.KeyState["PRIMARY"])),
                        fields=("kind", "scope_id"),
                        name="scope_has_one_primary_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    vault.vocabulary.KeyState["PRIMARY"],
                                    vault.vocabulary.KeyState["ENABLED"],
                                    vault.vocabulary.KeyState["DECRYPT_ONLY"],
                                    vault.vocabulary.KeyState["DESTROYED"],
                                ],
                            )
                        ),
                        name="scope_key_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    vault.vocabulary.ScopeKind["CASE"],
                                    vault.vocabulary.ScopeKind["RECIPIENTS"],
                                    vault.vocabulary.ScopeKind["STAFF"],
                                ],
                            )
                        ),
                        name="scope_key_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedIdentity",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_id", models.UUIDField()),
                ("subject", models.UUIDField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("sealed", models.BinaryField()),
                ("wrapped_key", models.BinaryField(null=True)),
                ("share_id", models.UUIDField(null=True)),
                ("directory_number", models.PositiveIntegerField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("created_by", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "sealed_identity",
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "version"), name="identity_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityHalf",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("custodian", models.UUIDField()),
                ("partner", models.UUIDField()),
                ("encrypted", models.BinaryField()),
                ("digest", models.BinaryField(max_length=32)),
                ("directory_number", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="halves",
                        to="vault.sealedidentity",
                    ),
                ),
            ],
            options={
                "db_table": "identity_half",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("identity", "custodian", "partner", "directory_number"),
                        name="identity_half_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("custodian", models.F("partner")), _negated=True),
                        name="identity_half_of_two_people",
                    ),
                ],
            },
        ),
        allow_update("vault_rootcheck", "root_id", "sealed"),
        allow_update("vault_scopekey", "state", "root_id", "wrapped"),
        into_schema("keystore_key", "keystore"),
        into_schema("sealed_identity", "identity"),
        into_schema("identity_half", "identity"),
    ]
