"""The SQL and the pure function say the same of small random economies."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from imas.kernel.periods import Period
from isaf.matching import REVERSE_CHARGE, Entry, Obstacle, Pair, Terms, cross_check
from isaf.services.pairing import refresh_pairs
from isaf.types import InvoiceType, normalise_number
from representation.models import Taxpayer
from tests.isaf.everybody import judge_everybody
from tests.isaf.registers_told import Line, Told, tell, vat_of, withdraw
from tests.make import make_taxpayer

pytestmark = pytest.mark.django_db

_NUMBERS = ("A-1", "A 1", "A1O", "A10", "A010", "B7", "B8", "7B")
_LINES = (
    (Line(),),
    (Line(),),
    (Line(),),
    (Line(code=""),),
    (Line(code="PVM25", vat=None),),
    (Line(code="PVM25"),),
    (Line(), Line(code="PVM25", vat=None)),
    (Line(taxable=Decimal("100.01")),),
)
_TYPES = ("SF",) * 8 + ("KS", "AN")
_FOREIGN = ("", "DE123456789", "LT999999999")


@dataclass
class Economy:
    """Taxpayers, what they told, and which registers count."""

    taxpayers: list[Taxpayer]
    registers: list[tuple[Taxpayer, str, Period, list[Told]]]


def economy(chance: random.Random) -> Economy:
    taxpayers = [make_taxpayer(vat_code=f"LT10000{n}111") for n in range(4)]
    registers = []
    for number, taxpayer in enumerate(taxpayers):
        periods = [Period.month(2026, month) for month in (8, 9, 10)]
        if number == 3:
            periods = [Period.half_year(2026, 2)]
        for period in periods:
            for side in "SP":
                if chance.random() < 0.8:
                    told = invoices(chance, period, taxpayer, taxpayers)
                    registers.append((taxpayer, side, period, told))
    return Economy(taxpayers, registers)


def invoices(
    chance: random.Random, period: Period, own: Taxpayer, taxpayers: list[Taxpayer]
) -> list[Told]:
    others = [vat_of(one) for one in taxpayers if one != own]
    return [
        Told(
            chance.choice(_NUMBERS),
            vat_code=chance.choice(others if chance.random() < 0.9 else _FOREIGN),
            issued=period.start + timedelta(days=chance.choice((0, 3, 3, 3, 3, 3, 3, 40))),
            type=chance.choice(_TYPES),
            lines=chance.choice(_LINES),
        )
        for _ in range(chance.randint(0, 12))
    ]


def judged_purely(world: Economy) -> list[tuple[str, ...]]:
    owners = {vat_of(one): str(one.pk) for one in world.taxpayers}
    entries = []
    for taxpayer, side, period, told in world.registers:
        entries += [
            (side, entry(taxpayer, side, period, one, owners, n)) for n, one in enumerate(told)
        ]
    counting = {(str(one.pk), side, period) for one, side, period, _ in world.registers}

    def submitted(taxpayer: str, side: str, month: date) -> bool:
        return any((taxpayer, side, p) in counting and month in p for _, _, p, _ in world.registers)

    return sorted(said(pair) for pair in cross_check(entries, Terms(submitted)))


def entry(
    own: Taxpayer, side: str, period: Period, told: Told, owners: dict[str, str], place: int
) -> Entry:
    other = owners.get(told.vat_code, "")
    seller, buyer = (str(own.pk), other) if side == "S" else (other, str(own.pk))
    return Entry(
        number=normalise_number(told.number),
        issued=told.issued,
        type=InvoiceType(told.type),
        taxable=sum((line.taxable for line in told.lines), Decimal(0)),
        vat=sum(
            (line.vat for line in told.lines if line.vat and line.code not in REVERSE_CHARGE),
            Decimal("0.00"),
        ),
        codes=frozenset(line.code for line in told.lines),
        seller=seller,
        buyer=buyer,
        period=period,
        obstacle=None if other else _obstacle(told.vat_code),
        place=place,
    )


def _obstacle(vat_code: str) -> Obstacle:
    if vat_code.startswith("LT"):
        return Obstacle.NOT_A_PAYER
    return Obstacle.FOREIGN if vat_code else Obstacle.NO_VAT_CODE


def said(pair: Pair) -> tuple[str, ...]:
    def side(one: Entry | None) -> str:
        return f"{one.seller}>{one.buyer} {one.number} {one.issued} {one.taxable}" if one else ""

    return (side(pair.sale), side(pair.purchase), pair.state, pair.reason, str(int(pair.fields)))


def judged_by_sql() -> list[tuple[str, ...]]:
    side = """coalesce({0}.own || '>' || {0}.other || ' ' || {0}.number_norm || ' ' ||
        {0}.issued || ' ' || {0}.taxable, '')"""
    told = """LEFT JOIN LATERAL (
        SELECT i.*, {own} AS own, {other} AS other FROM isaf_invoice i
        WHERE i.part_id = p.{whose}_part AND i.position = p.{whose}_position) {whose} ON true"""
    seller, buyer = (f"coalesce(p.{who}_id::text, '')" for who in ("seller", "buyer"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {side.format("sale")}, {side.format("purchase")}, p.state, p.reason,
                p.fields::text
            FROM isaf_pair p
            {told.format(whose="sale", own=seller, other=buyer)}
            {told.format(whose="purchase", own=seller, other=buyer)}
            """  # noqa: S608 - written here
        )
        return sorted(cursor.fetchall())


@pytest.mark.parametrize("seed", range(12))
def test_sql_and_pure_agree(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a reproducible economy
    world = economy(chance)
    turns = []
    for taxpayer, side, period, told in world.registers:
        tell(taxpayer, side, *told, period=period)
        turns.append((taxpayer, period))
        if chance.random() < 0.3:
            refresh_pairs(taxpayer.pk, period)
    chance.shuffle(turns)
    for taxpayer, period in turns:
        refresh_pairs(taxpayer.pk, period)
    assert judged_by_sql() == judged_purely(world)


@pytest.mark.parametrize("seed", range(30, 36))
def test_every_change_followed_by_its_refresh_is_enough(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a reproducible economy
    world = economy(chance)
    for taxpayer, side, period, told in list(world.registers):
        register = tell(taxpayer, side, *told, period=period)
        refresh_pairs(taxpayer.pk, period)
        if chance.random() < 0.25:
            withdraw(register)
            refresh_pairs(taxpayer.pk, period)
            world.registers.remove((taxpayer, side, period, told))
    assert judged_by_sql() == judged_purely(world)


@pytest.mark.parametrize("seed", [*range(40, 46), 407, 422, 435])
def test_judging_everybody_month_by_month_comes_to_the_same(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a reproducible economy
    world = economy(chance)
    for taxpayer, side, period, told in world.registers:
        tell(taxpayer, side, *told, period=period)
    months = [Period.month(2026, month) for month in range(7, 13)]
    chance.shuffle(months)
    for month in [*months, months[0]]:
        judge_everybody(month, ranges=chance.choice((1, 4)))
    assert judged_by_sql() == judged_purely(world)
