"""What this subsystem talks about."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class MeansKind(StrEnum):
    """With what somebody proved who he is (VA-119, 9 p.)."""

    PASSWORD = "password"  # noqa: S105 - the name of a means
    PASSKEY = "passkey"
    OIDC = "oidc"
    VIISP = "viisp"


class LetterKind(StrEnum):
    """What a letter about the safety of an account is about."""

    NEW_DEVICE = "new-device"
    FACTOR_CHANGED = "factor-changed"
    RECOVERY_CODE_USED = "recovery-code-used"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of a letter
    RECOVERY = "recovery"
    EMAIL_CHANGED = "email-changed"
    WELCOME = "welcome"
    PHONE_CHANGED = "phone-changed"


class PhoneAnswer(StrEnum):
    """What came of a code that was typed."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    OVER = "over"
    """There is none any more: used, too old, or guessed too often."""


class IdentifierKind(StrEnum):
    """By what another country knows a person."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity-card"
    NATIONAL = "national"
    TAX = "tax"
    EIDAS = "eidas"


class ApplicationState(StrEnum):
    """How far the application of a foreign national has come."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"


APPLICATION_MOVES: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.UNCONFIRMED: frozenset({ApplicationState.WAITING, ApplicationState.EXPIRED}),
    ApplicationState.WAITING: frozenset({ApplicationState.APPROVED, ApplicationState.DECLINED}),
    ApplicationState.APPROVED: frozenset(),
    ApplicationState.DECLINED: frozenset(),
    ApplicationState.EXPIRED: frozenset(),
}
"""Every move an application may make; nobody sees one whose address is not confirmed."""


class ApplicantLetter(StrEnum):
    """What a letter to an applicant is about."""

    CONFIRM = "confirm"
    DECLINED = "declined"


class Assurance(StrEnum):
    """How sure the means is, in the words of eIDAS (Regulation 910/2014, art. 8)."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Means:
    """What proved the identity, kept with the session and in the journal.

    `two_factors`: the means itself proved two factors (an e-signature, a passkey that knows its
    owner), so ours is not asked for. `evidence` is what a provider said of it, never a secret.
    """

    kind: MeansKind
    provider: str = ""
    assurance: Assurance = Assurance.LOW
    two_factors: bool = False
    evidence: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind}:{self.provider}" if self.provider else str(self.kind)

    def as_record(self) -> dict[str, object]:
        """Return it as plain values; `from_record` gives it back."""
        return {**asdict(self), "evidence": dict(self.evidence)}

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> "Means":
        """Return what `as_record` gave away."""
        evidence = record["evidence"]
        return cls(
            MeansKind(str(record["kind"])),
            str(record["provider"]),
            Assurance(str(record["assurance"])),
            two_factors=bool(record["two_factors"]),
            evidence=dict(evidence) if isinstance(evidence, Mapping) else {},
        )


BY_PASSKEY = Means(MeansKind.PASSKEY, assurance=Assurance.SUBSTANTIAL, two_factors=True)
"""A passkey alone: the device is held and knows its owner."""
PASSWORD = Means(MeansKind.PASSWORD)
"""The login name and the password given by the authority (VA-119, 9.1 p.)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a key or certificate opens: these rights for these taxpayers, from where, till when."""

    rights: Collection[str]
    taxpayer_codes: Collection[str]
    expires_at: datetime
    networks: Collection[str] = ()

    def as_columns(self) -> dict[str, Any]:
        """Return it as the credential keeps it."""
        return {
            "rights": sorted(set(self.rights)),
            "taxpayer_codes": sorted(set(self.taxpayer_codes)),
            "networks": list(self.networks),
            "expires_at": self.expires_at,
        }
