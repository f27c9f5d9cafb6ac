"""Locks of cases, and the power to lock one."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import case_key, row_security, same_case
from vault.database import allow_update

POWER, ROLES = "case:lock", ("identity_custodian", "lead", "supervisor")
# Who is a member already has the power from now on, as newcomers do.
GIVE = f"""
    INSERT INTO auth_permission (name, content_type_id, codename)
      SELECT '{POWER}', id, '{POWER}' FROM django_content_type
      WHERE app_label = 'cases' AND model = 'case' ON CONFLICT DO NOTHING;
    INSERT INTO cases_casegrant (user_id, content_object_id, permission_id)
      SELECT DISTINCT m.user_id, m.case_id, p.id FROM cases_membership m, auth_permission p
      WHERE m.closed_at IS NULL AND m.role IN {ROLES} AND p.codename = '{POWER}'
      ON CONFLICT DO NOTHING;
"""  # noqa: S608 - our own words


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_let_bodies_be_reached"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "default_permissions": (),
                "permissions": [
                    ("case:read", "case:read"),
                    ("case:edit", "case:edit"),
                    ("case:lock", "case:lock"),
                    ("consent:record", "consent:record"),
                    ("consent:withdraw", "consent:withdraw"),
                    ("erasure:ask", "erasure:ask"),
                    ("erasure:confirm", "erasure:confirm"),
                    ("evidence:add", "evidence:add"),
                    ("evidence:integrity", "evidence:integrity"),
                    ("evidence:read", "evidence:read"),
                    ("evidence:verify", "evidence:verify"),
                    ("export:approve", "export:approve"),
                    ("export:build", "export:build"),
                    ("export:read", "export:read"),
                    ("export:redact", "export:redact"),
                    ("export:request", "export:request"),
                    ("finding:read", "finding:read"),
                    ("finding:write", "finding:write"),
                    ("hold:manage", "hold:manage"),
                    ("identity:carry", "identity:carry"),
                    ("identity:guard", "identity:guard"),
                    ("identity:request", "identity:request"),
                    ("identity:session", "identity:session"),
                    ("incident:read", "incident:read"),
                    ("incident:write", "incident:write"),
                    ("interview:write", "interview:write"),
                    ("log:read", "log:read"),
                    ("member:manage", "member:manage"),
                    ("strict:read", "strict:read"),
                    ("testimony:read", "testimony:read"),
                    ("testimony:review", "testimony:review"),
                    ("testimony:write", "testimony:write"),
                    ("witness:read", "witness:read"),
                    ("witness:register", "witness:register"),
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="locked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="CaseLock",
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
                ("code", models.CharField(max_length=16)),
                ("sealed", models.BinaryField()),
                ("keys", models.PositiveIntegerField()),
                (
                    "epochs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("turned_at", models.DateTimeField(null=True)),
                ("edition", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("digest", models.BinaryField(max_length=32, null=True)),
                ("paper", vault.fields.SealedText(null=True)),
                ("held_key", models.BinaryField(null=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
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
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LockWord",
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
                ("member", models.UUIDField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("approve", "A custodian approved"),
                            ("veto", "A custodian stopped it"),
                            ("lift-veto", "A custodian lifted the stop"),
                        ],
                        max_length=10,
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("paper", vault.fields.SealedText()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
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
                    "lock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="words", to="cases.caselock"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="caselock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopened_at__isnull", True)), fields=("case",), name="one_lock_a_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reopened_at__isnull", True), ("reopened_by__isnull", True)),
                    models.Q(("reopened_at__isnull", False), ("reopened_by__isnull", False)),
                    _connector="OR",
                ),
                name="lock_reopened_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="lockword",
            constraint=models.UniqueConstraint(
                fields=("lock", "digest", "member", "verdict"), name="one_word_a_custodian_on_a_lock"
            ),
        ),
        migrations.AddConstraint(
            model_name="lockword",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["approve", "veto", "lift-veto"])),
                name="lock_verdict_is_known",
            ),
        ),
        allow_update("cases_case", "locked_at"),
        allow_update(
            "cases_caselock",
            "turned_at",
            "edition",
            "asked_by_id",
            "asked_at",
            "expires_at",
            "digest",
            "paper",
            "held_key",
            "reopened_at",
            "reopened_by_id",
        ),
        row_security("cases_caselock", machines=("sweep",)),
        row_security("cases_lockword"),
        case_key("cases_caselock"),
        same_case("cases_lockword", "lock_id", "cases_caselock"),
        migrations.RunSQL(GIVE, migrations.RunSQL.noop),
    ]
