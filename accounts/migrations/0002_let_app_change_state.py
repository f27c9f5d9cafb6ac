from django.db import migrations

from vault.database import allow_delete, allow_update


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_sessions_links"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        allow_update(
            "accounts_user",
            "password",
            "last_login",
            "name",
            "is_active",
            "enrolled_at",
            "deactivated_at",
            "credentials_reset_at",
            "credentials_tag",
        ),
        allow_update("accounts_userrole", "ended_at"),
        allow_update("accounts_onetimelink", "spent_at", "revoked_at"),
        allow_update("accounts_credentialreset", "state", "decided_by_id", "decided_at"),
        allow_update("accounts_demonstrationlink", "spent_at"),
        allow_update("accounts_session", "user_id", "device", "seen_at", "content"),
        allow_delete("accounts_session"),
        allow_update("accounts_throttle", "value", "expires_at"),
        allow_delete("accounts_throttle"),
        # The library's own table of second factors; it saves whole rows.
        allow_update("mfa_authenticator", "user_id", "type", "data", "created_at", "last_used_at"),
        allow_delete("mfa_authenticator"),
    ]
