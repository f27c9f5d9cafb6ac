"""Row-level security on every table of an exhibit; the integrity machine meets only what it must."""

from django.conf import settings
from django.db import migrations

from cases.rowsecurity import case_key, row_security, same_case

WALLED = (
    "mediarecord",
    "collectionrecord",
    "verification",
    "decision",
    "satelliteanalysis",
    "weaponanalysis",
)
CHECKED = ("evidenceitem", "fileobject", "custodyevent", "fixitycheck")
POINTERS = (
    ("evidenceitem", "witness_id", "cases_witness"),
    ("evidenceitem", "incident_id", "cases_incident"),
    ("fileobject", "item_id", "evidence_evidenceitem"),
    ("fileobject", "derived_from_id", "evidence_fileobject"),
    ("fileobject", "same_as_id", "evidence_fileobject"),
    ("mediarecord", "file_id", "evidence_fileobject"),
    ("collectionrecord", "item_id", "evidence_evidenceitem"),
    ("custodyevent", "item_id", "evidence_evidenceitem"),
    ("custodyevent", "file_id", "evidence_fileobject"),
    ("verification", "item_id", "evidence_evidenceitem"),
    ("decision", "item_id", "evidence_evidenceitem"),
    ("satelliteanalysis", "item_id", "evidence_evidenceitem"),
    ("satelliteanalysis", "before_id", "evidence_fileobject"),
    ("satelliteanalysis", "after_id", "evidence_fileobject"),
    ("weaponanalysis", "item_id", "evidence_evidenceitem"),
    ("fixitycheck", "file_id", "evidence_fileobject"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_let_app_change_state"),
        ("cases", "0003_wall_off_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(row_security(f"evidence_{table}") for table in WALLED),
        *(row_security(f"evidence_{table}", machines=("integrity",)) for table in CHECKED),
        case_key("evidence_evidenceitem"),
        case_key("evidence_fileobject"),
        *(same_case(f"evidence_{table}", column, parent) for table, column, parent in POINTERS),
    ]
