"""People, what proves who they are, and what their programs prove themselves with."""

from accounts.models.applications import ApplicationLetter, ForeignApplication
from accounts.models.certificates import Certificate, RevocationReason
from accounts.models.confirmations import EmailConfirmation
from accounts.models.credentials import Credential
from accounts.models.factors import Passkey, RecoveryCode, TotpDevice
from accounts.models.identities import ForeignIdentifier, Identity
from accounts.models.keys import ApiKey
from accounts.models.letters import SafetyLetter
from accounts.models.people import User
from accounts.models.phones import PhoneConfirmation
from accounts.models.rules import RulesAcceptance
from accounts.models.sessions import KnownDevice, OpenSession
from accounts.models.sso import AuthorizationCode, RelyingParty, SharedSession, Sharing
from accounts.models.visits import ProviderVisit

__all__ = [
    "ApiKey",
    "ApplicationLetter",
    "AuthorizationCode",
    "Certificate",
    "Credential",
    "EmailConfirmation",
    "ForeignApplication",
    "ForeignIdentifier",
    "Identity",
    "KnownDevice",
    "OpenSession",
    "Passkey",
    "PhoneConfirmation",
    "ProviderVisit",
    "RecoveryCode",
    "RelyingParty",
    "RevocationReason",
    "RulesAcceptance",
    "SafetyLetter",
    "SharedSession",
    "Sharing",
    "TotpDevice",
    "User",
]
