"""Row-level security by case, the recipient's own window, and keys that keep a row inside its case."""

from django.db import migrations

from cases.rowsecurity import case_key, row_security, same_case
from exports.rowsecurity import READER_FUNCTIONS, addressed_exports, addressed_rows, consents_relied_on

WALLED = ("export", "exportitem", "itemconsent", "approval", "receipt", "recipientpseudonym")
POINTERS = (
    ("exportitem", "export_id", "exports_export"),
    ("exportitem", "testimony_id", "cases_testimony"),
    ("exportitem", "version_id", "cases_testimonyversion"),
    ("exportitem", "evidence_id", "evidence_evidenceitem"),
    ("itemconsent", "export_id", "exports_export"),
    ("itemconsent", "consent_id", "cases_consent"),
    ("approval", "export_id", "exports_export"),
    ("receipt", "export_id", "exports_export"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_wall_off_cases"),
        ("exports", "0002_let_app_change_state"),
    ]

    operations = [
        *(row_security(f"exports_{table}") for table in WALLED),
        case_key("exports_export"),
        *(same_case(f"exports_{table}", column, parent) for table, column, parent in POINTERS),
        READER_FUNCTIONS,
        *addressed_exports(),
        *addressed_rows("exports_exportitem", "SELECT"),
        *addressed_rows("exports_itemconsent", "SELECT"),
        *addressed_rows("exports_receipt", "SELECT", "INSERT"),
        *consents_relied_on(),
    ]
