"""Companies and persons of the demo economy: invented names, codes with right check digits."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from stdnum.ee.ik import calc_check_digit as personal_check_digit
from stdnum.lt import pvm

from imas.kernel.identifiers import legal_code_is_valid, personal_code_is_valid

ACCOUNTING_FIRM = "Tvarkingos sąskaitos"


@dataclass(frozen=True, slots=True)
class Company:
    """A taxpayer of the demo economy; `half_yearly` only for natural persons."""

    code: str
    vat: str
    name: str
    sector: str
    city: str
    street: str
    natural: bool = False
    cash_accounting: bool = False

    @property
    def half_yearly(self) -> bool:
        """Natural persons declare by half-years, legal persons by months."""
        return self.natural


_LEGAL = """
UAB „Šilo medis“|wholesale|Kaunas|Taikos pr. 114
UAB „Nemuno grūdai“|wholesale|Kėdainiai|Pramonės g. 7
UAB „Baltijos vėjas LT“|transport|Klaipėda|Minijos g. 43
AB „Aukštaitijos šiluma“|heat|Panevėžys|Senamiesčio g. 109
UAB „Vilnijos namai“|construction|Vilnius|Savanorių pr. 178
UAB „Kranto statyba“|construction|Klaipėda|Šilutės pl. 51
UAB „Žalias kampas“|retail|Alytus|Naujoji g. 90
UAB „Pajūrio viešbučiai“|lodging|Palanga|Vytauto g. 62
UAB „Dzūkijos poilsis“|lodging|Druskininkai|Maironio g. 22
UAB „Knygų sala“|books|Vilnius|Gedimino pr. 31
UAB „Raštinės ratas“|retail|Šiauliai|Tilžės g. 149
UAB „Sveikatos lobis“|medicine|Kaunas|Savanorių pr. 284
UAB „Vaistinės ratas“|medicine|Vilnius|Ukmergės g. 221
UAB „Sniego kodas“|software|Vilnius|Konstitucijos pr. 18
UAB „Debesų dirbtuvė“|software|Kaunas|Donelaičio g. 60
UAB „Ryšio tiltas“|telecom|Vilnius|Ozo g. 12
UAB „Šviesos skaidula“|telecom|Šiauliai|Aušros al. 66
UAB „Greitoji siunta“|transport|Vilnius|Kirtimų g. 47
UAB „Trakų kelias“|transport|Trakai|Vytauto g. 33
UAB „Suvalkijos pienas“|wholesale|Marijampolė|Kauno g. 114
UAB „Žuvų uostas“|wholesale|Klaipėda|Nemuno g. 24
UAB „Duonos kelias“|wholesale|Ukmergė|Deltuvos g. 37
ŽŪB „Javų laukai“|farm|Pasvalys|Biržų g. 5
ŽŪB „Mūšos ūkis“|farm|Pakruojis|Vytauto Didžiojo g. 91
ADB „Saugus rytas“|insurance|Vilnius|Žalgirio g. 90
UAB „Švaros ratas“|cleaning|Kaunas|Draugystės g. 19
UAB „Blizga“|cleaning|Panevėžys|Smėlynės g. 2
UAB „Tvarkingos sąskaitos“|advice|Vilnius|Jasinskio g. 16
UAB „Teisės forma“|advice|Vilnius|Vilniaus g. 25
UAB „Matavimo taškas“|advice|Kaunas|Jonavos g. 68
UAB „Metalo linija“|wholesale|Šiauliai|Pramonės g. 15
UAB „Baldų raštas“|retail|Kėdainiai|Basanavičiaus g. 53
UAB „Elektros pulsas“|retail|Utena|Aukštakalnio g. 8
UAB „Dažų paletė“|retail|Telšiai|Luokės g. 73
UAB „Medaus korys“|wholesale|Varėna|Vytauto g. 11
UAB „Vėjo gūsis“|heat|Mažeikiai|Laisvės g. 40
""".strip().splitlines()

_NATURAL = """
Aldona Žemaitienė|farm|Raseiniai|Dubysos g. 14
Petras Kalnietis|transport|Jonava|Žeimių g. 6
Milda Rimkutė|advice|Vilnius|Pylimo g. 41
Andrius Stonkus|construction|Plungė|Telšių g. 20
""".strip().splitlines()


def companies() -> tuple[Company, ...]:
    """Return the forty taxpayers of the demo economy, always the same."""
    codes, persons, vats = _legal_codes(), _personal_codes(), _vat_codes()
    made = []
    for index, line in enumerate(_LEGAL):
        name, sector, city, street = line.split("|")
        code = next(codes)
        made.append(
            Company(code, next(vats), name, sector, city, street, cash_accounting=index == 8)
        )
    for line in _NATURAL:
        name, sector, city, street = line.split("|")
        made.append(Company(next(persons), next(vats), name, sector, city, street, natural=True))
    return tuple(made)


def _legal_codes() -> Iterator[str]:
    """Yield nine-digit codes from a range the register has not reached yet."""
    for number in count(30941001, 37):
        code = f"{number}{pvm.calc_check_digit(str(number))}"
        if legal_code_is_valid(code):
            yield code


def _vat_codes() -> Iterator[str]:
    for number in count(199200417, 1931):
        body = f"1{number:09d}1"
        yield f"LT{body}{pvm.calc_check_digit(body)}"


def _personal_codes() -> Iterator[str]:
    """Yield codes that begin with 9, which hold no birth date and so belong to nobody."""
    for number in count(200310047, 7013):
        body = f"9{number:09d}"
        code = f"{body}{personal_check_digit(body)}"
        if personal_code_is_valid(code):
            yield code
