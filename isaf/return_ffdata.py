"""A version of a preliminary return as the file EDS takes."""

from imas.kernel import clock
from imas.kernel.ffdata import write
from isaf.models import ReturnVersion
from isaf.returns import ffdata
from isaf.returns.forms import FormName, form_on
from isaf.selectors.listed import changed_lines, listed


def ffdata_of(version: ReturnVersion) -> bytes:
    """Return the FFData of a version, dated when it was confirmed, else today."""
    found, header = version.of, header_of(version)
    form = form_on(FormName(found.form), found.start)
    if found.form == FormName.LIST:
        told = changed_lines(version) if version.by_lines else listed(version)
        lines = [ffdata.ListLine(one.country, one.code, *one.in_euros) for one in told]
        return write(form.definition, ffdata.list_pages(header, lines), header.filled_on)
    page = (form.page, ffdata.return_fields(header, version.boxes))
    return write(form.definition, [page], header.filled_on)


def header_of(version: ReturnVersion) -> ffdata.Header:
    """Return whose form it is, of which period, and how it corrects an earlier one."""
    found = version.of
    at = version.confirmed_at
    return ffdata.Header(
        name=found.taxpayer.name,
        code=found.taxpayer.code,
        vat_code=found.taxpayer.vat_code_on(found.end),
        address=" ".join(filter(None, (found.taxpayer.address, found.taxpayer.city))),
        contact="",
        filled_on=at.astimezone(clock.VILNIUS).date() if at else clock.today(),
        start=found.start,
        end=found.end,
        corrects=version.corrects,
        is_last=version.is_last,
        by_lines=version.by_lines,
        activity=version.activity,
    )


def subject_of(version: ReturnVersion) -> str:
    """Return what names a version to EDS: the number of the return and its own."""
    return f"{version.of.number}/{version.number}"
