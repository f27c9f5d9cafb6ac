"""Overviews of clips and sounds; what a picture looks like, remembered under seal; two flags of a virus scanner."""

import vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0005_receive_in_several_turns"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="fileobject",
            name="file_copy_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="fileobject",
            name="file_flagged_for_a_reason",
        ),
        migrations.AddField(
            model_name="mediarecord",
            name="looks",
            field=vault.fields.SealedText(null=True),
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
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="fileobject",
            name="flag",
            field=models.CharField(
                blank=True,
                choices=[
                    ("broken", "The file is broken or cut short; no program could read it"),
                    ("damaged", "The stored bytes are not those that arrived"),
                    ("disguised", "The file is not what it says it is"),
                    ("infected", "The virus scanner found something in the file"),
                    ("oversized", "Opening the file would need too much memory"),
                    ("slow", "Reading the file took too long"),
                    ("unknown", "The type of the file is not one we open"),
                    ("unscanned", "The virus scanner does not take a file of this size"),
                    ("unsafe", "The archive names files outside itself, or would unpack without end"),
                ],
                max_length=10,
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
                    models.Q(
                        ("check_state", "flagged"),
                        (
                            "flag__in",
                            [
                                "broken",
                                "damaged",
                                "disguised",
                                "infected",
                                "oversized",
                                "slow",
                                "unknown",
                                "unscanned",
                                "unsafe",
                            ],
                        ),
                    ),
                    models.Q(models.Q(("check_state", "flagged"), _negated=True), ("flag", "")),
                    _connector="OR",
                ),
                name="file_flagged_for_a_reason",
            ),
        ),
    ]
