"""An object may be given back to its owner: the chain of custody says so."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_find_alarms"),
        ("cases", "0016_lock_a_case"),
        ("evidence", "0014_lie_under_the_givers_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="custodyevent",
            name="custody_is_known",
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
                    ("given_back", "Given back to its owner"),
                ],
                max_length=12,
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
                            "given_back",
                        ],
                    )
                ),
                name="custody_is_known",
            ),
        ),
    ]
