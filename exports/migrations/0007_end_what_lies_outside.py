"""What people end by hand, outside this system: for members of the case, and never changed once it ended."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import row_security, same_case
from vault.database import allow_update

TABLE = "exports_disposal"
# What two people confirmed stays confirmed, whatever the application may be made to try.
ENDED = migrations.RunSQL(
    """
    CREATE FUNCTION exports_disposal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state IN ('confirmed', 'declined') THEN
        RAISE EXCEPTION 'a disposal that ended is never changed' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER ended BEFORE UPDATE ON exports_disposal
      FOR EACH ROW EXECUTE FUNCTION exports_disposal_stays();
    """,
    "DROP TRIGGER ended ON exports_disposal; DROP FUNCTION exports_disposal_stays();",
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_lock_a_case"),
        ("evidence", "0015_give_an_object_back"),
        ("exports", "0006_stop_what_nobody_stands_behind"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="destruction",
            name="method",
            field=models.CharField(
                choices=[
                    ("crypto_shred", "Destruction of the keys"),
                    ("secure_erase", "Overwritten, so that nothing on it can be read"),
                    ("physical", "Physically destroyed"),
                    ("given_back", "Given back, not destroyed"),
                ],
                default="crypto_shred",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Disposal",
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
                ("number", models.CharField(max_length=16, unique=True)),
                (
                    "thing",
                    models.CharField(
                        choices=[
                            ("exhibit", "An exhibit"),
                            ("consent_form", "A consent form on paper"),
                            ("printed", "A printed sheet"),
                            ("medium", "A medium that holds data"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("crypto_shred", "Destruction of the keys"),
                            ("secure_erase", "Overwritten, so that nothing on it can be read"),
                            ("physical", "Physically destroyed"),
                            ("given_back", "Given back, not destroyed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("declined", "Declined"),
                            ("agreed", "Agreed, to be carried out"),
                            ("carried_out", "Carried out, to be confirmed by a second person"),
                            ("confirmed", "Confirmed by two people"),
                        ],
                        default="asked",
                        max_length=11,
                    ),
                ),
                ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("done_on", models.DateField(null=True)),
                ("carried_out_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("mark", vault.fields.SealedText()),
                ("reason", vault.fields.SealedText()),
                ("early", vault.fields.SealedText(null=True)),
                ("done_by", vault.fields.SealedText(null=True)),
                ("place", vault.fields.SealedText(null=True)),
                ("how", vault.fields.SealedText(null=True)),
                ("present", vault.fields.SealedText(null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "carried_out_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disposals",
                        to="evidence.evidenceitem",
                    ),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.witness",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "agreed", "carried_out"))),
                        fields=("item",),
                        name="one_open_disposal_an_exhibit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", "confirmed"), models.Q(("method", "given_back"), _negated=True)
                        ),
                        fields=("item",),
                        name="an_exhibit_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "declined", "agreed", "carried_out", "confirmed"])
                        ),
                        name="disposal_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^DIS-[0-9]{4}-[0-9]{6}$")),
                        name="disposal_number_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("item__isnull", False), ("thing", "exhibit")),
                            models.Q(
                                ("item__isnull", True), ("thing", "consent_form"), ("witness__isnull", False)
                            ),
                            models.Q(("item__isnull", True), ("thing__in", ["printed", "medium"])),
                            _connector="OR",
                        ),
                        name="disposal_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("method__in", ["physical", "given_back"]),
                            models.Q(("method", "secure_erase"), ("thing", "medium")),
                            _connector="OR",
                        ),
                        name="disposal_method_fits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "declined"]),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="disposal_agreed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by__isnull", True),
                            models.Q(("agreed_by", models.F("created_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="disposal_decided_by_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["carried_out", "confirmed"]), _negated=True),
                            models.Q(
                                ("carried_out_by__isnull", False),
                                ("done_on__isnull", False),
                                ("how__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="disposal_carried_out_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="disposal_confirmed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("carried_out_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="disposal_seen_by_two_people",
                    ),
                ],
            },
        ),
        allow_update(
            TABLE,
            "state",
            "state_at",
            "agreed_at",
            "agreed_by_id",
            "done_on",
            "carried_out_at",
            "carried_out_by_id",
            "confirmed_at",
            "confirmed_by_id",
            "reason",
            "done_by",
            "place",
            "how",
            "present",
        ),
        row_security(TABLE),
        same_case(TABLE, "item_id", "evidence_evidenceitem"),
        same_case(TABLE, "witness_id", "cases_witness"),
        ENDED,
    ]
