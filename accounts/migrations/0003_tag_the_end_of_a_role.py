from django.db import migrations

from vault.database import allow_update


class Migration(migrations.Migration):
    """The end of a role stands under its tag: taking one writes the tag anew."""

    dependencies = [("accounts", "0002_let_app_change_state")]

    operations = [allow_update("accounts_userrole", "tag")]
