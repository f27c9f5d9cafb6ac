"""What is read out of an exhibit, or said of it, lies under the key of the witness who gave it."""

from django.db import migrations, models

from vault.database import allow_update

GIVEN = (
    "annotation",
    "checklist",
    "collectionrecord",
    "custodyevent",
    "decision",
    "evidenceitem",
    "fileobject",
    "fixitycheck",
    "handover",
    "mediarecord",
    "placeanalysis",
    "redaction",
    "redactionset",
    "satelliteanalysis",
    "timeanalysis",
    "verification",
    "weaponanalysis",
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_let_a_witness_take_all_along"),
        ("evidence", "0013_follow_what_was_collected"),
    ]

    operations = [
        *(
            migrations.AddField(name, "belongs_to", models.UUIDField(null=True, editable=False))
            for name in GIVEN
        ),
        allow_update("evidence_evidenceitem", "belongs_to"),
    ]
