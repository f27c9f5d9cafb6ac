"""Row-level security by case, the recipient's own window, and keys that keep a row inside its case."""

from django.db import migrations

from cases.rowsecurity import case_key, row_security, same_case, seen_by_sweep, sweepable
from exports.rowsecurity import READER_FUNCTIONS, addressed_exports, addressed_rows, consents_relied_on

WALLED = (
    "recipientpseudonym",
    "export",
    "exportitem",
    "itemconsent",
    "approval",
    "receipt",
    "recallnotice",
    "recalleditem",
    "disposal",
    "handoverconsent",
)
# What the sweep finishes.
FINISHED = ("destruction", "identityhandover")
PARENTS = ("export", "exportitem", "recallnotice", "identityhandover")
POINTERS = (
    ("exportitem", "export_id", "exports_export"),
    ("exportitem", "testimony_id", "cases_testimony"),
    ("exportitem", "version_id", "cases_testimonyversion"),
    ("exportitem", "evidence_id", "evidence_evidenceitem"),
    ("itemconsent", "export_id", "exports_export"),
    ("itemconsent", "consent_id", "cases_consent"),
    ("approval", "export_id", "exports_export"),
    ("receipt", "export_id", "exports_export"),
    ("recallnotice", "export_id", "exports_export"),
    ("recalleditem", "notice_id", "exports_recallnotice"),
    ("recalleditem", "item_id", "exports_exportitem"),
    ("destruction", "witness_id", "cases_witness"),
    ("disposal", "item_id", "evidence_evidenceitem"),
    ("disposal", "witness_id", "cases_witness"),
    ("identityhandover", "export_id", "exports_export"),
    ("identityhandover", "session_id", "cases_identitysession"),
    ("handoverconsent", "handover_id", "exports_identityhandover"),
    ("handoverconsent", "consent_id", "cases_consent"),
    ("handoverconsent", "export_id", "exports_export"),
)
# The sweep cancels exports whose requester's account was closed.
_SWEEP = "(SELECT reader_machine()) = 'machine:sweep'"
SWEEP_STOPS = migrations.RunSQL(
    f"CREATE POLICY sweep_read ON exports_export FOR SELECT TO app USING ({_SWEEP});"
    f"CREATE POLICY sweep_stop ON exports_export FOR UPDATE TO app USING ({_SWEEP}) "
    f"WITH CHECK ({_SWEEP} AND state = 'cancelled')",
    "DROP POLICY sweep_stop ON exports_export; DROP POLICY sweep_read ON exports_export",
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_wall_off_cases"),
        ("evidence", "0005_wall_off_exhibits"),
        ("exports", "0003_let_app_change_state"),
    ]

    operations = [
        *(row_security(f"exports_{table}") for table in WALLED),
        *(row_security(f"exports_{table}", machines=("sweep",)) for table in FINISHED),
        SWEEP_STOPS,
        # An erasure finds what names a witness.
        seen_by_sweep("evidence_evidenceitem"),
        sweepable("cases_savedview"),
        *(case_key(f"exports_{parent}") for parent in PARENTS),
        *(same_case(f"exports_{table}", column, parent) for table, column, parent in POINTERS),
        READER_FUNCTIONS,
        *addressed_exports(),
        *addressed_rows("exports_exportitem", "SELECT"),
        *addressed_rows("exports_itemconsent", "SELECT"),
        *addressed_rows("exports_receipt", "SELECT", "INSERT"),
        *addressed_rows("exports_identityhandover", "SELECT"),
        *addressed_rows("exports_handoverconsent", "SELECT"),
        *consents_relied_on(),
    ]
