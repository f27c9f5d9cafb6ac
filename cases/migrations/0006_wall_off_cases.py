"""Row-level security on every table of a case, and keys that keep a row from pointing into another case."""

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

# For members of their case.
WALLED = (
    "casecounter",
    "revision",
    "witness",
    "consent",
    "consentscope",
    "consentevent",
    "contactrules",
    "contactentry",
    "referral",
    "riskassessment",
    "prioraccount",
    "interview",
    "repetitionreason",
    "testimony",
    "testimonyversion",
    "attestation",
    "review",
    "legalhold",
    "location",
    "incident",
    "incidentlink",
    "act",
    "actor",
    "involvement",
    "victim",
    "death",
    "actvictim",
    "identitydecision",
    "lockword",
)
# For their author alone.
OWN = ("draft", "namewatch", "savedview")
# For members who may take part in a session.
OF_SESSION = ("sessionitem", "sessiondecision", "sessionreport")
# What the sweep finds and deletes; and what it sees the state of, and the codes to which an identity is bound.
SWEPT = ("draft", "namewatch")
SEEN = ("case", "review", "testimony", "witness")
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
    "identityrequest",
    "identitysession",
    "caselock",
)
POINTERS = (
    ("consent", "witness_id", "witness"),
    ("consentscope", "witness_id", "witness"),
    ("consentscope", "consent_id", "consent"),
    ("consentevent", "consent_id", "consent"),
    ("contactrules", "witness_id", "witness"),
    ("contactentry", "witness_id", "witness"),
    ("referral", "witness_id", "witness"),
    ("riskassessment", "witness_id", "witness"),
    ("prioraccount", "witness_id", "witness"),
    ("interview", "witness_id", "witness"),
    ("repetitionreason", "witness_id", "witness"),
    ("repetitionreason", "interview_id", "interview"),
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
    ("namewatch", "witness_id", "witness"),
    ("legalhold", "witness_id", "witness"),
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
    ("identityrequest", "witness_id", "witness"),
    ("identitydecision", "witness_id", "witness"),
    ("identitydecision", "request_id", "identityrequest"),
    ("sessionitem", "session_id", "identitysession"),
    ("sessiondecision", "request_id", "identitysession"),
    ("sessionreport", "session_id", "identitysession"),
    ("lockword", "lock_id", "caselock"),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_let_app_change_state")]

    operations = [
        READER_FUNCTIONS,
        row_security("cases_case", case_column="id"),
        opening_policy(),
        *(row_security(f"cases_{table}") for table in WALLED),
        *(row_security(f"cases_{table}", own_column="created_by_id") for table in OWN),
        row_security("cases_identityrequest", machines=("sweep",)),
        row_security("cases_identitysession", machines=("sessions", "sweep"), power="identity:session"),
        *(row_security(f"cases_{table}", power="identity:session") for table in OF_SESSION),
        row_security("cases_caselock", machines=("sweep",)),
        *(sweepable(f"cases_{table}") for table in SWEPT),
        *(seen_by_sweep(f"cases_{table}") for table in SEEN),
        *(case_key(f"cases_{parent}") for parent in PARENTS),
        *(same_case(f"cases_{table}", column, f"cases_{parent}") for table, column, parent in POINTERS),
    ]
