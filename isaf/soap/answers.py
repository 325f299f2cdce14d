"""What the uploader answers, as XML: elements of `schemas/isaf/uploader/uploader.xsd`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Union

from django.utils import translation
from lxml import etree

from imas.kernel.errors import DomainError
from imas.kernel.problems import Place, Problem
from imas.web.exceptions import Refusal, refusal_of
from imas.web.messages import words_for
from intake.models import ProblemRow
from intake.presenting import LANGUAGES, problem_message, words_of
from intake.soap import ENVELOPE
from intake.types import PROBLEMS_KEPT

NAMESPACE = "urn:isaf:uploader:v1"
KIND = "isaf"

Value = Union[str, bool, date, "Nodes", "Localised", None]
Nodes = Sequence[tuple[str, Value]]
"""Elements in their order; one whose value is None or "" is left out."""

_OFFICIAL = {"taxpayer-not-yours": ("14408", "PROXY_INFO_MISMATCH")}
"""Refusals of this house that the specification has a number for."""


class Localised(str):
    """A text in one language."""

    __slots__ = ("locale",)
    locale: str

    @classmethod
    def of(cls, text: str, locale: str) -> "Localised":
        """Return the text, marked with its language."""
        made = cls(text)
        made.locale = locale
        return made


def answer(operation: str, nodes: Nodes) -> bytes:
    """Return an envelope with the response of an operation."""
    envelope, body = _envelope()
    _fill(etree.SubElement(body, _name(f"{operation}Response")), nodes)
    return _written(envelope)


def fault(refusal: Refusal) -> bytes:
    """Return an envelope with a fault; its detail has the stable code of the refusal."""
    envelope, body = _envelope()
    element = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    side = "Server" if refusal.status >= 500 else "Client"
    code = "VersionMismatch" if refusal.code == "soap-version" else side
    etree.SubElement(element, "faultcode").text = f"soap:{code}"
    text = etree.SubElement(element, "faultstring")
    text.text = refusal.title
    detail = etree.SubElement(element, "detail")
    found = etree.SubElement(detail, _name("FaultDetail"))
    _fill(found, [("code", refusal.code), ("detail", refusal.detail)])
    return _written(envelope)


def errors_of(rows: Iterable[ProblemRow]) -> Nodes | None:
    """Return the findings, at most 2 000: when there are more, the last says so."""
    found = list(islice((row.problem for row in rows), PROBLEMS_KEPT + 1))
    if len(found) > PROBLEMS_KEPT:
        return [*_errors(found[: PROBLEMS_KEPT - 1]), ("error", _LIMIT_REACHED)]
    return list(_errors(found)) or None


def refused_by(code: str) -> Nodes:
    """Return the one finding by which a file was refused at the door."""
    return list(_errors([Problem(code)]))


def error_of(refused: DomainError) -> Nodes:
    """Return what a refusal of this house is in the words of the specification."""
    refusal = refusal_of(refused)
    code, name = _OFFICIAL.get(refused.code, (refused.code, _system(refused.code)))
    said = [
        ("description", Localised.of(_told(refusal, language), language))
        for language in LANGUAGES
        if refusal
    ]
    return [
        ("severity", "ERROR"),
        ("systemCode", name),
        ("errorCode", code),
        ("descriptions", said),
    ]


_LIMIT_REACHED: Nodes = [
    ("severity", "INFO"),
    ("systemCode", "ERROR_LIMIT_REACHED"),
    ("errorCode", "ERROR_LIMIT_REACHED"),
]


def _errors(problems: Iterable[Problem]) -> Iterator[tuple[str, Value]]:
    for problem in problems:
        nodes: Nodes = [
            ("severity", problem.severity.value.upper()),
            ("systemCode", words_of(KIND, problem).system_code or _system(problem.code)),
            ("detail", _detail(problem.place)),
            ("errorCode", problem.code),
            (
                "descriptions",
                [
                    ("description", Localised.of(problem_message(KIND, problem, lang), lang))
                    for lang in LANGUAGES
                ],
            ),
        ]
        yield "error", nodes


def _detail(place: Place) -> str:
    parts = (
        place.register,
        place.invoice_no,
        place.path,
        f"{place.line}:{place.column or 1}" if place.line else "",
    )
    return "; ".join(filter(None, parts))


def _system(code: str) -> str:
    return code.upper().replace("-", "_").replace(".", "_")


def _told(refusal: Refusal, language: str) -> str:
    with translation.override(language):
        title, detail = words_for(refusal.code, refusal.shared_code, refusal.params)
        return f"{title}. {detail}"


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE, "v1": NAMESPACE})
    return envelope, etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")


def _fill(element: etree._Element, nodes: Nodes) -> None:
    for name, value in nodes:
        if value is None or value == "":
            continue
        child = etree.SubElement(element, _name(name))
        if isinstance(value, str):
            child.text = value
            if isinstance(value, Localised):
                child.set("locale", value.locale)
        elif isinstance(value, bool | date):
            child.text = _text(value)
        else:
            _fill(child, value)


def _text(value: bool | date) -> str:  # noqa: FBT001 - a value to write
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _written(envelope: etree._Element) -> bytes:
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
