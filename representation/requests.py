"""Requests inside the portal."""

from accounts.requests import PersonRequest
from representation.types import Acting


class PortalRequest(PersonRequest):
    """A request by a person who has chosen whom to act for."""

    acting: Acting
