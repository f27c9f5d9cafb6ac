"""What ends by hand, outside this system: who asked, who agreed, who did it, who saw it, and from when on."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from cases.models import CaseRow, LegalHold, Witness
from evidence.models import EvidenceItem
from exports.vocabulary import DISPOSAL_OPEN, DestructionMethod, DisposalState, Thing
from vault.fields import SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind

_S, _T, _M = DisposalState, Thing, DestructionMethod
_DONE = [_S.CARRIED_OUT, _S.CONFIRMED]
_OF_ONE_PERSON = (_T.EXHIBIT, _T.CONSENT_FORM)


class Disposal(CaseRow):
    """The end of an object, a paper or a medium. Under the case's key: it outlives what it tells of."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "witness__sensitivity", "item__sensitivity")
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "number",
        "thing",
        "method",
        "item_id",
        "witness_id",
        "state",
        "created_by_id",
        "agreed_by_id",
        "agreed_at",
        "carried_out_by_id",
        "confirmed_by_id",
        "done_on",
    )
    handling = {
        **CaseRow.row_handling,
        "number": plain("names the certificate; random", keep="for ever"),
        "thing": plain("what kind of thing ends", keep="for ever"),
        "method": plain("how it ends", keep="for ever"),
        "item": plain("which exhibit it is; random", keep="for ever"),
        "witness": plain("whose it is, so that a hold over them counts; random", keep="for ever"),
        "state": plain("decides which steps are open", keep="for ever"),
        "state_at": plain("since when", keep="for ever"),
        "agreed_at": plain("when the second person agreed", keep="for ever"),
        "agreed_by": plain("the second person, never the first", keep="for ever"),
        "done_on": plain("from which day on it is gone", keep="for ever"),
        "carried_out_at": plain("when that was written down", keep="for ever"),
        "carried_out_by": plain("who wrote it down", keep="for ever"),
        "confirmed_at": plain("when a second person said that they saw it", keep="for ever"),
        "confirmed_by": plain("who saw it, never who wrote it down", keep="for ever"),
        "mark": sealed("the number or label on it"),
        "reason": sealed("why it ends, and why it was declined"),
        "early": sealed("why before the day of the retention rule"),
        "done_by": sealed("may name a person"),
        "place": sealed("tells where people of ours were"),
        "how": sealed("how it was done"),
        "present": sealed("may name people"),
    }

    number = models.CharField(max_length=16, unique=True)
    thing = models.CharField(max_length=12, choices=Thing.choices)
    method = models.CharField(max_length=12, choices=DestructionMethod.choices)
    item = models.ForeignKey(EvidenceItem, null=True, on_delete=models.PROTECT, related_name="disposals")
    witness = models.ForeignKey(Witness, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=11, choices=DisposalState.choices, default=DisposalState.ASKED)
    state_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)
    carried_out_at = models.DateTimeField(null=True)
    carried_out_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    mark = SealedText()
    reason = SealedText()
    early = SealedText(null=True)
    done_by = SealedText(null=True)
    place = SealedText(null=True)
    how = SealedText(null=True)
    present = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=DISPOSAL_OPEN), name="one_open_disposal_an_exhibit"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state=_S.CONFIRMED) & ~Q(method=_M.GIVEN_BACK),
                name="an_exhibit_ends_once",
            ),
            models.CheckConstraint(condition=Q(state__in=_S.values), name="disposal_state_is_known"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^DIS-[0-9]{4}-[0-9]{6}$"), name="disposal_number_form"
            ),
            models.CheckConstraint(
                condition=Q(thing=_T.EXHIBIT, item__isnull=False)
                | Q(thing=_T.CONSENT_FORM, item__isnull=True, witness__isnull=False)
                | Q(thing__in=[_T.PRINTED, _T.MEDIUM], item__isnull=True),
                name="disposal_of_something",
            ),
            models.CheckConstraint(
                condition=Q(method__in=[_M.PHYSICAL, _M.GIVEN_BACK])
                | Q(thing=_T.MEDIUM, method=_M.SECURE_ERASE),
                name="disposal_method_fits",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[_S.ASKED, _S.DECLINED])
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="disposal_agreed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("created_by")),
                name="disposal_decided_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_DONE)
                | Q(done_on__isnull=False, carried_out_by__isnull=False, how__isnull=False),
                name="disposal_carried_out_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=_S.CONFIRMED) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="disposal_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("carried_out_by")),
                name="disposal_seen_by_two_people",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Something is still to be done about it."""
        return self.state in DISPOSAL_OPEN

    def holds(self, *, done_on: date | None = None) -> "models.QuerySet[LegalHold]":
        """The holds that keep it now; with a day, those that kept it then, be they over by now or not.

        Nobody can look into a disk or a bundle of prints: whoever is named with it, a hold over any witness
        of the case keeps it. A deed follows its agreement, so a hold that had ended by then forbids nothing.
        """
        whole = self.thing in _OF_ONE_PERSON and self.witness_id is not None
        if done_on is None:
            return LegalHold.over(self.case_id, self.witness_id, whole=whole)
        begins, ends = (_midnight(done_on + timedelta(days=more)) for more in (0, 1))
        since = begins if self.agreed_at is None else max(begins, self.agreed_at)
        rows = LegalHold.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=since),
            Q(lifted_at__isnull=True) | Q(lifted_at__gt=since),
            case=self.case_id,
            starts_at__lt=ends,
        )
        return rows.filter(Q(witness__isnull=True) | Q(witness=self.witness_id)) if whole else rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
