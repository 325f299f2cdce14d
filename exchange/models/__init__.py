"""Tables of what leaves for other systems."""

from exchange.models.filings import Filing
from exchange.models.roles import RoleAssignment, RoleDelivery

__all__ = ["Filing", "RoleAssignment", "RoleDelivery"]
