"""Registers for the running house, as a demo company would write them."""

from demo import books
from demo.economy import build
from imas.kernel import clock
from imas.kernel.periods import Period
from isaf import building
from isaf.types import DataType, Header


def last_ended_month() -> Period:
    """Return the month that the demo's first company has not filed yet."""
    today = clock.today()
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return Period.month(year, month)


def company_register(place: int) -> bytes:
    """Return a demo company's issued invoices of the last ended month, as a file."""
    economy, period = build(clock.today(), months=2), last_ended_month()
    company = economy.companies[place]
    return b"".join(
        building.document(header(company.code, period), sales=books.sales(economy, company, period))
    )


def header(code: str, period: Period, part: str = "1") -> Header:
    """Return the header of a file of issued invoices."""
    return Header(
        version="iSAF1.2",
        created=f"{period.end:%Y-%m-%d}T12:00:00",
        data_type=DataType.SALES,
        software_company="Bandymas",
        software_name="Bandymas",
        software_version="1",
        registration_number=code,
        number_of_parts=1,
        part_number=part,
        start=period.start,
        end=period.end,
    )
