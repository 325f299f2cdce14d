"""A version of a preliminary return as the file EDS takes."""

from datetime import date

from imas.kernel.ffdata import write
from isaf.models import ReturnVersion
from isaf.returns import ffdata
from isaf.returns.forms import FormName, form_on
from isaf.selectors.listed import listed


def ffdata_of(version: ReturnVersion, today: date) -> bytes:
    """Return the FFData of a version, dated today; its header tells whose it is and box 8 to 10."""
    found = version.of
    form = form_on(FormName(found.form), found.start)
    header = ffdata.Header(
        name=found.taxpayer.name,
        code=found.taxpayer.code,
        vat_code=found.taxpayer.vat_code_on(found.end),
        address=" ".join(filter(None, (found.taxpayer.address, found.taxpayer.city))),
        contact="",
        filled_on=today,
        start=found.start,
        end=found.end,
        corrects=version.corrects,
        is_last=found.is_last,
        activity=found.activity,
    )
    if found.form == FormName.LIST:
        lines = [ffdata.ListLine(one.country, one.code, *one.in_euros) for one in listed(version)]
        return write(form.definition, ffdata.list_pages(header, lines), today)
    return write(form.definition, [(form.page, ffdata.return_fields(header, version.boxes))], today)


def subject_of(version: ReturnVersion) -> str:
    """Return what names a version to EDS: the number of the return and its own."""
    return f"{version.of.number}/{version.number}"
