"""Who sealed a name stands in the log alone: here it would tell an invented identity from a real one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_give_identities_a_share")]

    operations = [migrations.RemoveField(model_name="sealedidentity", name="created_by")]
