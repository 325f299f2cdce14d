"""Documents put beside a waybill by its parties, also after its closing."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from ivaz.models import Waybill, WaybillEvent, WaybillFile
from ivaz.services import attaching
from ivaz.services.attaching import attach
from ivaz.types import Act, State
from mailbox.proofs import Proof
from representation.models import Taxpayer
from tests import make
from tests.ivaz.records import issued, waybill
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db(transaction=True)

PAPER = b"%PDF-1.7 a consignment note"


def _paper(name: str = "cmr.pdf") -> Proof:
    return Proof(SimpleUploadedFile(name, PAPER), "application/pdf")


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(consignor, waybill(consignor, transporter, consignee))


def test_any_party_adds_documents_and_all_see_them_also_when_it_is_closed(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    Waybill.objects.update(state=State.CLOSED)
    sent = browser(consignee).post(
        reverse("ivaz:waybill-attach", args=[rn]), {"proofs": [_paper().file]}
    )
    assert sent.status_code == 302, sent.context["form"].errors
    file = WaybillFile.objects.get()
    for party in (consignor, transporter, consignee):
        client = browser(party)
        assert "cmr.pdf" in client.get(reverse("ivaz:waybill", args=[rn])).content.decode()
        given = client.get(reverse("ivaz:waybill-document", args=[rn, file.pk]))
        assert b"".join(given) == PAPER
        assert given["Content-Disposition"].startswith("attachment")
    event = WaybillEvent.objects.get(act=Act.ATTACH)
    assert (event.taxpayer, event.state_after) == (consignee, State.CLOSED)


def test_who_is_not_named_finds_nothing(consignor: Taxpayer, rn: str) -> None:
    stranger = make.make_taxpayer()
    with pytest.raises(NotFoundError, match="waybill-not-found"):
        attach(make.make_acting(taxpayer=stranger), rn, [_paper()])
    with pytest.raises(ForbiddenError):
        attach(make.make_acting("ivaz.view", taxpayer=consignor), rn, [_paper()])
    other = issued(consignor, waybill(consignor, consignor, None, uid="L-2"))
    (file,) = attach(make.make_acting(taxpayer=consignor), rn, [_paper()])
    elsewhere = reverse("ivaz:waybill-document", args=[other, file.pk])
    assert browser(consignor).get(elsewhere).status_code == 404


def test_nothing_of_a_refused_submission_is_kept(
    consignor: Taxpayer, rn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_FILES", 2)
    acting = make.make_acting(taxpayer=consignor)
    attach(acting, rn, [_paper(), _paper()])
    held = _stored()
    with pytest.raises(UnprocessableError, match="files-too-many"):
        attach(acting, rn, [_paper()])
    with pytest.raises(UnprocessableError, match="files-missing"):
        attach(acting, rn, [])
    assert _stored() == held
    assert WaybillFile.objects.count() == 2


def _stored() -> set[Path]:
    return {path for path in Path(default_storage.path("")).rglob("*") if path.is_file()}


def test_what_is_no_paper_is_refused_at_its_field(consignor: Taxpayer, rn: str) -> None:
    url = reverse("ivaz:waybill-attach", args=[rn])
    for sent in ({}, {"proofs": [SimpleUploadedFile("a.pdf", b"<html>")]}):
        answer = browser(consignor).post(url, sent)
        assert answer.context["form"].errors.keys() == {"proofs"}
