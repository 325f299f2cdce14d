"""The smallest thing the front desk takes for an i.SAF file; nobody judges it here."""

from io import BytesIO


def small_file(code: str) -> BytesIO:
    """A file that names its taxpayer."""
    return BytesIO(f'<?xml version="1.0"?><iSAFFile><!-- {code} --></iSAFFile>'.encode())
