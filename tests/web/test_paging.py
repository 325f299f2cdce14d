"""Pages by the last row seen."""

import base64
from itertools import chain

import pytest
from django.contrib.contenttypes.models import ContentType

from imas.kernel.errors import UnprocessableError
from imas.web.paging import Cursor, Keyset, Scalar, a_day, a_number, a_text


def _pages(keyset: Keyset, start: str = "") -> list[list[str]]:
    pages = []
    cursor = start
    while True:
        page = keyset.page(ContentType.objects.all(), cursor)
        pages.append([row.model for row in page.rows])
        if not (cursor := page.next):
            return pages


@pytest.mark.django_db
@pytest.mark.parametrize("descending", [False, True])
def test_pages_together_are_the_whole_list_in_order(descending: bool) -> None:
    order = ["-app_label", "-model"] if descending else ["app_label", "model"]
    whole = list(ContentType.objects.order_by(*order).values_list("model", flat=True))
    pages = _pages(Keyset("app_label", "model", descending=descending, size=2))
    assert list(chain(*pages)) == whole


@pytest.mark.django_db
def test_the_way_back_shows_the_same_pages() -> None:
    keyset = Keyset("app_label", "model", size=2)
    rows = ContentType.objects.all()
    first = keyset.page(rows, "")
    second = keyset.page(rows, first.next)
    third = keyset.page(rows, second.next)
    assert list(keyset.page(rows, third.previous).rows) == list(second.rows)
    back = keyset.page(rows, second.previous)
    assert (list(back.rows), back.previous) == (list(first.rows), "")
    assert back.next == first.next


@pytest.mark.django_db
def test_the_first_page_has_none_before_it_and_the_last_none_after() -> None:
    page = Keyset("id", size=1000).page(ContentType.objects.all(), "")
    assert (page.next, page.previous) == ("", "")


@pytest.mark.parametrize(
    "text", ["x", "ąčę", base64.urlsafe_b64encode(b'{"a":1}').decode(), str(Cursor(("a",)))]
)
def test_a_foreign_cursor_is_refused(text: str) -> None:
    with pytest.raises(UnprocessableError, match="bad-cursor"):
        Cursor.parse(text, a_text, a_number)


@pytest.mark.parametrize(
    "values", [("2026-10-01", "5"), ("2026-10-01", True), ("2026-13-01", 5), (5, 5), ("\0", 5)]
)
def test_a_cursor_of_other_columns_is_refused(values: tuple[Scalar, ...]) -> None:
    with pytest.raises(UnprocessableError, match="bad-cursor"):
        Cursor.parse(str(Cursor(values)), a_day, a_number)


@pytest.mark.django_db
@pytest.mark.parametrize("values", [("x", "user"), (1, "a\0")])
def test_a_list_refuses_what_its_columns_cannot_hold(values: tuple[Scalar, ...]) -> None:
    with pytest.raises(UnprocessableError, match="bad-cursor"):
        Keyset("id", "model").page(ContentType.objects.all(), str(Cursor(values)))


def test_a_cursor_reads_back() -> None:
    cursor = Cursor(("2026-10-01", 5, "Ž"), backwards=True)
    assert Cursor.parse(str(cursor), a_day, a_number, a_text) == cursor
