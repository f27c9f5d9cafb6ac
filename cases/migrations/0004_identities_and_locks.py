"""Requests to open a name, sessions in which names are compared, and locks of cases."""

import uuid

import django.contrib.postgres.fields
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from vault.database import CreateTables
from vault.fields import SealedJSON, SealedText

ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))
CREATED_AT = ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False))
SENSITIVITY = (
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
)
CASE = ("case", models.ForeignKey("cases.case", models.PROTECT, related_name="+"))
CREATED_BY = ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_incidents_actors_victims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "IdentityRequest",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "witness",
                        models.ForeignKey("cases.witness", models.PROTECT, related_name="%(class)s_rows"),
                    ),
                    ("tag", models.BinaryField()),
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
                    ("paper", SealedText()),
                    ("held_key", models.BinaryField(null=True)),
                    ("agreed_at", models.DateTimeField(null=True)),
                    ("opens_at", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField()),
                    ("opened_at", models.DateTimeField(null=True)),
                    ("closed_at", models.DateTimeField(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "requested",
                                        "approved_1",
                                        "approved_2",
                                        "open",
                                        "closed",
                                        "denied",
                                        "expired",
                                    ],
                                )
                            ),
                            name="access_state_is_known",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("state__in", ("requested", "approved_1", "approved_2", "denied"))
                            ),
                            fields=("created_by",),
                            name="one_request_a_person",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "IdentityDecision",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "witness",
                        models.ForeignKey("cases.witness", models.PROTECT, related_name="%(class)s_rows"),
                    ),
                    ("tag", models.BinaryField()),
                    (
                        "request",
                        models.ForeignKey("cases.identityrequest", models.PROTECT, related_name="decisions"),
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
                    ("paper", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("request", "digest", "member", "verdict"), name="one_word_a_custodian"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("verdict__in", ["approve", "veto", "lift-veto"])),
                            name="verdict_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "IdentitySession",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("tag", models.BinaryField()),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("life_in_danger", "Somebody's life is in danger"),
                                ("disclosure", "Something is to be handed over or published"),
                                ("regular", "A regular check"),
                                ("handover", "Identities are to go to the recipient of an export"),
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
                                ("running", "The process is at work"),
                                ("compared", "Names were compared"),
                                ("handed", "Identities were handed over"),
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
                    ("reason", SealedText()),
                    ("paper", SealedText(null=True)),
                    ("agreed_at", models.DateTimeField(null=True)),
                    ("opens_at", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField()),
                    ("started_at", models.DateTimeField(null=True)),
                    ("closed_at", models.DateTimeField(null=True)),
                    ("ended_by", models.CharField(blank=True, max_length=40)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
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
                                        "handed",
                                        "closed",
                                        "denied",
                                        "expired",
                                        "failed",
                                    ],
                                )
                            ),
                            name="session_state_is_known",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    (
                                        "preparing",
                                        "requested",
                                        "approved_1",
                                        "approved_2",
                                        "denied",
                                        "running",
                                    ),
                                )
                            ),
                            fields=("case",),
                            name="one_session_a_case",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "SessionItem",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "session",
                        models.ForeignKey("cases.identitysession", models.PROTECT, related_name="items"),
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
                                ("handover", "Whose identity goes to the recipient of an export?"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("subject", models.UUIDField(null=True)),
                    ("digest", models.BinaryField(max_length=32)),
                    (
                        "author",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("session", "number"), name="items_are_numbered"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind__in", ["duplicates", "pseudonyms", "texts", "streams", "handover"])
                            ),
                            name="session_check_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "SessionDecision",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("tag", models.BinaryField()),
                    (
                        "request",
                        models.ForeignKey("cases.identitysession", models.PROTECT, related_name="decisions"),
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
                    ("paper", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("request", "digest", "member", "verdict"), name="one_word_on_a_session"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("verdict__in", ["approve", "veto", "lift-veto"])),
                            name="session_verdict_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "SessionReport",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "session",
                        models.OneToOneField("cases.identitysession", models.PROTECT, related_name="report"),
                    ),
                    ("said", SealedJSON()),
                ],
            ),
            migrations.CreateModel(
                "CaseLock",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("code", models.CharField(max_length=16)),
                    ("sealed", models.BinaryField()),
                    ("keys", models.PositiveIntegerField()),
                    (
                        "epochs",
                        django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                    ),
                    ("turned_at", models.DateTimeField(null=True)),
                    ("edition", models.PositiveSmallIntegerField(default=0)),
                    (
                        "asked_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("asked_at", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField(null=True)),
                    ("digest", models.BinaryField(max_length=32, null=True)),
                    ("paper", SealedText(null=True)),
                    ("held_key", models.BinaryField(null=True)),
                    ("reopened_at", models.DateTimeField(null=True)),
                    (
                        "reopened_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("reopened_at__isnull", True)),
                            fields=("case",),
                            name="one_lock_a_case",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("reopened_at__isnull", True), ("reopened_by__isnull", True)),
                                models.Q(("reopened_at__isnull", False), ("reopened_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="lock_reopened_by_somebody",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "LockWord",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("lock", models.ForeignKey("cases.caselock", models.PROTECT, related_name="words")),
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
                    ("paper", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("lock", "digest", "member", "verdict"),
                            name="one_word_a_custodian_on_a_lock",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("verdict__in", ["approve", "veto", "lift-veto"])),
                            name="lock_verdict_is_known",
                        ),
                    ]
                },
            ),
        ),
    ]
