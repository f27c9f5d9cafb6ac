"""Letters that call back what was delivered: for members of the case, each inside its case."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import case_key, row_security, same_case
from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_ask_again_before_a_use"),
        ("exports", "0003_wall_off_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecallNotice",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("acknowledged", "Received"),
                            ("complied", "Complied"),
                            ("refused", "Refused"),
                            ("no_answer", "No answer"),
                        ],
                        default="sent",
                        max_length=12,
                    ),
                ),
                ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("note", vault.fields.SealedText(null=True)),
                ("answer", vault.fields.SealedText(null=True)),
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
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="exports.export",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecalledItem",
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
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalled",
                        to="exports.exportitem",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="exports.recallnotice",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="recallnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["sent", "acknowledged", "complied", "refused", "no_answer"])
                ),
                name="recall_state_is_known",
            ),
        ),
        allow_update("exports_recallnotice", "state", "state_at", "asked_at", "reminders", "note", "answer"),
        row_security("exports_recallnotice"),
        row_security("exports_recalleditem"),
        case_key("exports_recallnotice"),
        case_key("exports_exportitem"),
        same_case("exports_recallnotice", "export_id", "exports_export"),
        same_case("exports_recalleditem", "notice_id", "exports_recallnotice"),
        same_case("exports_recalleditem", "item_id", "exports_exportitem"),
    ]
