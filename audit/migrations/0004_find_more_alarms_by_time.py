"""More events are told on every page; the newest of them, and what was said of one, are found at once."""

from django.db import migrations, models

ALARMS = [
    "drill:failed",
    "drill:late",
    "drill:touched",
    "identity:break-glass-agreed",
    "identity:break-glass-opened",
    "identity:too-many",
    "log:failed",
    "row:set-aside",
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_find_alarms")]

    operations = [
        migrations.RemoveIndex(model_name="event", name="event_alarms"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind__in", ALARMS)),
                fields=["kind", "-at", "-id"],
                name="event_alarms",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind__in", ["alarm:seen", "row:set-aside"])),
                fields=["subject", "actor"],
                name="event_told_once",
            ),
        ),
    ]
