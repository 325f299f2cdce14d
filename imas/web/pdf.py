"""Papers: PDF/A drawn by Typst from a template of ours and data that is never markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise

PDF = "application/pdf"
_FOLDER = Path(settings.BASE_DIR) / "templates" / "pdf"
_STANDARD: Final = "a-2a"
"""Archivable, tagged for screen readers, with its fonts inside (ISO 19005-2)."""


def pdf_response(filename: str, template: str, data: Mapping[str, Any]) -> HttpResponse:
    """Answer a paper to take away; `template` is a file of templates/pdf.

    Data reach it as JSON, so that nothing in them can be markup, and it can read no file but the
    templates. Texts may be lazy. Memory grows with the paper: whoever calls bounds its rows.
    """
    content = typst.compile(
        _FOLDER / template,
        root=_FOLDER,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, default=_text)},
        pdf_standards=[_STANDARD],
    )
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}"}
    return HttpResponse(content, content_type=PDF, headers=headers)


def _text(value: object) -> str:
    if not isinstance(value, Promise):
        raise TypeError(f"{type(value).__name__} is no text")
    return str(value)
