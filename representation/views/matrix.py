"""Who of our people may do what for which client."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from imas.web.exports import csv_response, xlsx_response
from representation import limits
from representation.bulk_forms import MatrixForm
from representation.matrix import MatrixRow, every_row, matrix_page, matrix_people, matrix_rights
from representation.messages import right_words, rights_by_subsystem, state_words
from representation.requests import PortalRequest
from representation.rights import RIGHTS


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Show people × clients × rights, a page of them."""
    acting = cast("PortalRequest", request).acting
    form = MatrixForm(matrix_people(acting), request.GET)
    page = matrix_page(acting, form.query, request.GET.get("at", ""))
    rights = matrix_rights(acting)
    context = {
        "form": form,
        "page": page,
        "rows": [_shown(row, rights) for row in page.rows],
        "groups": rights_by_subsystem(rights),
        "is_filtered": any(form.cleaned_data.values()),
        "asked": request.GET.urlencode(),
    }
    return render(request, "representation/matrix.html", context)


@require_safe
def matrix_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give all of it as a table to take away."""
    acting = cast("PortalRequest", request).acting
    asked = MatrixForm(matrix_people(acting), request.GET).query
    answer = xlsx_response if form == "xlsx" else csv_response
    whose, how = (_("Client"), _("Code"), _("Person")), (_("Limits"), _("Last day"), _("State"))
    headers = [str(head) for head in (*whose, *RIGHTS.values(), *how)]
    return answer(f"atstovai.{form}", headers, _cells(every_row(acting, asked)))


def _shown(row: MatrixRow, rights: Sequence[str]) -> dict[str, Any]:
    return {
        "row": row,
        "cells": [(right_words(right), right in row.rights) for right in rights],
        "limits": limits.words(row.limits),
        "state": state_words(row.mandate.state),
    }


def _cells(rows: Iterator[MatrixRow]) -> Iterator[Sequence[Any]]:
    yes, broken = str(_("yes")), str(_("the chain is broken"))
    for row in rows:
        mandate = row.mandate
        yield (
            mandate.taxpayer.name,
            mandate.taxpayer.code,
            mandate.holder_name,
            *(yes if right in row.rights else "" for right in RIGHTS),
            "; ".join(limits.words(row.limits)),
            row.until,
            broken if row.is_broken else state_words(mandate.state),
        )
