"""A lost file is set aside by a person, with a reason; each look into a file leaves a record of its own."""

import django.db.models.deletion
import vault.fields
from django.conf import settings
from django.db import migrations, models

from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0003_wall_off_exhibits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="custodyevent",
            name="custody_is_known",
        ),
        migrations.AddField(
            model_name="fileobject",
            name="set_aside_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="fileobject",
            name="set_aside_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="fileobject",
            name="set_aside_reason",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name="mediarecord",
            name="number",
            field=models.PositiveSmallIntegerField(default=1),
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
                    ("returned", "Returned"),
                    ("fixity_ok", "Integrity confirmed"),
                    ("fixity_fail", "Integrity failed"),
                    ("set_aside", "Set aside"),
                    ("destroyed", "Destroyed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="mediarecord",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="media", to="evidence.fileobject"
            ),
        ),
        migrations.AddConstraint(
            model_name="custodyevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "event__in",
                        [
                            "collected",
                            "received",
                            "registered",
                            "copied",
                            "moved",
                            "accessed",
                            "examined",
                            "transcribed",
                            "translated",
                            "redacted",
                            "exported",
                            "returned",
                            "fixity_ok",
                            "fixity_fail",
                            "set_aside",
                            "destroyed",
                        ],
                    )
                ),
                name="custody_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileobject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("set_aside_at__isnull", True), ("set_aside_by__isnull", True)),
                    models.Q(
                        ("flag", "damaged"), ("set_aside_at__isnull", False), ("set_aside_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="file_set_aside_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediarecord",
            constraint=models.UniqueConstraint(fields=("file", "number"), name="looks_are_numbered"),
        ),
        allow_update("evidence_fileobject", "set_aside_at", "set_aside_by_id", "set_aside_reason"),
    ]
