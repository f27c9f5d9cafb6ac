"""Routine chunks are walked by the role `checker`, which can do nothing else."""

from django.db import migrations

from vault.database import allow_update

# How a walker of chunks may write: never which files a chunk names, nor whether it was told of.
WALKING = ("done", "claim", "touched_at", "started_at", "finished_at", "attempts", "reason", "commitment")
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
    dependencies = [("evidence", "0005_wall_off_exhibits"), ("vault", "0001_keys_files_identities")]

    operations = [
        allow_update("evidence_integritychunk", *WALKING, "noted_at", "failed"),
        LET_CHECKER_WALK,
    ]
