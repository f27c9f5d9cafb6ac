"""Who may receive something, and one finished export.

The mechanism's age identity lies in DATA_DIR so that anyone can open the package by hand: in a demonstration
alone. Everywhere else a recipient's identity never comes near us.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pyrage
from django.conf import settings

from accounts.models import User
from casemgr.demo.people import DISCLOSURE, RECIPIENT, SUPERVISOR, acting
from cases.models import Case, Testimony
from cases.vocabulary import ConsentPurpose, RecipientClass
from evidence.models import EvidenceItem
from exports import signer
from exports.actions.approvals import approve_export
from exports.actions.building import build_export
from exports.actions.delivery import verify_export
from exports.actions.keys import add_key, check_key_with
from exports.actions.recipients import RecipientFacts, add_contact, add_recipient
from exports.actions.requests import Wish, check_scope, request_export
from exports.models import Export, Recipient
from exports.package.ageing import fingerprint
from exports.vocabulary import Channel, Tier

IDENTITY = "demo-recipient.txt"
MECHANISM = RecipientFacts(
    name="UN mechanism of the demonstration",
    recipient_class=RecipientClass.UN_IIIM,
    contact="Registry, by the sealed channel",
    agreement_ref="Exchange of letters, demonstration",
    conditions="Not to be passed on without our written consent.",
    default_tier=Tier.JUDICIAL,
)
OTHERS = (
    RecipientFacts(
        name="War-crimes unit of the demonstration",
        recipient_class=RecipientClass.NATIONAL_AUTHORITY,
        jurisdiction="A country of the demonstration",
    ),
    RecipientFacts(
        name="The State's fact-finding committee of the demonstration",
        recipient_class=RecipientClass.FACTFINDING_COMMITTEE,
        state_affiliated=True,
        default_tier=Tier.RESTRICTED,
    ),
    RecipientFacts(
        name="Readers of the public report",
        recipient_class=RecipientClass.PUBLIC,
        default_tier=Tier.PUBLIC,
    ),
)


def add_recipients() -> Recipient:
    """Write down all four bodies; only the mechanism has a key, compared by two people."""
    identity = _identity()
    public_key = str(identity.to_public())
    with acting(DISCLOSURE) as officer:
        mechanism = add_recipient(by=officer, facts=MECHANISM)
        for facts in OTHERS:
            add_recipient(by=officer, facts=facts)
        key = add_key(by=officer, recipient=mechanism, public_key=public_key)
        add_contact(by=officer, recipient=mechanism, user=User.objects.get(staff_code=RECIPIENT.code))
    for person in (DISCLOSURE, SUPERVISOR):
        with acting(person) as by:
            check_key_with(
                by=by,
                key=key,
                heard=fingerprint(public_key),
                channel=Channel.VOICE,
                note="Read out by their registrar",
            )
    return mechanism


def send(
    case: Case, recipient: Recipient, testimonies: Sequence[Testimony], exhibits: Sequence[EvidenceItem]
) -> Export:
    """Ask, approve, build and verify; fetching it is left to whoever looks at the demonstration."""
    signer.prepare()
    with acting(DISCLOSURE) as officer:
        wish = Wish(
            recipient=recipient,
            purpose=ConsentPurpose.CRIMINAL_INTERNATIONAL,
            tier=Tier.JUDICIAL,
            testimonies=testimonies,
            evidence=exhibits,
            note="For the mechanism's file on the coast, March 2025.",
        )
        export = check_scope(by=officer, export=request_export(by=officer, case=case, wish=wish))
    with acting(SUPERVISOR) as supervisor:
        approve_export(by=supervisor, export=export, reason="Each witness agreed to this use by this body.")
    with acting(DISCLOSURE) as officer:
        return verify_export(by=officer, export=build_export(by=officer, export=export))


def _identity() -> pyrage.x25519.Identity:
    """Return the mechanism's identity, made at the first start and kept for whoever opens the package."""
    path: Path = settings.DATA_DIR / IDENTITY
    try:
        return pyrage.x25519.Identity.from_str(path.read_text().split()[-1])
    except FileNotFoundError:
        identity = pyrage.x25519.Identity.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# age identity of the demonstration's recipient\n{identity}\n")
    return identity
