"""A hand-over has two sides: proposed by the one, confirmed by the other, or a receipt from outside."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import vault.fields
from cases.rowsecurity import case_key, row_security, same_case
from vault.database import allow_update

TABLE = "evidence_handover"
POINTERS = (
    (TABLE, "item_id", "evidence_evidenceitem"),
    (TABLE, "file_id", "evidence_fileobject"),
    (TABLE, "receipt_id", "evidence_fileobject"),
    ("evidence_custodyevent", "hand_over_id", TABLE),
)
# What was answered stays answered, whatever the application may be made to try.
ENDED = migrations.RunSQL(
    """
    CREATE FUNCTION evidence_hand_over_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state <> 'proposed' THEN
        RAISE EXCEPTION 'a hand-over that ended is never changed' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER ended BEFORE UPDATE ON evidence_handover
      FOR EACH ROW EXECUTE FUNCTION evidence_hand_over_stays();
    """,
    "DROP TRIGGER ended ON evidence_handover; DROP FUNCTION evidence_hand_over_stays();",
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keep_saved_views"),
        ("evidence", "0010_check_in_chunks_as_checker"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
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
                            ("proposed", "Waits for the receiver"),
                            ("confirmed", "Confirmed by both"),
                            ("declined", "Declined"),
                            ("taken_back", "Taken back"),
                            ("lapsed", "Lapsed"),
                            ("stopped", "Stopped: a file failed its check"),
                            ("receipted", "Handed to somebody outside, against a receipt"),
                        ],
                        max_length=12,
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("handed", models.JSONField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("when", vault.fields.SealedJSON(null=True)),
                ("place", vault.fields.SealedText(null=True)),
                ("purpose", vault.fields.SealedText(null=True)),
                ("condition", vault.fields.SealedText(null=True)),
                ("seal_no", vault.fields.SealedText(null=True)),
                ("outside", vault.fields.SealedText(null=True)),
                ("reference", vault.fields.SealedText(null=True)),
                ("answer", vault.fields.SealedText(null=True)),
            ],
        ),
        migrations.AlterField(
            model_name="custodyevent",
            name="event",
            field=models.CharField(
                choices=[
                    ("collected", "Collected"),
                    ("received", "Received"),
                    ("registered", "Registered"),
                    ("copied", "Copied"),
                    ("moved", "Handed over"),
                    ("accessed", "Looked at"),
                    ("examined", "Examined"),
                    ("transcribed", "Transcribed"),
                    ("translated", "Translated"),
                    ("redacted", "Redacted"),
                    ("exported", "Exported"),
                    ("returned", "Came back"),
                    ("fixity_ok", "Integrity confirmed"),
                    ("fixity_fail", "Integrity failed"),
                    ("set_aside", "Set aside"),
                    ("destroyed", "Destroyed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.fileobject",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_overs",
                to="evidence.evidenceitem",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="receipt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.fileobject",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="custodyevent",
            name="hand_over",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entry",
                to="evidence.handover",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["item", "-created_at"], name="hand_over_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["proposed", "confirmed", "declined", "taken_back", "lapsed", "stopped", "receipted"],
                    )
                ),
                name="hand_over_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="hand_over_ended_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("to", models.F("created_by")), _negated=True),
                name="hand_over_not_to_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["confirmed", "declined"]), _negated=True),
                    ("ended_by", models.F("to")),
                    _connector="OR",
                ),
                name="hand_over_answered_by_receiver",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "taken_back"), _negated=True),
                    ("ended_by", models.F("created_by")),
                    _connector="OR",
                ),
                name="hand_over_taken_back_by_giver",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outside__isnull", True),
                        ("receipt__isnull", True),
                        ("reference__isnull", True),
                        ("to__isnull", False),
                        models.Q(("state", "receipted"), _negated=True),
                    ),
                    models.Q(
                        ("outside__isnull", False),
                        ("to__isnull", True),
                        ("state__in", ["receipted", "stopped"]),
                        models.Q(("reference__isnull", False), ("receipt__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="hand_over_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("item",), name="one_open_hand_over"
            ),
        ),
        allow_update(TABLE, "state", "ended_at", "ended_by_id", "answer"),
        row_security(TABLE),
        case_key(TABLE),
        *(same_case(table, column, parent) for table, column, parent in POINTERS),
        ENDED,
    ]
