"""Witnesses: their consent, how they are reached, what a meeting risks, what they told, and what holds it."""

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
WITNESS = ("witness", models.ForeignKey("cases.witness", models.PROTECT, related_name="%(class)s_rows"))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_cases_and_members"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                "Witness",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("code", models.CharField(max_length=8, unique=True)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("prospective", "Prospective"),
                                ("engaged", "In contact"),
                                ("consented", "Consent given"),
                                ("active", "Active"),
                                ("unreachable", "Cannot be reached"),
                                ("withdrawn", "Withdrawn"),
                                ("deceased", "Deceased"),
                                ("protected", "Under protection"),
                            ],
                            default="prospective",
                            max_length=12,
                        ),
                    ),
                    ("vault_ref", models.UUIDField(null=True, unique=True)),
                    ("risk_raised_at", models.DateTimeField(null=True)),
                    ("revision", models.PositiveIntegerField(default=1)),
                    ("erased_at", models.DateTimeField(null=True)),
                    ("public_pseudonym", SealedText()),
                    ("category", SealedJSON()),
                    ("sex", SealedText()),
                    ("age_band", SealedText()),
                    ("role_summary", SealedText(null=True)),
                    ("languages", SealedJSON(null=True)),
                    ("vulnerability", SealedJSON()),
                    ("protective_measures", SealedJSON()),
                    ("risk_level", SealedText()),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("code__regex", "^W-[A-Z0-9]{4}$")), name="witness_code_form"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    [
                                        "prospective",
                                        "engaged",
                                        "consented",
                                        "active",
                                        "unreachable",
                                        "withdrawn",
                                        "deceased",
                                        "protected",
                                    ],
                                )
                            ),
                            name="witness_status_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Consent",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("number", models.PositiveSmallIntegerField()),
                    ("given_at", models.DateTimeField()),
                    ("valid_until", models.DateTimeField(null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "Draft"),
                                ("active", "In force"),
                                ("superseded", "Replaced by a newer consent"),
                                ("expired", "Expired"),
                                ("partly_withdrawn", "Partly withdrawn"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            default="active",
                            max_length=18,
                        ),
                    ),
                    ("withdrawn_at", models.DateTimeField(null=True)),
                    (
                        "explained_by",
                        models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"),
                    ),
                    ("sheet_version", models.CharField(max_length=20)),
                    ("limits_explained", models.BooleanField()),
                    ("capacity_confirmed", models.BooleanField()),
                    ("circumstances", SealedJSON()),
                    ("tag", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("witness", "number"), name="consents_of_a_witness_are_numbered"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ("active", "partly_withdrawn"))),
                            fields=("witness",),
                            name="one_consent_in_force",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "draft",
                                        "active",
                                        "superseded",
                                        "expired",
                                        "partly_withdrawn",
                                        "withdrawn",
                                    ],
                                )
                            ),
                            name="consent_state_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state", "draft"),
                                models.Q(("capacity_confirmed", True), ("limits_explained", True)),
                                _connector="OR",
                            ),
                            name="consent_in_force_was_understood",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                                models.Q(
                                    models.Q(("state", "withdrawn"), _negated=True),
                                    ("withdrawn_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="consent_withdrawn_at_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("valid_until__isnull", True),
                                ("valid_until__gt", models.F("given_at")),
                                _connector="OR",
                            ),
                            name="consent_lasts_past_its_day",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "ConsentScope",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("consent", models.ForeignKey("cases.consent", models.PROTECT, related_name="scopes")),
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
                        "material",
                        models.CharField(
                            choices=[
                                ("account_text", "The account in writing"),
                                ("audio", "Audio recordings"),
                                ("video", "Video recordings"),
                                ("photo_of_person", "Photographs of the person"),
                                ("documents", "Documents"),
                                ("contact_details", "Contact details"),
                            ],
                            max_length=16,
                        ),
                    ),
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
                    (
                        "identity_level",
                        models.CharField(
                            choices=[
                                ("none", "Nothing about the person"),
                                ("pseudonym", "A pseudonym"),
                                ("confidential_identity", "The identity, in confidence"),
                                ("full_identity", "The identity"),
                            ],
                            max_length=22,
                        ),
                    ),
                    (
                        "decision",
                        models.CharField(
                            choices=[
                                ("granted", "Agreed"),
                                ("refused", "Refused"),
                                ("ask_again", "Ask again first"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("names_state_body", models.BooleanField(default=False)),
                    ("recontact_before_use", models.BooleanField(default=False)),
                    ("withdrawn_at", models.DateTimeField(null=True)),
                    ("recontacted_at", models.DateTimeField(null=True)),
                    ("conditions", SealedText(null=True)),
                    ("tag", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("consent", "purpose", "material", "recipient_class"),
                            name="one_answer_a_use",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("decision__in", ["granted", "refused", "ask_again"])),
                            name="scope_decision_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "identity_level__in",
                                    ["none", "pseudonym", "confidential_identity", "full_identity"],
                                )
                            ),
                            name="scope_identity_level_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "ConsentEvent",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("consent", models.ForeignKey("cases.consent", models.PROTECT, related_name="events")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("given", "Given"),
                                ("renewed", "Renewed"),
                                ("narrowed", "Narrowed"),
                                ("widened", "Widened"),
                                ("withdrawn", "Withdrawn"),
                                ("withdrawal_confirmed", "Withdrawal confirmed to the witness"),
                                ("recontact_attempt", "Attempt to reach the witness again"),
                            ],
                            max_length=22,
                        ),
                    ),
                    ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("note", SealedJSON(null=True)),
                ],
            ),
            migrations.CreateModel(
                "ContactRules",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("number", models.PositiveSmallIntegerField()),
                    ("channels", SealedJSON()),
                    ("hours", SealedText(null=True)),
                    ("through", SealedText(null=True)),
                    ("words", SealedText(null=True)),
                    ("never", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("witness", "number"), name="contact_rules_of_a_witness_are_numbered"
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "ContactEntry",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("at", models.DateTimeField()),
                    ("channel", SealedText()),
                    ("outcome", SealedText()),
                    ("safety", SealedText()),
                    ("note", SealedText(null=True)),
                ],
            ),
            migrations.CreateModel(
                "Referral",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("kind", SealedText()),
                    ("answer", SealedText()),
                    ("note", SealedText(null=True)),
                ],
            ),
            migrations.CreateModel(
                "RiskAssessment",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("number", models.PositiveSmallIntegerField()),
                    ("assessed_on", models.DateField()),
                    ("review_due", models.DateField()),
                    ("threats", SealedText()),
                    ("likelihood", SealedText()),
                    ("impact", SealedText()),
                    ("mitigations", SealedText()),
                    ("residual", SealedText()),
                    ("decision", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("witness", "number"), name="risk_assessments_of_a_witness_are_numbered"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("review_due__gte", models.F("assessed_on"))),
                            name="risk_is_weighed_anew_later",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "PriorAccount",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    ("form", SealedText()),
                    ("organisation", SealedText(null=True)),
                    ("told_on", SealedText(null=True)),
                    ("is_signed", SealedText()),
                    ("is_copy_held", SealedText()),
                ],
            ),
            migrations.CreateModel(
                "Interview",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    (
                        "type",
                        models.CharField(
                            choices=[
                                ("first_account", "First account"),
                                ("full_account", "Full account"),
                                ("clarification", "Clarification"),
                                ("recontact", "Renewed contact"),
                            ],
                            max_length=16,
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("proposed", "Proposed"),
                                ("risk_cleared", "Risk assessed"),
                                ("scheduled", "Scheduled"),
                                ("in_progress", "In progress"),
                                ("completed", "Completed"),
                                ("stopped_by_witness", "Stopped by the witness"),
                                ("aborted", "Broken off"),
                                ("not_taken", "Not taken"),
                            ],
                            default="proposed",
                            max_length=20,
                        ),
                    ),
                    ("planned_at", models.DateTimeField(null=True)),
                    ("started_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("rights_explained", models.BooleanField(default=False)),
                    ("revision", models.PositiveIntegerField(default=1)),
                    ("place_type", SealedText(null=True)),
                    ("place", SealedText(null=True)),
                    ("mode", SealedText()),
                    ("recording", SealedText()),
                    ("language", SealedText(null=True)),
                    ("dialect", SealedText(null=True)),
                    ("interviewer", SealedText(null=True)),
                    ("interpreter", SealedText(null=True)),
                    ("participants", SealedJSON(null=True)),
                    ("breaks", SealedText(null=True)),
                    ("added_value", SealedText()),
                    ("earlier_accounts", SealedText(null=True)),
                    ("risk_note", SealedText(null=True)),
                    ("not_taken_reason", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("type__in", ["first_account", "full_account", "clarification", "recontact"])
                            ),
                            name="interview_type_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    [
                                        "proposed",
                                        "risk_cleared",
                                        "scheduled",
                                        "in_progress",
                                        "completed",
                                        "stopped_by_witness",
                                        "aborted",
                                        "not_taken",
                                    ],
                                )
                            ),
                            name="interview_status_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ended_at__isnull", True), ("started_at__isnull", False), _connector="OR"
                            ),
                            name="interview_ends_after_a_start",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "RepetitionReason",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    (
                        "interview",
                        models.OneToOneField(
                            "cases.interview", models.PROTECT, related_name="repetition_reason"
                        ),
                    ),
                    ("reason", SealedText()),
                ],
            ),
            migrations.CreateModel(
                "Testimony",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    (
                        "interview",
                        models.ForeignKey(
                            "cases.interview", models.PROTECT, null=True, related_name="testimonies"
                        ),
                    ),
                    ("registration_no", models.CharField(max_length=20)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("draft", "Draft"),
                                ("submitted", "Submitted for review"),
                                ("in_review", "In review"),
                                ("returned", "Returned to the author"),
                                ("approved", "Approved"),
                                ("final", "Final"),
                                ("withdrawn", "Withdrawn"),
                                ("superseded", "Replaced"),
                            ],
                            default="draft",
                            max_length=12,
                        ),
                    ),
                    ("status_at", models.DateTimeField(default=django.utils.timezone.now)),
                    (
                        "current",
                        models.ForeignKey(
                            "cases.testimonyversion", models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    (
                        "superseded_by",
                        models.ForeignKey("cases.testimony", models.PROTECT, null=True, related_name="+"),
                    ),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("case", "registration_no"), name="testimony_registered_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    [
                                        "draft",
                                        "submitted",
                                        "in_review",
                                        "returned",
                                        "approved",
                                        "final",
                                        "withdrawn",
                                        "superseded",
                                    ],
                                )
                            ),
                            name="testimony_status_is_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("status__in", ["draft", "withdrawn"]),
                                ("current__isnull", False),
                                _connector="OR",
                            ),
                            name="testimony_past_draft_says_something",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "TestimonyVersion",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    (
                        "testimony",
                        models.ForeignKey("cases.testimony", models.PROTECT, related_name="versions"),
                    ),
                    ("seq", models.PositiveIntegerField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("original_notes", "Original notes"),
                                ("verbatim_transcript", "Verbatim transcript"),
                                ("statement_original_language", "Statement in the original language"),
                                ("translation", "Translation"),
                                ("readback_corrected", "Corrected after reading back"),
                                ("redacted_derivative", "Redacted copy"),
                            ],
                            max_length=28,
                        ),
                    ),
                    (
                        "based_on",
                        models.ForeignKey(
                            "cases.testimonyversion", models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("language", SealedText()),
                    ("text", SealedText()),
                    ("sha256", SealedText()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("testimony", "seq"), name="versions_are_numbered"),
                        models.CheckConstraint(
                            condition=models.Q(("seq__gte", 1)), name="versions_count_from_one"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("seq", 1), ("based_on__isnull", False), _connector="OR"),
                            name="later_version_has_a_source",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "original_notes",
                                        "verbatim_transcript",
                                        "statement_original_language",
                                        "translation",
                                        "readback_corrected",
                                        "redacted_derivative",
                                    ],
                                )
                            ),
                            name="version_kind_is_known",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Attestation",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    (
                        "version",
                        models.ForeignKey(
                            "cases.testimonyversion", models.PROTECT, related_name="attestations"
                        ),
                    ),
                    ("read_back", models.BooleanField()),
                    ("signed_at", models.DateTimeField(null=True)),
                    ("circumstances", SealedJSON()),
                    ("refused_reason", SealedText(null=True)),
                ],
            ),
            migrations.CreateModel(
                "Review",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    WITNESS,
                    (
                        "testimony",
                        models.ForeignKey("cases.testimony", models.PROTECT, related_name="reviews"),
                    ),
                    (
                        "version",
                        models.ForeignKey("cases.testimonyversion", models.PROTECT, related_name="reviews"),
                    ),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("peer", "Peer review"),
                                ("supervisor", "Supervisor's review"),
                                ("legal", "Legal review"),
                                ("security", "Security review"),
                            ],
                            default="supervisor",
                            max_length=10,
                        ),
                    ),
                    (
                        "decision",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("approve", "Approved"),
                                ("return", "Returned"),
                                ("reject", "Rejected"),
                                ("escalate", "Passed on"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("closed_at", models.DateTimeField(null=True)),
                    ("checklist", SealedJSON(null=True)),
                    ("comments", SealedText(null=True)),
                    ("no_attestation_reason", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("closed_at__isnull", True)),
                            fields=("testimony",),
                            name="one_open_review",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at__isnull", True), ("decision", "")),
                                models.Q(
                                    models.Q(("decision", ""), _negated=True),
                                    ("closed_at__isnull", False),
                                    ("decided_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="review_decided_at_a_time",
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                "Draft",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "witness",
                        models.ForeignKey(
                            "cases.witness", models.PROTECT, null=True, related_name="draft_rows"
                        ),
                    ),
                    ("form", models.CharField(max_length=40)),
                    ("subject", models.UUIDField(null=True)),
                    ("number", models.PositiveIntegerField(default=1)),
                    ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("content", SealedJSON()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("created_by", "case", "form", "subject"),
                            name="one_draft_a_form",
                            nulls_distinct=False,
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                "NameWatch",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    ("witness", models.ForeignKey("cases.witness", models.PROTECT, related_name="+")),
                    ("until", models.DateTimeField()),
                    ("sealed", models.BinaryField()),
                ],
                {
                    "constraints": [
                        models.UniqueConstraint(fields=("witness", "created_by"), name="one_watch_an_intake")
                    ]
                },
            ),
            migrations.CreateModel(
                "LegalHold",
                [
                    ID,
                    CASE,
                    CREATED_AT,
                    CREATED_BY,
                    SENSITIVITY,
                    (
                        "witness",
                        models.ForeignKey("cases.witness", models.PROTECT, null=True, related_name="holds"),
                    ),
                    ("starts_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ("ends_at", models.DateTimeField(null=True)),
                    ("lift_asked_at", models.DateTimeField(null=True)),
                    (
                        "lift_asked_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("lifted_at", models.DateTimeField(null=True)),
                    (
                        "lifted_by",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
                        ),
                    ),
                    ("authority", SealedText()),
                    ("reason", SealedText(null=True)),
                ],
                {
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                                models.Q(
                                    ("lift_asked_by__isnull", False),
                                    ("lifted_at__isnull", False),
                                    ("lifted_by__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="hold_lifted_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("lifted_by__isnull", True),
                                models.Q(("lifted_by", models.F("lift_asked_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="hold_lifted_by_two_people",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_at__isnull", True),
                                ("ends_at__gt", models.F("starts_at")),
                                _connector="OR",
                            ),
                            name="hold_lasts",
                        ),
                    ]
                },
            ),
        ),
    ]
