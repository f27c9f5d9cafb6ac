"""When a person was last asked before a use, and said yes."""

from django.db import migrations, models

from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_let_the_sweep_see_codes")]

    operations = [
        migrations.AddField("consentscope", "recontacted_at", models.DateTimeField(null=True)),
        allow_update("cases_consentscope", "recontacted_at"),
    ]
