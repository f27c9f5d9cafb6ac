"""Who interviews and who interprets, so that it can be asked whether they may hear the person."""

import vault.fields
from django.db import migrations

from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_compare_names_in_a_session"),
    ]

    operations = [
        migrations.AddField(
            model_name="interview",
            name="interpreter",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name="interview",
            name="interviewer",
            field=vault.fields.SealedText(null=True),
        ),
        allow_update("cases_interview", "interviewer", "interpreter"),
    ]
