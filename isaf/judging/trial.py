"""One file before the judge: header, chunks, skeleton, in one pass."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from imas.kernel.periods import Period
from imas.kernel.problems import Problem, any_error
from isaf import rules
from isaf.judging.chunks import REGISTERS, Setup
from isaf.judging.masters import MasterFile, MasterIndex
from isaf.judging.sink import StorePlan
from isaf.judging.verdicts import ChunkVerdict, FindingsLike, Kept, RegisterSummary, Summary
from isaf.judging.workers import OneProcess, SeveralProcesses, Workers
from isaf.parsing.broken import BrokenDocumentError
from isaf.parsing.documents import document_problems, read_header
from isaf.parsing.lists import Chunk
from isaf.parsing.splitting import Splitter
from isaf.types import FileContext, Header, PartyKind, RegisterType, TaxpayerFacts

FactsOf = Callable[[Header], TaxpayerFacts]
Store = Callable[[Header, TaxpayerFacts | None], StorePlan | None]
Progress = Callable[[int, int], None]

_MASTER_FILES = "MasterFiles"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a file is to be judged, see `isaf.judging.judge`; `workers` 0 is this process itself."""

    today: date
    facts_of: FactsOf | None
    store: Store | None
    progress: Progress | None
    workers: int


@dataclass
class _Found:
    """What has been found so far, by stage: a fault of the schema or an error of the header
    silences the rules of records.

    A header that is valid by itself is judged whatever is wrong after it, so that both are mended
    in one go.
    """

    schema: Kept = field(default_factory=Kept)
    header: list[Problem] = field(default_factory=list)
    rules: Kept = field(default_factory=Kept)

    def hand_to(self, findings: FindingsLike) -> None:
        """Report what was found, the header's first."""
        findings.add(self.header)
        if self.schema.problems:
            self.schema.problems.sort(key=lambda problem: problem.place.line or 0)
            self.schema.hand_to(findings)
        else:
            self.rules.hand_to(findings)


class Trial:
    """Judges the file at `path`; `room` is an empty directory for what does not fit in memory."""

    def __init__(self, path: Path, terms: Terms, room: Path) -> None:
        self._path = path
        self._terms = terms
        self._found = _Found()
        self._header: Header | None = None
        self._facts: TaxpayerFacts | None = None
        self._registers = {register: RegisterSummary() for register in RegisterType}
        self._workers: Workers | None = None
        self._masters = MasterFile(room / "masters.db")
        self._indexes = {kind: MasterIndex(room / "masters.db", kind) for kind in PartyKind}
        self._in_masters = True

    def run(self, findings: FindingsLike) -> Summary:
        """Read the file to its end, or to where it cannot be read any more."""
        with self._path.open("rb") as file:
            try:
                self._read(file, Splitter(file))
            finally:
                self._close()
        self._found.hand_to(findings)
        return Summary(
            header=self._header,
            schema_ok=not self._found.schema.problems,
            header_ok=self._header is not None and not any_error(self._found.header),
            registers=self._registers,
        )

    def _read(self, file: BinaryIO, splitter: Splitter) -> None:
        try:
            for chunk in splitter:
                self._take_chunk(chunk, splitter)
                self._tell(file.tell(), splitter)
            self._ready(splitter)
            self._take(self._finished())
            self._add_schema(document_problems(splitter))
            self._judge_contents(splitter)
        except BrokenDocumentError as error:
            self._ready(splitter)
            self._take(self._finished())
            self._add_schema([error.problem])
        self._tell(file.tell(), splitter)

    def _take_chunk(self, chunk: Chunk, splitter: Splitter) -> None:
        workers = self._ready(splitter)
        if self._in_masters and chunk.envelope.records.parent != _MASTER_FILES:
            self._take(workers.finish())
            self._in_masters = False
        self._take(workers.judge(chunk))

    def _ready(self, splitter: Splitter) -> Workers:
        """Judge the header when it is there, and make the workers ready for what follows it."""
        if self._workers is None:
            self._header, problems = read_header(splitter.skeleton)
            self._add_schema(problems)
            setup = self._setup()
            count = self._terms.workers
            self._workers = (
                SeveralProcesses(setup, count, self._path) if count else OneProcess(setup)
            )
        return self._workers

    def _setup(self) -> Setup:
        header, terms = self._header, self._terms
        if header is None:
            return Setup(None, None)
        facts = self._facts = terms.facts_of(header) if terms.facts_of else None
        self._found.header += rules.header_problems(header, facts, terms.today)
        if any_error(self._found.header) or header.period is None:
            return Setup(None, None)
        plan = terms.store(header, facts) if terms.store else None
        return Setup(self._context(header, header.period, facts), plan)

    def _context(self, header: Header, period: Period, facts: TaxpayerFacts | None) -> FileContext:
        return FileContext(
            taxpayer_code=header.registration_number,
            taxpayer_vat=facts.vat_code if facts else "",
            period=period,
            data_type=header.data_type,
            today=self._terms.today,
            cash_accounting=facts.cash_accounting if facts else None,
            customers=self._indexes[PartyKind.CUSTOMER],
            suppliers=self._indexes[PartyKind.SUPPLIER],
        )

    def _judge_contents(self, splitter: Splitter) -> None:
        """Ask the header about the records there are, faulty ones too."""
        if self._header is not None and not any_error(self._found.header):
            counts = {register: splitter.records[name] for name, register in REGISTERS.items()}
            self._found.header += rules.contents_problems(
                self._header, self._facts, counts, self._terms.today
            )

    def _take(self, verdicts: Iterable[ChunkVerdict]) -> None:
        for verdict in verdicts:
            self._found.schema.merge(verdict.schema)
            self._found.rules.merge(verdict.rules)
            self._masters.add(verdict.masters)
            if verdict.register is not None:
                self._registers[verdict.register].merge(verdict.summary)

    def _finished(self) -> Iterable[ChunkVerdict]:
        return self._workers.finish() if self._workers else ()

    def _add_schema(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._found.schema.add(problem)

    def _tell(self, bytes_read: int, splitter: Splitter) -> None:
        if self._terms.progress is not None:
            self._terms.progress(bytes_read, sum(splitter.records.values()))

    def _close(self) -> None:
        if self._workers is not None:
            self._workers.close()
        self._masters.close()
        for index in self._indexes.values():
            index.close()
