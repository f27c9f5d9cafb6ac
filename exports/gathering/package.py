"""Puts a whole package together: documents, tables, letters, bag. Exhibits are streamed, never kept."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import cast

from accounts.models import User
from audit.proofs import latest_checkpoint
from cases.models import Testimony
from exports.gathering import letters, tables
from exports.gathering.document import Codes, Document
from exports.gathering.exhibits import gather_exhibits
from exports.gathering.figures import figures_of
from exports.gathering.testimonies import gather_testimonies
from exports.models import Export, ExportItem, IdentityHandover
from exports.package.bag import close_bag
from exports.package.errors import WrongDigest
from exports.package.guard import Guard
from exports.package.payload import Measured, PayloadFile, measure
from exports.package.statement import Address
from exports.vocabulary import Inclusion
from exports.weighing import Weighed
from findings.reading import own_count, own_sentence
from vault.files import open_file
from vault.opening import open_row
from vault.vocabulary import Purpose

HANDED = "data/sealed/identities.age"
IDENTITIES = "Identities, encrypted to the second key"
# What the guard reads: everything but the exhibits themselves.
TEXTS = (".txt", ".csv", ".json")


@dataclass(frozen=True, slots=True)
class Packed:
    """A closed bag, ready to be poured, and the digest of what each item delivers."""

    files: list[Measured]
    delivered: dict[str, str]


def newest_checkpoint() -> str:
    """Return origin, size and root of the newest signed checkpoint, on one line."""
    newest = latest_checkpoint()
    return " ".join(newest.note.splitlines()[:3]) if newest else "none yet"


def address_of(export: Export, *, recipient: str, fingerprint: str) -> Address:
    """Return to whom and for what the package is addressed."""
    return Address(export.number, recipient, fingerprint, export.purpose, newest_checkpoint())


def told_of(export: Export, address: Address, by: User) -> letters.Told:
    """Open what the letters say of the case, the export and the recipient."""
    case = open_row(export.case, "title", "mandate", reader=by.staff_code, purpose=Purpose.EXPORT)
    note = open_row(export, "note", reader=by.staff_code, purpose=Purpose.EXPORT).text("note")
    conditions = open_row(export.recipient, "conditions", reader=by.staff_code, purpose=Purpose.EXPORT)
    return letters.Told(
        address=address,
        case_title=case.text("title"),
        mandate=case.text("mandate"),
        situation=export.case.situation,
        standard=export.case.get_standard_of_proof_display(),
        note=note,
        conditions=conditions.text("conditions"),
        own_sentence=own_sentence(own_count(export.case, by)),
        withheld=export.items.filter(decision=Inclusion.LEFT_OUT).count(),
    )


def pack(
    export: Export,
    answered: list[tuple[ExportItem, Weighed]],
    *,
    address: Address,
    codes: Codes,
    guard: Guard,
    by: User,
    stack: ExitStack,
    handed: IdentityHandover | None = None,
) -> Packed:
    """Gather and measure everything; raises `WrongDigest` when an exhibit is not what arrived, and `Leak`."""
    reader = by.staff_code
    accounts = [item for item, weighed in answered if isinstance(weighed.target, Testimony)]
    exhibits = [(item, weighed) for item, weighed in answered if not isinstance(weighed.target, Testimony)]
    documents = gather_testimonies(export, accounts, codes, reader)
    documents += gather_exhibits(export, exhibits, codes, reader=reader, stack=stack)
    sealed = _identities(handed, by, stack)
    measured = list(measure([*(file for document in documents for file in document.files), *sealed]))
    digests = {one.file.path: (one.file.size, one.sha256, one.sha512) for one in measured}
    _as_received(documents, digests)
    told = told_of(export, address, by)
    figures = figures_of(export, answered, by)
    items = [(one.docid, one.title, digests.get(one.native, (0, "", ""))[1]) for one in documents]
    items += [(one.path.removeprefix("data/"), IDENTITIES, digests[one.path][1]) for one in sealed]
    written = [
        tables.index(document.row(digests) for document in documents),
        *_tables(export, answered, codes, reader),
        tables.casualty_claims(figures.told),
        letters.readme(export, told, "en", names=bool(sealed)),
        letters.readme(export, told, "ar", names=bool(sealed)),
        letters.transmittal(export, told, items),
        letters.summary(export, told, figures),
    ]
    for place, text in letters.spoken(told):  # a PDF cannot be searched, so its words are
        guard.look(place, text)
    _look(guard, [*written, *(file for document in documents for file in document.files)])
    measured += measure(written)
    payload = sorted(measured, key=lambda one: one.file.path)
    return Packed(close_bag(export.number, payload, bag_labels(address)), _delivered(documents, digests))


def _identities(handed: IdentityHandover | None, by: User, stack: ExitStack) -> list[PayloadFile]:
    """The file that a hand-over made: ciphertext under words that are on paper elsewhere."""
    if handed is None or handed.stored is None:
        return []
    opened = stack.enter_context(open_file(handed.stored, reader=by.staff_code, purpose=Purpose.EXPORT))
    read = cast("Callable[[], Iterable[bytes]]", opened.__iter__)
    return [PayloadFile(HANDED, opened.length, read)]


def _tables(
    export: Export, answered: list[tuple[ExportItem, Weighed]], codes: Codes, reader: str
) -> list[PayloadFile]:
    exhibits = [(item, weighed) for item, weighed in answered if not isinstance(weighed.target, Testimony)]
    return [
        tables.witnesses(export, answered, codes, reader),
        tables.consent_conditions(export, answered, codes, reader),
        tables.withheld(export.items.order_by("exported_id")),
        tables.custody(export, exhibits, codes),
        tables.verification(exhibits, reader),
        tables.codebook(),
    ]


def bag_labels(address: Address) -> list[tuple[str, str]]:
    """Return the labels of bag-info.txt: what the statement says too, but for the digest."""
    return [("External-Identifier", address.number), *address.labels()]


def _as_received(documents: Sequence[Document], digests: dict[str, tuple[int, str, str]]) -> None:
    for document in documents:
        if document.expected_sha256 and digests[document.native][1] != document.expected_sha256:
            raise WrongDigest("an exhibit is not the file that arrived")


def _look(guard: Guard, files: Sequence[PayloadFile]) -> None:
    for file in files:
        guard.look("a file name", file.path)
        if file.path.endswith(TEXTS) and file.size:
            guard.look(file.path, b"".join(file.read()).decode("utf-8", "replace"))
    guard.close()


def _delivered(documents: Sequence[Document], digests: dict[str, tuple[int, str, str]]) -> dict[str, str]:
    return {document.docid: digests[document.native][1] for document in documents if document.native}
