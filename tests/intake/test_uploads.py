"""Bodies of any size come in through a constant amount of memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import RequestFactory
from pytest_django import Settings
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from intake.models import Document
from intake.uploads import DOCUMENT_PARSERS, document_of
from tests.intake.processes import environment
from tests.make import make_acting

MEGABYTES = 200


def parsed(wsgi: object) -> Request:
    return Request(wsgi, parsers=[parser() for parser in DOCUMENT_PARSERS])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("application/xml", "document.xml"),
        ("application/xml; charset=utf-16", "document.xml"),
        ("text/xml", "document.xml"),
        ("application/gzip", "document.xml.gz"),
        ("application/zip", "document.zip"),
    ],
)
def test_a_raw_body_is_a_document_with_a_name(content_type: str, name: str) -> None:
    wsgi = APIRequestFactory().generic("POST", "/", "<a/>", content_type)
    file = document_of(parsed(wsgi))
    assert (file.name, file.size, file.read()) == (name, 4, b"<a/>")
    assert isinstance(file, TemporaryUploadedFile)
    assert not Path(file.temporary_file_path()).exists()
    wsgi.close()


def test_a_raw_body_may_tell_its_name() -> None:
    wsgi = APIRequestFactory().generic(
        "POST",
        "/",
        "<a/>",
        "application/xml",
        headers={"Content-Disposition": "attachment; filename*=UTF-8''spalis%20%C5%A1.xml"},
    )
    assert document_of(parsed(wsgi)).name == "spalis š.xml"
    wsgi.close()


def test_a_raw_body_of_no_bytes_is_an_empty_document() -> None:
    wsgi = APIRequestFactory().generic("POST", "/", "", "application/xml", CONTENT_LENGTH="0")
    file = document_of(parsed(wsgi))
    assert (file.name, file.size) == ("document.xml", 0)


def test_no_more_than_one_byte_over_the_limit_is_written(settings: Settings) -> None:
    settings.INTAKE_MAX_FILE_BYTES = 100_000
    body = b"<" * 1_000_000
    raw = APIRequestFactory().generic("POST", "/", body.decode(), "application/xml")
    form = RequestFactory().post("/", {"document": SimpleUploadedFile("a.xml", body)})
    for wsgi in (raw, form):
        file = document_of(parsed(wsgi))
        assert isinstance(file, TemporaryUploadedFile)
        assert os.fstat(file.fileno()).st_size == 100_001
        wsgi.close()


def test_a_request_without_a_document_is_told_which_field_is_missing() -> None:
    wsgi = APIRequestFactory().post("/", {"a": "b"}, format="multipart")
    with pytest.raises(ValidationError):
        document_of(parsed(wsgi))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["raw", "multipart"])
def test_a_large_body_takes_no_more_memory_than_a_small_one(
    kind: str, documents_dir: Path, tmp_path: Path
) -> None:
    acting = make_acting()
    told = {name: getattr(acting, name) for name in ("user_id", "taxpayer_id")}
    told |= {"taxpayer_code": "", "taxpayer_vat": "", "taxpayer_name": ""}
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.intake.upload_memory",
            kind,
            str(MEGABYTES),
            json.dumps(told),
        ],
        env=environment(documents_dir, tmp_path / "work"),
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    result = json.loads(run.stdout)
    document = Document.objects.get()
    assert document.size == result["size"] >= MEGABYTES * 1_000_000
    assert (documents_dir / document.storage_name).stat().st_size == document.size
    assert result["grown"] < 30
