"""Requests inside the portal."""

from accounts.requests import PersonRequest
from representation.types import Acting

CHOSEN = "taxpayer"
"""Where the session keeps the id of the chosen taxpayer."""


class PortalRequest(PersonRequest):
    """A request by a person who has chosen whom to act for."""

    acting: Acting
