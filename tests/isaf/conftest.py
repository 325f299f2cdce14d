"""What tests of i.SAF share."""

import pytest
from django.db import connection

from isaf.partitions import ROW_TABLES
from representation.types import Acting
from tests import make


@pytest.fixture
def no_contributions(transactional_db: None) -> None:
    """Rows of registers and of returns are in partitions that outlive a test: none are left."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE isaf_contribution, {', '.join(ROW_TABLES)}")


@pytest.fixture
def acting() -> Acting:
    """Somebody who draws up a taxpayer's returns."""
    return make.make_acting("isaf.returns", "isaf.view")
