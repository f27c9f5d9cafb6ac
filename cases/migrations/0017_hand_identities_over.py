"""A session may end in a hand-over: its purpose, what is queued for it, and how it ends."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_lock_a_case")]

    operations = [
        migrations.RemoveConstraint(model_name="identitysession", name="session_state_is_known"),
        migrations.RemoveConstraint(model_name="sessionitem", name="session_check_is_known"),
        migrations.AlterField(
            model_name="identitysession",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("life_in_danger", "Somebody's life is in danger"),
                    ("disclosure", "Something is to be handed over or published"),
                    ("regular", "A regular check"),
                    ("handover", "Identities are to go to the recipient of an export"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="identitysession",
            name="state",
            field=models.CharField(
                choices=[
                    ("preparing", "Its process is being started"),
                    ("requested", "Waits for two custodians"),
                    ("approved_1", "Waits for a second custodian"),
                    ("approved_2", "Approved by two custodians"),
                    ("running", "The process is at work"),
                    ("compared", "Names were compared"),
                    ("handed", "Identities were handed over"),
                    ("closed", "Closed"),
                    ("denied", "Stopped by a custodian"),
                    ("expired", "Expired"),
                    ("failed", "Failed: it must be asked anew"),
                ],
                default="preparing",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="sessionitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("duplicates", "Is somebody registered twice?"),
                    ("pseudonyms", "Does a pseudonym give a name away?"),
                    ("texts", "Does a text name somebody?"),
                    ("streams", "Does a file that is to leave name somebody?"),
                    ("handover", "Whose identity goes to the recipient of an export?"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="identitysession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "preparing",
                            "requested",
                            "approved_1",
                            "approved_2",
                            "running",
                            "compared",
                            "handed",
                            "closed",
                            "denied",
                            "expired",
                            "failed",
                        ],
                    )
                ),
                name="session_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["duplicates", "pseudonyms", "texts", "streams", "handover"])
                ),
                name="session_check_is_known",
            ),
        ),
    ]
