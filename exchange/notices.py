"""Which messages the taxpayer gets about roles, and under which key."""

from exchange.models import RoleAssignment, RoleDelivery
from mailbox.services import post_message

REFUSED, ENDED = "exchange.roles-refused", "exchange.roles-ended"


def tell_of_refusal(assignment: RoleAssignment, delivery: RoleDelivery) -> None:
    """Say that the other system has refused roles, in its own words."""
    _post(assignment, delivery, REFUSED, words=delivery.answer)


def tell_of_end(assignment: RoleAssignment, delivery: RoleDelivery) -> None:
    """Say that roles have ended by themselves."""
    _post(assignment, delivery, ENDED)


def _post(assignment: RoleAssignment, delivery: RoleDelivery, code: str, **more: str) -> None:
    name = assignment.person.full_name
    post_message(
        taxpayer_id=assignment.taxpayer_id,
        subsystem="exchange",
        key=f"{code}.{delivery.pk}",
        code=code,
        params={"person": name, "system": assignment.system.upper(), **more},
        url_name="exchange:people",
        url_args=(assignment.system,),
    )
