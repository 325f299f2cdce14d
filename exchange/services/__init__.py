"""Giving roles in other systems, ending them with the mandate, and telling those systems."""

from exchange.services.assigning import assign_roles, put_on_way
from exchange.services.delivering import deliver, deliver_due
from exchange.services.ending import look_again, look_at_stale

__all__ = [
    "assign_roles",
    "deliver",
    "deliver_due",
    "look_again",
    "look_at_stale",
    "put_on_way",
]
