"""Waybills as files of the format again."""

from imas.kernel import clock
from ivaz.models import Waybill
from ivaz.parsing.writing import write
from ivaz.types import Section


def file_of(waybill: Waybill) -> bytes:
    """Return a valid file that holds a waybill as it stands."""
    header = {
        "FileDateCreated": clock.now().replace(microsecond=0).isoformat(),
        "SoftwareCompanyName": "i.MAS",
        "SoftwareName": "i.MAS",
        "SoftwareVersion": "1",
        "CreatorRegistrationNumber": waybill.preparer.code,
    }
    return b"".join(write(header, {Section(waybill.kind): [waybill.content]}))
