"""How an exhibit is verified, and what was worked out from it: place, time, weapons, ground."""

import uuid

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
        ("evidence", "0001_exhibits_files_custody"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "Verification",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, related_name="verifications"
                        ),
                    ),
                    (
                        "method",
                        models.CharField(
                            choices=[
                                ("source_provenance", "Where it comes from"),
                                ("source_credibility", "How credible the source is"),
                                ("metadata", "Metadata"),
                                ("reverse_search", "Search for earlier copies"),
                                ("geolocation", "Place"),
                                ("chronolocation", "Time"),
                                ("weapon_identification", "Weapon"),
                                ("satellite_comparison", "Comparison with satellite images"),
                                ("forensic_medical", "Forensic medicine"),
                                ("content_consistency", "Consistency of what is shown"),
                                ("manipulation_check", "Signs of manipulation"),
                            ],
                            max_length=24,
                        ),
                    ),
                    (
                        "reviewed_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("reviewed_at", models.DateTimeField(null=True)),
                    ("finding", SealedText()),
                    ("notes", SealedText()),
                    ("references", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "method__in",
                                    [
                                        "source_provenance",
                                        "source_credibility",
                                        "metadata",
                                        "reverse_search",
                                        "geolocation",
                                        "chronolocation",
                                        "weapon_identification",
                                        "satellite_comparison",
                                        "forensic_medical",
                                        "content_consistency",
                                        "manipulation_check",
                                    ],
                                )
                            ),
                            name="verification_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("reviewed_by__isnull", True),
                                models.Q(("reviewed_by", models.F("created_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="verification_by_a_second_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("reviewed_at__isnull", True), ("reviewed_by__isnull", True)),
                                models.Q(("reviewed_at__isnull", False), ("reviewed_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="verification_reviewed_by_somebody",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Decision",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey("evidence.evidenceitem", models.PROTECT, related_name="decisions"),
                    ),
                    (
                        "before",
                        models.CharField(
                            choices=[
                                ("registered", "Registered"),
                                ("in_verification", "In verification"),
                                ("verified", "Verified"),
                                ("inconclusive", "Inconclusive"),
                                ("rejected", "Rejected"),
                            ],
                            max_length=16,
                        ),
                    ),
                    (
                        "to",
                        models.CharField(
                            choices=[
                                ("registered", "Registered"),
                                ("in_verification", "In verification"),
                                ("verified", "Verified"),
                                ("inconclusive", "Inconclusive"),
                                ("rejected", "Rejected"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("reason", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "before__in",
                                    ["registered", "in_verification", "verified", "inconclusive", "rejected"],
                                ),
                                (
                                    "to__in",
                                    ["registered", "in_verification", "verified", "inconclusive", "rejected"],
                                ),
                            ),
                            name="decision_between_known_states",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "Checklist",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey("evidence.evidenceitem", models.PROTECT, related_name="checklists"),
                    ),
                    (
                        "family",
                        models.CharField(
                            choices=[
                                ("source", "Source"),
                                ("technical", "Technical"),
                                ("content", "Content"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField()),
                    ("answers", SealedJSON()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("item", "family", "number"), name="checklists_are_numbered"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("family__in", ["source", "technical", "content"])),
                            name="checklist_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "SatelliteAnalysis",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, related_name="satellite_analyses"
                        ),
                    ),
                    (
                        "before",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, null=True, related_name="+"),
                    ),
                    (
                        "after",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, null=True, related_name="+"),
                    ),
                    ("provider", SealedText()),
                    ("scenes", SealedJSON()),
                    ("captured", SealedJSON()),
                    ("place", SealedText()),
                    ("footprint", SealedText(null=True)),
                    ("resolution", SealedText(null=True)),
                    ("licence", SealedText(null=True)),
                    ("measured_area", SealedText(null=True)),
                    ("outline", SealedText(null=True)),
                    ("finding", SealedText()),
                ],
            ),
            migrations.CreateModel(
                "WeaponAnalysis",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, related_name="weapon_analyses"
                        ),
                    ),
                    ("category", SealedText()),
                    ("model", SealedText(null=True)),
                    ("calibre", SealedText(null=True)),
                    ("markings", SealedText(null=True)),
                    ("quantity", SealedText(null=True)),
                    ("basis", SealedText()),
                    ("users", SealedText(null=True)),
                    ("finding", SealedText()),
                    ("seen", SealedText(null=True)),
                    ("references", SealedText(null=True)),
                    ("confidence", SealedText(null=True)),
                ],
            ),
            migrations.CreateModel(
                "PlaceAnalysis",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, related_name="place_analyses"
                        ),
                    ),
                    ("place", SealedText(null=True)),
                    ("point", SealedJSON()),
                    ("features", SealedJSON()),
                    ("references", SealedText(null=True)),
                    ("confidence", SealedText()),
                    ("finding", SealedText()),
                ],
            ),
            migrations.CreateModel(
                "TimeAnalysis",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, related_name="time_analyses"
                        ),
                    ),
                    ("found", SealedJSON()),
                    ("bases", SealedJSON()),
                    ("notes", SealedText()),
                    ("references", SealedText(null=True)),
                    ("confidence", SealedText()),
                    ("finding", SealedText()),
                ],
            ),
        ),
    ]
