"""Exhibits, their files, where these come from, and through whose hands they went."""

import uuid

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from vault.database import CreateTables
from vault.fields import SealedJSON, SealedText

ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))
CREATED_AT = ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False))
SENSITIVITY = (
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
)
CASE = ("case", models.ForeignKey("cases.case", models.PROTECT, related_name="+"))
CREATED_BY = ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"))
BELONGS_TO = ("belongs_to", models.UUIDField(editable=False, null=True))


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_log_and_time_stamps"),
        ("cases", "0006_wall_off_cases"),
        ("vault", "0001_keys_files_identities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "EvidenceItem",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    ("exhibit_no", models.CharField(max_length=16)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("registered", "Registered"),
                                ("in_verification", "In verification"),
                                ("verified", "Verified"),
                                ("inconclusive", "Inconclusive"),
                                ("rejected", "Rejected"),
                            ],
                            default="registered",
                            max_length=16,
                        ),
                    ),
                    (
                        "status_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("status_at", models.DateTimeField(null=True)),
                    (
                        "witness",
                        models.ForeignKey(
                            "cases.witness", models.PROTECT, null=True, related_name="exhibits"
                        ),
                    ),
                    (
                        "incident",
                        models.ForeignKey(
                            "cases.incident", models.PROTECT, null=True, related_name="exhibits"
                        ),
                    ),
                    ("frozen_at", models.DateTimeField(null=True)),
                    (
                        "frozen_reason",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("fixity", "A file failed its integrity check"),
                                ("receipt", "What was stored is not what arrived"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("revision", models.PositiveIntegerField(default=1)),
                    ("type", SealedText()),
                    ("title", SealedText()),
                    ("description", SealedText(null=True)),
                    ("author", SealedText(null=True)),
                    ("provider", SealedText(null=True)),
                    ("original_url", SealedText(null=True)),
                    ("licence", SealedText(null=True)),
                    ("restrictions", SealedText(null=True)),
                    ("traits", SealedJSON()),
                    ("recorded", SealedJSON(null=True)),
                    ("published", SealedJSON(null=True)),
                    ("obtained", SealedJSON(null=True)),
                    ("place", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("case", "exhibit_no"), name="exhibit_numbered_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    ["registered", "in_verification", "verified", "inconclusive", "rejected"],
                                )
                            ),
                            name="exhibit_status_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("frozen_at__isnull", True), ("frozen_reason", "")),
                                models.Q(
                                    ("frozen_at__isnull", False), ("frozen_reason__in", ["fixity", "receipt"])
                                ),
                                _connector="OR",
                            ),
                            name="exhibit_frozen_for_a_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("status_at__isnull", True), ("status_by__isnull", True)),
                                models.Q(("status_at__isnull", False), ("status_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="exhibit_status_by_somebody",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["case", "-created_at", "-id"], name="exhibit_newest_first")
                    ],
                },
            ),
            migrations.CreateModel(
                "FileObject",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey("evidence.evidenceitem", models.PROTECT, related_name="files"),
                    ),
                    ("stored", models.ForeignKey("vault.storedfile", models.PROTECT, related_name="+")),
                    (
                        "copy_kind",
                        models.CharField(
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
                    (
                        "derived_from",
                        models.ForeignKey(
                            "evidence.fileobject", models.PROTECT, null=True, related_name="derivatives"
                        ),
                    ),
                    (
                        "same_as",
                        models.ForeignKey(
                            "evidence.fileobject", models.PROTECT, null=True, related_name="links"
                        ),
                    ),
                    ("upload_key", models.UUIDField(null=True)),
                    (
                        "check_state",
                        models.CharField(
                            choices=[
                                ("stored", "Stored"),
                                ("hashed", "Hashed again"),
                                ("checked", "Checked"),
                                ("flagged", "Flagged"),
                            ],
                            default="stored",
                            max_length=8,
                        ),
                    ),
                    (
                        "flag",
                        models.CharField(
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
                                (
                                    "unsafe",
                                    "The archive names files outside itself, or would unpack without end",
                                ),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("intact_at", models.DateTimeField(null=True)),
                    ("checked_at", models.DateTimeField(null=True)),
                    ("deep_checked_at", models.DateTimeField(null=True)),
                    ("set_aside_at", models.DateTimeField(null=True)),
                    (
                        "set_aside_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("set_aside_reason", SealedText(null=True)),
                    ("content_index", models.BinaryField(max_length=16)),
                    ("filename", SealedText()),
                    ("sha256", SealedText()),
                    ("blake3", SealedText()),
                    ("length", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("copy_kind", "evidentiary"),
                                ("same_as__isnull", True),
                                models.Q(("flag", "damaged"), _negated=True),
                            ),
                            fields=("case", "content_index"),
                            name="content_received_once",
                        ),
                        models.UniqueConstraint(
                            fields=("created_by", "upload_key"), name="upload_received_once"
                        ),
                        models.CheckConstraint(
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
                        models.CheckConstraint(
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
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("copy_kind__in", ("evidentiary", "receipt")),
                                    ("derived_from__isnull", True),
                                ),
                                models.Q(
                                    models.Q(("copy_kind__in", ("evidentiary", "receipt")), _negated=True),
                                    ("derived_from__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="copy_names_its_original",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("derived_from", models.F("id")), _negated=True),
                            name="copy_not_of_itself",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("set_aside_at__isnull", True), ("set_aside_by__isnull", True)),
                                models.Q(
                                    ("flag", "damaged"),
                                    ("set_aside_at__isnull", False),
                                    ("set_aside_by__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="file_set_aside_by_somebody",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["item", "copy_kind", "created_at"], name="file_of_item")
                    ],
                },
            ),
            migrations.CreateModel(
                "MediaRecord",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    ("file", models.ForeignKey("evidence.fileobject", models.PROTECT, related_name="media")),
                    ("number", models.PositiveSmallIntegerField(default=1)),
                    ("metadata", SealedJSON()),
                    ("looks", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("file", "number"), name="looks_are_numbered")
                    ]
                },
            ),
            migrations.CreateModel(
                "Upload",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "item",
                        models.ForeignKey("evidence.evidenceitem", models.PROTECT, related_name="uploads"),
                    ),
                    ("belongs_to", models.UUIDField(null=True)),
                    ("file", models.UUIDField(unique=True)),
                    ("segments", models.PositiveIntegerField(default=0)),
                    ("turn", models.UUIDField(null=True)),
                    ("turn_at", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField()),
                    ("metadata", SealedJSON()),
                    ("length", SealedText(null=True)),
                ],
                {"indexes": [models.Index(fields=["item", "created_by"], name="upload_of_item")]},
            ),
            migrations.CreateModel(
                "IngestJob",
                [
                    ID,
                    (
                        "by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("owed", "Owed"),
                                ("running", "Running"),
                                ("done", "Done"),
                                ("failed", "Failed"),
                            ],
                            default="owed",
                            max_length=8,
                        ),
                    ),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    CREATED_AT,
                    ("started_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("reason", models.CharField(blank=True, max_length=80)),
                    ("file", models.OneToOneField("evidence.fileobject", models.PROTECT, related_name="job")),
                ],
            ),
            migrations.CreateModel(
                "CollectionRecord",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, related_name="collections"
                        ),
                    ),
                    ("version", models.PositiveSmallIntegerField(default=1)),
                    (
                        "supersedes",
                        models.OneToOneField(
                            "evidence.collectionrecord",
                            models.PROTECT,
                            null=True,
                            related_name="superseded_by",
                        ),
                    ),
                    (
                        "collector",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "screenshot",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, null=True, related_name="+"),
                    ),
                    (
                        "page",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, null=True, related_name="+"),
                    ),
                    (
                        "material",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, null=True, related_name="+"),
                    ),
                    ("url", SealedText()),
                    ("page_title", SealedText(null=True)),
                    ("tool", SealedText(null=True)),
                    ("tool_version", SealedText(null=True)),
                    ("context", SealedText(null=True)),
                    ("virtual_identity", SealedText(null=True)),
                    ("network", SealedText(null=True)),
                    ("collected", SealedJSON()),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("supersedes", models.F("id")), _negated=True),
                            name="collection_follows_another",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("supersedes__isnull", True), ("version", 1)),
                                models.Q(("supersedes__isnull", False), ("version__gt", 1)),
                                _connector="OR",
                            ),
                            name="collection_versions_follow",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Annotation",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "file",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, related_name="annotations"),
                    ),
                    (
                        "first",
                        models.ForeignKey(
                            "evidence.annotation", models.PROTECT, null=True, related_name="versions"
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(default=1)),
                    ("is_withdrawn", models.BooleanField(default=False)),
                    ("annotation", SealedJSON()),
                    ("reason", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("first", "number"), name="versions_of_note_are_numbered"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("first__isnull", True), ("is_withdrawn", False), ("number", 1)),
                                models.Q(
                                    ("first__isnull", False),
                                    ("number__gt", 1),
                                    models.Q(("first", models.F("id")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="first_version_is_number_one",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("is_withdrawn", False), ("reason__isnull", True)),
                                models.Q(("is_withdrawn", True), ("reason__isnull", False)),
                                _connector="OR",
                            ),
                            name="withdrawn_note_says_why",
                        ),
                    ],
                    "indexes": [models.Index(fields=["file", "created_at"], name="notes_of_file")],
                },
            ),
            migrations.CreateModel(
                "HandOver",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "item",
                        models.ForeignKey("evidence.evidenceitem", models.PROTECT, related_name="hand_overs"),
                    ),
                    (
                        "file",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, null=True, related_name="+"),
                    ),
                    (
                        "to",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("proposed", "Waits for the receiver"),
                                ("confirmed", "Confirmed by both"),
                                ("declined", "Declined"),
                                ("taken_back", "Taken back"),
                                ("lapsed", "Lapsed"),
                                ("stopped", "Stopped: a file failed its check"),
                                ("receipted", "Handed to somebody outside, against a receipt"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("expires_at", models.DateTimeField()),
                    ("handed", models.JSONField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "ended_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "receipt",
                        models.ForeignKey("evidence.fileobject", models.PROTECT, null=True, related_name="+"),
                    ),
                    ("when", SealedJSON(null=True)),
                    ("place", SealedText(null=True)),
                    ("purpose", SealedText(null=True)),
                    ("condition", SealedText(null=True)),
                    ("seal_no", SealedText(null=True)),
                    ("outside", SealedText(null=True)),
                    ("reference", SealedText(null=True)),
                    ("answer", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "proposed",
                                        "confirmed",
                                        "declined",
                                        "taken_back",
                                        "lapsed",
                                        "stopped",
                                        "receipted",
                                    ],
                                )
                            ),
                            name="hand_over_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("ended_at__isnull", True),
                                    ("ended_by__isnull", True),
                                    ("state", "proposed"),
                                ),
                                models.Q(
                                    models.Q(("state", "proposed"), _negated=True),
                                    ("ended_at__isnull", False),
                                    ("ended_by__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="hand_over_ended_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("to", models.F("created_by")), _negated=True),
                            name="hand_over_not_to_oneself",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["confirmed", "declined"]), _negated=True),
                                ("ended_by", models.F("to")),
                                _connector="OR",
                            ),
                            name="hand_over_answered_by_receiver",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "taken_back"), _negated=True),
                                ("ended_by", models.F("created_by")),
                                _connector="OR",
                            ),
                            name="hand_over_taken_back_by_giver",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("outside__isnull", True),
                                    ("receipt__isnull", True),
                                    ("reference__isnull", True),
                                    ("to__isnull", False),
                                    models.Q(("state", "receipted"), _negated=True),
                                ),
                                models.Q(
                                    ("outside__isnull", False),
                                    ("to__isnull", True),
                                    ("state__in", ["receipted", "stopped"]),
                                    models.Q(
                                        ("reference__isnull", False),
                                        ("receipt__isnull", False),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="hand_over_to_somebody",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "proposed")),
                            fields=("item",),
                            name="one_open_hand_over",
                        ),
                    ],
                    "indexes": [models.Index(fields=["item", "-created_at"], name="hand_over_newest_first")],
                },
            ),
            migrations.CreateModel(
                "CustodyEvent",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    SENSITIVITY,
                    BELONGS_TO,
                    (
                        "created_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "item",
                        models.ForeignKey("evidence.evidenceitem", models.PROTECT, related_name="custody"),
                    ),
                    (
                        "file",
                        models.ForeignKey(
                            "evidence.fileobject", models.PROTECT, null=True, related_name="custody"
                        ),
                    ),
                    ("seq", models.PositiveIntegerField()),
                    (
                        "event",
                        models.CharField(
                            choices=[
                                ("collected", "Collected"),
                                ("received", "Received"),
                                ("registered", "Registered"),
                                ("copied", "Copied"),
                                ("moved", "Handed over"),
                                ("accessed", "Looked at"),
                                ("examined", "Examined"),
                                ("transcribed", "Transcribed"),
                                ("translated", "Translated"),
                                ("redacted", "Redacted"),
                                ("exported", "Exported"),
                                ("returned", "Came back"),
                                ("fixity_ok", "Integrity confirmed"),
                                ("fixity_fail", "Integrity failed"),
                                ("set_aside", "Set aside"),
                                ("destroyed", "Destroyed"),
                                ("given_back", "Given back to its owner"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("by_code", models.CharField(max_length=40)),
                    ("to_code", models.CharField(blank=True, max_length=40)),
                    ("sealed_digest", models.BinaryField(max_length=32, null=True)),
                    (
                        "hand_over",
                        models.OneToOneField(
                            "evidence.handover", models.PROTECT, null=True, related_name="entry"
                        ),
                    ),
                    ("leaf", models.OneToOneField("audit.event", models.PROTECT, related_name="+")),
                    ("when", SealedJSON(null=True)),
                    ("place", SealedText(null=True)),
                    ("purpose", SealedText(null=True)),
                    ("condition", SealedText(null=True)),
                    ("seal_no", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("item", "seq"), name="custody_is_numbered"),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "event__in",
                                    [
                                        "collected",
                                        "received",
                                        "registered",
                                        "copied",
                                        "moved",
                                        "accessed",
                                        "examined",
                                        "transcribed",
                                        "translated",
                                        "redacted",
                                        "exported",
                                        "returned",
                                        "fixity_ok",
                                        "fixity_fail",
                                        "set_aside",
                                        "destroyed",
                                        "given_back",
                                    ],
                                )
                            ),
                            name="custody_is_known",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["file", "event", "-created_at"], name="custody_of_file")
                    ],
                },
            ),
        ),
    ]
