"""The door of the uploader."""

from intake.soap.operations import Service
from intake.soap.views import SoapView
from isaf.soap.answers import WRITER
from isaf.soap.callers import UploaderCaller
from isaf.soap.operations import ALIASES, OPERATIONS


class UploaderView(SoapView):
    """The service `iSAFUploaderService`."""

    service = Service(
        name="iSAFUploaderService",
        port="iSAFUploader",
        about="Written for this project from VMI's specification 2.2; the real one is not public.",
        schema="isaf/uploader/uploader.xsd",
        writer=WRITER,
        caller=UploaderCaller,
        operations=OPERATIONS,
        aliases=ALIASES,
    )
