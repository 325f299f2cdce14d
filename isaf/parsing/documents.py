"""What stands outside the lists: the header, and the document as a whole."""

from copy import deepcopy

from lxml import etree

from imas.kernel.problems import Place, Problem
from isaf.parsing.broken import NOT_VALID
from isaf.parsing.explaining import REGISTERS, Frame
from isaf.parsing.extracting import header_of
from isaf.parsing.lists import LISTS
from isaf.parsing.skeleton import Skeleton
from isaf.parsing.splitting import Splitter
from isaf.parsing.validating import drop_hints, schema_problems
from isaf.types import Header

_HEADER = "Header"


def read_header(skeleton: Skeleton) -> tuple[Header | None, list[Problem]]:
    """Return the header as soon as it has been read: None and the problems when it is not valid.

    A file may hold a header alone, so the header is judged as such a file.
    """
    if skeleton.header is None or skeleton.root is None:
        return None, []
    alone = etree.Element(skeleton.root.tag, nsmap=skeleton.root.nsmap)
    alone.append(deepcopy(skeleton.header))
    drop_hints(alone)
    problems = schema_problems(alone, Frame(skeleton.line_of))
    return (None, problems) if problems else (header_of(alone[0]), [])


def document_problems(splitter: Splitter) -> list[Problem]:
    """Judge a document read to its end: everything but the header and the records."""
    skeleton = splitter.skeleton
    if skeleton.root is None:
        return []
    drop_hints(skeleton.root)
    problems = [
        problem
        for problem in schema_problems(skeleton.root, Frame(skeleton.line_of))
        if problem.place.path.split("/")[0] != _HEADER or len(problem.place.path) == len(_HEADER)
    ]
    if not problems and skeleton.holds_records():
        raise AssertionError("Records were left in the skeleton.")
    return problems + _too_long_lists(splitter.records)


def _too_long_lists(records: dict[str, int]) -> list[Problem]:
    return [
        Problem(
            NOT_VALID,
            place=Place(path=f"{known.parent}/{name}", register=REGISTERS.get(name, "")),
            reason="too-many-elements",
            params={
                "element": known.record,
                "parent": name,
                "limit": str(known.node.most),
            },
        )
        for name, known in LISTS.items()
        if records[name] > known.node.most
    ]
