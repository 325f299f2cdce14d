"""Registers full of invented rows, written by set-based SQL: what the pages bench reads."""

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from django.db import connection
from django.test import Client

from accounts import sessions
from accounts.models import User
from bench.ground import empty
from imas.kernel import clock
from imas.kernel.periods import Period
from isaf.models import Part, Register, RegisterPart
from isaf.partitions import ensure_partitions
from isaf.types import RegisterState, RegisterType
from representation.models import Headship, Taxpayer
from representation.types import TaxpayerKind

_PERIOD = Period.month(2026, 10)
_NAMES = ("Baltic", "Nemunas", "Vilnija", "Dzūkija", "Sniegas", "Medus", "Krantas", "Žuvėdra")

_ROWS = """
INSERT INTO isaf_invoice
SELECT %(start)s, %(part)s, n, 'S', 30 + 26 * n, 'SF' || lpad(n::text, 7, '0'),
       'SF' || lpad(n::text, 7, '0'), hashint8extended(n, %(part)s),
       'LT1000' || lpad((n %% 997)::text, 8, '0'), lpad((300000000 + n %% 997)::text, 9, '0'), '',
       'UAB „' || (%(names)s::text[])[1 + n %% 8] || ' ' || n %% 997 || '“',
       %(start)s::date + (n %% 31), 'SF', false, NULL, NULL,
       (n %% 9000) + 1.15, round(((n %% 9000) + 1.15) * 0.21, 2),
       round(((n %% 9000) + 1.15) * 1.21, 2), NULL, 'PVM1'
  FROM generate_series(0, %(count)s - 1) AS n;
INSERT INTO isaf_tax_row
SELECT %(start)s, %(part)s, n, 0, (n %% 9000) + 1.15, 'PVM1', 21,
       round(((n %% 9000) + 1.15) * 0.21, 2), NULL
  FROM generate_series(0, %(count)s - 1) AS n;
"""


@dataclass(frozen=True)
class Stock:
    """A signed-in reader for each register: the number and the client that may see it.

    `largest` is how many invoices the large one holds.
    """

    usual: Sequence[tuple[Client, str]]
    large: tuple[Client, str]
    small: tuple[Client, str]
    largest: int


def fill(size: int, *, usual: int, large: int, small: int) -> Stock:
    """Empty the database and store `size` invoices in one large, one small and usual registers."""
    empty()
    ensure_partitions(_PERIOD.start)
    large = min(large, size // 2)
    registers = max(1, (size - large - small) // usual)
    stock = Stock(
        usual=[_register(serial, usual) for serial in range(2, 2 + registers)],
        large=_register(0, large),
        small=_register(1, small),
        largest=large,
    )
    with closing(connection.cursor()) as cursor:
        cursor.execute("VACUUM ANALYZE isaf_invoice, isaf_tax_row")
    return stock


def _register(serial: int, invoices: int) -> tuple[Client, str]:
    taxpayer = Taxpayer.objects.create(
        kind=TaxpayerKind.LEGAL, code=f"{310_000_000 + serial}", name=f"UAB „Saugykla {serial}“"
    )
    place = {
        "taxpayer": taxpayer,
        "type": RegisterType.SALES,
        "start": _PERIOD.start,
        "end": _PERIOD.end,
    }
    part = Part.objects.create(
        **place, part_number="1", source="SERVICE_FILE", invoices=invoices, kept_at=clock.now()
    )
    register = Register.objects.create(
        **place, number=f"S-BENCH-{serial}", state=RegisterState.PREPARING
    )
    RegisterPart.objects.create(register=register, part=part, part_number="1")
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            _ROWS,
            {"start": _PERIOD.start, "part": part.pk, "count": invoices, "names": list(_NAMES)},
        )
    return reader(serial, taxpayer), register.number


def reader(serial: int, taxpayer: Taxpayer) -> Client:
    """Return the head of a taxpayer, signed in."""
    from django.conf import settings

    user = User.objects.create(
        login_name=f"reader{serial}",
        personal_code_hash=f"reader{serial}",
        email="reader@example.lt",
        email_confirmed_at=clock.now(),
        rules_version=settings.RULES_VERSION,
        rules_accepted_at=clock.now(),
    )
    Headship.objects.create(person=user.personal_code_hash, taxpayer=taxpayer, since=_PERIOD.start)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    return client


def some(stock: Stock, count: int, seed: int) -> list[tuple[Client, str]]:
    """Return readers of usual registers at random, the same for the same seed."""
    return random.Random(seed).choices(stock.usual, k=count)  # noqa: S311 - which page to open
