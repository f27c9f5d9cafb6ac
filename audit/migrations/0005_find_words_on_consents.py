"""What was last written about a consent is asked before anything leaves: it is found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_find_more_alarms_by_time")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "consent:expired",
                            "consent:recontacted",
                            "consent:recorded",
                            "consent:superseded",
                            "consent:withdrawal-confirmed",
                            "consent:withdrawn",
                        ],
                    )
                ),
                fields=["subject"],
                name="event_of_consent",
            ),
        ),
    ]
