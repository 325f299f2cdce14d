"""Files of waybills through the front desk, a real one: received, judged, told record by record."""

from io import BytesIO
from typing import Any

import pytest

from intake.models import Document
from intake.services import process, receive
from intake.types import DocumentState, Source
from ivaz.models import RecordVerdict, Waybill
from ivaz.parsing.writing import write
from ivaz.services import judging
from ivaz.services.taking import take
from ivaz.types import Section
from mailbox.models import Message
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.ivaz.records import party, receipt, waybill

pytestmark = pytest.mark.django_db


@pytest.fixture
def acting(consignor: Taxpayer) -> Acting:
    return make.make_acting("ivaz.view", "ivaz.submit", taxpayer=consignor)


def file_of(creator: Taxpayer, records: dict[Section, list[Any]]) -> Any:
    header = {
        "FileDateCreated": "2026-11-21T10:00:00",
        "SoftwareCompanyName": "UAB „Programa“",
        "SoftwareName": "Apskaita",
        "SoftwareVersion": "1.0",
        "CreatorRegistrationNumber": creator.code,
    }
    return BytesIO(b"".join(write(header, records)))


def judged(acting: Acting, file: Any, *, dry_run: bool = False) -> Document:
    document = receive(
        acting, "ivaz", file, filename="v.xml", content_type="application/xml",
        source=Source.SERVICE_FILE, dry_run=dry_run,
    )  # fmt: skip
    process(document.pk)
    document.refresh_from_db()
    return document


def test_each_record_has_its_verdict(
    acting: Acting, consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    good = waybill(consignor, transporter, consignee, uid="A")
    bad = waybill(consignor, transporter, consignee, uid="B", ShipTo={"WarehouseID": "1"})
    amended = {
        "TransportDocumentUID": {"LocalTransportDocumentUID": "A"},
        "Consignee": party(transporter),
    }
    records = {
        Section.WAYBILL: [good, bad],
        Section.AMENDMENT: [amended],
        Section.RECEIPT: [receipt("IV0")],
    }
    document = judged(acting, file_of(consignor, records))
    assert document.state == DocumentState.ACCEPTED
    assert document.counts == {"records": 4, "taken": 2}
    rows = list(RecordVerdict.objects.filter(document=document))
    assert [row.is_taken for row in rows] == [True, False, True, False]
    assert rows[0].rn == rows[2].rn == Waybill.objects.get().rn
    assert [problem.code for row in rows for problem in row.found] == [
        "ivaz.schema", "ivaz.waybill-unknown",
    ]  # fmt: skip
    assert document.problems.count() == 2
    assert Message.objects.get(taxpayer=consignor).code == "ivaz.file-accepted"


def test_a_file_of_another_taxpayer_is_refused_whole(
    acting: Acting, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    content = waybill(consignor, transporter, None)
    document = judged(acting, file_of(transporter, {Section.WAYBILL: [content]}))
    assert (document.state, document.refusal_code) == (DocumentState.REJECTED, "ivaz.creator")
    assert not Waybill.objects.exists()


def test_a_file_that_is_none_is_refused(acting: Acting) -> None:
    document = judged(acting, BytesIO(b"<a/>"))
    assert (document.state, document.refusal_code) == (DocumentState.REJECTED, "ivaz.structure")


def test_a_file_taken_up_again_goes_on_where_it_broke_off(
    acting: Acting,
    consignor: Taxpayer,
    transporter: Taxpayer,
    consignee: Taxpayer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "_BATCH", 2)
    contents = [waybill(consignor, transporter, consignee, uid=f"U{at}") for at in range(5)]
    file = file_of(consignor, {Section.WAYBILL: contents})
    document = receive(
        acting, "ivaz", file, filename="v.xml", content_type="application/xml",
        source=Source.SERVICE_FILE,
    )  # fmt: skip
    calls: list[int] = []

    def breaks_off(*args: Any, **named_: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("The worker dies here.")
        return take(*args, **named_)

    monkeypatch.setattr(judging, "take", breaks_off)
    with pytest.raises(RuntimeError):
        process(document.pk)
    assert Waybill.objects.count() == 2
    Document.objects.filter(pk=document.pk).update(heartbeat_at="2026-01-01T00:00:00Z")
    monkeypatch.setattr(judging, "take", take)
    process(document.pk)
    document.refresh_from_db()
    assert document.counts == {"records": 5, "taken": 5}
    assert Waybill.objects.count() == 5
    assert Waybill.objects.filter(events__act="issue").count() == 5


def test_another_size_of_batches_after_an_update_loses_nothing(
    acting: Acting,
    consignor: Taxpayer,
    transporter: Taxpayer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contents = [waybill(consignor, transporter, None, uid=f"U{at}") for at in range(5)]
    document = receive(
        acting, "ivaz", file_of(consignor, {Section.WAYBILL: contents}), filename="v.xml",
        content_type="application/xml", source=Source.SERVICE_FILE,
    )  # fmt: skip
    calls: list[int] = []

    def breaks_off(*args: Any, **named_: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("The worker dies here.")
        return take(*args, **named_)

    monkeypatch.setattr(judging, "_BATCH", 2)
    monkeypatch.setattr(judging, "take", breaks_off)
    with pytest.raises(RuntimeError):
        process(document.pk)
    Document.objects.filter(pk=document.pk).update(heartbeat_at="2026-01-01T00:00:00Z")
    monkeypatch.setattr(judging, "_BATCH", 500)
    monkeypatch.setattr(judging, "take", take)
    process(document.pk)
    document.refresh_from_db()
    assert document.counts == {"records": 5, "taken": 5}
    assert Waybill.objects.count() == RecordVerdict.objects.count() == 5


def test_a_consignor_named_by_an_amendment_is_told_too(
    acting: Acting, consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    content = waybill(consignor, transporter, None, uid="A")
    amended = {
        "TransportDocumentUID": {"LocalTransportDocumentUID": "A"},
        "Consignor": party(consignee),
    }
    records = {Section.WAYBILL: [content], Section.AMENDMENT: [amended]}
    judged(acting, file_of(consignor, records))
    assert Message.objects.get(taxpayer=consignee).code == "ivaz.named"


def test_a_dry_run_tells_and_does_nothing(
    acting: Acting, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    content = waybill(consignor, transporter, None)
    document = judged(acting, file_of(consignor, {Section.WAYBILL: [content]}), dry_run=True)
    assert (document.state, document.counts["taken"]) == (DocumentState.ACCEPTED, 1)
    assert not Waybill.objects.exists()
    assert not RecordVerdict.objects.exists()


def test_a_consignor_is_told_that_another_named_him(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    carrier = make.make_acting("ivaz.view", "ivaz.submit", taxpayer=transporter)
    contents = [waybill(consignor, transporter, consignee, uid=f"U{at}") for at in range(3)]
    judged(carrier, file_of(transporter, {Section.WAYBILL: contents}))
    (message,) = Message.objects.filter(taxpayer=consignor)
    first = Waybill.objects.order_by("pk").first()
    assert first
    assert message.code == "ivaz.named"
    assert message.params == {
        "preparer": transporter.name, "code": transporter.code, "rn": first.rn,
    }  # fmt: skip
