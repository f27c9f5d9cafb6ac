"""Row-level security on findings, what may change, and keys that keep a row from pointing into another case."""

from django.db import migrations

from cases.rowsecurity import case_key, row_security, same_case
from vault.database import allow_update


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_claims_and_facts")]

    operations = [
        allow_update("findings_factassertion", "state", "revision", "text"),
        allow_update("findings_factlink", "retracted_at"),
        *(row_security(f"findings_{table}") for table in ("casualtyclaim", "factassertion", "factlink")),
        case_key("findings_factassertion"),
        same_case("findings_factlink", "assertion_id", "findings_factassertion"),
        same_case("findings_factlink", "testimony_id", "cases_testimony"),
        same_case("findings_factlink", "item_id", "evidence_evidenceitem"),
        same_case("findings_casualtyclaim", "item_id", "evidence_evidenceitem"),
    ]
