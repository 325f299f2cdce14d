"""For whom a program acts, when a protocol does not say: its certificate or its file tells."""

from dataclasses import dataclass

from accounts.models import Credential, User
from imas.kernel.errors import ForbiddenError
from intake import kinds
from intake.models import Document
from intake.types import Source
from representation.api import acting_with
from representation.types import Acting


@dataclass(frozen=True)
class Caller:
    """A person's program, and the taxpayers its credential opens."""

    user: User
    credential: Credential

    def own(self) -> Acting:
        """Return the caller acting for the taxpayer of the credential.

        Of several it is the first that the credential names and that still opens something.
        """
        for code in self.credential.taxpayer_codes:
            try:
                return self.acting(code)
            except ForbiddenError:
                continue
        raise ForbiddenError("taxpayer-not-yours")

    def acting(self, code: str) -> Acting:
        """Return the caller acting for a taxpayer; `ForbiddenError("taxpayer-not-yours")`."""
        return acting_with(self.user, self.credential, code)

    def of_file(self, kind: str, code: str) -> Acting:
        """Return the caller acting for the taxpayer of a file, as far as its files are taken.

        Whatever else a file says goes to the credential's own taxpayer, where the judge refuses
        it by what it says.
        """
        try:
            found = self.acting(code)
        except ForbiddenError:
            return self.own()
        return found if found.may(kinds.get(kind).right_to_upload) else self.own()

    def sent(self, kind: str, tracking_number: str, request_number: str) -> Document | None:
        """Return a file by its tracking number, or by the number its sender gave it.

        It is one of the taxpayers that the credential names; whether its right shows it is for
        the caller to ask.
        """
        mine = Document.objects.of_kind(kind).filter(
            taxpayer__code__in=self.credential.taxpayer_codes, source=Source.SERVICE_FILE
        )
        if tracking_number:
            mine = mine.filter(number=tracking_number)
        else:
            mine = mine.filter(idempotency_key__in=self._keys(request_number))
        return mine.select_related("taxpayer").order_by("-arrival").first()

    def _keys(self, request_number: str) -> list[str]:
        """A program that changes its certificate still finds what it sent with the one before."""
        certificates = self.user.certificates.values_list("pk", flat=True)
        owners = {self.credential.pk, *certificates}
        return [f"{owner}:{request_number}" for owner in owners]
