"""Pages of a case."""

from dataclasses import replace

from playwright.sync_api import Page

from accounts.door import entering
from accounts.vocabulary import TrainingKind
from cases.actions.contacts import log_contact, offer_referral, set_contact_rules
from cases.actions.interviews import propose_interview
from cases.actions.risks import note_prior_account
from cases.actions.savedviews import Shelf, save_view
from cases.facts import PriorFacts
from cases.models import ContactEntry, Interview, SavedView
from cases.vocabulary import (
    ContactOutcome,
    ContactSafety,
    CountClass,
    Permission,
    PriorForm,
    Vulnerability,
)
from tests import factories
from tests.browser.visits import send_empty, visit
from tests.policy.matrix.cases import (
    a_case,
    a_consent,
    a_membership,
    a_submitted_testimony,
    a_testimony,
    a_testimony_in_review,
    a_version,
    a_victim,
    a_witness,
    an_act,
    an_actor,
    an_approved_testimony,
    an_incident,
    an_interview,
)
from tests.policy.rows import World

IN = {"case": a_case}


def approve_unchecked(page: Page) -> None:
    """Approve before a point of the checklist was looked at."""
    with page.expect_navigation():
        page.locator("button[name=approve]").click()


def a_saved_view(world: World) -> SavedView:
    """A view that the investigator keeps of the victims."""
    by, case = world.people["investigator"], world.get(a_case)
    shelf = Shelf("victim-list", Permission.INCIDENT_READ, {"count": CountClass.values})
    with entering(by, "test"):
        return save_view(by=by, case=case, shelf=shelf, name="لم يُتحقَّق منهم", filters={"count": "rejected"})


def some_contact(world: World) -> ContactEntry:
    """Rules, a contact that went wrong, help that was offered, and an earlier telling."""
    by, witness = world.people["investigator"], world.get(a_witness)
    told = PriorFacts(
        form=PriorForm.FULL_STATEMENT, organisation="لجنة تحقيق", told_on="2025-04", is_signed=True
    )
    unsafe = replace(
        factories.CONTACT,
        outcome=ContactOutcome.SOMEBODY_ELSE,
        safety=ContactSafety.UNSAFE,
        note="ردّ شخص آخر فأُغلق الخط",
    )
    with entering(by, "test"):
        note_prior_account(by=by, witness=witness, facts=told)
        set_contact_rules(by=by, witness=witness, facts=factories.CONTACT_RULES, expected=0)
        offer_referral(by=by, witness=witness, facts=factories.REFERRAL)
        log_contact(by=by, witness=witness, facts=factories.CONTACT)
        return log_contact(by=by, witness=witness, facts=unsafe)


def a_guarded_interview(world: World) -> Interview:
    """With a child whom the investigator may hear, and the interpreter may not."""
    by, interpreter = world.people["investigator"], world.people["interpreter"]
    facts = replace(
        factories.WITNESS,
        public_pseudonym="Rana",
        vulnerability=(Vulnerability.MINOR, Vulnerability.ACUTE_TRAUMA),
    )
    witness = factories.make_witness(world.get(a_case), by, pseudonym="Rana", facts=facts)
    factories.weigh(witness, by)
    for kind in (TrainingKind.CHILD, TrainingKind.TRAUMA):
        factories.make_training(by, world.people["sysadmin"], kind)
    seats = replace(factories.INTERVIEW, interviewer=by.staff_code, interpreter=interpreter.staff_code)
    with entering(by, "test"):
        return propose_interview(by=by, witness=witness, facts=seats)


REPORTED, REJECTED = "?count=named_reported", "?count=rejected"


def unfold_views(page: Page) -> None:
    """Open the fold under the filters."""
    page.locator(".views-fold > summary").click()


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
    visit(
        "victim-list", "investigator", IN, query="?count=named_reported", called="view-none", act=unfold_views
    ),
    visit("victim-list", "investigator", IN, called="view-kept", given=(a_saved_view,), act=unfold_views),
    visit(
        "victim-list", "investigator", IN, query="?count=rejected", called="view-here", given=(a_saved_view,)
    ),
    visit("victim-detail", "investigator", {**IN, "victim": a_victim}),
    visit("victim-create", "investigator", IN),
    visit("death-edit", "investigator", {**IN, "victim": a_victim}),
    visit("actor-list", "investigator", IN),
    visit("actor-detail", "investigator", {**IN, "actor": an_actor}),
    visit("witness-care", "investigator", {**IN, "witness": a_witness}, called="witness-care-empty"),
    visit("interview-list", "investigator", IN),
    visit("interview-detail", "investigator", {**IN, "interview": an_interview}),
    visit(
        "interview-detail",
        "investigator",
        {**IN, "interview": a_guarded_interview},
        called="interview-guarded",
    ),
    visit("interview-edit", "investigator", {**IN, "interview": a_guarded_interview}),
    visit(
        "interview-move",
        "investigator",
        {**IN, "interview": a_guarded_interview, "to": "risk_cleared"},
        called="interview-refused",
        act=send_empty,
    ),
    visit("interview-justify", "supervisor", {**IN, "interview": an_interview}),
    visit("witness-care", "investigator", {**IN, "witness": a_witness}, given=(an_interview, some_contact)),
    visit("risk-create", "investigator", {**IN, "witness": a_witness}),
    visit("prior-create", "investigator", {**IN, "witness": a_witness}),
    visit("contact-rules", "investigator", {**IN, "witness": a_witness}),
    visit("contact-create", "investigator", {**IN, "witness": a_witness}),
    visit(
        "contact-create",
        "investigator",
        {**IN, "witness": a_witness},
        called="contact-create-empty",
        act=send_empty,
    ),
    visit("referral-create", "investigator", {**IN, "witness": a_witness}),
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
    visit("consent-choose", "custodian", IN, given=(a_consent,)),
    visit("consent-withdraw", "supervisor", {**IN, "consent": a_consent}),
    visit("testimony-list", "investigator", IN),
    visit("testimony-choose", "investigator", IN),
    visit("testimony-create", "investigator", {**IN, "witness": a_witness}),
    visit(
        "testimony-create",
        "investigator",
        {**IN, "witness": a_witness},
        called="testimony-create-empty",
        act=send_empty,
    ),
    visit("testimony-detail", "investigator", {**IN, "testimony": a_testimony}),
    visit("testimony-edit", "investigator", {**IN, "testimony": a_testimony}),
    visit(
        "testimony-edit",
        "investigator",
        {**IN, "testimony": a_testimony},
        query="?as=translation",
        called="testimony-translate",
    ),
    visit("testimony-version", "investigator", {**IN, "testimony": a_testimony, "version": a_version}),
    visit(
        "testimony-compare",
        "investigator",
        {**IN, "testimony": a_testimony, "version": a_version, "other": a_version},
    ),
    visit("testimony-attest", "investigator", {**IN, "testimony": a_testimony}),
    visit("testimony-submit", "investigator", {**IN, "testimony": a_testimony}),
    visit("testimony-withdraw", "investigator", {**IN, "testimony": a_testimony}),
    visit("testimony-finalise", "supervisor", {**IN, "testimony": an_approved_testimony}),
    visit("testimony-supersede", "supervisor", {**IN, "testimony": an_approved_testimony}),
    visit("review-queue", "supervisor", IN, given=(a_submitted_testimony,)),
    visit("review-workbench", "supervisor", {**IN, "testimony": a_submitted_testimony}),
    visit(
        "review-workbench",
        "supervisor",
        {**IN, "testimony": a_testimony_in_review},
        called="review-workbench-mine",
    ),
    visit(
        "review-workbench",
        "supervisor",
        {**IN, "testimony": a_testimony_in_review},
        called="review-workbench-open",
        act=approve_unchecked,
    ),
]
