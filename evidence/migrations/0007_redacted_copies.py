"""Redacted copies: what is taken out of a file, the copy, and who let it go; walled off like every exhibit."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from accounts.owed import OwedWork
from cases.rowsecurity import case_key, row_security, same_case
from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keep_saved_views"),
        ("evidence", "0006_draw_overviews_and_remember_looks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RedactionSet",
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
                ("judged_at", models.DateTimeField(null=True)),
                ("note", vault.fields.SealedText(null=True)),
                ("answer", vault.fields.SealedText(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="evidence.redactionset",
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redaction_sets",
                        to="evidence.fileobject",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "output",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redaction_made_by",
                        to="evidence.fileobject",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RedactionJob",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=80)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "redaction_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="job",
                        to="evidence.redactionset",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Redaction",
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
                ("number", models.PositiveSmallIntegerField()),
                ("region", vault.fields.SealedJSON()),
                ("reason", vault.fields.SealedText()),
                ("note", vault.fields.SealedText(null=True)),
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
                    "redaction_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="evidence.redactionset",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="redactionset",
            constraint=models.UniqueConstraint(fields=("file", "number"), name="redactions_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="redactionset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["owed", "made", "failed", "ready", "approved", "returned"])
                ),
                name="redaction_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="redactionset",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="redactionset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("owed", "failed")), ("output__isnull", False), _connector="OR"
                ),
                name="redaction_made_has_a_copy",
            ),
        ),
        migrations.AddConstraint(
            model_name="redactionset",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="redactionset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("judged_by__isnull", True),
                    models.Q(("judged_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="redaction_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                fields=("redaction_set", "number"), name="regions_are_numbered"
            ),
        ),
        allow_update(
            "evidence_redactionset", "state", "fault", "output_id", "judged_by_id", "judged_at", "answer"
        ),
        allow_update("evidence_redactionjob", *OwedWork.changing),
        row_security("evidence_redactionset"),
        row_security("evidence_redaction"),
        case_key("evidence_redactionset"),
        same_case("evidence_redactionset", "file_id", "evidence_fileobject"),
        same_case("evidence_redactionset", "output_id", "evidence_fileobject"),
        same_case("evidence_redactionset", "corrects_id", "evidence_redactionset"),
        same_case("evidence_redaction", "redaction_set_id", "evidence_redactionset"),
    ]
