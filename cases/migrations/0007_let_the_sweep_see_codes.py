from django.db import migrations

from cases.rowsecurity import seen_by_sweep


class Migration(migrations.Migration):
    """The sweep that follows a change of custodians needs the codes to which an identity is bound."""

    dependencies = [("cases", "0006_ask_to_open_a_name")]

    operations = [seen_by_sweep("cases_case"), seen_by_sweep("cases_witness")]
