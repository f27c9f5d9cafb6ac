"""Figures that others claim, facts that are asserted here, and what speaks for and against them."""

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
    initial = True

    dependencies = [
        ("cases", "0006_wall_off_cases"),
        ("evidence", "0005_wall_off_exhibits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "CasualtyClaim",
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
                            "evidence.evidenceitem", models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "replaces",
                        models.OneToOneField(
                            "findings.casualtyclaim", models.PROTECT, null=True, related_name="replaced_by"
                        ),
                    ),
                    ("organisation", SealedText()),
                    ("figures", SealedJSON()),
                    ("as_of", SealedJSON()),
                    ("scope_of_figure", SealedJSON()),
                    ("breakdown", SealedJSON(null=True)),
                    ("method", SealedText()),
                    ("wording", SealedText(null=True)),
                ],
            ),
            migrations.CreateModel(
                "FactAssertion",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asserted", "Asserted"),
                                ("corroborated", "Corroborated"),
                                ("contested", "Contested"),
                                ("unresolved", "Unresolved"),
                                ("refuted", "Refuted"),
                            ],
                            default="asserted",
                            max_length=12,
                        ),
                    ),
                    ("revision", models.PositiveIntegerField(default=1)),
                    ("text", SealedText()),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["asserted", "corroborated", "contested", "unresolved", "refuted"],
                                )
                            ),
                            name="fact_state_is_known",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "FactLink",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "assertion",
                        models.ForeignKey("findings.factassertion", models.PROTECT, related_name="links"),
                    ),
                    (
                        "testimony",
                        models.ForeignKey("cases.testimony", models.PROTECT, null=True, related_name="+"),
                    ),
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "stance",
                        models.CharField(
                            choices=[
                                ("supports", "Supports"),
                                ("contradicts", "Contradicts"),
                                ("neutral", "Neither"),
                            ],
                            max_length=11,
                        ),
                    ),
                    ("retracted_at", models.DateTimeField(null=True)),
                    ("passage", SealedText(null=True)),
                    ("independence_group", SealedText()),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("stance__in", ["supports", "contradicts", "neutral"])),
                            name="stance_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("item__isnull", True), ("testimony__isnull", False)),
                                models.Q(("item__isnull", False), ("testimony__isnull", True)),
                                _connector="OR",
                            ),
                            name="fact_link_to_one_thing",
                        ),
                    ]
                },
            ),
        ),
    ]
