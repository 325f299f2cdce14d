"""Shapes of preliminary returns in the web service."""

from typing import Any

from rest_framework import serializers

from imas.kernel.money import ZERO
from imas.web.db import SUM_DIGITS
from isaf.models import PreliminaryReturn, ReturnLine, ReturnVersion
from isaf.pages.returns import ReturnPage
from isaf.returns.boxes import Sums
from isaf.returns.forms import FormName
from isaf.returns.rules import rules_on
from isaf.returns.standing import Counted, Deduction, Nature, ReturnState
from isaf.selectors.contributions import Fed
from isaf.selectors.listed import listed
from isaf.services.return_decisions import Choice, Place
from isaf.services.return_lines import Told


class OrderIn(serializers.Serializer[Any]):
    """Which forms of which periods."""

    periods = serializers.ListField(
        child=serializers.CharField(max_length=21), help_text="Codes: 2026-10, 2026-Q4, 2026-H2."
    )
    forms = serializers.ListField(child=serializers.ChoiceField(list(FormName)))


class SettingsIn(serializers.Serializer[Any]):
    """Boxes 28, 10 and 9; `by_lines` is of a corrected FR0564: its changed lines alone."""

    percent = serializers.IntegerField(min_value=0, max_value=100)
    activity = serializers.CharField(max_length=6, required=False, default="", allow_blank=True)
    is_last = serializers.BooleanField(required=False, default=False)
    by_lines = serializers.BooleanField(required=False, default=False)


class FiledIn(serializers.Serializer[Any]):
    """The boxes of a filed FR0600 by number, in whole euros; those not told are nought."""

    boxes = serializers.DictField(child=serializers.IntegerField())


class PlaceIn(serializers.Serializer[Any]):
    """Where an invoice stands, as the rows of a return tell."""

    period_start = serializers.DateField()
    part = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    position = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class DecisionIn(serializers.Serializer[Any]):
    """What is decided on invoices."""

    invoices = PlaceIn(many=True)
    counted = serializers.ChoiceField(
        [Counted.COUNTED, Counted.EXCLUDED, Counted.POSTPONED], default=Counted.COUNTED
    )
    until = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="First day of the later period."
    )
    deduction = serializers.ChoiceField(list(Deduction), default=Deduction.USUAL)
    share = serializers.IntegerField(min_value=0, max_value=100, default=100)
    nature = serializers.ChoiceField(list(Nature), default=Nature.USUAL, allow_blank=True)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)

    @property
    def places(self) -> list[Place]:
        """Where the invoices stand."""
        told = self.validated_data["invoices"]
        return [(one["period_start"], one["part"], one["position"]) for one in told]

    @property
    def choice(self) -> Choice:
        """What is decided."""
        asked = self.validated_data
        return Choice(
            counted=Counted(asked["counted"]),
            until=asked["until"],
            deduction=Deduction(asked["deduction"]),
            share=asked["share"],
            nature=Nature(asked["nature"]),
            reason=asked["reason"],
        )


class ReturnLineIn(serializers.Serializer[Any]):
    """A line beside the registers."""

    rule = serializers.CharField(max_length=16, help_text="As P:PVM23, or B:25 for box 25.")
    taxable = serializers.DecimalField(12, 2, default=ZERO)
    vat = serializers.DecimalField(12, 2, default=ZERO)
    note = serializers.CharField(max_length=500)

    @property
    def told(self) -> Told:
        """The line."""
        return Told(**self.validated_data)


class ReturnLineOut(serializers.ModelSerializer[ReturnLine]):
    """A line beside the registers."""

    class Meta:
        model = ReturnLine
        fields = ["id", "rule", "source", "reference", "taxable", "vat", "note", "added_at"]


class ConfirmIn(serializers.Serializer[Any]):
    """The version that was looked at."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class RuleSumsOut(serializers.Serializer[Any]):
    """What rows under a rule come to; `direct` is deducted whatever box 28 says."""

    rule = serializers.CharField()
    boxes = serializers.ListField(child=serializers.CharField())
    confidence = serializers.CharField()
    rows = serializers.IntegerField()
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    direct = serializers.DecimalField(SUM_DIGITS, 2)
    shared = serializers.DecimalField(SUM_DIGITS, 2)


class ApartOut(RuleSumsOut):
    """The same of rows that are in no box, and why."""

    standing = serializers.ChoiceField(list(Counted))


class BoxOut(serializers.Serializer[Any]):
    """A box: whole euros, and to the cent."""

    box = serializers.CharField()
    shown = serializers.IntegerField()
    exact = serializers.DecimalField(SUM_DIGITS, 2)


class CheckOut(serializers.Serializer[Any]):
    """What a check of the form found."""

    number = serializers.CharField()
    severity = serializers.CharField()
    boxes = serializers.ListField(child=serializers.CharField())


class ListedOut(serializers.Serializer[Any]):
    """A line of FR0564 in euros."""

    country = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    goods = serializers.DecimalField(SUM_DIGITS, 2)
    triangular = serializers.DecimalField(SUM_DIGITS, 2)
    services = serializers.DecimalField(SUM_DIGITS, 2)
    has_valid_code = serializers.BooleanField()


class ReturnOut(serializers.Serializer[Any]):
    """A return with its newest version; what belongs to it is null until it is computed."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    form = serializers.ChoiceField(list(FormName))
    period = serializers.CharField()
    state = serializers.ChoiceField(list(ReturnState))
    version = serializers.IntegerField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    corrects = serializers.BooleanField()
    percent = serializers.IntegerField()
    registers = serializers.ListField(child=serializers.CharField())
    filed = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="Boxes filed in the end."
    )
    boxes = BoxOut(many=True, required=False)
    checks = CheckOut(many=True, required=False)
    rules = RuleSumsOut(many=True, required=False)
    apart = ApartOut(many=True, required=False)
    listed = ListedOut(many=True, required=False)
    lines = ReturnLineOut(many=True, required=False)


class FedOut(serializers.Serializer[Any]):
    """A row of evidence with what it gives; `number` is that of the invoice, or a line's note."""

    kind = serializers.ChoiceField(["I", "S", "L"], help_text="Invoice, settlement or line.")
    register = serializers.CharField()
    period_start = serializers.DateField()
    part = serializers.IntegerField()
    position = serializers.IntegerField()
    row = serializers.IntegerField()
    number = serializers.CharField()
    issued = serializers.DateField(allow_null=True)
    counterparty = serializers.CharField()
    counterparty_vat = serializers.CharField()
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    deducted = serializers.DecimalField(SUM_DIGITS, 2)


class FedPageOut(serializers.Serializer[Any]):
    """A page of rows; `next` is the cursor of the following one, null on the last."""

    items = FedOut(many=True)
    next = serializers.CharField(allow_null=True)


def return_out(found: PreliminaryReturn, *, brief: bool = False) -> dict[str, Any]:
    """Return a return as it is answered; in brief without boxes and what feeds them."""
    version = found.versions.first() if not brief else next(iter(found.versions.all()), None)
    told: dict[str, Any] = {
        "id": found.pk,
        "number": found.number,
        "form": found.form,
        "period": found.period.code,
        "state": found.state,
        "version": version.number if version else None,
        "computed_at": version.computed_at if version else None,
        "confirmed_at": version.confirmed_at if version else None,
        "corrects": bool(version and version.corrects),
        "percent": version.percent if version else found.percent,
        "registers": version.registers if version else [],
        "filed": found.filed_boxes,
    }
    if version and not brief:
        told |= _explained(found, version)
    answer: dict[str, Any] = ReturnOut(told).data
    return answer


def fed_out(fed: Fed) -> dict[str, Any]:
    """Return a row of evidence as it is answered."""
    about = fed.invoice or fed.settled
    row = fed.row
    told = {
        "kind": row.kind,
        "register": fed.register,
        "period_start": row.period_start,
        "part": row.part_id,
        "position": row.position,
        "row": row.row_no,
        "number": about.number if about else (fed.line.note if fed.line else ""),
        "issued": about.issued if about else None,
        "counterparty": fed.invoice.counterparty_name if fed.invoice else "",
        "counterparty_vat": fed.invoice.counterparty_vat if fed.invoice else "",
        "taxable": row.taxable,
        "vat": row.vat,
        "deducted": fed.deducted,
    }
    answer: dict[str, Any] = FedOut(told).data
    return answer


def _explained(found: PreliminaryReturn, version: ReturnVersion) -> dict[str, Any]:
    page = ReturnPage(found, version)
    counted, apart = page.breakdown.counted, page.breakdown.apart
    told: dict[str, Any] = {
        "rules": [_sums(found, name, sums) for name, sums in counted.items()],
        "apart": [
            {**_sums(found, name, sums), "boxes": [], "standing": standing}
            for standing, by_rule in apart.items()
            for name, sums in by_rule.items()
        ],
        "lines": page.lines,
    }
    if found.form == FormName.LIST:
        return {**told, "listed": listed(version)}
    boxes = [
        {"box": number, "shown": one.shown, "exact": one.exact}
        for number, one in page.filled.items()
    ]
    return {**told, "boxes": boxes, "checks": page.checks}


def _sums(found: PreliminaryReturn, name: str, sums: Sums) -> dict[str, Any]:
    rule = rules_on(found.start).get(name)
    return {
        "rule": name,
        "boxes": rule.boxes if rule else [],
        "confidence": rule.confidence if rule else "",
        "rows": sums.rows,
        "taxable": sums.taxable,
        "vat": sums.vat,
        "direct": sums.direct,
        "shared": sums.shared,
    }
