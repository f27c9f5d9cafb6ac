"""What was received or answered stays what it was, and a copy stays tied to its original: in the database."""

from django.db import migrations

# What was answered stays answered, whatever the application may be made to try.
ENDED = migrations.RunSQL(
    """
    CREATE FUNCTION evidence_hand_over_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state <> 'proposed' THEN
        RAISE EXCEPTION 'a hand-over that ended is never changed' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER ended BEFORE UPDATE ON evidence_handover
      FOR EACH ROW EXECUTE FUNCTION evidence_hand_over_stays();
    """,
    "DROP TRIGGER ended ON evidence_handover; DROP FUNCTION evidence_hand_over_stays();",
)
KEPT = (
    "id", "case_id", "item_id", "created_at", "created_by_id", "stored_id", "copy_kind", "derived_from_id",
    "same_as_id", "upload_key", "content_index", "filename", "sha256", "blake3", "length",
)  # fmt: skip
_OLD, _NEW = (", ".join(f"{row}.{column}" for column in KEPT) for row in ("OLD", "NEW"))
# The application has no right to change these columns; this holds too where a later grant gave too much, and
# for whoever else writes here. A copy is written after its original: no ring of copies stands on nothing.
STAYS = migrations.RunSQL(
    f"""
    CREATE FUNCTION evidence_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR ({_OLD}) IS DISTINCT FROM ({_NEW}) THEN
        RAISE EXCEPTION 'a received file is never changed' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON evidence_fileobject
      FOR EACH ROW EXECUTE FUNCTION evidence_file_stays();
    CREATE FUNCTION evidence_file_is_tied() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.derived_from_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM evidence_fileobject f WHERE f.id = NEW.derived_from_id AND f.item_id = NEW.item_id)
         OR NEW.same_as_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM evidence_fileobject f WHERE f.id = NEW.same_as_id AND f.stored_id = NEW.stored_id
             AND f.content_index = NEW.content_index) THEN
        RAISE EXCEPTION 'a copy names its original' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER tied BEFORE INSERT ON evidence_fileobject
      FOR EACH ROW EXECUTE FUNCTION evidence_file_is_tied();
    """,
    """
    DROP TRIGGER tied ON evidence_fileobject; DROP FUNCTION evidence_file_is_tied();
    DROP TRIGGER stays ON evidence_fileobject; DROP FUNCTION evidence_file_stays();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_let_checker_walk")]

    operations = [ENDED, STAYS]
