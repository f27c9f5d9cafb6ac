"""What people and things are called towards one recipient.

Promise: codes are random, kept, and different for each recipient and case; no internal code, number or id is
ever made into one. Called while a package is built.
"""

import secrets
from uuid import UUID

from accounts.models import User
from cases.codes import ALPHABET
from exports.models import Export, RecipientPseudonym
from exports.vocabulary import PSEUDONYM_PREFIX, PseudonymKind
from vault.blind import blind_index
from vault.opening import open_rows
from vault.scopes import Scope
from vault.vocabulary import Purpose

LENGTH = 5


class CodeBook:
    """The codes of one recipient in one case: those there are, and new ones as they are asked for."""

    def __init__(self, export: Export, by: User) -> None:
        self._export, self._by = export, by
        self.drawn: list[RecipientPseudonym] = []  # the rows that are new
        rows = list(RecipientPseudonym.objects.filter(case=export.case_id, recipient=export.recipient_id))
        opened = open_rows(rows, "code", reader=by.staff_code, purpose=Purpose.EXPORT)
        self._codes = {(row.kind, row.subject): opened[row.pk].text("code") for row in rows}

    def of(self, kind: PseudonymKind, subject: UUID) -> str:
        """Return the code of a subject, drawing one that nobody else has when there is none."""
        known = self._codes.get((kind, subject))
        return known if known is not None else self._draw(kind, subject)

    def _draw(self, kind: PseudonymKind, subject: UUID) -> str:
        taken = set(self._codes.values())
        code = ""
        while not code or code in taken:
            code = f"{PSEUDONYM_PREFIX[kind]}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"
        row = RecipientPseudonym(
            case=self._export.case,
            created_by=self._by,
            recipient=self._export.recipient,
            kind=kind,
            subject=subject,
            code_index=blind_index(
                table=RecipientPseudonym._meta.db_table,
                column="code",
                scope=Scope.case(self._export.case_id),
                value=code,
                possible=len(ALPHABET) ** LENGTH,
            ),
        )
        row.seal(code=code)
        row.save(force_insert=True)
        self.drawn.append(row)
        self._codes[kind, subject] = code
        return code
