"""People, the addresses they confirmed and the keys their programs use."""

from accounts.models.confirmations import EmailConfirmation
from accounts.models.keys import ApiKey
from accounts.models.people import User

__all__ = ["ApiKey", "EmailConfirmation", "User"]
