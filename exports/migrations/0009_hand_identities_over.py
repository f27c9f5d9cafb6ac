"""Identities that go with an export: for members of the case, and for whom it is addressed to."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import case_key, row_security, same_case
from exports.rowsecurity import addressed_rows
from vault.database import allow_update

SENSITIVITY = models.CharField(
    choices=[
        ("public", "Public"),
        ("restricted", "Restricted"),
        ("confidential", "Confidential"),
        ("strictly_confidential", "Strictly confidential"),
    ],
    default="confidential",
    max_length=22,
)


def _points(to: str, **more: object) -> models.Field:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to=to, **{"related_name": "+", **more}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_hand_identities_over"),
        ("exports", "0008_give_a_second_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityHandover",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("sensitivity", SENSITIVITY),
                ("taken_at", models.DateTimeField(null=True)),
                ("tag", models.BinaryField()),
                ("case", _points("cases.case")),
                ("created_by", _points(settings.AUTH_USER_MODEL)),
                ("export", _points("exports.export", related_name="handovers")),
                ("recipient_key", _points("exports.recipientkey")),
                ("second_key", _points("exports.secondkey", related_name="handovers")),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.identitysession",
                    ),
                ),
                (
                    "stored",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.storedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandoverConsent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("sensitivity", SENSITIVITY.clone()),
                ("answer", _points("cases.consentscope")),
                ("case", _points("cases.case")),
                ("consent", _points("cases.consent")),
                ("created_by", _points(settings.AUTH_USER_MODEL)),
                ("export", _points("exports.export")),
                ("handover", _points("exports.identityhandover", related_name="consents")),
            ],
        ),
        migrations.AddConstraint(
            model_name="identityhandover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stored__isnull", False)),
                fields=("export",),
                name="one_handover_an_export",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityhandover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stored__isnull", False)),
                fields=("second_key",),
                name="one_handover_a_second_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityhandover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stored__isnull", True), ("taken_at__isnull", True)),
                    models.Q(("stored__isnull", False), ("taken_at__isnull", False)),
                    _connector="OR",
                ),
                name="handover_taken_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverconsent",
            constraint=models.UniqueConstraint(fields=("handover", "answer"), name="answer_once_a_handover"),
        ),
        allow_update("exports_identityhandover", "stored_id", "taken_at", "tag"),
        row_security("exports_identityhandover", machines=("sweep",)),
        row_security("exports_handoverconsent"),
        case_key("exports_identityhandover"),
        same_case("exports_identityhandover", "export_id", "exports_export"),
        same_case("exports_identityhandover", "session_id", "cases_identitysession"),
        same_case("exports_handoverconsent", "handover_id", "exports_identityhandover"),
        same_case("exports_handoverconsent", "consent_id", "cases_consent"),
        same_case("exports_handoverconsent", "export_id", "exports_export"),
        *addressed_rows("exports_identityhandover", "SELECT"),
        *addressed_rows("exports_handoverconsent", "SELECT"),
    ]
