"""A worker that is killed, a queue that is emptied: every file ends accepted, once and whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.people import companies
from isaf.making import Recipe, made
from tests.running.house import House, wait_until
from tests.running.registers import company_register, last_ended_month
from tests.running.rest import Program, program_of

pytestmark = pytest.mark.slow

INVOICES = 150_000
KILLED, QUEUED = 9, (11, 12, 13)
"""Of the demo's companies those whose files meet with an accident."""
SECONDS = 120
"""The longest until the sweep has found a lost file and it has been judged."""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a valid file that takes some seconds to judge."""
    recipe = Recipe(INVOICES, 7, companies()[KILLED].code, last_ended_month())
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.writelines(made(recipe))
    return path


@pytest.fixture
def worker(house: House) -> Iterator[None]:
    """Have the worker running again whatever happens."""
    yield
    if "worker" not in house.processes:
        house.start("worker")


@pytest.mark.usefixtures("worker")
def test_a_file_whose_worker_was_killed_is_accepted_once_and_whole(
    house: House, large: Path
) -> None:
    program = program_of(house, companies()[KILLED].code)
    file_id = _sent(program, large)
    read = program.progress(file_id)
    house.kill("worker")
    assert program.file(file_id)["state"] == "PROCESSING"
    assert 0 < read < INVOICES
    house.start("worker")

    stands = program.verdict(file_id, SECONDS)

    assert stands["state"] == "ACCEPTED"
    assert stands["counts"] == {"sales": INVOICES * 4 // 5, "purchases": INVOICES // 5, **_NONE}
    assert house.rows("SELECT attempts FROM intake_document WHERE id = %s", file_id) == [(2,)]
    assert house.rows(_SHOWN, file_id) == [(INVOICES, INVOICES)]
    assert house.rows(_ORPHANS) == [(0,)]
    wait_until(lambda: not list(Path(house.environ["VAR_DIR"], "work").glob("*")))


def test_the_sweep_finds_what_the_queue_has_forgotten(house: House) -> None:
    programs = {place: program_of(house, companies()[place].code) for place in QUEUED}
    house.kill("worker")
    try:
        sent = {place: program.send(company_register(place)) for place, program in programs.items()}
        house.forget_the_queue()
    finally:
        house.start("worker")

    for place, program in programs.items():
        assert program.verdict(sent[place].body["id"], SECONDS)["state"] == "ACCEPTED"


def _sent(program: Program, path: Path) -> str:
    with path.open("rb") as file:
        answer = program.send(file, size=path.stat().st_size)
    assert answer.status == 202, answer
    return str(answer.body["id"])


_NONE = {"settlements": 0}
_SHOWN = (
    "SELECT count(*), count(DISTINCT (invoice.part_id, invoice.position))"
    " FROM isaf_invoice invoice JOIN isaf_registerpart shown USING (part_id)"
    " JOIN isaf_part part ON part.id = shown.part_id WHERE part.document_id = %s"
)
_ORPHANS = (
    "SELECT count(*) FROM isaf_invoice invoice"
    " WHERE part_id NOT IN (SELECT id FROM isaf_part WHERE kept_at IS NOT NULL)"
)
