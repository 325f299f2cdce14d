"""What the uploader answers, as XML: elements of `schemas/isaf/uploader/uploader.xsd`."""

from intake.soap.answers import Writer

WRITER = Writer(
    namespace="urn:isaf:uploader:v1",
    kind="isaf",
    # Refusals of this house that the specification has a number for.
    official={"taxpayer-not-yours": ("14408", "PROXY_INFO_MISMATCH")},
)
