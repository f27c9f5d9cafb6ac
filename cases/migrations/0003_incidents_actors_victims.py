"""What happened, where, to whom, and who is said to have done it."""

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
REVISION = ("revision", models.PositiveIntegerField(default=1))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_witnesses_and_testimonies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "Location",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    REVISION,
                    ("name_en", SealedText(null=True)),
                    ("name_ar", SealedText(null=True)),
                    ("area", SealedJSON(null=True)),
                    ("pcode", SealedText(null=True)),
                    ("type", SealedText()),
                    ("point", SealedJSON(null=True)),
                    ("disclosed_level", SealedText()),
                ],
            ),
            migrations.CreateModel(
                "Incident",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    REVISION,
                    (
                        "parent",
                        models.ForeignKey("cases.incident", models.PROTECT, null=True, related_name="parts"),
                    ),
                    (
                        "location",
                        models.ForeignKey(
                            "cases.location", models.PROTECT, null=True, related_name="incidents"
                        ),
                    ),
                    ("title", SealedText()),
                    ("dates", SealedJSON()),
                    ("description", SealedText(null=True)),
                    ("violation_status", SealedText()),
                ],
            ),
            migrations.CreateModel(
                "IncidentLink",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("first", models.ForeignKey("cases.incident", models.PROTECT, related_name="links_out")),
                    ("second", models.ForeignKey("cases.incident", models.PROTECT, related_name="links_in")),
                    ("kind", SealedText()),
                    ("retracted_at", models.DateTimeField(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("first", models.F("second")), _negated=True),
                            name="incident_not_linked_to_itself",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "Act",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    REVISION,
                    ("incident", models.ForeignKey("cases.incident", models.PROTECT, related_name="acts")),
                    (
                        "location",
                        models.ForeignKey("cases.location", models.PROTECT, null=True, related_name="acts"),
                    ),
                    ("type", SealedText()),
                    ("method", SealedText(null=True)),
                    ("stated_reason", SealedJSON(null=True)),
                    ("dates", SealedJSON()),
                    ("attribution", SealedText(null=True)),
                    ("description", SealedText(null=True)),
                ],
            ),
            migrations.CreateModel(
                "Actor",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    REVISION,
                    ("code", models.CharField(max_length=8, unique=True)),
                    (
                        "unit_of",
                        models.ForeignKey("cases.actor", models.PROTECT, null=True, related_name="units"),
                    ),
                    ("kind", SealedText()),
                    ("name", SealedText(null=True)),
                    ("aliases", SealedJSON(null=True)),
                    ("side", SealedText(null=True)),
                    ("rank_or_position", SealedText(null=True)),
                    ("description", SealedText(null=True)),
                    ("identification_strength", SealedText()),
                ],
            ),
            migrations.CreateModel(
                "Involvement",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    REVISION,
                    ("act", models.ForeignKey("cases.act", models.PROTECT, related_name="involvements")),
                    ("actor", models.ForeignKey("cases.actor", models.PROTECT, related_name="involvements")),
                    ("retracted_at", models.DateTimeField(null=True)),
                    ("degree", SealedText()),
                    ("status", SealedText()),
                    ("note", SealedText(null=True)),
                ],
            ),
            migrations.CreateModel(
                "Victim",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    REVISION,
                    ("code", models.CharField(max_length=8, unique=True)),
                    (
                        "count_class",
                        models.CharField(
                            choices=[
                                ("unnamed_reported", "Unnamed, reported"),
                                ("unnamed_verified", "Unnamed, verified"),
                                ("named_reported", "Named, reported"),
                                ("named_verified", "Named, verified"),
                                ("duplicate", "Counted elsewhere"),
                                ("rejected", "Rejected"),
                            ],
                            default="unnamed_reported",
                            max_length=20,
                        ),
                    ),
                    (
                        "count_class_before",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("unnamed_reported", "Unnamed, reported"),
                                ("unnamed_verified", "Unnamed, verified"),
                                ("named_reported", "Named, reported"),
                                ("named_verified", "Named, verified"),
                                ("duplicate", "Counted elsewhere"),
                                ("rejected", "Rejected"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "duplicate_of",
                        models.ForeignKey(
                            "cases.victim", models.PROTECT, null=True, related_name="duplicates"
                        ),
                    ),
                    (
                        "incident",
                        models.ForeignKey(
                            "cases.incident", models.PROTECT, null=True, related_name="victims"
                        ),
                    ),
                    ("counting_unit", SealedText()),
                    ("outcome", SealedText()),
                    ("sex", SealedText()),
                    ("age_band", SealedText()),
                    ("civilian_status", SealedText()),
                    ("group_targeted", SealedJSON(null=True)),
                    ("known_as", SealedText(null=True)),
                    ("family_consent_to_name", SealedText(null=True)),
                    ("dates", SealedJSON(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "count_class__in",
                                    [
                                        "unnamed_reported",
                                        "unnamed_verified",
                                        "named_reported",
                                        "named_verified",
                                        "duplicate",
                                        "rejected",
                                    ],
                                )
                            ),
                            name="count_class_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("count_class__in", ["duplicate", "rejected"]),
                                    models.Q(("count_class_before", ""), _negated=True),
                                ),
                                models.Q(
                                    models.Q(("count_class__in", ["duplicate", "rejected"]), _negated=True),
                                    ("count_class_before", ""),
                                ),
                                _connector="OR",
                            ),
                            name="count_class_can_be_taken_back",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("duplicate_of__isnull", True), ("count_class", "duplicate"), _connector="OR"
                            ),
                            name="only_a_duplicate_counts_elsewhere",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Death",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    REVISION,
                    ("victim", models.OneToOneField("cases.victim", models.PROTECT, related_name="death")),
                    ("dates", SealedJSON()),
                    ("circumstances", SealedJSON()),
                    ("body", SealedJSON(null=True)),
                    ("handling_chain", SealedJSON(null=True)),
                    ("burial", SealedJSON(null=True)),
                ],
            ),
            migrations.CreateModel(
                "ActVictim",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("act", models.ForeignKey("cases.act", models.PROTECT, related_name="victim_links")),
                    ("victim", models.ForeignKey("cases.victim", models.PROTECT, related_name="act_links")),
                    ("retracted_at", models.DateTimeField(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("retracted_at__isnull", True)),
                            fields=("act", "victim"),
                            name="victim_once_an_act",
                        )
                    ]
                },
            ),
        ),
    ]
