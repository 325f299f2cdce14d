"""Tax periods as they are asked for, and whether something may be done for one."""

from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.kernel.periods import Period
from imas.kernel.problems import any_error
from isaf import rules
from isaf.building import own_header
from isaf.services.judging import taxpayer_facts
from isaf.types import TaxpayerFacts
from representation.types import Acting


def asked_period(code: str) -> Period:
    """Return the period an address or a request names: 2026-10, 2026-Q4, 2026-H2.

    UnprocessableError("bad-period") for anything else.
    """
    try:
        return Period.parse(code)
    except ValueError:
        raise UnprocessableError("bad-period", period=code) from None


def require_open(acting: Acting, period: Period) -> TaxpayerFacts:
    """Return what is held about the taxpayer; judged as the period of a file's header is.

    UnprocessableError("period-not-open") for what is no tax period of the taxpayer, has not begun
    or crosses one that registers are held of.
    """
    header = own_header(acting.taxpayer_code, period, "1")
    facts = taxpayer_facts(header, acting.taxpayer_id)
    if any_error(rules.header_problems(header, facts, clock.today())):
        raise UnprocessableError("period-not-open", period=period.code)
    return facts
