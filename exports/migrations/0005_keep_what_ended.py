"""A disposal that two people confirmed, or one declined, is never changed: in the database."""

from django.db import migrations

# What two people confirmed stays confirmed, whatever the application may be made to try.
ENDED = migrations.RunSQL(
    """
    CREATE FUNCTION exports_disposal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state IN ('confirmed', 'declined') THEN
        RAISE EXCEPTION 'a disposal that ended is never changed' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER ended BEFORE UPDATE ON exports_disposal
      FOR EACH ROW EXECUTE FUNCTION exports_disposal_stays();
    """,
    "DROP TRIGGER ended ON exports_disposal; DROP FUNCTION exports_disposal_stays();",
)


class Migration(migrations.Migration):
    dependencies = [("exports", "0004_wall_off_exports")]

    operations = [ENDED]
