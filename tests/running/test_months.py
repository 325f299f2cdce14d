"""A month judged anew for everybody, by the command and the workers of a running house."""

import pytest

from tests.running.house import House, wait_until

pytestmark = pytest.mark.slow

_PAIRS = """
SELECT match_key, period_start, nth, state, fields, near_key FROM isaf_pair ORDER BY 1, 2, 3
"""
_SPOIL = """
UPDATE isaf_pair SET state = 'differs', fields = 1
WHERE state = 'matched' AND period_start = (SELECT max(period_start) FROM isaf_pair)
RETURNING period_start
"""


def test_the_workers_put_right_what_is_not_so(house: House) -> None:
    wait_until(lambda: not house.rows("SELECT FROM isaf_pairrefresh WHERE done_at IS NULL"))
    known = house.rows(_PAIRS)
    spoilt = house.rows(_SPOIL)
    assert spoilt
    assert "Pieces: 5" in house.manage("refresh_month", f"{spoilt[0][0]:%Y-%m}", "--ranges", "4")
    wait_until(lambda: not house.rows("SELECT FROM isaf_monthpiece WHERE done_at IS NULL"))
    assert house.rows(_PAIRS) == known
    ((written,),) = house.rows("SELECT sum(written) FROM isaf_monthpiece")
    assert int(str(written)) >= len(spoilt)
