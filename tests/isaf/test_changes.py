"""What one revision of a register says otherwise than another."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from imas.kernel.errors import NotFoundError
from isaf import selectors
from isaf.models import Register
from isaf.selectors import changes
from isaf.selectors.changes import ChangeKind
from isaf.types import RegisterType
from representation.models import Taxpayer
from representation.types import Acting
from tests.isaf.files import IsafFile, Paid, Sold, judged
from tests.isaf.registers_told import Line, Told, supersede, tell
from tests.isaf.test_views import client_of, company
from tests.make import make_acting, make_api_key, make_grant, make_headship, make_user
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def revised() -> tuple[Acting, Client, Register, Register]:
    """Revision 1 tells A, B and C; revision 2 leaves C out, adds D, and says B otherwise."""
    taxpayer, _, client = company()
    first = tell(taxpayer, "S", Told("A 1"), Told("B 1"), Told("C 1"))
    supersede(first)
    dearer = Told("b1", issued=date(2026, 10, 13), lines=(Line(Decimal(120), Decimal("25.20")),))
    second = tell(taxpayer, "S", dearer, Told("A 1"), Told("D 1"))
    acting = make_acting("isaf.view", taxpayer=taxpayer)
    before = selectors.find_register(acting, first.number)
    return acting, client, before, selectors.find_register(acting, second.number)


def test_rows_are_added_left_out_or_changed(
    revised: tuple[Acting, Client, Register, Register],
) -> None:
    _, _, first, second = revised
    told = [(one.kind, one.key, one.fields) for one in changes.change_page(first, second).rows]
    assert told == [
        (ChangeKind.CHANGED, "B1", ["number", "issued", "taxable", "vat", "lines"]),
        (ChangeKind.REMOVED, "C1", ()),
        (ChangeKind.ADDED, "D1", ()),
    ]


def test_the_numbers_tell_how_the_sums_moved(
    revised: tuple[Acting, Client, Register, Register],
) -> None:
    _, _, first, second = revised
    totals = changes.change_totals(first, second)
    assert totals.counts == dict.fromkeys(ChangeKind, 1)
    assert (totals.taxable, totals.vat) == (Decimal(20), Decimal("4.20"))


def test_looked_at_from_the_other_side_what_was_added_is_left_out(
    revised: tuple[Acting, Client, Register, Register],
) -> None:
    _, _, first, second = revised
    back = {one.key: one.kind for one in changes.change_page(second, first).rows}
    assert back == {
        "B1": ChangeKind.CHANGED,
        "C1": ChangeKind.ADDED,
        "D1": ChangeKind.REMOVED,
    }


def test_pages_are_the_whole_list_and_may_be_of_one_kind(
    revised: tuple[Acting, Client, Register, Register], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, first, second = revised
    whole = list(changes.every_change(first, second))
    monkeypatch.setattr(changes, "PAGE_SIZE", 1)
    monkeypatch.setattr(changes._KEYSET, "size", 1)
    monkeypatch.setattr(changes, "_BATCH", 1)
    page = changes.change_page(first, second)
    following = changes.change_page(first, second, cursor=page.next)
    assert [*page.rows, *following.rows] == whole[:2]
    assert changes.change_page(first, second, cursor=following.previous).rows == page.rows
    assert list(changes.every_change(first, second)) == whole
    added = changes.change_page(first, second, ChangeKind.ADDED).rows
    assert [one.key for one in added] == ["D1"]


def test_the_same_number_twice_is_compared_one_by_one() -> None:
    taxpayer, _, _ = company()
    supersede(tell(taxpayer, "S", Told("A 1"), Told("A 1")))
    tell(taxpayer, "S", Told("A 1"))
    acting = make_acting("isaf.view", taxpayer=taxpayer)
    second = selectors.find_register(acting, f"S-2026-10-{taxpayer.pk:07}-2")
    first = changes.revision_before(acting, second)
    assert first is not None
    assert changes.change_totals(first, second).counts[ChangeKind.REMOVED] == 1


def test_received_invoices_of_two_sellers_with_one_number_are_two() -> None:
    taxpayer, _, _ = company()
    supersede(tell(taxpayer, "P", Told("1", vat_code="LT1"), Told("1", vat_code="LT2")))
    register = tell(taxpayer, "P", Told("1", vat_code="LT2"), Told("1", vat_code="LT3"))
    acting = make_acting("isaf.view", taxpayer=taxpayer)
    second = selectors.find_register(acting, register.number)
    first = changes.revision_before(acting, second)
    assert first is not None
    told = [(one.kind, one.party) for one in changes.change_page(first, second).rows]
    assert told == [(ChangeKind.REMOVED, "LT1"), (ChangeKind.ADDED, "LT3")]


def _twice(taxpayer: Taxpayer, type_: RegisterType, *files: IsafFile) -> tuple[Register, Register]:
    """Judge files, the register of the first submitted before the second comes."""
    acting = make_acting(taxpayer=taxpayer)
    for file in files:
        judged(acting, file)
        found = Register.objects.filter(taxpayer=taxpayer, state="PREPARING", cancelled_at=None)
        for one in found:
            supersede_submitted(one)
    first, second = Register.objects.filter(taxpayer=taxpayer, type=type_).order_by("revision")
    return first, second


def supersede_submitted(register: Register) -> None:
    """Let a register be submitted and accepted."""
    Register.objects.revisions_of(register).filter(relevant=True).update(
        relevant=False, current=False
    )
    register.state, register.submitted_at = "ACCEPTED", register.created_at
    register.relevant = register.current = True
    register.save()


def test_settlements_are_compared_with_the_invoices_they_settle() -> None:
    taxpayer, _, client = company()
    first, second = _twice(
        taxpayer,
        RegisterType.SETTLEMENT,
        IsafFile(taxpayer.code, settlements=[Paid()]),
        IsafFile(taxpayer.code, settlements=[Paid(paid_on=date(2026, 10, 21))]),
    )
    [change] = changes.change_page(first, second).rows
    assert list(change.fields) == ["issued"]
    page = client.get(reverse("isaf:register-changes", args=[second.number]))
    assert "2026-10-20" in page.content.decode()


def test_a_part_that_both_show_is_not_read() -> None:
    taxpayer, _, _ = company()
    part_b = [Sold("B 1")]
    acting = make_acting(taxpayer=taxpayer)
    judged(acting, IsafFile(taxpayer.code, part="B", sales=part_b))
    first, second = _twice(
        taxpayer,
        RegisterType.SALES,
        IsafFile(taxpayer.code, sales=[Sold("A 1")]),
        IsafFile(taxpayer.code, sales=[Sold("A 2")]),
    )
    assert len(changes._parts(first, second)["after"]) == 1
    assert [one.key for one in changes.every_change(first, second)] == ["A1", "A2"]


def test_the_page_says_what_differs_and_gives_it_away(
    revised: tuple[Acting, Client, Register, Register],
) -> None:
    _, client, _, second = revised
    address = reverse("isaf:register-changes", args=[second.number])
    page = client.get(address).content.decode()
    assert "<del>100.00</del> <ins>120.00</ins>" in page
    assert "C 1" not in client.get(address, {"kind": "added"}).content.decode()
    table = client.get(reverse("isaf:register-changes-export", args=[second.number, "csv"]))
    lines = b"".join(table).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[2].startswith("Left out;C 1") or lines[2].startswith("Left out,C 1")


def test_the_parts_page_tells_the_revisions(
    revised: tuple[Acting, Client, Register, Register],
) -> None:
    _, client, first, second = revised
    page = client.get(reverse("isaf:register-parts", args=[second.number])).content.decode()
    assert f"?since={first.number}" in page
    assert "What it changed" in page


def test_a_first_revision_has_nothing_before_it(
    revised: tuple[Acting, Client, Register, Register],
) -> None:
    acting, client, first, _ = revised
    assert changes.revision_before(acting, first) is None
    page = client.get(reverse("isaf:register-changes", args=[first.number]))
    assert "This is the first revision" in page.content.decode()


def test_only_revisions_of_the_same_register_are_compared(
    revised: tuple[Acting, Client, Register, Register],
) -> None:
    acting, _, _, second = revised
    other = tell(Taxpayer.objects.get(pk=acting.taxpayer_id), "P", Told("X 1"))
    with pytest.raises(NotFoundError, match="register-not-found"):
        changes.revision_before(acting, second, other.number)


def test_a_limited_mandate_sees_the_changes_of_its_parts() -> None:
    taxpayer, _, _ = company()
    first, second = _twice(
        taxpayer,
        RegisterType.SALES,
        IsafFile(taxpayer.code, part="B", sales=[Sold("B 1")]),
        IsafFile(taxpayer.code, part="C", sales=[Sold("C 1")]),
    )
    person = make_user()
    make_grant(person, taxpayer, "isaf.view", narrowing=only(parts="B"))
    page = client_of(person).get(
        reverse("isaf:register-changes", args=[second.number]), {"since": first.number}
    )
    assert "C 1" not in page.content.decode()


def test_programs_read_the_changes(revised: tuple[Acting, Client, Register, Register]) -> None:
    acting, _, first, second = revised
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    head = make_user()
    make_headship(head, taxpayer)
    _key, plain = make_api_key(head, taxpayer)
    client = Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code})
    told = client.get(reverse("api-isaf-changes", args=[second.number])).json()
    assert (told["since"], told["added"], told["vat"]) == (first.number, 1, "4.20")
    assert told["items"][0]["fields_differ"] == ["number", "issued", "taxable", "vat", "lines"]
    nothing = client.get(reverse("api-isaf-changes", args=[first.number])).json()
    assert (nothing["since"], nothing["items"]) == (None, [])
