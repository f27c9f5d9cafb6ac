"""A key of the keystore for words that are on paper elsewhere, and are destroyed here with their use."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_say_nothing_of_who_sealed_a_name")]

    operations = [
        migrations.AlterField(
            model_name="keystorekey",
            name="kind",
            field=models.CharField(
                choices=[("witness", "witness"), ("file", "file"), ("share", "share"), ("words", "words")],
                max_length=12,
            ),
        ),
    ]
