"""What tests of preliminary returns are made of: registers told, returns drafted, boxes read."""

from collections.abc import Sequence
from decimal import Decimal

from imas.kernel.periods import Period
from isaf.models import ReturnVersion
from isaf.returns.forms import FormName
from isaf.selectors.returns import newest_version
from isaf.services import computing, returns
from representation.models import Taxpayer
from representation.types import Acting
from tests.isaf.registers_told import OCTOBER, Line, Told, tell


def line(taxable: str, vat: str | None = None, code: str = "PVM1") -> Line:
    return Line(Decimal(taxable), None if vat is None else Decimal(vat), code)


def sold(*lines: Line, number: str = "S1", vat_code: str = "LT100001", **said: object) -> Told:
    return Told(number=number, vat_code=vat_code, lines=lines, **said)  # type: ignore[arg-type]


bought = sold
"""The same, told by the buyer."""


def drafted(
    acting: Acting,
    sales: Sequence[Told] = (),
    purchases: Sequence[Told] = (),
    *,
    period: Period = OCTOBER,
    form: FormName = FormName.RETURN,
) -> ReturnVersion:
    """Registers told, the return ordered and computed: its newest version."""
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    tell(taxpayer, "S", *sales, period=period)
    tell(taxpayer, "P", *purchases, period=period)
    return computed(acting, period, form)


def computed(
    acting: Acting, period: Period = OCTOBER, form: FormName = FormName.RETURN
) -> ReturnVersion:
    (ordered,) = returns.order_returns(acting, [period], [form])
    computing.compute_return(ordered.pk)
    version = newest_version(ordered)
    assert version
    return version


def filled(version: ReturnVersion) -> dict[str, int]:
    """The boxes that hold something, but for the percentage."""
    version.refresh_from_db()
    return {box: value for box, value in version.boxes.items() if value and box != "28"}
