"""What a witness gave lies under their key, what was said of it before too; and when they were erased."""

from django.db import migrations, models

from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_ask_again_before_a_use")]

    operations = [
        migrations.AddField("revision", "belongs_to", models.UUIDField(null=True, editable=False)),
        allow_update("cases_revision", "belongs_to", "content"),
        migrations.AddField("witness", "erased_at", models.DateTimeField(null=True)),
        allow_update("cases_witness", "erased_at"),
    ]
