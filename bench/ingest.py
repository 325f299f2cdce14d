"""File to database, ready to query, against `xmllint --stream --schema` on the same file."""

import shutil
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from bench.ground import empty, manage
from bench.memory import PeakMemory
from bench.result import Result
from imas.embedded.notes import var_dir
from imas.kernel.periods import Period, PeriodKind
from imas.kernel.xml import SCHEMAS
from isaf import judging

if TYPE_CHECKING:
    from representation.types import Acting

CODE = "309999993"
_PERIOD = Period.month(2026, 10)
_RIGHTS = ("isaf.view", "isaf.upload")


def measure(size: int) -> Result:
    """Receive, judge and store a file of so many invoices; every row is counted afterwards.

    It is taken in twice: once against the clock, once with memory sampled, because reading the
    memory of several processes ten times a second takes a fifth of the time by itself.
    """
    path = made(size)
    judging.prepare()  # as a worker of the queue does when it starts
    reference = _xmllint(path)
    empty()
    seconds = seconds_of(path, size)
    empty()
    with PeakMemory() as memory:
        seconds_of(path, size)
    return Result("ingest", size, seconds, "xmllint --stream --schema", reference, memory.megabytes)


def made(size: int) -> Path:
    """Return a file of so many invoices of the taxpayer CODE, made when it is not there."""
    path: Path = var_dir() / "files" / f"isaf-{size}.xml"
    if not path.exists():
        made = {"invoices": size, "seed": 1, "taxpayer": CODE, "period": _PERIOD.code}
        manage(
            "make_isaf", *(f"--{name}={value}" for name, value in made.items()), f"--output={path}"
        )
    return path


def _xmllint(path: Path) -> float:
    program = shutil.which("xmllint")
    if program is None:
        raise SystemExit("xmllint is the reference and is missing: install libxml2-utils.")
    schema = str(SCHEMAS / "isaf/1.2/isaf.xsd")
    before = time.perf_counter()
    subprocess.run(
        [program, "--stream", "--noout", "--schema", schema, str(path)],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - before


def seconds_of(path: Path, size: int, code: str = CODE) -> float:
    """Take a file in for a new taxpayer, whom it names; count its invoices afterwards."""
    acting = _acting(code)
    before = time.perf_counter()
    document_id = _take_in(acting, path)
    seconds = time.perf_counter() - before
    _demand_whole(document_id, size)
    return seconds


def _acting(code: str) -> "Acting":
    from representation.models import Taxpayer, TaxPeriodKind, VatRegistration
    from representation.types import TaxpayerKind, system_acting

    taxpayer = Taxpayer.objects.create(kind=TaxpayerKind.LEGAL, code=code, name="UAB „Matas“")
    since = _PERIOD.start.replace(year=2019)
    VatRegistration.objects.create(taxpayer=taxpayer, vat_code=f"LT{code}917", valid_from=since)
    TaxPeriodKind.objects.create(taxpayer=taxpayer, kind=PeriodKind.MONTH, valid_from=since)
    return system_acting(taxpayer, _RIGHTS)


def _take_in(acting: "Acting", path: Path) -> UUID:
    from intake.services import process, receive
    from intake.types import DocumentState, Source

    with path.open("rb") as stream:
        document = receive(
            acting,
            "isaf",
            stream,
            filename=path.name,
            content_type="application/xml",
            source=Source.SERVICE_FILE,
        )
    judged = process(document.pk)
    if judged is None or judged.state != DocumentState.ACCEPTED:
        raise SystemExit(f"Not accepted: {judged and judged.state}")
    return document.pk


def _demand_whole(document_id: UUID, size: int) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT count(*) FROM isaf_invoice WHERE period_start = %s AND part_id IN "
            "(SELECT id FROM isaf_part WHERE document_id = %s)",
            [_PERIOD.start, document_id],
        )
        stored = cursor.fetchone()[0]
    if stored != size:
        raise SystemExit(f"Not stored whole: {stored} of {size}")
