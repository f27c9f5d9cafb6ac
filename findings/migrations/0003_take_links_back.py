"""Who took a link of a fact back and why; a link that was taken back stays so, whoever writes here."""

import uuid

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import case_key, row_security, same_case
from vault.fields import SealedText

STAYS = migrations.RunSQL(
    """
    CREATE FUNCTION findings_link_stays_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.retracted_at IS NOT NULL THEN
        RAISE EXCEPTION 'a link that was taken back is never changed' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER stays BEFORE UPDATE ON findings_factlink
      FOR EACH ROW EXECUTE FUNCTION findings_link_stays_taken_back();
    """,
    "DROP TRIGGER stays ON findings_factlink; DROP FUNCTION findings_link_stays_taken_back();",
)


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0002_wall_off_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "LinkRetraction",
            [
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("case", models.ForeignKey("cases.case", models.PROTECT, related_name="+")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("restricted", "Restricted"),
                            ("confidential", "Confidential"),
                            ("strictly_confidential", "Strictly confidential"),
                        ],
                        default="confidential",
                        max_length=22,
                    ),
                ),
                ("belongs_to", models.UUIDField(editable=False, null=True)),
                (
                    "link",
                    models.OneToOneField("findings.factlink", models.PROTECT, related_name="retraction"),
                ),
                ("reason", SealedText()),
            ],
        ),
        row_security("findings_linkretraction"),
        case_key("findings_factlink"),
        same_case("findings_linkretraction", "link_id", "findings_factlink"),
        STAYS,
    ]
