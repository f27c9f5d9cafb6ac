"""What is called back, erased or ended by hand, and identities that are handed over."""

import uuid

import django.contrib.postgres.fields
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from vault.database import CreateTables
from vault.fields import SealedText

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


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0001_recipients_and_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "RecallNotice",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("export", models.ForeignKey("exports.export", models.PROTECT, related_name="recalls")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("sent", "Sent"),
                                ("acknowledged", "Received"),
                                ("complied", "Complied"),
                                ("refused", "Refused"),
                                ("no_answer", "No answer"),
                            ],
                            default="sent",
                            max_length=12,
                        ),
                    ),
                    ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("reminders", models.PositiveSmallIntegerField(default=0)),
                    ("note", SealedText(null=True)),
                    ("answer", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["sent", "acknowledged", "complied", "refused", "no_answer"])
                            ),
                            name="recall_state_is_known",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "RecalledItem",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "notice",
                        models.ForeignKey("exports.recallnotice", models.PROTECT, related_name="items"),
                    ),
                    (
                        "item",
                        models.OneToOneField("exports.exportitem", models.PROTECT, related_name="recalled"),
                    ),
                ],
            ),
            migrations.CreateModel(
                "Destruction",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("number", models.CharField(max_length=16, unique=True)),
                    (
                        "witness",
                        models.ForeignKey("cases.witness", models.PROTECT, related_name="destructions"),
                    ),
                    (
                        "method",
                        models.CharField(
                            choices=[
                                ("crypto_shred", "Destruction of the keys"),
                                ("secure_erase", "Overwritten, so that nothing on it can be read"),
                                ("physical", "Physically destroyed"),
                                ("given_back", "Given back, not destroyed"),
                            ],
                            default="crypto_shred",
                            max_length=12,
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asked", "Asked for"),
                                ("declined", "Declined"),
                                ("confirmed", "Confirmed, being carried out"),
                                ("keys_gone", "Keys deleted, their wrapping being replaced"),
                                ("turned", "Unreadable here; old copies of the keystore expire"),
                            ],
                            default="asked",
                            max_length=9,
                        ),
                    ),
                    ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("keys", models.PositiveIntegerField(default=0)),
                    ("keys_gone_at", models.DateTimeField(null=True)),
                    (
                        "epochs",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.UUIDField(), default=list, size=None
                        ),
                    ),
                    ("turned_at", models.DateTimeField(null=True)),
                    ("reason", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "declined"), _negated=True),
                            fields=("witness",),
                            name="one_erasure_a_witness",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["asked", "declined", "confirmed", "keys_gone", "turned"])
                            ),
                            name="destruction_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("number__regex", "^DES-[0-9]{4}-[0-9]{6}$")),
                            name="destruction_number_form",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["asked", "declined"]),
                                models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="destruction_confirmed_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("confirmed_by__isnull", True),
                                models.Q(("confirmed_by", models.F("created_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="destruction_by_two_people",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["keys_gone", "turned"]), _negated=True),
                                ("keys_gone_at__isnull", False),
                                _connector="OR",
                            ),
                            name="destruction_keys_gone_at_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "turned"), ("turned_at__isnull", False)),
                                models.Q(
                                    models.Q(("state", "turned"), _negated=True), ("turned_at__isnull", True)
                                ),
                                _connector="OR",
                            ),
                            name="destruction_turned_at_a_time",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "ErasureJob",
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
                    (
                        "destruction",
                        models.OneToOneField("exports.destruction", models.PROTECT, related_name="job"),
                    ),
                ],
            ),
            migrations.CreateModel(
                "Disposal",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("number", models.CharField(max_length=16, unique=True)),
                    (
                        "thing",
                        models.CharField(
                            choices=[
                                ("exhibit", "An exhibit"),
                                ("consent_form", "A consent form on paper"),
                                ("printed", "A printed sheet"),
                                ("medium", "A medium that holds data"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "method",
                        models.CharField(
                            choices=[
                                ("crypto_shred", "Destruction of the keys"),
                                ("secure_erase", "Overwritten, so that nothing on it can be read"),
                                ("physical", "Physically destroyed"),
                                ("given_back", "Given back, not destroyed"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "item",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, null=True, related_name="disposals"
                        ),
                    ),
                    (
                        "witness",
                        models.ForeignKey("cases.witness", models.PROTECT, null=True, related_name="+"),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asked", "Asked for"),
                                ("declined", "Declined"),
                                ("agreed", "Agreed, to be carried out"),
                                ("carried_out", "Carried out, to be confirmed by a second person"),
                                ("confirmed", "Confirmed by two people"),
                            ],
                            default="asked",
                            max_length=11,
                        ),
                    ),
                    ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("agreed_at", models.DateTimeField(null=True)),
                    (
                        "agreed_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("done_on", models.DateField(null=True)),
                    ("carried_out_at", models.DateTimeField(null=True)),
                    (
                        "carried_out_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("mark", SealedText()),
                    ("reason", SealedText()),
                    ("early", SealedText(null=True)),
                    ("done_by", SealedText(null=True)),
                    ("place", SealedText(null=True)),
                    ("how", SealedText(null=True)),
                    ("present", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ("asked", "agreed", "carried_out"))),
                            fields=("item",),
                            name="one_open_disposal_an_exhibit",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("state", "confirmed"), models.Q(("method", "given_back"), _negated=True)
                            ),
                            fields=("item",),
                            name="an_exhibit_ends_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["asked", "declined", "agreed", "carried_out", "confirmed"])
                            ),
                            name="disposal_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("number__regex", "^DIS-[0-9]{4}-[0-9]{6}$")),
                            name="disposal_number_form",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("item__isnull", False), ("thing", "exhibit")),
                                models.Q(
                                    ("item__isnull", True),
                                    ("thing", "consent_form"),
                                    ("witness__isnull", False),
                                ),
                                models.Q(("item__isnull", True), ("thing__in", ["printed", "medium"])),
                                _connector="OR",
                            ),
                            name="disposal_of_something",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("method__in", ["physical", "given_back"]),
                                models.Q(("method", "secure_erase"), ("thing", "medium")),
                                _connector="OR",
                            ),
                            name="disposal_method_fits",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["asked", "declined"]),
                                models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="disposal_agreed_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("agreed_by__isnull", True),
                                models.Q(("agreed_by", models.F("created_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="disposal_decided_by_two_people",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["carried_out", "confirmed"]), _negated=True),
                                models.Q(
                                    ("carried_out_by__isnull", False),
                                    ("done_on__isnull", False),
                                    ("how__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="disposal_carried_out_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "confirmed"), _negated=True),
                                models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="disposal_confirmed_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("confirmed_by__isnull", True),
                                models.Q(("confirmed_by", models.F("carried_out_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="disposal_seen_by_two_people",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "IdentityHandover",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "session",
                        models.OneToOneField("cases.identitysession", models.PROTECT, related_name="+"),
                    ),
                    ("export", models.ForeignKey("exports.export", models.PROTECT, related_name="handovers")),
                    (
                        "recipient_key",
                        models.ForeignKey("exports.recipientkey", models.PROTECT, related_name="+"),
                    ),
                    (
                        "second_key",
                        models.ForeignKey("exports.secondkey", models.PROTECT, related_name="handovers"),
                    ),
                    (
                        "stored",
                        models.OneToOneField("vault.storedfile", models.PROTECT, null=True, related_name="+"),
                    ),
                    ("taken_at", models.DateTimeField(null=True)),
                    ("tag", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("stored__isnull", False)),
                            fields=("export",),
                            name="one_handover_an_export",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("stored__isnull", False)),
                            fields=("second_key",),
                            name="one_handover_a_second_key",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("stored__isnull", True), ("taken_at__isnull", True)),
                                models.Q(("stored__isnull", False), ("taken_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="handover_taken_at_a_time",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "HandoverConsent",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("export", models.ForeignKey("exports.export", models.PROTECT, related_name="+")),
                    (
                        "handover",
                        models.ForeignKey(
                            "exports.identityhandover", models.PROTECT, related_name="consents"
                        ),
                    ),
                    ("consent", models.ForeignKey("cases.consent", models.PROTECT, related_name="+")),
                    ("answer", models.ForeignKey("cases.consentscope", models.PROTECT, related_name="+")),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("handover", "answer"), name="answer_once_a_handover")
                    ]
                },
            ),
        ),
    ]
