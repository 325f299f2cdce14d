"""The door of the synchronous service."""

from django.conf import settings

from intake.soap.operations import Service
from intake.soap.views import SoapView
from ivaz.soap.callers import ProcessorCaller
from ivaz.soap.operations import OPERATIONS, WRITER


class ProcessorView(SoapView):
    """The service `iVAZProcessorService`."""

    service = Service(
        name="iVAZProcessorService",
        port="iVAZProcessor",
        about="Written for this project: the operations of VMI's own service are not public.",
        schema="ivaz/processor/processor.xsd",
        writer=WRITER,
        caller=ProcessorCaller,
        operations=OPERATIONS,
        largest=lambda: settings.IVAZ_SYNC_FILE_BYTES,
    )
