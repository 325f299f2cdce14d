"""Builders for documents, and a toy kind whose judge does what the file says."""

import gzip
import io
import zipfile
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from imas.kernel.problems import Place, Problem, Severity
from intake import services
from intake.models import Document
from intake.types import Job, Judgement, Kind, Source, Stage, Words
from representation.types import Acting
from tests.make import make_acting

TOY = "toy"
GOOD = b"<toy><row/><row/></toy>"
BAD = b"<toy><bad/></toy>"


def toy_words(code: str, reason: str) -> Words:
    return Words(_("Row %(row)s holds %(value)s."), _("Bad row"), _("Mend it."), "TOY_BAD")


def toy_judge(job: Job) -> Judgement:
    """Refuse a file with a <bad/>; each row is one record."""
    with job.open() as file:
        text = file.read()
    job.progress(Stage.READING, len(text), text.count(b"<row/>"))
    if b"<bad/>" in text:
        place = Place(1, 6, "toy/bad[1]", "TOY", "A1")
        job.findings.add([Problem("toy.bad", Severity.ERROR, place, "bad", {"row": "1"})])
        return Judgement(accepted=False)
    return Judgement(accepted=True, counts={"rows": text.count(b"<row/>")}, keep=lambda: ("T-1",))


def toy_kind(judge: Callable[[Job], Judgement] = toy_judge, **parts: object) -> Kind:
    return Kind(
        name=TOY,
        judge=judge,
        problem_words=toy_words,
        right_to_upload="isaf.upload",
        right_to_view="isaf.view",
        **parts,  # type: ignore[arg-type]
    )


def send(
    content: bytes = GOOD,
    acting: Acting | None = None,
    *,
    filename: str = "toy.xml",
    dry_run: bool = False,
    idempotency_key: str = "",
) -> Document:
    return services.receive(
        acting or make_acting(),
        TOY,
        io.BytesIO(content),
        filename=filename,
        content_type="application/xml",
        source=Source.PORTAL_FILE,
        dry_run=dry_run,
        idempotency_key=idempotency_key,
    )


def judged(
    content: bytes = GOOD, acting: Acting | None = None, *, dry_run: bool = False
) -> Document:
    document = send(content, acting, dry_run=dry_run)
    services.process(document.pk)
    document.refresh_from_db()
    return document


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content)
