"""Legal holds, and the powers to place them and to erase what a witness gave."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import row_security, same_case
from vault.database import allow_update

# Which role brings which new power: who is a member already has it from now on, as newcomers do.
POWERS = {
    "erasure:ask": ("identity_custodian",),
    "erasure:confirm": ("identity_custodian", "lead", "supervisor"),
    "hold:manage": ("lead", "legal_reviewer", "supervisor"),
}


def give(codename: str, roles: tuple[str, ...]) -> migrations.RunSQL:
    """Make the power and grant it to the members whose role brings it."""
    names = ", ".join(f"'{role}'" for role in roles)
    return migrations.RunSQL(
        f"""
        INSERT INTO auth_permission (name, content_type_id, codename)
          SELECT '{codename}', id, '{codename}' FROM django_content_type
          WHERE app_label = 'cases' AND model = 'case' ON CONFLICT DO NOTHING;
        INSERT INTO cases_casegrant (user_id, content_object_id, permission_id)
          SELECT DISTINCT m.user_id, m.case_id, p.id FROM cases_membership m, auth_permission p
          WHERE m.closed_at IS NULL AND m.role IN ({names}) AND p.codename = '{codename}'
          ON CONFLICT DO NOTHING;
        """,
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_let_a_witness_take_all_along"),
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
                    ("identity:guard", "identity:guard"),
                    ("identity:request", "identity:request"),
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
        migrations.CreateModel(
            name="LegalHold",
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
                ("starts_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_at", models.DateTimeField(null=True)),
                ("lift_asked_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("authority", vault.fields.SealedText()),
                ("reason", vault.fields.SealedText(null=True)),
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
                    "lift_asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="cases.witness",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                            models.Q(
                                ("lift_asked_by__isnull", False),
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hold_lifted_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_by__isnull", True),
                            models.Q(("lifted_by", models.F("lift_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="hold_lifted_by_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                        ),
                        name="hold_lasts",
                    ),
                ],
            },
        ),
        allow_update(
            "cases_legalhold", "lift_asked_at", "lift_asked_by_id", "lifted_at", "lifted_by_id", "reason"
        ),
        row_security("cases_legalhold"),
        same_case("cases_legalhold", "witness_id", "cases_witness"),
        *(give(codename, roles) for codename, roles in POWERS.items()),
    ]
