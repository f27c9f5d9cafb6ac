"""What was received stays what it was, and every copy stays tied to what it was made from: in the database."""

from django.db import migrations, models

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
    dependencies = [("evidence", "0011_hand_over_with_two_sides")]

    operations = [
        migrations.RemoveConstraint(
            model_name="fileobject",
            name="file_copy_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="fileobject",
            name="file_as_received_is_no_copy",
        ),
        migrations.AlterField(
            model_name="fileobject",
            name="copy_kind",
            field=models.CharField(
                choices=[
                    ("evidentiary", "As received"),
                    ("working", "Working copy"),
                    ("redacted", "Redacted copy"),
                    ("transcript", "Transcript"),
                    ("translation", "Translation"),
                    ("thumbnail", "Preview"),
                    ("overview", "Frames or waveform"),
                    ("receipt", "Signed receipt"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="fileobject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "copy_kind__in",
                        [
                            "evidentiary",
                            "working",
                            "redacted",
                            "transcript",
                            "translation",
                            "thumbnail",
                            "overview",
                            "receipt",
                        ],
                    )
                ),
                name="file_copy_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileobject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("copy_kind__in", ("evidentiary", "receipt")), ("derived_from__isnull", True)),
                    models.Q(
                        models.Q(("copy_kind__in", ("evidentiary", "receipt")), _negated=True),
                        ("derived_from__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="copy_names_its_original",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileobject",
            constraint=models.CheckConstraint(
                condition=models.Q(("derived_from", models.F("id")), _negated=True), name="copy_not_of_itself"
            ),
        ),
        STAYS,
    ]
