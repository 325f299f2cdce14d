"""For whom a program acts: the taxpayer it names, of its file, or of its certificate."""

from imas.kernel.errors import NotFoundError
from intake.models import Document
from intake.soap.callers import Caller
from ivaz import selectors
from representation.types import Acting


class ProcessorCaller(Caller):
    """A program that calls the synchronous service."""

    def named(self, code: str) -> Acting:
        """Return the caller acting for the taxpayer a request names, else for its own."""
        return self.acting(code) if code else self.own()

    def document(self, tracking_number: str, request_number: str) -> Document:
        """Return a file by its tracking number, or by the number its sender gave it.

        NotFoundError("waybill-file-not-found") for a stranger's too.
        """
        found = self.sent(selectors.KIND, tracking_number, request_number)
        if found is None:
            raise NotFoundError("waybill-file-not-found")
        return selectors.find_file(self.acting(found.taxpayer.code), found.pk)
