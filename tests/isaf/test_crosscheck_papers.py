"""An ordered report as a paper."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from isaf import crosscheck_papers
from isaf.crosscheck_papers import TEMPLATE, report_paper
from isaf.models import CrossCheck
from isaf.selectors.pairs import PairQuery
from isaf.services.crosscheck import order_cross_check, run_cross_check
from representation.models import Taxpayer
from tests.isaf.registers_told import OCTOBER
from tests.isaf.test_crosscheck_reports import two_with_mismatches
from tests.isaf.test_views import client_of
from tests.make import make_headship, make_user

pytestmark = pytest.mark.django_db

STRANGE = "UAB „Žąsų #panic() $x$ \\u{41} *ūkis*“"


@pytest.fixture
def report() -> CrossCheck:
    """A report of a seller whose buyer has a name that looks like markup."""
    seller, buyer = two_with_mismatches()
    Taxpayer.objects.filter(pk=buyer.taxpayer_id).update(name=STRANGE)
    ordered = order_cross_check(seller, [OCTOBER], PairQuery())
    run_cross_check(ordered.pk)
    return CrossCheck.objects.get(pk=ordered.pk)


def _client(report: CrossCheck) -> Client:
    head = make_user()
    make_headship(head, report.taxpayer)
    return client_of(head)


def _read(content: bytes) -> tuple[str, PdfReader]:
    read = PdfReader(BytesIO(content))
    return "\n".join(page.extract_text() for page in read.pages), read


def test_a_report_is_a_paper_that_can_be_kept(report: CrossCheck) -> None:
    address = reverse("isaf:crosscheck-export", args=[report.pk, "pdf"])
    answer = _client(report).get(address)
    assert answer["Content-Type"] == "application/pdf"
    text, read = _read(answer.content)
    for told in (report.number, "ONLYSOLD9", "Missing at the counterparty", "21.00", "25.20"):
        assert told in text
    assert read.metadata is not None
    assert read.metadata.title == f"Cross-check report {report.number}"
    assert "/MarkInfo" in read.root_object  # tagged for screen readers


def test_data_are_never_markup(report: CrossCheck) -> None:
    text, _ = _read(
        _client(report).get(reverse("isaf:crosscheck-export", args=[report.pk, "pdf"])).content
    )
    assert STRANGE.replace(" ", "") in text.replace("\n", "").replace(" ", "")


def test_a_paper_is_in_the_readers_language(report: CrossCheck) -> None:
    with override("lt"):
        paper = report_paper(report, "UAB „Žąsys“")
    assert paper["lang"] == "lt"
    assert paper["title"] == f"Kryžminio sutikrinimo ataskaita {report.number}"


def test_what_does_not_fit_is_counted(report: CrossCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crosscheck_papers, "MOST", 1)
    with override("en"):
        paper = report_paper(report, "UAB")
    assert len(paper["pairs"]) == 1
    assert paper["left_out"] == "2 more invoices are in the workbook."
    assert TEMPLATE.endswith(".typ")
