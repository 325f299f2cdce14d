"""What the authority publishes about taxpayers: legal persons, and whoever is a VAT payer.

A natural person is found on a day only while a VAT payer on it, by VAT code or name; a personal
code finds nobody and is never shown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)

from imas.kernel.errors import UnprocessableError
from imas.kernel.identifiers import normalise_vat, vat_prefix
from representation.models import FarmerScheme, Taxpayer, VatRegistration
from representation.types import TaxpayerKind

MOST_FOUND = 20
_LEAST_LETTERS = 3
_WORD = re.compile(r"[^\W_]+")
_FORMS = frozenset({"uab", "ab", "mb", "iį", "ii", "všį", "vsi", "ūb", "ub", "tūb", "kūb", "žūb"})
"""Legal forms stand in every second name, so they find nothing by themselves."""
_ALIKE = """
SELECT id FROM representation_taxpayer
 WHERE representation_plain_name(name) %%> representation_plain_name(%(text)s)
 ORDER BY representation_plain_name(name) <->> representation_plain_name(%(text)s), id
 LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Published:
    """A taxpayer on a day; `code` is "" for a natural person."""

    code: str
    kind: TaxpayerKind
    name: str
    on: date
    vat_code: str
    vat_since: date | None
    vat_until: date | None
    farmer_scheme: bool
    ended_on: date | None

    @property
    def vat_is_valid(self) -> bool:
        """Tell whether a VAT code is in force on the day."""
        return self.vat_code != ""


def by_code(code: str, on: date) -> list[Published]:
    """Return the legal person with this code, if any."""
    legal = Taxpayer.objects.by_code(code.strip()).exclude(kind=TaxpayerKind.NATURAL)
    return _published(legal, on)


def by_vat(vat_code: str, on: date) -> list[Published]:
    """Return who has or had this VAT code, as on the day; several when it changed hands."""
    owners = VatRegistration.objects.filter(vat_code=normalise_vat(vat_code))
    return _published(Taxpayer.objects.filter(pk__in=owners.values("taxpayer")), on)


def by_name(text: str, on: date) -> list[Published]:
    """Return those whose names have words beginning so, at most `MOST_FOUND`, by name.

    Letters fit with or without their marks. Where none fits and the server can tell, names that
    are alike are given instead. Too little to look for: `UnprocessableError`.
    """
    words = [word for word in _WORD.findall(text.lower()) if word not in _FORMS]
    if sum(map(len, words)) < _LEAST_LETTERS:
        raise UnprocessableError("lookup-name-too-short", least=str(_LEAST_LETTERS))
    found = _visible(Taxpayer.objects.all(), on)
    begun = " & ".join(f"{word}:*" for word in words)
    fitting = found.filter(_HasWords(F("name"), Value(begun)))
    # First the few to be shown, then what is told of them.
    pks = list(fitting.order_by("name", "pk").values_list("pk", flat=True)[:MOST_FOUND])
    if not pks and _can_tell_alike():
        pks = _alike(" ".join(words))
    return _published(_of_pks(pks), on)


def like(text: str, on: date) -> list[Published]:
    """Return whom a text means: a code, a VAT code, or the beginning of a name.

    Too little to look for: `UnprocessableError`.
    """
    if text[:1].isdigit():
        return by_code(text, on)
    if any(map(str.isdigit, text)):
        return by_vat(text, on)
    return by_name(text, on)


def check_many(asked: Sequence[str], on: date) -> list[Published | None]:
    """Answer codes and VAT codes mixed, each in its place; None where nobody is found."""
    vats = {text: normalise_vat(text) for text in asked if vat_prefix(normalise_vat(text))}
    codes = {text: text.strip() for text in asked if text not in vats}
    of_vat = _owners(set(vats.values()), on)
    legal = Taxpayer.objects.filter(code__in=set(codes.values()))
    of_code = {one.code: one for one in _published(legal, on) if one.code}
    return [of_vat.get(vats[text]) if text in vats else of_code.get(codes[text]) for text in asked]


def _owners(vat_codes: set[str], on: date) -> dict[str, Published]:
    """Who has each VAT code on the day, or had it; of several, who has it."""
    owners = VatRegistration.objects.filter(vat_code__in=vat_codes).order_by("valid_from")
    pairs = list(owners.values_list("vat_code", "taxpayer"))
    told = {row.pk: _of(row, on) for row in _told(_of_pks(pk for _, pk in pairs), on)}
    known = [(vat, told[pk]) for vat, pk in pairs if pk in told]
    return dict(sorted(known, key=lambda pair: pair[1].vat_code == pair[0]))


def _of_pks(pks: Iterable[int]) -> QuerySet[Taxpayer]:
    return Taxpayer.objects.filter(pk__in=list(pks))


def _published(taxpayers: QuerySet[Taxpayer], on: date) -> list[Published]:
    return [_of(row, on) for row in _told(taxpayers, on)]


def _told(taxpayers: QuerySet[Taxpayer], on: date) -> QuerySet[Taxpayer]:
    registered = VatRegistration.objects.on(on).filter(taxpayer=OuterRef("pk"))
    scheme = FarmerScheme.objects.on(on).filter(taxpayer=OuterRef("pk"))
    return _visible(taxpayers, on).annotate(
        vat=Subquery(registered.values("vat_code")[:1]),
        vat_since=Subquery(registered.values("valid_from")[:1]),
        vat_until=Subquery(registered.values("valid_to")[:1]),
        farmer=Exists(scheme),
    )


def _visible(taxpayers: QuerySet[Taxpayer], on: date) -> QuerySet[Taxpayer]:
    registered = VatRegistration.objects.on(on).filter(taxpayer=OuterRef("pk"))
    return taxpayers.filter(~Q(kind=TaxpayerKind.NATURAL) | Q(Exists(registered)))


def _of(row: Taxpayer, on: date) -> Published:
    told = vars(row)
    return Published(
        code="" if row.kind == TaxpayerKind.NATURAL else row.code,
        kind=TaxpayerKind(row.kind),
        name=row.name,
        on=on,
        vat_code=told["vat"] or "",
        vat_since=told["vat_since"],
        vat_until=told["vat_until"],
        farmer_scheme=told["farmer"],
        ended_on=row.ended_on,
    )


class _HasWords(Func):
    """Whether a name has words that begin so; what was typed holds letters and digits only."""

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " @@ "

    def __init__(self, name: F, begun: Value) -> None:
        plain = Func(begun, function="representation_plain_name", output_field=TextField())
        super().__init__(
            Func(name, function="representation_name_words", output_field=TextField()),
            Func(
                plain,
                template="to_tsquery('simple'::regconfig, %(expressions)s)",
                output_field=TextField(),
            ),
        )


def _can_tell_alike() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('representation_taxpayer_alike') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def _alike(text: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"text": text, "most": MOST_FOUND})
        return [pk for (pk,) in cursor.fetchall()]
