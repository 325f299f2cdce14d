"""For whom a program acts, when it does not say: the certificate, a file or a register tells."""

from imas.kernel.errors import NotFoundError
from intake.models import Document
from intake.soap.callers import Caller
from isaf import selectors
from isaf.models import Register
from isaf.selectors import KIND
from representation.types import Acting


class UploaderCaller(Caller):
    """A program that calls the uploader."""

    def of_register(self, number: str) -> Acting:
        """Return the caller acting for the taxpayer of a register; strangers' are not found."""
        found = Register.objects.filter(
            number=number, taxpayer__code__in=self.credential.taxpayer_codes
        )
        code = found.values_list("taxpayer__code", flat=True).first()
        if code is None:
            raise NotFoundError("register-not-found", number=number)
        return self.acting(code)

    def document(self, tracking_number: str, request_number: str) -> Document:
        """Return a file by its tracking number, or by the number its sender gave it."""
        found = self.sent(KIND, tracking_number, request_number)
        if found is None:
            raise NotFoundError("file-not-found")
        return selectors.find_file(self.acting(found.taxpayer.code), found.pk)
