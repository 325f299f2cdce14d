"""What is shown of a document, in both languages, in every state."""

import io
from collections.abc import Mapping

import openpyxl
import pytest
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.utils import translation

from imas.kernel.errors import RefusedDocumentError
from imas.kernel.problems import Place, Problem, Severity
from imas.web.exceptions import refusal_of
from imas.web.exports import csv_response, xlsx_response
from imas.web.messages import words_for
from intake import messages, presenting, standing
from intake.models import Document
from intake.services.findings import write_findings
from intake.types import DocumentState, Findings, Stage
from tests.intake.make import BAD, GOOD, TOY, judged, send
from tests.make import make_acting

pytestmark = pytest.mark.django_db


def found(*problems: Problem, totals: Mapping[str, int] | None = None, limit: int = 9) -> Document:
    document = judged(GOOD)
    findings = Findings(limit)
    findings.add(problems)
    for code, count in (totals or {}).items():
        findings.add_total(code, Severity.ERROR, count)
    write_findings(document, findings)
    return document


def a_problem(code: str = "toy.bad", severity: Severity = Severity.ERROR, **more: str) -> Problem:
    place = Place(3, 4, "toy/row[1]", "TOY", "A-1")
    return Problem(code, severity, place, "x", {"row": "7"}, **more)


def test_groups_come_errors_first_then_by_number() -> None:
    document = found(
        a_problem("toy.info", Severity.INFO),
        *[a_problem("toy.warning", Severity.WARNING)] * 3,
        a_problem("toy.one"),
        *[a_problem("toy.two")] * 2,
    )
    groups = presenting.problem_groups(document)
    assert [group.code for group in groups] == ["toy.two", "toy.one", "toy.warning", "toy.info"]
    assert [group.count for group in groups] == [2, 1, 3, 1]


def test_a_group_shows_its_first_places_and_tells_of_the_rest() -> None:
    (group,) = presenting.problem_groups(found(*[a_problem()] * 9))
    assert (len(group.examples), group.count, group.more) == (presenting.EXAMPLES, 9, 4)
    assert group.examples[0].message == "Row 7 holds x."
    assert (group.title, group.mend, group.system_code) == ("Bad row", "Mend it.", "TOY_BAD")


def test_counts_of_a_group_are_exact_beyond_what_is_kept() -> None:
    (group,) = presenting.problem_groups(found(*[a_problem()] * 20, limit=9))
    assert (group.count, group.is_at_least) == (20, False)


def test_reasons_of_one_code_are_groups_of_at_least_so_many() -> None:
    document = found(a_problem(reason="a"), *[a_problem(reason="b")] * 12, limit=9)
    counts = {group.reason: group for group in presenting.problem_groups(document)}
    assert (counts["a"].count, counts["b"].count) == (1, 8)
    assert counts["b"].is_at_least


def test_problems_that_were_only_counted_are_a_group_too() -> None:
    document = found(totals={"toy.many": 5000})
    (group,) = presenting.problem_groups(document)
    assert (group.code, group.count, list(group.examples)) == ("toy.many", 5000, [])


def test_a_param_nobody_gave_is_a_dash() -> None:
    assert presenting.problem_message(TOY, Problem("toy.bad"), "en") == "Row – holds ."


def test_a_problem_item_says_everything_in_both_languages() -> None:
    item = presenting.problem_item(TOY, judged(BAD).problems.get())
    assert item == {
        "code": "toy.bad",
        "system_code": "TOY_BAD",
        "reason": "",
        "severity": "error",
        "message": {"lt": "Row 1 holds bad.", "en": "Row 1 holds bad."},
        "line": 1,
        "column": 6,
        "path": "toy/bad[1]",
        "register": "TOY",
        "invoice_no": "A1",
        "value": "bad",
    }


def test_a_document_item_has_the_receipt_and_the_summary() -> None:
    item = presenting.document_item(judged(BAD))
    assert item["state"] == "REJECTED"
    assert item["problems_summary"] == [{"code": "toy.bad", "severity": "error", "count": 1}]
    assert set(item["receipt"]) == {"number", "sha256", "size", "received_at"}


def test_problems_are_paged_in_the_order_of_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenting.BY_POSITION, "size", 4)
    document = found(*[a_problem(f"toy.{number}") for number in range(9)])
    seen: list[str] = []
    cursor = ""
    while True:
        page = presenting.problem_page(document, cursor)
        seen += [row.code for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert seen == [f"toy.{number}" for number in range(9)]


def test_problems_are_paged_by_code_and_severity() -> None:
    document = found(a_problem("toy.a"), a_problem("toy.b", Severity.INFO))
    assert [row.code for row in presenting.problem_page(document, code="toy.a").rows] == ["toy.a"]
    assert [row.code for row in presenting.problem_page(document, severity="info").rows] == [
        "toy.b"
    ]


def test_the_table_to_take_away_has_every_problem_with_its_place() -> None:
    document = found(a_problem(), a_problem("toy.info", Severity.INFO))
    with translation.override("en"):
        headers, rows = presenting.export_rows(document.kind, document.problems.iterator())
        response = xlsx_response("a.xlsx", headers, rows)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    response.close()
    assert lines[0][:4] == ("Severity", "Code", "Official name", "What is wrong")
    assert lines[1][3:6] == ("Row 7 holds x.", "Mend it.", "x")
    assert lines[1][7:] == ("TOY", "A-1", 3, 4, "toy/row[1]")
    assert len(lines) == 3


def test_the_csv_speaks_the_language_it_was_asked_in() -> None:
    document = found(a_problem())
    with translation.override("en"):
        response = csv_response(
            "a.csv", *presenting.export_rows(document.kind, document.problems.iterator())
        )
    with translation.override("lt"):
        assert "Row 7 holds x." in b"".join(response).decode()


def test_history_tells_every_state() -> None:
    states = [event.state for event in standing.history(judged(GOOD))]
    assert states == ["ACCEPTED", "PROCESSING", "UPLOADED"]
    assert [event.state for event in standing.history(send(b""))] == ["UPLOAD_REJECTED"]


def test_progress_knows_its_share_only_while_reading() -> None:
    document = send(GOOD)
    assert standing.progress(document).is_waiting_in_line
    document.stage, document.bytes_read, document.total_bytes = Stage.READING, 50, 200
    document.records = 12
    progress = standing.progress(document)
    assert (progress.percent, progress.is_waiting_in_line) == (25, False)
    assert [step["state"] for step in progress.steps][:4] == ["done", "done", "current", "waiting"]
    assert "12" in progress.detail
    document.stage = Stage.STORING
    assert standing.progress(document).percent is None


def test_every_state_stage_and_own_code_has_words() -> None:
    assert set(messages.STATES) == set(DocumentState)
    assert set(messages.STAGES) == set(Stage)
    for (code, reason), words in messages.PROBLEMS.items():
        problem = Problem(code, params=dict.fromkeys(("limit", "name", "number", "received"), "1"))
        assert "–" not in presenting.filled(words.message, problem), (code, reason)


@pytest.mark.parametrize("language", ["lt", "en"])
def test_every_state_is_drawn(language: str) -> None:
    acting = make_acting()
    first = judged(GOOD, acting)
    documents = [first, send(GOOD, acting), send(b"")]
    documents += [judged(BAD), send(GOOD), judged(GOOD, dry_run=True)]
    documents.append(found(*[a_problem()] * 20))
    failed = judged(BAD + b" ")
    failed.state = DocumentState.FAILED
    with translation.override(language):
        for document in [*documents, failed]:
            receipt = render_to_string("intake/_receipt.html", {"document": document})
            parse_html(render_to_string("intake/_verdict.html", {"document": document}))
            assert document.number in receipt
            groups = presenting.problem_groups(document)
            drawn = render_to_string(
                "intake/_problems.html", {"document": document, "groups": groups}
            )
            parse_html(drawn)
            assert ("<details" in drawn) == bool(groups)


def test_progress_is_polled_only_while_there_is_some() -> None:
    waiting, done = send(GOOD), judged(GOOD)
    context = {"poll_url": "/poll"}
    drawn = render_to_string("intake/_progress.html", {"document": waiting, **context})
    assert 'hx-get="/poll"' in drawn
    assert not render_to_string("intake/_progress.html", {"document": done, **context}).strip()


@pytest.mark.parametrize("code", ["11001", "11002", "11003", "11007"])
def test_a_refusal_at_the_door_has_words_for_programs(code: str) -> None:
    refusal = refusal_of(RefusedDocumentError(code))
    assert refusal is not None
    assert refusal.body()["code"] == code
    assert refusal.title != words_for("refused-document", "refused", {})[0]
    assert refusal.detail


def test_a_group_knows_which_columns_say_something() -> None:
    (told,) = presenting.problem_groups(found(a_problem()))
    assert told.told == {"value", "invoice", "place"}
    (mute,) = presenting.problem_groups(found(Problem("toy.bad")))
    assert not mute.told
