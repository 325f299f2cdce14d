"""Saved views on the pages of lists: which there are, and what of an address is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import QueryDict

from isaf.forms.crosscheck import PairFilterForm
from isaf.forms.filters import InvoiceFilterForm
from isaf.models import SavedView
from isaf.pages.groups import GroupForm
from isaf.types import ViewPage
from representation.types import Acting

_FORMS: Mapping[ViewPage, type[forms.Form]] = {
    ViewPage.INVOICES: InvoiceFilterForm,
    ViewPage.GROUPS: GroupForm,
    ViewPage.PAIRS: PairFilterForm,
}
_OF_THE_MOMENT = frozenset({"period"})
"""What an address says that a view does not: it is of use in every period."""


@dataclass(frozen=True, slots=True)
class ShownView:
    """A saved view, its address on the page shown, and whether it is what is shown."""

    view: SavedView
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class SavedViews:
    """The views of a page; `may_be_saved` tells that the filter shown has no name yet."""

    page: ViewPage
    shown: list[ShownView]
    may_be_saved: bool


def saved_views(acting: Acting, page: ViewPage, query: QueryDict) -> SavedViews:
    """Return the person's views of a page that shows what a query asks for; one query."""
    asked = kept_query(page, query)
    period = {name: query.get(name, "") for name in _OF_THE_MOMENT & set(query)}
    shown = [
        ShownView(view, _address(view.query, period), view.query == asked)
        for view in SavedView.objects.of(acting).filter(page=page)
    ]
    return SavedViews(page, shown, bool(asked) and not any(one.is_current for one in shown))


def kept_query(page: ViewPage, query: Mapping[str, str]) -> str:
    """Return what a view keeps of a query, in the order of the filter's fields."""
    names: Iterable[str] = _FORMS[page].base_fields
    kept: dict[str, Any] = {
        name: query[name] for name in names if query.get(name) and name not in _OF_THE_MOMENT
    }
    return urlencode(kept)


def query_of(address: str) -> QueryDict:
    """Return the query of an address of ours."""
    return QueryDict(urlsplit(address).query)


def _address(query: str, period: Mapping[str, str]) -> str:
    return f"?{query}&{urlencode(period)}" if period else f"?{query}"
