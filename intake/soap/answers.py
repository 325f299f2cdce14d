"""What a service answers, as XML: elements of its own schema, and faults."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Union

from django.utils import translation
from lxml import etree

from imas.kernel.errors import DomainError
from imas.kernel.problems import Place, Problem
from imas.web.exceptions import Refusal, refusal_of
from imas.web.messages import words_for
from intake.presenting import LANGUAGES, problem_message, words_of
from intake.soap.reading import ENVELOPE
from intake.types import PROBLEMS_KEPT

Value = Union[str, bool, int, date, "Nodes", "Localised", None]
Nodes = Sequence[tuple[str, Value]]
"""Elements in their order; one whose value is None or "" is left out."""


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


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the answers of one service.

    `kind` is the sort of document whose words problems are told in, `official` what refusals of
    this house are called in a specification: number and name by code. `has_paths`: the path of a
    problem is an element of its own.
    """

    namespace: str
    kind: str
    official: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    has_paths: bool = False

    def answer(self, operation: str, nodes: Nodes) -> bytes:
        """Return an envelope with the response of an operation."""
        envelope, body = self._envelope()
        self._fill(etree.SubElement(body, self._name(f"{operation}Response")), nodes)
        return _written(envelope)

    def fault(self, refusal: Refusal) -> bytes:
        """Return an envelope with a fault; its detail has the stable code of the refusal."""
        envelope, body = self._envelope()
        element = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
        side = "Server" if refusal.status >= 500 else "Client"
        code = "VersionMismatch" if refusal.code == "soap-version" else side
        etree.SubElement(element, "faultcode").text = f"soap:{code}"
        text = etree.SubElement(element, "faultstring")
        text.text = refusal.title
        detail = etree.SubElement(element, "detail")
        found = etree.SubElement(detail, self._name("FaultDetail"))
        self._fill(found, [("code", refusal.code), ("detail", refusal.detail)])
        return _written(envelope)

    def errors_of(self, problems: Iterable[Problem]) -> Nodes | None:
        """Return the findings, at most 2 000: when there are more, the last says so."""
        found = list(islice(problems, PROBLEMS_KEPT + 1))
        if len(found) > PROBLEMS_KEPT:
            return [*self._errors(found[: PROBLEMS_KEPT - 1]), ("error", _LIMIT_REACHED)]
        return list(self._errors(found)) or None

    def refused_by(self, code: str) -> Nodes:
        """Return the one finding by which a file was refused at the door."""
        return list(self._errors([Problem(code)]))

    def error_of(self, refused: DomainError) -> Nodes:
        """Return what a refusal of this house is as an error of the service."""
        refusal = refusal_of(refused)
        code, name = self.official.get(refused.code, (refused.code, _system(refused.code)))
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

    def _errors(self, problems: Iterable[Problem]) -> Iterator[tuple[str, Value]]:
        for problem in problems:
            name = words_of(self.kind, problem).system_code or _system(problem.code)
            said = [
                ("description", Localised.of(problem_message(self.kind, problem, lang), lang))
                for lang in LANGUAGES
            ]
            nodes: Nodes = [
                ("severity", problem.severity.value.upper()),
                ("systemCode", name),
                ("detail", _detail(problem.place)),
                ("errorCode", problem.code),
                ("path", problem.place.path if self.has_paths else None),
                ("descriptions", said),
            ]
            yield "error", nodes

    def _envelope(self) -> tuple[etree._Element, etree._Element]:
        names = {"soap": ENVELOPE, "v1": self.namespace}
        envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap=names)
        return envelope, etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")

    def _fill(self, element: etree._Element, nodes: Nodes) -> None:
        for name, value in nodes:
            if value is None or value == "":
                continue
            child = etree.SubElement(element, self._name(name))
            if isinstance(value, str):
                child.text = value
                if isinstance(value, Localised):
                    child.set("locale", value.locale)
            elif isinstance(value, bool | int | date):
                child.text = _text(value)
            else:
                self._fill(child, value)

    def _name(self, local: str) -> str:
        return f"{{{self.namespace}}}{local}"


_LIMIT_REACHED: Nodes = [
    ("severity", "INFO"),
    ("systemCode", "ERROR_LIMIT_REACHED"),
    ("errorCode", "ERROR_LIMIT_REACHED"),
]


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


def _text(value: bool | int | date) -> str:  # noqa: FBT001 - a value to write
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _written(envelope: etree._Element) -> bytes:
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
