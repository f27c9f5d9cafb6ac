"""What the application may change of people and custodians: states, credentials, tags."""

from django.db import migrations

from vault.database import allow_delete, allow_update


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_roles_signing_in_custodians"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

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
        # The end of a role stands under its tag: taking one writes the tag anew.
        allow_update("accounts_userrole", "ended_at", "tag"),
        allow_update("accounts_training", "ended_at", "tag"),
        allow_update("accounts_onetimelink", "spent_at", "revoked_at"),
        allow_update("accounts_credentialreset", "state", "decided_by_id", "decided_at", "tag"),
        allow_update("accounts_demonstrationlink", "spent_at"),
        allow_update("accounts_session", "user_id", "device", "seen_at", "content"),
        allow_delete("accounts_session"),
        allow_update("accounts_throttle", "value", "expires_at"),
        allow_delete("accounts_throttle"),
        # The library's own table of second factors; it saves whole rows.
        allow_update("mfa_authenticator", "user_id", "type", "data", "created_at", "last_used_at"),
        allow_delete("mfa_authenticator"),
        allow_update("accounts_drill", "state", "failed_by", "closed_at", "held_key", "tag"),
        allow_update("accounts_repair", "state", "closed_at", "first_help", "second_help", "tag"),
    ]
