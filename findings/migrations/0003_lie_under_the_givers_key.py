"""What quotes one witness lies under their key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("findings", "0002_wall_off_findings")]

    operations = [
        migrations.AddField(name, "belongs_to", models.UUIDField(null=True, editable=False))
        for name in ("casualtyclaim", "factassertion", "factlink")
    ]
