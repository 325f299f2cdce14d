"""The largest amounts and the most rows the schema allows: nothing overflows on the way."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from intake.types import DocumentState
from isaf.models import Invoice, Part, Register
from isaf.services import submit_register
from isaf.services.crosscheck import order_cross_check, refresh_pairs, run_cross_check
from isaf.types import RegisterType
from tests.isaf.files import OCTOBER, IsafFile, Paid, Sold, judged
from tests.isaf.test_views import client_of, company
from tests.make import make_acting, make_api_key

pytestmark = pytest.mark.django_db(transaction=True)

MOST_ROWS = 100
MOST_SETTLED = 1000
LARGEST = Decimal("9999999999999999.99")
TAXABLE = MOST_ROWS * LARGEST


def largest_file(code: str) -> bytes:
    """Every row of the invoice and of the settlement at the largest amount there is."""
    file = IsafFile(code, sales=[Sold(vat=Decimal(1))], settlements=[Paid()]).render().decode()
    for amount in ("100.00", "1.00", "21.00"):
        file = file.replace(f">{amount}<", f">{LARGEST}<")
    file = _repeated(file, "DocumentTotal", MOST_ROWS)
    return _repeated(file, "ReferenceToInvoice", MOST_SETTLED).encode()


def _repeated(file: str, name: str, times: int) -> str:
    start, end = file.index(f"<{name}>"), file.index(f"</{name}>") + len(f"</{name}>")
    return file[:start] + file[start:end] * times + file[end:]


def test_the_largest_invoice_is_stored_shown_and_told_exactly() -> None:
    taxpayer, user, client = company()
    acting = make_acting(user=user, taxpayer=taxpayer)
    document = judged(acting, largest_file(taxpayer.code))
    assert document.state == DocumentState.ACCEPTED
    invoice = Invoice.objects.get()
    assert (invoice.taxable, invoice.total) == (TAXABLE, 2 * TAXABLE)
    assert Part.objects.get(type=RegisterType.SALES).taxable == TAXABLE

    register = Register.objects.get(type=RegisterType.SALES)
    for name, place in (("register", ()), ("invoice", (invoice.part_id, invoice.position))):
        page = client.get(reverse(f"isaf:{name}", args=[register.number, *place]))
        assert "999,999,999,999,999,999.00" in page.content.decode()
    _, key = make_api_key(user, taxpayer)
    headers = {"Authorization": f"Bearer {key}", "X-Taxpayer": taxpayer.code}
    told = Client(headers=headers).get(f"/api/v1/isaf/registers/{register.number}").json()
    assert told["taxable"] == str(TAXABLE)


def test_the_largest_invoice_can_be_cross_checked() -> None:
    taxpayer, user, _ = company()
    acting = make_acting(user=user, taxpayer=taxpayer)
    judged(acting, largest_file(taxpayer.code))
    register = Register.objects.get(type=RegisterType.SALES)
    Part.objects.update(error_count=0)
    Register.objects.update(errors=0)
    submit_register(acting, register.number)
    refresh_pairs(taxpayer.pk, OCTOBER)
    report = order_cross_check(acting, [OCTOBER])
    run_cross_check(report.pk)
    report.refresh_from_db()
    assert report.state == "ready"
    page = client_of(user).get(reverse("isaf:crosscheck", args=[report.pk]))
    assert page.status_code == 200
