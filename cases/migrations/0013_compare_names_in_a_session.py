"""Sessions in which the names of a case are compared, and the power to ask for one."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import case_key, row_security, same_case
from vault.database import allow_update

# Who is in a case already gets the new power of their role.
GRANTS = """
INSERT INTO auth_permission (name, content_type_id, codename)
  SELECT 'identity:session', id, 'identity:session' FROM django_content_type
  WHERE app_label = 'cases' AND model = 'case' ON CONFLICT DO NOTHING;
INSERT INTO cases_casegrant (user_id, content_object_id, permission_id)
  SELECT DISTINCT m.user_id, m.case_id, p.id FROM cases_membership m, auth_permission p
  WHERE m.closed_at IS NULL AND m.role IN ('identity_custodian', 'disclosure_officer')
    AND p.codename = 'identity:session'
  ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_reach_witnesses_safely"),
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
        migrations.CreateModel(
            name="IdentitySession",
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
                            ("life_in_danger", "Somebody's life is in danger"),
                            ("disclosure", "Something is to be handed over or published"),
                            ("regular", "A regular check"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Its process is being started"),
                            ("requested", "Waits for two custodians"),
                            ("approved_1", "Waits for a second custodian"),
                            ("approved_2", "Approved by two custodians"),
                            ("running", "Names are being compared"),
                            ("compared", "Names were compared"),
                            ("closed", "Closed"),
                            ("denied", "Stopped by a custodian"),
                            ("expired", "Expired"),
                            ("failed", "Failed: it must be asked anew"),
                        ],
                        default="preparing",
                        max_length=12,
                    ),
                ),
                ("material", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(default=b"", max_length=32)),
                ("keeper", models.UUIDField(null=True)),
                ("reason", vault.fields.SealedText()),
                ("paper", vault.fields.SealedText(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("opens_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=40)),
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
            ],
        ),
        migrations.CreateModel(
            name="SessionDecision",
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="cases.identitysession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SessionItem",
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
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duplicates", "Is somebody registered twice?"),
                            ("pseudonyms", "Does a pseudonym give a name away?"),
                            ("texts", "Does a text name somebody?"),
                            ("streams", "Does a file that is to leave name somebody?"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.UUIDField(null=True)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "author",
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="cases.identitysession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SessionReport",
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
                ("said", vault.fields.SealedJSON()),
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
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="cases.identitysession",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="identitysession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "preparing",
                            "requested",
                            "approved_1",
                            "approved_2",
                            "running",
                            "compared",
                            "closed",
                            "denied",
                            "expired",
                            "failed",
                        ],
                    )
                ),
                name="session_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitysession",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ("preparing", "requested", "approved_1", "approved_2", "denied", "running"))
                ),
                fields=("case",),
                name="one_session_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessiondecision",
            constraint=models.UniqueConstraint(
                fields=("request", "digest", "member", "verdict"), name="one_word_on_a_session"
            ),
        ),
        migrations.AddConstraint(
            model_name="sessiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["approve", "veto", "lift-veto"])),
                name="session_verdict_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionitem",
            constraint=models.UniqueConstraint(fields=("session", "number"), name="items_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="sessionitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["duplicates", "pseudonyms", "texts", "streams"])),
                name="session_check_is_known",
            ),
        ),
        allow_update(
            "cases_identitysession",
            "state",
            "digest",
            "paper",
            "keeper",
            "agreed_at",
            "opens_at",
            "expires_at",
            "started_at",
            "closed_at",
            "ended_by",
            "tag",
        ),
        row_security("cases_identitysession", machines=("sessions", "sweep"), power="identity:session"),
        row_security("cases_sessionitem", power="identity:session"),
        row_security("cases_sessiondecision", power="identity:session"),
        row_security("cases_sessionreport", power="identity:session"),
        case_key("cases_identitysession"),
        same_case("cases_sessionitem", "session_id", "cases_identitysession"),
        same_case("cases_sessiondecision", "request_id", "cases_identitysession"),
        same_case("cases_sessionreport", "session_id", "cases_identitysession"),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
