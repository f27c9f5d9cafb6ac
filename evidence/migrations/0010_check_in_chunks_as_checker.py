"""Runs are cut into chunks; routine ones are walked by the role `checker`, which can do nothing else."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cases.rowsecurity import row_security
from vault.database import allow_update

# How a walker of chunks may write: never which files a chunk names, nor whether it was told of.
WALKING = ("done", "claim", "touched_at", "started_at", "finished_at", "attempts", "reason", "commitment")
# A run that was begun before has no chunks: it is ended, and the next one begins within the day.
END_OLD_RUNS = migrations.RunSQL(
    "UPDATE evidence_integrityrun SET state = 'failed', finished_at = now(), reason = 'superseded'"
    " WHERE state IN ('owed', 'running')",
    migrations.RunSQL.noop,
)
# The checker: which files a routine chunk names, where their sealed bytes lie and what they should be; how far
# it has come, and what it found. It sees no finished chunk change, no deep chunk, and no row of any case.
LET_CHECKER_WALK = migrations.RunSQL(
    f"""
    GRANT SELECT (id, storage_ref, sealed_size, sealed_digest) ON vault_storedfile TO checker;
    GRANT SELECT (id, run_id, number, kind, files, planned_at, {", ".join(WALKING)})
      ON evidence_integritychunk TO checker;
    GRANT UPDATE ({", ".join(WALKING)}) ON evidence_integritychunk TO checker;
    GRANT INSERT ON evidence_integrityfinding TO checker;
    ALTER TABLE evidence_integritychunk ENABLE ROW LEVEL SECURITY;
    CREATE POLICY everything ON evidence_integritychunk TO app USING (true) WITH CHECK (true);
    CREATE POLICY looking ON evidence_integritychunk FOR SELECT TO checker USING (kind = 'routine');
    CREATE POLICY walking ON evidence_integritychunk FOR UPDATE TO checker
      USING (kind = 'routine' AND finished_at IS NULL) WITH CHECK (kind = 'routine');
    ALTER TABLE evidence_integrityfinding ENABLE ROW LEVEL SECURITY;
    CREATE POLICY everything ON evidence_integrityfinding TO app USING (true) WITH CHECK (true);
    CREATE POLICY finding ON evidence_integrityfinding FOR INSERT TO checker WITH CHECK (EXISTS (
      SELECT FROM evidence_integritychunk c WHERE c.id = chunk_id AND c.run_id = evidence_integrityfinding.run_id
        AND c.finished_at IS NULL AND stored = ANY (c.files)));
    """,
    """
    DROP POLICY finding ON evidence_integrityfinding;
    DROP POLICY everything ON evidence_integrityfinding;
    ALTER TABLE evidence_integrityfinding DISABLE ROW LEVEL SECURITY;
    DROP POLICY walking ON evidence_integritychunk;
    DROP POLICY looking ON evidence_integritychunk;
    DROP POLICY everything ON evidence_integritychunk;
    ALTER TABLE evidence_integritychunk DISABLE ROW LEVEL SECURITY;
    REVOKE ALL ON evidence_integrityfinding, evidence_integritychunk, vault_storedfile FROM checker;
    REVOKE SELECT (id, storage_ref, sealed_size, sealed_digest) ON vault_storedfile FROM checker;
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keep_saved_views"),
        ("evidence", "0009_note_on_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        END_OLD_RUNS,
        migrations.CreateModel(
            name="IntegrityChunk",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("routine", "Routine: the sealed bytes"),
                            ("deep", "Deep: opened and compared"),
                        ],
                        max_length=8,
                    ),
                ),
                ("case", models.UUIDField(null=True)),
                (
                    "files",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("done", models.PositiveIntegerField(default=0)),
                ("claim", models.UUIDField(null=True)),
                ("touched_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("noted_at", models.DateTimeField(null=True)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=40)),
                (
                    "commitment",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntegrityFinding",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("stored", models.UUIDField(null=True)),
                ("ref", models.CharField(blank=True, max_length=64)),
                (
                    "result",
                    models.CharField(
                        choices=[("damaged", "Changed"), ("missing", "Missing"), ("extra", "On no record")],
                        max_length=8,
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="IntegritySchedule",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                ("routine_days", models.PositiveSmallIntegerField()),
                ("deep_days", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RemoveField(
            model_name="integrityrun",
            name="cursor",
        ),
        migrations.AddField(
            model_name="fileobject",
            name="checked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="fileobject",
            name="deep_checked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="integrityrun",
            name="files",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="integrityrun",
            name="kind",
            field=models.CharField(
                choices=[("routine", "Routine: the sealed bytes"), ("deep", "Deep: opened and compared")],
                default="routine",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="integrityrun",
            name="strays",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="integrityrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["routine", "deep"])), name="run_is_known"
            ),
        ),
        migrations.AddField(
            model_name="integritychunk",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="chunks", to="evidence.integrityrun"
            ),
        ),
        migrations.AddField(
            model_name="integrityfinding",
            name="chunk",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="evidence.integritychunk",
            ),
        ),
        migrations.AddField(
            model_name="integrityfinding",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="evidence.integrityrun",
            ),
        ),
        migrations.AddField(
            model_name="integrityschedule",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="integrityschedule",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="integritychunk",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", True)),
                fields=["kind", "planned_at", "number"],
                name="chunk_to_walk",
            ),
        ),
        migrations.AddIndex(
            model_name="integritychunk",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False), ("noted_at__isnull", True)),
                fields=["finished_at"],
                name="chunk_to_note",
            ),
        ),
        migrations.AddIndex(
            model_name="integritychunk",
            index=models.Index(fields=["case", "kind", "-planned_at"], name="chunk_of_case"),
        ),
        migrations.AddConstraint(
            model_name="integritychunk",
            constraint=models.UniqueConstraint(fields=("run", "number"), name="chunks_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="integritychunk",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["routine", "deep"])), name="chunk_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="integritychunk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "done__lte",
                        models.Func("files", function="cardinality", output_field=models.IntegerField()),
                    )
                ),
                name="chunk_done_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="integrityfinding",
            constraint=models.UniqueConstraint(fields=("chunk", "stored"), name="found_once_a_chunk"),
        ),
        migrations.AddConstraint(
            model_name="integrityfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chunk__isnull", True), ("result", "extra"), ("stored__isnull", True)),
                    models.Q(
                        ("chunk__isnull", False),
                        ("ref", ""),
                        ("result__in", ["damaged", "missing"]),
                        ("stored__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="finding_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="integrityschedule",
            index=models.Index(fields=["case", "-created_at"], name="schedule_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="integrityschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("routine_days__gte", 1), ("routine_days__lte", 30)),
                name="routine_days_in_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="integrityschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("deep_days__gte", 1), ("deep_days__lte", 365)), name="deep_days_in_bounds"
            ),
        ),
        allow_update("evidence_fileobject", "checked_at", "deep_checked_at"),
        allow_update("evidence_integrityrun", "files", "strays"),
        allow_update("evidence_integritychunk", *WALKING, "noted_at", "failed"),
        row_security("evidence_integrityschedule", machines=("integrity",)),
        LET_CHECKER_WALK,
    ]
