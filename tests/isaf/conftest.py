"""What tests of i.SAF share."""

import pytest

from representation.types import Acting
from tests import make


@pytest.fixture
def acting() -> Acting:
    """Somebody who draws up a taxpayer's returns."""
    return make.make_acting("isaf.returns", "isaf.view")
