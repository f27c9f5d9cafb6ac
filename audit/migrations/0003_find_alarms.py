"""The few events that are told on every page are found without reading the log."""

from django.db import migrations, models

TOLD = [
    "alarm:seen",
    "drill:failed",
    "drill:touched",
    "identity:break-glass-agreed",
    "identity:break-glass-opened",
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_keep_time_stamps")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind__in", TOLD)), fields=["kind", "actor"], name="event_alarms"
            ),
        ),
    ]
