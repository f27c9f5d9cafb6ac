"""Row-level security on every table of a case, and keys that keep a row from pointing into another case."""

from django.conf import settings
from django.db import migrations

from cases.rowsecurity import (
    READER_FUNCTIONS,
    case_key,
    opening_policy,
    row_security,
    same_case,
    seen_by_sweep,
    sweepable,
)

WALLED = (
    "casecounter",
    "witness",
    "consent",
    "consentscope",
    "consentevent",
    "interview",
    "testimony",
    "testimonyversion",
    "attestation",
    "review",
    "location",
    "incident",
    "incidentlink",
    "act",
    "actor",
    "involvement",
    "victim",
    "death",
    "actvictim",
    "revision",
)
PARENTS = (
    "witness",
    "consent",
    "interview",
    "testimony",
    "testimonyversion",
    "location",
    "incident",
    "act",
    "actor",
    "victim",
)
POINTERS = (
    ("consent", "witness_id", "witness"),
    ("consentscope", "witness_id", "witness"),
    ("consentscope", "consent_id", "consent"),
    ("consentevent", "consent_id", "consent"),
    ("interview", "witness_id", "witness"),
    ("testimony", "witness_id", "witness"),
    ("testimony", "interview_id", "interview"),
    ("testimony", "superseded_by_id", "testimony"),
    ("testimony", "current_id", "testimonyversion"),
    ("testimonyversion", "testimony_id", "testimony"),
    ("testimonyversion", "witness_id", "witness"),
    ("testimonyversion", "based_on_id", "testimonyversion"),
    ("attestation", "version_id", "testimonyversion"),
    ("review", "testimony_id", "testimony"),
    ("review", "version_id", "testimonyversion"),
    ("draft", "witness_id", "witness"),
    ("incident", "parent_id", "incident"),
    ("incident", "location_id", "location"),
    ("incidentlink", "first_id", "incident"),
    ("incidentlink", "second_id", "incident"),
    ("act", "incident_id", "incident"),
    ("act", "location_id", "location"),
    ("actor", "unit_of_id", "actor"),
    ("involvement", "act_id", "act"),
    ("involvement", "actor_id", "actor"),
    ("victim", "incident_id", "incident"),
    ("victim", "duplicate_of_id", "victim"),
    ("death", "victim_id", "victim"),
    ("actvictim", "act_id", "act"),
    ("actvictim", "victim_id", "victim"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_let_app_change_state"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        READER_FUNCTIONS,
        row_security("cases_case", case_column="id"),
        opening_policy(),
        *(row_security(f"cases_{table}") for table in WALLED),
        row_security("cases_draft", own_column="created_by_id"),
        sweepable("cases_draft"),
        seen_by_sweep("cases_review"),
        seen_by_sweep("cases_testimony"),
        *(case_key(f"cases_{parent}") for parent in PARENTS),
        *(same_case(f"cases_{table}", column, f"cases_{parent}") for table, column, parent in POINTERS),
    ]
