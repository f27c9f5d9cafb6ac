"""Pages of a case."""

from tests.browser.visits import send_empty, visit
from tests.policy.matrix.cases import (
    a_case,
    a_consent,
    a_membership,
    a_victim,
    a_witness,
    an_act,
    an_actor,
    an_incident,
    an_interview,
)

IN = {"case": a_case}

VISITS = [
    visit("case-create", "lead"),
    visit("case-create", "lead", called="case-create-empty", act=send_empty),
    visit("case-detail", "lead", IN),
    visit("case-edit", "lead", IN),
    visit("member-list", "lead", IN),
    visit("member-create", "lead", IN),
    visit("member-edit", "lead", {**IN, "member": a_membership}),
    visit("member-end", "lead", {**IN, "member": a_membership}),
    visit("incident-list", "investigator", IN),
    visit("incident-create", "investigator", IN),
    visit("incident-create", "investigator", IN, called="incident-create-empty", act=send_empty),
    visit("incident-detail", "investigator", {**IN, "incident": an_incident}),
    visit("act-detail", "investigator", {**IN, "act": an_act}),
    visit("act-create", "investigator", {**IN, "incident": an_incident}),
    visit("victim-list", "investigator", IN),
    visit("victim-detail", "investigator", {**IN, "victim": a_victim}),
    visit("victim-create", "investigator", IN),
    visit("death-edit", "investigator", {**IN, "victim": a_victim}),
    visit("actor-list", "investigator", IN),
    visit("actor-detail", "investigator", {**IN, "actor": an_actor}),
    visit("interview-list", "investigator", IN),
    visit("interview-detail", "investigator", {**IN, "interview": an_interview}),
    visit("case-log", "auditor", IN),
    visit("witness-list", "investigator", IN, called="witness-list-empty"),
    visit("witness-list", "investigator", IN, given=(a_consent,)),
    visit("witness-detail", "investigator", {**IN, "witness": a_witness}),
    visit("witness-edit", "investigator", {**IN, "witness": a_witness}),
    visit("witness-move", "investigator", {**IN, "witness": a_witness, "to": "active"}),
    visit("consent-detail", "investigator", {**IN, "consent": a_consent}),
    visit("consent-record", "investigator", {**IN, "witness": a_witness}),
    visit(
        "consent-record",
        "investigator",
        {**IN, "witness": a_witness},
        called="consent-record-empty",
        act=send_empty,
    ),
    visit("consent-withdraw", "supervisor", {**IN, "consent": a_consent}),
]
