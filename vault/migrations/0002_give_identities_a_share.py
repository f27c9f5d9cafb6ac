"""The server's share of an identity in the keystore, and which side of a pair a half is.

What an earlier demonstration sealed under its case's key, of people who do not exist, is no sealed identity
and goes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_lay_keys_files_and_identities")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM identity.sealed_identity WHERE wrapped_key IS NULL", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="keystorekey",
            name="kind",
            field=models.CharField(
                choices=[("witness", "witness"), ("file", "file"), ("share", "share")], max_length=12
            ),
        ),
        migrations.AlterField(model_name="sealedidentity", name="wrapped_key", field=models.BinaryField()),
        migrations.AlterField(model_name="sealedidentity", name="share_id", field=models.UUIDField()),
        migrations.AlterField(
            model_name="sealedidentity",
            name="directory_number",
            field=models.PositiveIntegerField(),
        ),
        migrations.AddField(
            model_name="identityhalf",
            name="side",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="identityhalf",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", (0, 1))), name="identity_half_has_a_side"
            ),
        ),
    ]
