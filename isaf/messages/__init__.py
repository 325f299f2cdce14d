"""Words for every i.SAF fault code and every reason, in the reader's language.

A bookkeeper reads them, not a programmer: what is wrong, what was found, what to write instead.
"""

from collections.abc import Mapping

from django.utils.translation import gettext, override

from imas.kernel.problems import Problem
from intake.types import Words
from isaf.messages import file, invoices, parties, schema, settlements, totals
from isaf.messages.shape import Sentences, Titles
from isaf.rules import faults

__all__ = ["SENTENCES", "TITLES", "render", "system_code", "words"]

_OTHER_RECORDS = ("MasterFiles/", "SourceDocuments/SettlementsAndPayments/")
_ROOMS = (file, schema, parties, invoices, totals, settlements)

TITLES: Titles = {code: title for room in _ROOMS for code, title in room.TITLES.items()}
SENTENCES: Sentences = {key: said for room in _ROOMS for key, said in room.SENTENCES.items()}


class _Known(dict[str, str]):
    """Params in which what is not known reads as nothing."""

    def __missing__(self, _: str) -> str:
        return ""


def words(code: str, reason: str = "") -> Words:
    """Return the words of a finding; a reason without words of its own says what its code says.

    A code that is not in the table of fault codes is a KeyError.
    """
    message, mend = SENTENCES.get((code, reason)) or SENTENCES[code, ""]
    return Words(message, TITLES[code], mend, faults.system_code(code))


def system_code(code: str) -> str:
    """Return the official system name of a code; KeyError when there is no such code."""
    return faults.system_code(code)


def render(problem: Problem, language: str) -> str:
    """Return the whole sentence of a finding in a language: where, what is wrong, how to mend it.

    Plain text: values come from the taxpayer's file, so a page must escape it.
    """
    with override(language):
        said = words(problem.code, problem.reason)
        params = _params(problem)
        sentence = " ".join(str(part) % params for part in (said.message, said.mend) if part)
        return _placed(sentence, problem)


def _params(problem: Problem) -> Mapping[str, str]:
    return _Known(
        {**problem.params, "value": problem.value, "invoice_no": problem.place.invoice_no}
    )


def _placed(sentence: str, problem: Problem) -> str:
    place = problem.place
    known = {"invoice_no": place.invoice_no, "line": place.line, "message": sentence}
    in_an_invoice = place.invoice_no and not place.path.startswith(_OTHER_RECORDS)
    if in_an_invoice and place.line:
        return gettext("Invoice %(invoice_no)s, line %(line)s: %(message)s") % known
    if in_an_invoice:
        return gettext("Invoice %(invoice_no)s: %(message)s") % known
    if place.line:
        return gettext("Line %(line)s: %(message)s") % known
    return sentence
