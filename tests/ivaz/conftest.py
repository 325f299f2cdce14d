"""The parties of a waybill."""

import pytest

from representation.models import Taxpayer
from tests import make


@pytest.fixture
def consignor() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Siuntėjas“")


@pytest.fixture
def transporter() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Vežėjas“")


@pytest.fixture
def consignee() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Gavėjas“")
