"""The power to carry a request to the outside bodies of the break-glass pair, for who has its roles already."""

from django.db import migrations

GIVE = """
INSERT INTO auth_permission (name, content_type_id, codename)
  SELECT 'identity:carry', id, 'identity:carry' FROM django_content_type
  WHERE app_label = 'cases' AND model = 'case' ON CONFLICT DO NOTHING;
INSERT INTO cases_casegrant (user_id, content_object_id, permission_id)
  SELECT DISTINCT m.user_id, m.case_id, p.id FROM cases_membership m, auth_permission p
  WHERE m.closed_at IS NULL AND m.role IN ('identity_custodian', 'disclosure_officer')
    AND p.codename = 'identity:carry'
  ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_name_who_hears")]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "default_permissions": (),
                "permissions": [
                    ("case:read", "case:read"),
                    ("case:edit", "case:edit"),
                    ("consent:record", "consent:record"),
                    ("consent:withdraw", "consent:withdraw"),
                    ("erasure:ask", "erasure:ask"),
                    ("erasure:confirm", "erasure:confirm"),
                    ("evidence:add", "evidence:add"),
                    ("evidence:integrity", "evidence:integrity"),
                    ("evidence:read", "evidence:read"),
                    ("evidence:verify", "evidence:verify"),
                    ("export:approve", "export:approve"),
                    ("export:build", "export:build"),
                    ("export:read", "export:read"),
                    ("export:redact", "export:redact"),
                    ("export:request", "export:request"),
                    ("finding:read", "finding:read"),
                    ("finding:write", "finding:write"),
                    ("hold:manage", "hold:manage"),
                    ("identity:carry", "identity:carry"),
                    ("identity:guard", "identity:guard"),
                    ("identity:request", "identity:request"),
                    ("identity:session", "identity:session"),
                    ("incident:read", "incident:read"),
                    ("incident:write", "incident:write"),
                    ("interview:write", "interview:write"),
                    ("log:read", "log:read"),
                    ("member:manage", "member:manage"),
                    ("strict:read", "strict:read"),
                    ("testimony:read", "testimony:read"),
                    ("testimony:review", "testimony:review"),
                    ("testimony:write", "testimony:write"),
                    ("witness:read", "witness:read"),
                    ("witness:register", "witness:register"),
                ],
            },
        ),
        migrations.RunSQL(GIVE, migrations.RunSQL.noop),
    ]
