"""Kept or typed records as their forms show them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from isaf.records import MOST_LINES, RecordForm
from isaf.types import NOT_KNOWN, InvoiceType, RegisterType


def typed(form: RecordForm, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed so far, unjudged, for a form with one more line."""
    initial: dict[str, Any] = {name: given.get(name, "") for name in form.fields}
    for name, lines in form.lines.items():
        told = given.get(f"{name}-TOTAL_FORMS", "")
        count = min(int(told), MOST_LINES) if told.isdecimal() else 0
        names = list(lines.empty_form.fields)
        initial[name] = [
            {field: given.get(f"{name}-{index}-{field}", "") for field in names}
            for index in range(count)
        ]
    return initial


def initial_of(register: RegisterType, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kept record as a form shows it."""
    party = {f"party_{name}": value for name, value in content["party"].items()}
    if party["party_vat"] == NOT_KNOWN:
        party["party_vat"] = ""
    shared = {**party, "number": content["number"], "issued": content["day"]}
    if register is RegisterType.SETTLEMENT:
        names = ("number", "day", "amount", "vat")
        lines = [dict(zip(names, _shown(line), strict=True)) for line in content["invoices"]]
        return {**shared, "kind": content["kind"], "invoices": lines}
    return {
        **shared,
        "kind": content["type"] or InvoiceType.SF,
        "special": content["special"] == "T",
        "share": _amount(content["share"]),
        "vat_point": content["vat_point"],
        "registered": content["registered"],
        "references": [{"number": number, "day": day} for number, day in content["references"]],
        "rows": [
            {
                "taxable": _amount(taxable),
                "code": code,
                "rate": _amount(rate),
                "amount": _amount(amount),
            }
            for taxable, code, rate, amount in content["rows"]
        ],
    }


def _shown(line: Sequence[str]) -> tuple[str, str, Decimal | None, Decimal | None]:
    number, day, amount, vat = line
    return number, day, _amount(amount), _amount(vat)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
