"""What goes to a recipient of who a witness is: the fields that are named, nothing added since."""

import base64
import json
from uuid import uuid4

import pyrage

from cases.chamber import parcel
from cases.vocabulary import CONTACT_FIELDS, NAMING_FIELDS, IdentityField
from vault.custodian.pairs import Subject

HELD = {"given": "Quzahiyya", "phones": "0944", "relatives": "Dalfaruna", "shoe_size": "forty"}


def test_a_field_that_nobody_named_stays_here() -> None:
    subject = Subject(uuid4(), "BAN-26-001", uuid4(), "W-7QK2", 1)
    fields = [one.value for one in NAMING_FIELDS]
    entry = {"witness": str(subject.witness_id), "code": "P-1", "pseudonym": "Rima", "fields": fields}
    labels = {"given": "Given name", "phones": "Telephone numbers", "shoe_size": "Size of shoe"}
    job = {"words": "ten words", "about": {}, "labels": labels, "entries": [entry]}
    sealed = str(parcel.encrypted(job, {subject: json.dumps(HELD).encode()})["sealed"])
    told = json.loads(pyrage.passphrase.decrypt(base64.b64decode(sealed), "ten words"))
    (one,) = told["witnesses"]
    assert one["versions"] == [{"version": 1, "said": {"given": "Quzahiyya"}}]
    assert one["left_out"] == ["phones", "shoe_size"]


def test_each_field_of_an_identity_was_decided_about() -> None:
    """Whoever adds one says whether it may ever go. Relatives do not: nobody asked them."""
    assert {*NAMING_FIELDS, *CONTACT_FIELDS} == {*IdentityField} - {IdentityField.RELATIVES}
