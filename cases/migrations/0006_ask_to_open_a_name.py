"""Requests to open a name and what custodians say to them; the powers to ask and to guard."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import case_key, row_security, same_case
from vault.database import allow_update

# Who is in a case already gets the new powers of their role; in a new database nobody is, and the permissions
# are made behind the migrations, as ever.
GRANTS = """
INSERT INTO auth_permission (name, content_type_id, codename)
  SELECT p, c.id, p FROM django_content_type c, unnest(ARRAY['identity:guard', 'identity:request']) p
  WHERE c.app_label = 'cases' AND c.model = 'case' ON CONFLICT DO NOTHING;
INSERT INTO cases_casegrant (user_id, permission_id, content_object_id)
  SELECT m.user_id, p.id, m.case_id FROM cases_membership m
  JOIN auth_permission p ON p.codename IN ('identity:guard', 'identity:request')
  JOIN django_content_type c ON c.id = p.content_type_id AND c.app_label = 'cases' AND c.model = 'case'
  WHERE m.closed_at IS NULL AND CASE p.codename WHEN 'identity:guard' THEN m.role = 'identity_custodian'
    ELSE m.role IN ('lead', 'investigator', 'supervisor') END
  ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_watch_names_of_an_intake"),
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
        migrations.AddField(
            model_name="witness",
            name="risk_raised_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="IdentityRequest",
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
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("life_in_danger", "The witness's life is in danger"),
                            ("safe_contact", "To reach the witness safely"),
                            ("witness_asked", "The witness asked for it"),
                            ("court_order", "A court or mechanism has ordered it"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Waits for two custodians"),
                            ("approved_1", "Waits for a second custodian"),
                            ("approved_2", "Approved by two custodians"),
                            ("open", "Opened once"),
                            ("closed", "Closed"),
                            ("denied", "Stopped by a custodian"),
                            ("expired", "Expired"),
                        ],
                        default="requested",
                        max_length=12,
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("digest", models.BinaryField(max_length=32)),
                ("paper", vault.fields.SealedText()),
                ("held_key", models.BinaryField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("opens_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("tag", models.BinaryField()),
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
                    "witness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="cases.witness",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentityDecision",
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
                ("tag", models.BinaryField()),
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
                    "witness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="cases.witness",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="cases.identityrequest",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="identityrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["requested", "approved_1", "approved_2", "open", "closed", "denied", "expired"],
                    )
                ),
                name="access_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("requested", "approved_1", "approved_2", "denied"))),
                fields=("created_by",),
                name="one_request_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitydecision",
            constraint=models.UniqueConstraint(
                fields=("request", "digest", "member", "verdict"), name="one_word_a_custodian"
            ),
        ),
        migrations.AddConstraint(
            model_name="identitydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["approve", "veto", "lift-veto"])), name="verdict_is_known"
            ),
        ),
        allow_update(
            "cases_identityrequest",
            "purpose",
            "state",
            "edition",
            "digest",
            "paper",
            "held_key",
            "agreed_at",
            "opens_at",
            "expires_at",
            "opened_at",
            "closed_at",
            "tag",
        ),
        allow_update("cases_witness", "risk_raised_at"),
        row_security("cases_identityrequest", machines=("sweep",)),
        row_security("cases_identitydecision"),
        case_key("cases_identityrequest"),
        same_case("cases_identityrequest", "witness_id", "cases_witness"),
        same_case("cases_identitydecision", "witness_id", "cases_witness"),
        same_case("cases_identitydecision", "request_id", "cases_identityrequest"),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
