"""A file of waybills, each registered by itself, against `xmllint --schema` on the same file."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.ground import empty
from bench.memory import PeakMemory
from bench.result import Result
from imas.embedded.notes import var_dir
from imas.kernel import clock
from imas.kernel.xml import SCHEMAS
from ivaz.parsing.tree import MOST, XSD
from ivaz.parsing.writing import write
from ivaz.types import Content, Section

if TYPE_CHECKING:
    from representation.models import Taxpayer
    from representation.types import Acting

_RIGHTS = ("ivaz.view", "ivaz.submit")


def measure(size: int) -> Result:
    """Receive a file of so many waybills and take every one; all are counted afterwards.

    It is taken in twice: against the clock, then with memory sampled. A file holds 10 000 at most.
    """
    size = min(size, MOST[Section.WAYBILL])
    named = parties()
    path = _file(named, size)
    reference = _xmllint(path)
    before = time.perf_counter()
    _take_in(_acting(named[0]), path, size)
    seconds = time.perf_counter() - before
    named = parties()
    with PeakMemory() as memory:
        _take_in(_acting(named[0]), path, size)
    return Result("waybills", size, seconds, "xmllint --schema", reference, memory.megabytes)


def parties() -> "list[Taxpayer]":
    """Make a consignor, a carrier and a consignee in an empty database."""
    from representation.models import Taxpayer
    from representation.types import TaxpayerKind

    empty()
    names = ("UAB „Siuntėjas“", "UAB „Vežėjas“", "UAB „Gavėjas“")
    return [
        Taxpayer.objects.create(kind=TaxpayerKind.LEGAL, code=f"30999999{at}", name=name)
        for at, name in enumerate(names)
    ]


def _file(parties: "list[Taxpayer]", size: int) -> Path:
    path: Path = var_dir() / "files" / f"ivaz-{size}.xml"
    header = {
        "FileDateCreated": clock.now().replace(microsecond=0).isoformat(),
        "SoftwareCompanyName": "UAB „Matas“",
        "SoftwareName": "Matas",
        "SoftwareVersion": "1",
        "CreatorRegistrationNumber": parties[0].code,
    }
    with path.open("wb") as file:
        file.writelines(write(header, {Section.WAYBILL: waybills(parties, size)}))
    return path


def waybills(parties: "list[Taxpayer]", size: int) -> Iterator[Content]:
    """Yield so many waybills of three lines, with what is usual in them."""
    named = [{"RegistrationNumber": one.code, "Name": one.name} for one in parties]
    leaves = (clock.now() + timedelta(days=1)).replace(microsecond=0).isoformat()
    for at in range(size):
        yield {
            "TransportDocumentUID": {"LocalTransportDocumentUID": f"M-{at}"},
            "LocalTransportDocumentNumber": f"VAZ {at:08}",
            "LocalTransportDocumentDate": clock.today().isoformat(),
            "TimeOfDispatch": leaves,
            "Consignor": named[0],
            "Consignee": named[2],
            "Transporter": {
                **named[1],
                "TransportMeans": [{"IdentityOfTransportUnits": f"AAA{at % 1000:03}"}],
            },
            "ShipFrom": {"LoadAddress": {"FullAddress": "Gedimino pr. 1, Vilnius"}},
            "ShipTo": {"UnloadAddress": {"FullAddress": "Laisvės al. 1, Kaunas"}},
            "DeliveryData": {
                "Products": [
                    {
                        "ProductLineNumber": str(line),
                        "Quantity": f"{at % 90 + line}.500",
                        "UnitOfMeasure": "KGM",
                        "ProductCode": f"P{line}",
                        "ProductDescription": "Dažai, balti, matiniai",
                    }
                    for line in range(1, 4)
                ]
            },
        }


def _acting(consignor: "Taxpayer") -> "Acting":
    from representation.types import system_acting

    return system_acting(consignor, _RIGHTS)


def _xmllint(path: Path) -> float:
    program = shutil.which("xmllint")
    if program is None:
        raise SystemExit("xmllint is the reference and is missing: install libxml2-utils.")
    before = time.perf_counter()
    subprocess.run(
        [program, "--stream", "--noout", "--schema", str(SCHEMAS / XSD), str(path)],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - before


def _take_in(acting: "Acting", path: Path, size: int) -> None:
    from intake.services import process, receive
    from intake.types import Source
    from ivaz.models import RecordVerdict, Waybill

    with path.open("rb") as stream:
        document = receive(
            acting,
            "ivaz",
            stream,
            filename=path.name,
            content_type="application/xml",
            source=Source.SERVICE_FILE,
        )
    process(document.pk)
    taken = RecordVerdict.objects.filter(document=document, is_taken=True).count()
    if not taken == Waybill.objects.count() == size:
        raise SystemExit(f"Not taken whole: {taken} of {size}")
