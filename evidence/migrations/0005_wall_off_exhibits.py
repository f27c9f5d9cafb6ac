"""Row-level security on every table of an exhibit; the integrity machine meets only what it must."""

from django.db import migrations

from cases.rowsecurity import case_key, row_security, same_case, sweepable

WALLED = (
    "mediarecord",
    "collectionrecord",
    "annotation",
    "handover",
    "verification",
    "decision",
    "checklist",
    "satelliteanalysis",
    "weaponanalysis",
    "placeanalysis",
    "timeanalysis",
    "redactionset",
    "redaction",
)
CHECKED = ("evidenceitem", "fileobject", "custodyevent", "fixitycheck", "integrityschedule")
PARENTS = ("evidenceitem", "fileobject", "collectionrecord", "annotation", "handover", "redactionset")
ITEM, FILE = "evidence_evidenceitem", "evidence_fileobject"
POINTERS = (
    ("evidenceitem", "witness_id", "cases_witness"),
    ("evidenceitem", "incident_id", "cases_incident"),
    ("fileobject", "item_id", ITEM),
    ("fileobject", "derived_from_id", FILE),
    ("fileobject", "same_as_id", FILE),
    ("mediarecord", "file_id", FILE),
    ("upload", "item_id", ITEM),
    ("collectionrecord", "item_id", ITEM),
    ("collectionrecord", "supersedes_id", "evidence_collectionrecord"),
    ("collectionrecord", "screenshot_id", FILE),
    ("collectionrecord", "page_id", FILE),
    ("collectionrecord", "material_id", FILE),
    ("annotation", "file_id", FILE),
    ("annotation", "first_id", "evidence_annotation"),
    ("handover", "item_id", ITEM),
    ("handover", "file_id", FILE),
    ("handover", "receipt_id", FILE),
    ("custodyevent", "item_id", ITEM),
    ("custodyevent", "file_id", FILE),
    ("custodyevent", "hand_over_id", "evidence_handover"),
    ("verification", "item_id", ITEM),
    ("decision", "item_id", ITEM),
    ("checklist", "item_id", ITEM),
    ("satelliteanalysis", "item_id", ITEM),
    ("satelliteanalysis", "before_id", FILE),
    ("satelliteanalysis", "after_id", FILE),
    ("weaponanalysis", "item_id", ITEM),
    ("placeanalysis", "item_id", ITEM),
    ("timeanalysis", "item_id", ITEM),
    ("fixitycheck", "file_id", FILE),
    ("redactionset", "file_id", FILE),
    ("redactionset", "output_id", FILE),
    ("redactionset", "corrects_id", "evidence_redactionset"),
    ("redaction", "redaction_set_id", "evidence_redactionset"),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_wall_off_cases"), ("evidence", "0004_let_app_change_state")]

    operations = [
        *(row_security(f"evidence_{table}") for table in WALLED),
        *(row_security(f"evidence_{table}", machines=("integrity",)) for table in CHECKED),
        row_security("evidence_upload", own_column="created_by_id"),
        sweepable("evidence_upload"),
        *(case_key(f"evidence_{parent}") for parent in PARENTS),
        *(same_case(f"evidence_{table}", column, parent) for table, column, parent in POINTERS),
    ]
