"""Cases, who is a member of them, and what is kept of a record's earlier wording."""

import uuid

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from vault.database import CreateTables
from vault.fields import SealedJSON, SealedText

ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))
CREATED_AT = ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False))
CASE = ("case", models.ForeignKey("cases.case", models.PROTECT, related_name="+"))
CREATED_BY = ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"))


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_roles_signing_in_custodians"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "Case",
                [
                    ID,
                    ("code", models.CharField(max_length=16, unique=True)),
                    ("prefix", models.CharField(max_length=5)),
                    ("title", SealedText()),
                    ("situation", models.CharField(max_length=60)),
                    ("mandate", SealedText()),
                    (
                        "standard_of_proof",
                        models.CharField(
                            choices=[
                                ("allegation_recorded", "Allegation recorded"),
                                ("reasonable_grounds_to_suspect", "Reasonable grounds to suspect"),
                                ("reasonable_grounds_to_believe", "Reasonable grounds to believe"),
                                ("clear_and_convincing", "Clear and convincing evidence"),
                                ("beyond_reasonable_doubt", "Beyond reasonable doubt"),
                            ],
                            max_length=32,
                        ),
                    ),
                    (
                        "armed_conflict",
                        models.CharField(
                            choices=[
                                ("NIAC", "Non-international armed conflict"),
                                ("IAC", "International armed conflict"),
                                ("none_or_below_threshold", "None, or below the threshold"),
                                ("undetermined", "Not determined"),
                            ],
                            default="undetermined",
                            max_length=24,
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("open", "Open"),
                                ("under_review", "Under review"),
                                ("returned", "Returned"),
                                ("findings_approved", "Findings approved"),
                                ("closed", "Closed"),
                                ("archived", "Archived"),
                            ],
                            default="open",
                            max_length=20,
                        ),
                    ),
                    (
                        "retention_rule",
                        models.CharField(
                            choices=[
                                ("ten_years", "Ten years after closing"),
                                ("thirty_years", "Thirty years after closing"),
                                ("permanent", "Kept for good"),
                            ],
                            default="thirty_years",
                            max_length=20,
                        ),
                    ),
                    ("locked_at", models.DateTimeField(editable=False, null=True)),
                    ("revision", models.PositiveIntegerField(default=1)),
                    CREATED_AT,
                    CREATED_BY,
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("prefix__regex", "^[A-Z]{2,5}$")), name="case_prefix_form"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    [
                                        "open",
                                        "under_review",
                                        "returned",
                                        "findings_approved",
                                        "closed",
                                        "archived",
                                    ],
                                )
                            ),
                            name="case_status_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "standard_of_proof__in",
                                    [
                                        "allegation_recorded",
                                        "reasonable_grounds_to_suspect",
                                        "reasonable_grounds_to_believe",
                                        "clear_and_convincing",
                                        "beyond_reasonable_doubt",
                                    ],
                                )
                            ),
                            name="case_standard_is_known",
                        ),
                    ],
                    "default_permissions": (),
                    "indexes": [models.Index(fields=["-created_at", "-id"], name="case_newest_first")],
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
            migrations.CreateModel(
                "CaseCounter",
                [
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    CASE,
                    (
                        "series",
                        models.CharField(choices=[("WT", "Testimony"), ("EX", "Exhibit")], max_length=4),
                    ),
                    ("last", models.PositiveIntegerField(default=0)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("case", "series"), name="one_counter_a_series")
                    ]
                },
            ),
            migrations.CreateModel(
                "Membership",
                [
                    ID,
                    ("case", models.ForeignKey("cases.case", models.PROTECT, related_name="memberships")),
                    (
                        "user",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships"
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("lead", "Case lead"),
                                ("investigator", "Investigator"),
                                ("interpreter", "Interpreter"),
                                ("translator", "Translator"),
                                ("analyst", "Analyst"),
                                ("supervisor", "Supervisor"),
                                ("legal_reviewer", "Legal reviewer"),
                                ("identity_custodian", "Identity custodian"),
                                ("disclosure_officer", "Disclosure officer"),
                                ("evidence_custodian", "Evidence custodian"),
                                ("auditor", "Auditor"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("sees_strict", models.BooleanField(default=False)),
                    ("starts_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("ends_at", models.DateTimeField(null=True)),
                    ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                    (
                        "granted_by",
                        models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"),
                    ),
                    ("closed_at", models.DateTimeField(null=True)),
                    (
                        "closed_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("reason", SealedText(null=True)),
                    ("tag", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("closed_at__isnull", True)),
                            fields=("case", "user"),
                            name="one_membership_a_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_at__isnull", True),
                                ("ends_at__gt", models.F("starts_at")),
                                _connector="OR",
                            ),
                            name="membership_ends_after_start",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "role__in",
                                    [
                                        "lead",
                                        "investigator",
                                        "interpreter",
                                        "translator",
                                        "analyst",
                                        "supervisor",
                                        "legal_reviewer",
                                        "identity_custodian",
                                        "disclosure_officer",
                                        "evidence_custodian",
                                        "auditor",
                                    ],
                                )
                            ),
                            name="membership_role_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("closed_by__isnull", True), ("closed_at__isnull", False), _connector="OR"
                            ),
                            name="membership_closed_at_a_time",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("closed_at__isnull", True)),
                            fields=["user", "case"],
                            include=("starts_at", "ends_at", "granted_at", "closed_at"),
                            name="membership_in_force",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                "CaseGrant",
                [
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("permission", models.ForeignKey("auth.permission", models.CASCADE)),
                    ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
                    (
                        "content_object",
                        models.ForeignKey("cases.case", models.PROTECT, related_name="grants"),
                    ),
                ],
                {
                    "indexes": [
                        models.Index(fields=["user", "content_object"], name="grant_by_user_and_case")
                    ],
                    "unique_together": {("user", "permission", "content_object")},
                },
            ),
            migrations.CreateModel(
                "Revision",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
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
                    ("belongs_to", models.UUIDField(editable=False, null=True)),
                    ("kind", models.CharField(max_length=24)),
                    ("subject", models.UUIDField()),
                    ("number", models.PositiveIntegerField()),
                    ("content", SealedJSON()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("kind", "subject", "number"), name="revisions_are_numbered"
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "SavedView",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
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
                    ("shelf", models.CharField(max_length=40)),
                    ("place", models.PositiveSmallIntegerField()),
                    ("name", SealedText()),
                    ("filters", SealedJSON()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("created_by", "case", "shelf", "place"), name="one_saved_view_a_place"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("place__gte", 1), ("place__lte", 20)),
                            name="saved_views_are_few",
                        ),
                    ]
                },
            ),
        ),
    ]
