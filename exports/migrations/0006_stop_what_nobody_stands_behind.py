"""The sweep cancels exports whose requester's account was closed."""

from django.db import migrations

_SWEEP = "(SELECT reader_machine()) = 'machine:sweep'"


class Migration(migrations.Migration):
    dependencies = [("exports", "0005_erase_what_a_witness_gave")]

    operations = [
        migrations.RunSQL(
            f"CREATE POLICY sweep_read ON exports_export FOR SELECT TO app USING ({_SWEEP});"
            f"CREATE POLICY sweep_stop ON exports_export FOR UPDATE TO app USING ({_SWEEP}) "
            f"WITH CHECK ({_SWEEP} AND state = 'cancelled')",
            "DROP POLICY sweep_stop ON exports_export; DROP POLICY sweep_read ON exports_export",
        )
    ]
