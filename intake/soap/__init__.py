"""SOAP 1.1 services over this house's own: messages in, operations, answers and faults out."""

from intake.soap.reading import ENVELOPE, Message, Stream, read_message, refused

__all__ = ["ENVELOPE", "Message", "Stream", "read_message", "refused"]
