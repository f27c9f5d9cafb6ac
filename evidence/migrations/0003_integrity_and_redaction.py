"""Checks of stored files, in runs and chunks, and redacted copies."""

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
BELONGS_TO = ("belongs_to", models.UUIDField(editable=False, null=True))


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_verification_and_analyses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "IntegritySchedule",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("routine_days", models.PositiveSmallIntegerField()),
                    ("deep_days", models.PositiveSmallIntegerField()),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("routine_days__gte", 1), ("routine_days__lte", 30)),
                            name="routine_days_in_bounds",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("deep_days__gte", 1), ("deep_days__lte", 365)),
                            name="deep_days_in_bounds",
                        ),
                    ],
                    "indexes": [models.Index(fields=["case", "-created_at"], name="schedule_newest_first")],
                },
            ),
            migrations.CreateModel(
                "IntegrityRun",
                [
                    ID,
                    (
                        "by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("owed", "Owed"),
                                ("running", "Running"),
                                ("done", "Done"),
                                ("failed", "Failed"),
                            ],
                            default="owed",
                            max_length=8,
                        ),
                    ),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    CREATED_AT,
                    ("started_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("reason", models.CharField(blank=True, max_length=80)),
                    ("case", models.ForeignKey("cases.case", models.PROTECT, null=True, related_name="+")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("routine", "Routine: the sealed bytes"),
                                ("deep", "Deep: opened and compared"),
                            ],
                            default="routine",
                            max_length=8,
                        ),
                    ),
                    ("files", models.PositiveIntegerField(default=0)),
                    ("checked", models.PositiveIntegerField(default=0)),
                    ("failed", models.PositiveIntegerField(default=0)),
                    ("strays", models.PositiveIntegerField(null=True)),
                    (
                        "commitment",
                        models.BinaryField(
                            default=bytes(32),
                            max_length=32,
                        ),
                    ),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["routine", "deep"])), name="run_is_known"
                        )
                    ],
                    "indexes": [models.Index(fields=["-created_at"], name="integrity_newest_first")],
                },
            ),
            migrations.CreateModel(
                "IntegrityChunk",
                [
                    ID,
                    (
                        "run",
                        models.ForeignKey("evidence.integrityrun", models.PROTECT, related_name="chunks"),
                    ),
                    ("number", models.PositiveIntegerField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("routine", "Routine: the sealed bytes"),
                                ("deep", "Deep: opened and compared"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("case", models.UUIDField(null=True)),
                    (
                        "files",
                        django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                    ),
                    ("planned_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ("done", models.PositiveIntegerField(default=0)),
                    ("claim", models.UUIDField(null=True)),
                    ("touched_at", models.DateTimeField(null=True)),
                    ("started_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("noted_at", models.DateTimeField(null=True)),
                    ("failed", models.PositiveIntegerField(default=0)),
                    ("attempts", models.PositiveIntegerField(default=0)),
                    ("reason", models.CharField(blank=True, max_length=40)),
                    (
                        "commitment",
                        models.BinaryField(
                            default=bytes(32),
                            max_length=32,
                        ),
                    ),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("run", "number"), name="chunks_are_numbered"),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["routine", "deep"])), name="chunk_is_known"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "done__lte",
                                    models.Func(
                                        "files", function="cardinality", output_field=models.IntegerField()
                                    ),
                                )
                            ),
                            name="chunk_done_within",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("finished_at__isnull", True)),
                            fields=["kind", "planned_at", "number"],
                            name="chunk_to_walk",
                        ),
                        models.Index(
                            condition=models.Q(("finished_at__isnull", False), ("noted_at__isnull", True)),
                            fields=["finished_at"],
                            name="chunk_to_note",
                        ),
                        models.Index(fields=["case", "kind", "-planned_at"], name="chunk_of_case"),
                    ],
                },
            ),
            migrations.CreateModel(
                "IntegrityFinding",
                [
                    ID,
                    (
                        "run",
                        models.ForeignKey("evidence.integrityrun", models.PROTECT, related_name="findings"),
                    ),
                    (
                        "chunk",
                        models.ForeignKey(
                            "evidence.integritychunk", models.PROTECT, null=True, related_name="findings"
                        ),
                    ),
                    ("stored", models.UUIDField(null=True)),
                    ("ref", models.CharField(blank=True, max_length=64)),
                    (
                        "result",
                        models.CharField(
                            choices=[
                                ("damaged", "Changed"),
                                ("missing", "Missing"),
                                ("extra", "On no record"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("found_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("chunk", "stored"), name="found_once_a_chunk"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("chunk__isnull", True), ("result", "extra"), ("stored__isnull", True)
                                ),
                                models.Q(
                                    ("chunk__isnull", False),
                                    ("ref", ""),
                                    ("result__in", ["damaged", "missing"]),
                                    ("stored__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="finding_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "FixityCheck",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "created_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "run",
                        models.ForeignKey(
                            "evidence.integrityrun", models.PROTECT, null=True, related_name="alerts"
                        ),
                    ),
                    ("file", models.ForeignKey("evidence.fileobject", models.PROTECT, related_name="alerts")),
                    ("stored", models.ForeignKey("vault.storedfile", models.PROTECT, related_name="+")),
                    (
                        "result",
                        models.CharField(
                            choices=[("intact", "Intact"), ("damaged", "Changed"), ("missing", "Missing")],
                            max_length=8,
                        ),
                    ),
                    ("by_code", models.CharField(max_length=40)),
                    ("closed_at", models.DateTimeField(null=True)),
                    (
                        "closed_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("answer", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("result__in", ["intact", "damaged", "missing"])),
                            name="fixity_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                                models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="fixity_closed_by_somebody",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("closed_at__isnull", True)),
                            fields=("file",),
                            name="one_open_alert_a_file",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "RedactionSet",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "file",
                        models.ForeignKey(
                            "evidence.fileobject", models.PROTECT, related_name="redaction_sets"
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    (
                        "corrects",
                        models.ForeignKey(
                            "evidence.redactionset", models.PROTECT, null=True, related_name="corrected_by"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("owed", "Being made"),
                                ("made", "Made, being checked"),
                                ("failed", "Failed its checks"),
                                ("ready", "Waits for a second person"),
                                ("approved", "Approved"),
                                ("returned", "Returned"),
                            ],
                            default="owed",
                            max_length=8,
                        ),
                    ),
                    (
                        "fault",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("broken", "The file could not be read to its end"),
                                ("heard", "What should be silent or a tone can still be heard"),
                                ("metadata", "The copy holds more than what is seen and heard"),
                                (
                                    "misplaced",
                                    "A box or a time lies where the file has nothing: no such page or moment",
                                ),
                                ("oversized", "The file is too large to be made anew here"),
                                ("seen", "Something can still be seen inside a box"),
                                (
                                    "slanted",
                                    "The clip is mirrored or turned in a way that players show differently",
                                ),
                                ("slow", "Making it took too long"),
                                ("text", "Words that stood under a box were found in the copy"),
                            ],
                            max_length=9,
                        ),
                    ),
                    (
                        "output",
                        models.OneToOneField(
                            "evidence.fileobject", models.PROTECT, null=True, related_name="redaction_made_by"
                        ),
                    ),
                    (
                        "judged_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("judged_at", models.DateTimeField(null=True)),
                    ("note", SealedText(null=True)),
                    ("answer", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("file", "number"), name="redactions_are_numbered"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["owed", "made", "failed", "ready", "approved", "returned"])
                            ),
                            name="redaction_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "fault__in",
                                        [
                                            "broken",
                                            "heard",
                                            "metadata",
                                            "misplaced",
                                            "oversized",
                                            "seen",
                                            "slanted",
                                            "slow",
                                            "text",
                                        ],
                                    ),
                                    ("state", "failed"),
                                ),
                                models.Q(models.Q(("state", "failed"), _negated=True), ("fault", "")),
                                _connector="OR",
                            ),
                            name="redaction_failed_for_a_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ("owed", "failed")), ("output__isnull", False), _connector="OR"
                            ),
                            name="redaction_made_has_a_copy",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("judged_at__isnull", False),
                                    ("judged_by__isnull", False),
                                    ("state__in", ("approved", "returned")),
                                ),
                                models.Q(
                                    models.Q(("state__in", ("approved", "returned")), _negated=True),
                                    ("judged_at__isnull", True),
                                    ("judged_by__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="redaction_judged_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("judged_by__isnull", True),
                                models.Q(("judged_by", models.F("created_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="redaction_by_a_second_person",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Redaction",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "redaction_set",
                        models.ForeignKey("evidence.redactionset", models.PROTECT, related_name="redactions"),
                    ),
                    ("number", models.PositiveSmallIntegerField()),
                    ("region", SealedJSON()),
                    ("reason", SealedText()),
                    ("note", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("redaction_set", "number"), name="regions_are_numbered"
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "RedactionJob",
                [
                    ID,
                    (
                        "by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("owed", "Owed"),
                                ("running", "Running"),
                                ("done", "Done"),
                                ("failed", "Failed"),
                            ],
                            default="owed",
                            max_length=8,
                        ),
                    ),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    CREATED_AT,
                    ("started_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("reason", models.CharField(blank=True, max_length=80)),
                    (
                        "redaction_set",
                        models.OneToOneField("evidence.redactionset", models.PROTECT, related_name="job"),
                    ),
                ],
            ),
        ),
    ]
