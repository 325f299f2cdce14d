"""The taxpayer register taken in as a file, and asked about a code or a name.

Seconds are those of a first import of taxpayers, applied at once; the reference is a bare COPY of
the same rows into an empty table of the same columns and indexes, which checks and compares
nothing. The notes tell of the other files of the same size and of look-ups: the 95th percentile of
server time of the web service, without the network.
"""

import csv
import random
import statistics
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from stdnum.ee.ik import calc_check_digit as personal_check_digit
from stdnum.lt import pvm

from bench.memory import PeakMemory
from bench.result import Result

if TYPE_CHECKING:
    from django.test import Client

_LOOK_UPS = 300
_WORDS = "Vilnija Nemunas Dubysa Žemaitija Giria Statyba Medis Pienas Kelias Šviesa".split()  # noqa: SIM905


def measure(size: int) -> Result:
    """Import `size` taxpayers, their VAT codes, heads and employees."""
    from bench.ground import empty
    from imas.embedded.notes import var_dir

    empty()
    files = var_dir() / "files"
    _write_all(files, size)
    with PeakMemory() as memory:
        seconds = _import("taxpayers", files)
        notes = [f"{kind} {_import(kind, files):.1f} s" for kind in ("vat", "heads")]
        notes.append(f"taxpayers again, nothing new {_import('taxpayers', files):.1f} s")
    return Result(
        "registers",
        size,
        seconds,
        "bare COPY of the same rows into such a table",
        _bare_copy(files / "taxpayers.csv"),
        memory.megabytes,
        notes="; ".join([*notes, *_look_ups(size)]),
    )


def _import(kind: str, files: Path) -> float:
    from representation.registers.types import RegisterKind, RunSource, RunState
    from representation.services.importing import ImportOrder, import_register
    from representation.services.officers import OPERATOR

    order = ImportOrder(RegisterKind(kind), RunSource.COMMAND, applies=True)
    before = time.perf_counter()
    with (files / f"{kind}.csv").open("rb") as file:
        run = import_register(OPERATOR, order, file)
    if run.state != RunState.APPLIED:
        raise SystemExit(f"{kind}: {run.state} {run.problems[:3]}")
    return time.perf_counter() - before


def _bare_copy(path: Path) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_taxpayer (LIKE representation_taxpayer INCLUDING ALL);")
        before = time.perf_counter()
        with path.open("rb") as file:
            cursor.cursor.copy_expert(
                "COPY bare_taxpayer (code, kind, name, address, city, postal_code, country)"
                " FROM STDIN WITH (FORMAT csv, HEADER)",
                file,
            )
        seconds = time.perf_counter() - before
        cursor.execute("DROP TABLE bare_taxpayer")
    return seconds


def _look_ups(size: int) -> list[str]:
    from django.conf import settings
    from django.db import connection

    from accounts.throttling import KeyThrottle

    settings.LOOKUPS_PER_MINUTE = settings.LOOKUP_CODES_PER_HOUR = 10**9
    KeyThrottle.THROTTLE_RATES = {"key": "1000000/min"}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE representation_taxpayer")
    program, chance = _program(), random.Random(7)  # noqa: S311 - which taxpayer to ask for
    numbers = [chance.randrange(size) for _ in range(_LOOK_UPS)]
    questions = {
        "code": [{"code": _legal_code(number)} for number in numbers],
        "a rare name": [{"name": f"{_WORDS[number % 10]} {number}"} for number in numbers],
        "a common word": [{"name": _WORDS[number % 10]} for number in numbers],
    }
    return [f"{name} p95 {_p95(program, asked):.1f} ms" for name, asked in questions.items()]


def _program() -> "Client":
    from django.conf import settings
    from django.test import Client

    from accounts.keys import new_key
    from accounts.models import User
    from accounts.types import Scope
    from imas.kernel import clock

    now = clock.now()
    owner = User.objects.create(
        login_name="asker",
        email="asker@example.lt",
        email_confirmed_at=now,
        rules_version=settings.RULES_VERSION,
        rules_accepted_at=now,
    )
    _, plain = new_key(owner, "bench", Scope([], [], now + timedelta(days=1)))
    return Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {plain}"})


def _p95(program: "Client", asked: list[dict[str, str]]) -> float:
    taken = []
    for question in asked:
        before = time.perf_counter()
        answer = program.get("/api/v1/taxpayers/lookup", question)
        taken.append(time.perf_counter() - before)
        if answer.status_code != 200 or not answer.json()["items"]:
            raise SystemExit(f"{question}: {answer.status_code} {answer.content[:200]!r}")
    return statistics.quantiles(taken, n=20)[-1] * 1000


def _write_all(files: Path, size: int) -> None:
    taxpayers = [_legal_code(number) for number in range(size)]
    for kind, head, rows in (
        (
            "taxpayers",
            ("code", "kind", "name", "address", "city", "postal_code", "country"),
            (_taxpayer(number, code) for number, code in enumerate(taxpayers)),
        ),
        (
            "vat",
            ("code", "vat_code", "since"),
            ((code, _vat_code(number), "2019-07-01") for number, code in enumerate(taxpayers)),
        ),
        (
            "heads",
            ("code", "personal_code", "person_name", "since"),
            (
                (code, _personal_code(number), "Vardenis Pavardenis", "2019-07-01")
                for number, code in enumerate(taxpayers)
            ),
        ),
    ):
        _write(files / f"{kind}.csv", head, rows)


def _write(path: Path, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def _taxpayer(number: int, code: str) -> tuple[str, ...]:
    word, other = _WORDS[number % 10], _WORDS[number // 10 % 10]
    name = f"UAB „{word} {other} {number}“"
    return code, "legal", name, f"Gedimino pr. {number % 99}", "Vilnius", "01103", "LT"


def _legal_code(number: int) -> str:
    body = f"{30_000_000 + number}"
    return body + str(pvm.calc_check_digit(body))


def _vat_code(number: int) -> str:
    body = f"1{number:09d}1"
    return f"LT{body}{pvm.calc_check_digit(body)}"


def _personal_code(number: int) -> str:
    born = date(1950, 1, 1) + timedelta(days=number // 900)
    body = f"3{born:%y%m%d}{number % 900:03}"
    return body + str(personal_check_digit(f"{body}0"))  # the last digit is not counted
