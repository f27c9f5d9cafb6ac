"""Recipients with their keys and contacts, and what is exported to them."""

import uuid

import django.contrib.postgres.fields
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


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0006_wall_off_cases"),
        ("evidence", "0005_wall_off_exhibits"),
        ("vault", "0001_keys_files_identities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "Recipient",
                [
                    ID,
                    CREATED_AT,
                    CREATED_BY,
                    (
                        "recipient_class",
                        models.CharField(
                            choices=[
                                ("own_organisation", "This organisation alone"),
                                ("icc_otp", "International Criminal Court, Office of the Prosecutor"),
                                ("un_iiim", "UN mechanism for Syria (IIIM)"),
                                ("un_coi_or_ffm", "UN commission of inquiry or fact-finding mission"),
                                ("national_authority", "National prosecuting authority"),
                                ("eurojust_via_national", "Eurojust, through a national authority"),
                                ("factfinding_committee", "National fact-finding committee"),
                                ("ngo_partner", "Partner organisation"),
                                ("archive", "Archive"),
                                ("public", "The public"),
                            ],
                            max_length=24,
                        ),
                    ),
                    ("state_affiliated", models.BooleanField(default=False)),
                    ("death_penalty_risk", models.BooleanField(default=False)),
                    (
                        "default_tier",
                        models.CharField(
                            choices=[
                                ("T0", "T0 public"),
                                ("T1", "T1 restricted"),
                                ("T2", "T2 confidential"),
                                ("T3", "T3 judicial, sealed"),
                            ],
                            default="T2",
                            max_length=2,
                        ),
                    ),
                    ("agreement_until", models.DateField(null=True)),
                    ("revision", models.PositiveIntegerField(default=1)),
                    ("name", SealedText()),
                    ("jurisdiction", SealedText(null=True)),
                    ("contact", SealedText(null=True)),
                    ("agreement_ref", SealedText(null=True)),
                    ("conditions", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "recipient_class__in",
                                    [
                                        "own_organisation",
                                        "icc_otp",
                                        "un_iiim",
                                        "un_coi_or_ffm",
                                        "national_authority",
                                        "eurojust_via_national",
                                        "factfinding_committee",
                                        "ngo_partner",
                                        "archive",
                                        "public",
                                    ],
                                ),
                                models.Q(("recipient_class", "own_organisation"), _negated=True),
                            ),
                            name="recipient_is_another_body",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "RecipientKey",
                [
                    ID,
                    CREATED_AT,
                    CREATED_BY,
                    ("tag", models.BinaryField()),
                    (
                        "recipient",
                        models.ForeignKey("exports.recipient", models.PROTECT, related_name="keys"),
                    ),
                    ("key_index", models.BinaryField(max_length=16, unique=True)),
                    ("expires_at", models.DateTimeField(null=True)),
                    ("revoked_at", models.DateTimeField(null=True)),
                    (
                        "revoked_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("public_key", SealedText()),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                                models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="key_revoked_by_somebody",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("revoked_at__isnull", True)),
                            fields=("recipient",),
                            name="one_key_a_recipient",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "KeyCheck",
                [
                    ID,
                    CREATED_AT,
                    CREATED_BY,
                    ("tag", models.BinaryField()),
                    ("key", models.ForeignKey("exports.recipientkey", models.PROTECT, related_name="checks")),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("in_person", "In person"),
                                ("voice", "By voice, on a known number"),
                                ("video", "By video, face known"),
                                ("letter", "By signed letter"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("note", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("key", "created_by"), name="one_check_a_person"),
                        models.CheckConstraint(
                            condition=models.Q(("channel__in", ["in_person", "voice", "video", "letter"])),
                            name="channel_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "RecipientContact",
                [
                    ID,
                    CREATED_AT,
                    CREATED_BY,
                    ("tag", models.BinaryField()),
                    (
                        "recipient",
                        models.ForeignKey("exports.recipient", models.PROTECT, related_name="contacts"),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, related_name="recipient_contacts"
                        ),
                    ),
                    ("ended_at", models.DateTimeField(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at__isnull", True)),
                            fields=("user",),
                            name="one_recipient_a_contact",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "SecondKey",
                [
                    ID,
                    CREATED_AT,
                    CREATED_BY,
                    ("tag", models.BinaryField()),
                    (
                        "recipient",
                        models.ForeignKey("exports.recipient", models.PROTECT, related_name="second_keys"),
                    ),
                    ("fingerprint", models.BinaryField(max_length=32)),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "ended_as",
                        models.CharField(
                            blank=True,
                            choices=[("used", "Used for a hand-over"), ("revoked", "Given up")],
                            max_length=7,
                        ),
                    ),
                    (
                        "ended_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "epochs",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.UUIDField(), default=list, size=None
                        ),
                    ),
                    ("turned_at", models.DateTimeField(null=True)),
                    ("secret", SealedJSON(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at__isnull", True)),
                            fields=("recipient",),
                            name="one_second_key_a_recipient",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                                models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="second_key_confirmed_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("confirmed_by__isnull", True),
                                models.Q(("confirmed_by", models.F("created_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="second_key_by_two_people",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("ended_as", ""), ("ended_at__isnull", True), ("secret__isnull", False)
                                ),
                                models.Q(
                                    ("ended_as__in", ["used", "revoked"]),
                                    ("ended_at__isnull", False),
                                    ("secret__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="second_key_ends_without_its_words",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "RecipientPseudonym",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("recipient", models.ForeignKey("exports.recipient", models.PROTECT, related_name="+")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("witness", "Witness"),
                                ("staff", "Staff member"),
                                ("exhibit", "Exhibit"),
                                ("victim", "Victim"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("subject", models.UUIDField()),
                    ("code_index", models.BinaryField(max_length=16)),
                    ("code", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("case", "recipient", "kind", "subject"), name="one_code_a_recipient"
                        ),
                        models.UniqueConstraint(
                            fields=("case", "recipient", "code_index"), name="code_given_once_a_recipient"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["witness", "staff", "exhibit", "victim"])),
                            name="pseudonym_kind_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Export",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("number", models.CharField(max_length=16, unique=True)),
                    (
                        "recipient",
                        models.ForeignKey("exports.recipient", models.PROTECT, related_name="exports"),
                    ),
                    ("key", models.ForeignKey("exports.recipientkey", models.PROTECT, related_name="+")),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("internal_analysis", "Our own analysis"),
                                ("advocacy_publication", "Publication and advocacy"),
                                ("human_rights_mechanism", "Human-rights mechanism"),
                                ("criminal_national", "Criminal proceedings before a national court"),
                                (
                                    "criminal_international",
                                    "Criminal proceedings before an international court",
                                ),
                                ("truth_or_factfinding_body", "Truth or fact-finding body"),
                                ("archive", "Archive"),
                            ],
                            max_length=26,
                        ),
                    ),
                    (
                        "identity_level",
                        models.CharField(
                            choices=[
                                ("none", "Nothing about the person"),
                                ("pseudonym", "A pseudonym"),
                                ("confidential_identity", "The identity, in confidence"),
                                ("full_identity", "The identity"),
                            ],
                            default="pseudonym",
                            max_length=22,
                        ),
                    ),
                    (
                        "tier",
                        models.CharField(
                            choices=[
                                ("T0", "T0 public"),
                                ("T1", "T1 restricted"),
                                ("T2", "T2 confidential"),
                                ("T3", "T3 judicial, sealed"),
                            ],
                            max_length=2,
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("requested", "Requested"),
                                ("scope_checked", "Consent checked"),
                                ("redaction", "In redaction"),
                                ("risk_checked", "Risk checked"),
                                ("approved", "Approved"),
                                ("built", "Built"),
                                ("verified", "Verified"),
                                ("delivered", "Delivered"),
                                ("acknowledged", "Acknowledged"),
                                ("recalled", "Recalled"),
                                ("refused", "Refused"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="requested",
                            max_length=14,
                        ),
                    ),
                    ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                    (
                        "stored",
                        models.ForeignKey("vault.storedfile", models.PROTECT, null=True, related_name="+"),
                    ),
                    ("package_size", models.PositiveBigIntegerField(null=True)),
                    ("note", SealedText(null=True)),
                    ("statement", SealedText(null=True)),
                    ("signature", SealedText(null=True)),
                    ("package_sha512", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "requested",
                                        "scope_checked",
                                        "redaction",
                                        "risk_checked",
                                        "approved",
                                        "built",
                                        "verified",
                                        "delivered",
                                        "acknowledged",
                                        "recalled",
                                        "refused",
                                        "cancelled",
                                    ],
                                )
                            ),
                            name="export_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("tier__in", ["T0", "T1", "T2", "T3"])),
                            name="export_tier_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("number__regex", "^EXP-[0-9]{4}-[0-9]{6}$")),
                            name="export_number_form",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["built", "verified", "delivered", "acknowledged"]),
                                    _negated=True,
                                ),
                                ("stored__isnull", False),
                                _connector="OR",
                            ),
                            name="export_built_has_a_package",
                        ),
                    ],
                    "indexes": [models.Index(fields=["recipient", "state"], name="export_of_recipient")],
                },
            ),
            migrations.CreateModel(
                "ExportItem",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("export", models.ForeignKey("exports.export", models.PROTECT, related_name="items")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("testimony", "Testimony"), ("evidence", "Exhibit")], max_length=9
                        ),
                    ),
                    (
                        "testimony",
                        models.ForeignKey("cases.testimony", models.PROTECT, null=True, related_name="+"),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            "cases.testimonyversion", models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "evidence",
                        models.ForeignKey(
                            "evidence.evidenceitem", models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("exported_id", models.CharField(max_length=10)),
                    (
                        "decision",
                        models.CharField(
                            blank=True,
                            choices=[("included", "Included"), ("left_out", "Left out")],
                            max_length=8,
                        ),
                    ),
                    (
                        "reason",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("no_consent", "No consent in force"),
                                ("withdrawn", "Consent was withdrawn"),
                                ("expired", "Consent has expired"),
                                ("not_yet", "Consent is not yet in force"),
                                ("not_asked", "Not agreed for this use"),
                                ("refused", "Refused for this use"),
                                ("ask_again", "The witness asked to be asked again first"),
                                ("identity_level", "More of the person than was agreed"),
                                ("state_body", "Not agreed for a body of the State"),
                                ("not_authentic", "The consent record could not be verified"),
                                ("not_approved", "The testimony is not approved yet"),
                                ("not_verified", "The exhibit is not verified"),
                                ("frozen", "The exhibit is frozen"),
                                ("flagged", "A file of the exhibit was flagged, or is still being checked"),
                                ("depicted", "A person shown did not agree, or could not be asked"),
                                ("provider", "Whoever gave it restricted its use"),
                                ("gone", "It is no longer yours to send"),
                                ("tier", "This tier takes redacted copies only, and there is none"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("sha256_delivered", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("export", "testimony"), name="testimony_once_an_export"
                        ),
                        models.UniqueConstraint(fields=("export", "evidence"), name="exhibit_once_an_export"),
                        models.UniqueConstraint(
                            fields=("export", "exported_id"), name="exported_id_once_an_export"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("evidence__isnull", True),
                                    ("kind", "testimony"),
                                    ("testimony__isnull", False),
                                ),
                                models.Q(
                                    ("evidence__isnull", False),
                                    ("kind", "evidence"),
                                    ("testimony__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="export_item_is_one_object",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("decision", "left_out"),
                                    (
                                        "reason__in",
                                        [
                                            "no_consent",
                                            "withdrawn",
                                            "expired",
                                            "not_yet",
                                            "not_asked",
                                            "refused",
                                            "ask_again",
                                            "identity_level",
                                            "state_body",
                                            "not_authentic",
                                            "not_approved",
                                            "not_verified",
                                            "frozen",
                                            "flagged",
                                            "depicted",
                                            "provider",
                                            "gone",
                                            "tier",
                                        ],
                                    ),
                                ),
                                models.Q(models.Q(("decision", "left_out"), _negated=True), ("reason", "")),
                                _connector="OR",
                            ),
                            name="left_out_for_a_reason",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "ItemConsent",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("export", models.ForeignKey("exports.export", models.PROTECT, related_name="consents")),
                    (
                        "item",
                        models.ForeignKey("exports.exportitem", models.PROTECT, related_name="consents"),
                    ),
                    ("consent", models.ForeignKey("cases.consent", models.PROTECT, related_name="+")),
                    ("answer", models.ForeignKey("cases.consentscope", models.PROTECT, related_name="+")),
                ],
            ),
            migrations.CreateModel(
                "Approval",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("export", models.ForeignKey("exports.export", models.PROTECT, related_name="approvals")),
                    (
                        "decision",
                        models.CharField(
                            choices=[("approved", "Approved"), ("refused", "Refused")], max_length=8
                        ),
                    ),
                    ("approved_digest", models.BinaryField(max_length=32)),
                    ("reason", SealedText(null=True)),
                    ("tag", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("export", "created_by"), name="one_word_a_person")
                    ]
                },
            ),
            migrations.CreateModel(
                "Receipt",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("export", models.ForeignKey("exports.export", models.PROTECT, related_name="receipts")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("downloaded", "Downloaded"), ("acknowledged", "Acknowledged")],
                            max_length=12,
                        ),
                    ),
                    ("is_matching", models.BooleanField(null=True)),
                    ("note", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["downloaded", "acknowledged"])),
                            name="receipt_kind_is_known",
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "BuildJob",
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
                    ("export", models.OneToOneField("exports.export", models.PROTECT, related_name="job")),
                ],
            ),
        ),
    ]
