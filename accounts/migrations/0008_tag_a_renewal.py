"""A renewal of credentials stands under a tag. One that waits since before is asked for anew."""

from django.db import migrations, models

from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_repair_pairs_of_custodians")]

    operations = [
        migrations.AddField("credentialreset", "tag", models.BinaryField(null=True)),
        allow_update("accounts_credentialreset", "tag"),
    ]
