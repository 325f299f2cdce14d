"""What a file's header must say before its records are read (faults 12001 to 12013)."""

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from imas.kernel.identifiers import taxpayer_code_kind
from imas.kernel.periods import Period, PeriodKind
from imas.kernel.problems import Place, Problem, any_error
from isaf.rules.faults import CLEAN, Finding, Findings, problem
from isaf.types import EVERYWHERE, DataType, Header, RegisterType, TaxpayerFacts

_ROOT = "Header/FileDescription"
_CODE, _PART, _DATA_TYPE = "RegistrationNumber", "PartNumber", "DataType"
_START = "SelectionCriteria/SelectionStartDate"
_END = "SelectionCriteria/SelectionEndDate"

HeaderRule = Callable[[Header, TaxpayerFacts | None, date], Findings]


def header_problems(header: Header, facts: TaxpayerFacts | None, today: date) -> Iterator[Problem]:
    """Judge the header in stages; the first stage with an error is the last.

    Without facts (a file checked by itself) only what the header alone decides is judged.
    """
    for stage in STAGES:
        findings = [found for rule in stage for found in rule(header, facts, today)]
        problems = list(_problems(findings, today))
        yield from problems
        if any_error(problems):
            return


def contents_problems(
    header: Header,
    facts: TaxpayerFacts | None,
    counts: Mapping[RegisterType, int],
    today: date,
) -> Iterator[Problem]:
    """Judge the header against how many records of each register the file turned out to hold."""
    yield from _problems(contents_lie_within_the_mandate(header, facts, counts), today)
    yield from _problems(data_type_fits_the_contents(header, counts), today)


def taxpayer_is_known(header: Header, facts: TaxpayerFacts | None, _: date) -> Findings:
    """RegistrationNumber names one taxpayer (web service 3.1, step 3: found exactly once).

    A code that no taxpayer can have (its form or check digit is wrong) needs no look-up.
    """
    code = header.registration_number
    if facts is not None and facts.found:
        return CLEAN
    if taxpayer_code_kind(code) is None:
        return (Finding("12001", _CODE, code, "not-a-code"),)
    return CLEAN if facts is None else (Finding("12001", _CODE, code),)


def uploader_may_act(header: Header, facts: TaxpayerFacts | None, _: date) -> Findings:
    """Who sends the file may act for that taxpayer (web service 3.1, step 4)."""
    if facts is None or not facts.found or facts.may_upload:
        return CLEAN
    return (Finding("12002", _CODE, header.registration_number),)


def sender_may_send_this(header: Header, facts: TaxpayerFacts | None, _: date) -> Findings:
    """The sender's mandate reaches the part and every register the file says it carries.

    The specification knows no limits of mandates; who lacks the right is told so as ever (12002).
    """
    if facts is None or facts.reach.is_whole or not facts.may_upload:
        return CLEAN
    reached = facts.reach.registers_of(header.part_number)
    if not reached:
        return (Finding("12002", _PART, header.part_number, "part-outside-the-mandate"),)
    if header.data_type.covers <= reached:
        return CLEAN
    return (Finding("12002", _DATA_TYPE, header.data_type, "register-outside-the-mandate"),)


def contents_lie_within_the_mandate(
    header: Header, facts: TaxpayerFacts | None, counts: Mapping[RegisterType, int]
) -> Findings:
    """Nor does the file hold records of a register that the mandate does not reach (12002)."""
    reach = facts.reach if facts else EVERYWHERE
    reached = reach.registers_of(header.part_number)
    return tuple(
        Finding("12002", _DATA_TYPE, header.data_type, "records-outside-the-mandate")
        for type_, count in counts.items()
        if count and type_ not in reached
    )[:1]


def period_runs_forward(header: Header, _: TaxpayerFacts | None, __: date) -> Findings:
    """The period does not start after it ends (fault 12005; the schema does not compare them)."""
    if header.start <= header.end:
        return CLEAN
    return (Finding("12005", _START, f"{header.start}", "", {"end": f"{header.end}"}),)


def period_has_begun(header: Header, _: TaxpayerFacts | None, today: date) -> Findings:
    """The period does not start in the future (fault 12003)."""
    if header.start <= today:
        return CLEAN
    return (Finding("12003", _START, f"{header.start}", "", {"today": f"{today}"}),)


def period_is_of_the_taxpayers_kind(
    header: Header, facts: TaxpayerFacts | None, _: date
) -> Findings:
    """The period is a whole month or half-year, as the taxpayer declares VAT (12007 to 12012).

    Without facts a period inside one month is judged as a month, any longer as a half-year.
    A taxpayer with another kind of period is left alone: no fault code covers it.
    """
    period = Period(header.start, header.end)
    kind = _kind_of(facts, period)
    if kind is PeriodKind.MONTH:
        return _as_month(period)
    if kind is PeriodKind.HALF_YEAR:
        return _as_half_year(period)
    return CLEAN


def period_stands_alone(header: Header, facts: TaxpayerFacts | None, _: date) -> Findings:
    """The period is one already stored or shares no day with any (fault 12013)."""
    period = Period(header.start, header.end)
    stored = facts.stored_periods if facts else ()
    return tuple(
        Finding("12013", _START, period.code, "", {"other": other.code})
        for other in stored
        if other != period and other.overlaps(period)
    )


def period_is_over(header: Header, _: TaxpayerFacts | None, today: date) -> Findings:
    """A register drawn up before its period has ended may still grow (own note).

    Accountants are warned by their programs too; the register is not refused for it.
    """
    if not header.start <= today <= header.end:
        return CLEAN
    return (Finding("isaf.period-not-over", _END, f"{header.end}", "", {"today": f"{today}"}),)


def part_is_one_of_the_parts(header: Header, _: TaxpayerFacts | None, __: date) -> Findings:
    """A part numbered by digits is not beyond NumberOfParts (description, 1.8 and 1.9)."""
    parts, part = header.number_of_parts, header.part_number
    if parts is None or not (part.isascii() and part.isdigit()) or 1 <= int(part) <= parts:
        return CLEAN
    return (Finding("isaf.part-beyond-count", _PART, part, "", {"parts": f"{parts}"}),)


def data_type_fits_the_contents(header: Header, counts: Mapping[RegisterType, int]) -> Findings:
    """S holds issued invoices and P received ones (description, 1.3).

    The two letters were swapped between versions 1.0 and 1.1, and programs still write P for
    "pardavimai"; any upload makes both registers, so the contents count and this is a warning.
    """
    unfit = {DataType.PURCHASES: RegisterType.SALES, DataType.SALES: RegisterType.PURCHASE}
    other = unfit.get(header.data_type)
    if other is None or not counts.get(other, 0):
        return CLEAN
    reason = "p-with-sales" if other is RegisterType.SALES else "s-with-purchases"
    params = {"count": f"{counts[other]}"}
    return (Finding("isaf.data-type-mismatch", "DataType", header.data_type, reason, params),)


STAGES: tuple[tuple[HeaderRule, ...], ...] = (
    (
        taxpayer_is_known,
        uploader_may_act,
        sender_may_send_this,
        period_runs_forward,
        period_has_begun,
    ),
    (period_is_of_the_taxpayers_kind,),
    (period_stands_alone,),
    (period_is_over, part_is_one_of_the_parts),
)


def _kind_of(facts: TaxpayerFacts | None, period: Period) -> PeriodKind:
    for known in facts.period_kinds if facts else ():
        if known.days.holds(period.end):
            return known.kind
    same_month = (period.start.year, period.start.month) == (period.end.year, period.end.month)
    return PeriodKind.MONTH if same_month else PeriodKind.HALF_YEAR


def _as_month(period: Period) -> Findings:
    start, end = period.start, period.end
    if period.kind is PeriodKind.MONTH:
        return CLEAN
    if period.kind is PeriodKind.HALF_YEAR:
        return (Finding("12009", _START, period.code, "month-expected"),)
    if (start.year, start.month) != (end.year, end.month):
        return (Finding("12007", _START, f"{start}", "", {"end": f"{end}"}),)
    return (Finding("12011", _START, f"{start}", "", _first_and_last(period, 1)),)


def _as_half_year(period: Period) -> Findings:
    start, end = period.start, period.end
    if period.kind is PeriodKind.HALF_YEAR:
        return CLEAN
    if period.kind is PeriodKind.MONTH:
        return (Finding("12010", _START, period.code, "", _first_and_last(period, 6)),)
    if (start.year, start.month > 6) != (end.year, end.month > 6):
        return (Finding("12008", _START, f"{start}", "", {"end": f"{end}"}),)
    return (Finding("12012", _START, f"{start}", "", _first_and_last(period, 6)),)


def _first_and_last(period: Period, months: int) -> dict[str, str]:
    year, first = period.start.year, (period.start.month - 1) // months * months + 1
    last = first + months - 1
    days = calendar.monthrange(year, last)[1]
    return {
        "end": f"{period.end}",
        "first": f"{date(year, first, 1)}",
        "last": f"{date(year, last, days)}",
    }


def _problems(findings: Iterable[Finding], today: date) -> Iterator[Problem]:
    for code, element, value, reason, params in findings:
        place = Place(path=f"{_ROOT}/{element}")
        yield problem(code, place, today, value=value, reason=reason, **params)
