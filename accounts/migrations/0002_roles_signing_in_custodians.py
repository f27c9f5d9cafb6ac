"""Roles and trainings of people, how they sign in, and the custodians of identities."""

import uuid

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from vault.database import CreateTables
from vault.fields import SealedJSON, SealedText

ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))
CREATED_AT = ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False))


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0001_people"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "UserRole",
                [
                    ID,
                    (
                        "user",
                        models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_rows"),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
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
                                ("sysadmin", "System administrator"),
                                ("recipient", "Recipient"),
                            ],
                            max_length=24,
                        ),
                    ),
                    ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                    (
                        "granted_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("tag", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at__isnull", True)),
                            fields=("user", "role"),
                            name="role_held_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "role__in",
                                    [
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
                                        "sysadmin",
                                        "recipient",
                                    ],
                                )
                            ),
                            name="role_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Training",
                [
                    ID,
                    (
                        "user",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, related_name="training_rows"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("sgbv", "Sexual and gender-based violence"),
                                ("child", "Hearing children"),
                                ("trauma", "Acute trauma"),
                                ("chain_of_custody", "Chain of custody"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("completed_on", models.DateField()),
                    ("expires_on", models.DateField()),
                    ("noted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    (
                        "noted_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("certificate", SealedText()),
                    ("tag", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at__isnull", True)),
                            fields=("user", "kind"),
                            name="training_counts_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["sgbv", "child", "trauma", "chain_of_custody"])),
                            name="training_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("expires_on__gt", models.F("completed_on"))),
                            name="training_expires_later",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "OneTimeLink",
                [
                    ID,
                    (
                        "user",
                        models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="links"),
                    ),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("invitation", "Invitation"),
                                ("reset", "Renewal of password and second factors"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("digest", models.BinaryField(unique=True)),
                    (
                        "made_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("expires_at", models.DateTimeField()),
                    ("spent_at", models.DateTimeField(null=True)),
                    ("revoked_at", models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                "CredentialReset",
                [
                    ID,
                    (
                        "user",
                        models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="resets"),
                    ),
                    (
                        "requested_by",
                        models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"),
                    ),
                    ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    (
                        "decided_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("decided_at", models.DateTimeField(null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("requested", "Requested"),
                                ("confirmed", "Confirmed"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="requested",
                            max_length=12,
                        ),
                    ),
                    ("tag", models.BinaryField(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "confirmed"), _negated=True),
                                models.Q(("requested_by", models.F("decided_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="reset_by_two_people",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "confirmed"), _negated=True),
                                models.Q(("user", models.F("decided_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="reset_not_confirmed_by_the_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state", "requested"),
                                models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                _connector="XOR",
                            ),
                            name="reset_decided_by_somebody",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "requested")),
                            fields=("user",),
                            name="one_open_reset_a_person",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Session",
                [
                    ID,
                    ("digest", models.BinaryField(unique=True)),
                    (
                        "user",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sessions"
                        ),
                    ),
                    ("device", models.CharField(blank=True, max_length=60)),
                    ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("content", models.BinaryField()),
                ],
            ),
            migrations.CreateModel(
                "Throttle",
                [
                    ("digest", models.BinaryField(primary_key=True, serialize=False)),
                    ("value", models.TextField()),
                    ("expires_at", models.DateTimeField(db_index=True)),
                ],
            ),
            migrations.CreateModel(
                "Installation",
                [
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.UUID("6f0d6a0e-6c1b-4a2e-9d53-5a0a5f3c7d11"),
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("is_demonstration", models.BooleanField()),
                    ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("id", uuid.UUID("6f0d6a0e-6c1b-4a2e-9d53-5a0a5f3c7d11"))),
                            name="one_installation",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "DemonstrationLink",
                [
                    ID,
                    ("digest", models.BinaryField(unique=True)),
                    ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("spent_at", models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                "CustodianDirectory",
                [
                    ID,
                    ("number", models.PositiveIntegerField()),
                    ("digest", models.BinaryField(max_length=32)),
                    ("paper", models.BinaryField()),
                    ("in_force", models.BooleanField()),
                    CREATED_AT,
                    (
                        "created_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("in_force", True)),
                            fields=("number",),
                            name="one_directory_of_a_number",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("number__gte", 1)), name="directory_has_a_number"
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "DrillIdentity",
                [
                    ID,
                    ("first", models.UUIDField()),
                    ("second", models.UUIDField()),
                    ("directory_number", models.PositiveIntegerField()),
                    ("commitment", models.BinaryField(max_length=32)),
                    CREATED_AT,
                ],
            ),
            migrations.CreateModel(
                "Drill",
                [
                    ID,
                    ("tag", models.BinaryField()),
                    (
                        "identity",
                        models.ForeignKey("accounts.drillidentity", models.PROTECT, related_name="+"),
                    ),
                    ("first", models.UUIDField()),
                    ("second", models.UUIDField()),
                    ("directory_number", models.PositiveIntegerField()),
                    ("digest", models.BinaryField(max_length=32)),
                    ("paper", SealedText()),
                    ("held_key", SealedText(null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asked", "Waits for both"),
                                ("passed", "Passed"),
                                ("failed", "Failed"),
                                ("late", "Not answered in time"),
                                ("overtaken", "Overtaken by a new directory"),
                            ],
                            default="asked",
                            max_length=10,
                        ),
                    ),
                    ("failed_by", models.UUIDField(null=True)),
                    CREATED_AT,
                    ("expires_at", models.DateTimeField()),
                    ("closed_at", models.DateTimeField(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["asked", "passed", "failed", "late", "overtaken"])
                            ),
                            name="drill_state_is_known",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "asked")),
                            fields=("first", "second"),
                            name="one_drill_a_pair",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "DrillAnswer",
                [
                    ID,
                    ("tag", models.BinaryField()),
                    ("drill", models.ForeignKey("accounts.drill", models.PROTECT, related_name="answers")),
                    ("member", models.UUIDField()),
                    ("paper", SealedText()),
                    CREATED_AT,
                    (
                        "created_by",
                        models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"),
                    ),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("drill", "member"), name="one_answer_a_custodian")
                    ]
                },
            ),
            migrations.CreateModel(
                "Repair",
                [
                    ID,
                    ("tag", models.BinaryField()),
                    ("newcomer", models.UUIDField()),
                    ("first", models.UUIDField()),
                    ("second", models.UUIDField()),
                    ("directory_number", models.PositiveIntegerField()),
                    ("identities", models.PositiveSmallIntegerField()),
                    ("digest", models.BinaryField(max_length=32)),
                    ("sources", SealedJSON()),
                    ("first_help", SealedText(null=True)),
                    ("second_help", SealedText(null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asked", "Waits for files"),
                                ("finished", "Finished"),
                                ("overtaken", "Overtaken by a new directory"),
                            ],
                            default="asked",
                            max_length=10,
                        ),
                    ),
                    CREATED_AT,
                    ("closed_at", models.DateTimeField(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["asked", "finished", "overtaken"])),
                            name="repair_state_is_known",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "asked")),
                            fields=("state",),
                            name="one_repair_at_a_time",
                        ),
                    ]
                },
            ),
        ),
    ]
