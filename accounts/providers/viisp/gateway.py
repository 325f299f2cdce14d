"""Coming in through VIISP (banks, e-signatures, Mobile-ID, Smart-ID and eIDAS are behind it)."""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping

from lxml import etree

from accounts.providers import http, types
from accounts.providers.configuring import ViispProvider
from accounts.providers.types import Code, Proof
from accounts.providers.viisp import messages, signing
from accounts.providers.viisp.messages import Answer, UnexpectedMessageError
from accounts.providers.viisp.signing import BadSignatureError
from accounts.types import Assurance, Means, MeansKind
from imas.kernel.errors import DomainError, ForbiddenError, UnavailableError

TICKET, CUSTOM = "ticket", "custom"
_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
_OK = 200

logger = logging.getLogger(__name__)


def new_ticket(provider: ViispProvider, custom: str, back: str) -> str:
    """Return a ticket for one coming-in; the gateway gives `custom` back with the person."""
    asked = messages.ticket_request(
        pid=provider.pid, methods=provider.methods, back=back, custom=custom
    )
    try:
        return messages.ticket_of(_ask(provider, asked))
    except UnexpectedMessageError as error:
        raise _refused(provider, str(error)) from error


def proof(provider: ViispProvider, answer: Mapping[str, str], kept: Mapping[str, str]) -> Proof:
    """Return the person the gateway names for the ticket of this coming-in; it tells once.

    `answer["ticket"]` is the fingerprint of the ticket the browser came back with.
    """
    if not hmac.compare_digest(answer.get("ticket", ""), fingerprint(kept[TICKET])):
        raise _refused(provider, "another ticket")
    asked = messages.data_request(pid=provider.pid, ticket=kept[TICKET])
    try:
        told = messages.answer_of(_ask(provider, asked))
    except UnexpectedMessageError as error:
        raise _refused(provider, str(error)) from error
    if not secrets.compare_digest(told.custom.encode(), kept[CUSTOM].encode()):
        raise _refused(provider, "another coming-in")
    return Proof(
        means=_means(provider, told),
        code=_code(told),
        first_name=told.information.get("firstName", ""),
        last_name=told.information.get("lastName", ""),
        makes_people=provider.makes_people,
    )


def fingerprint(ticket: str) -> str:
    """Return what stands for a ticket in an address: an address is logged, a ticket is not."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def _ask(provider: ViispProvider, message: etree._Element) -> etree._Element:
    """Send a signed message; return the message of the answer as the gateway signed it."""
    signed = signing.sign(message, provider.private_key, provider.signature)
    status, body = http.post(provider.service, messages.envelope(signed), _HEADERS)
    if status != _OK:
        logger.warning("providers.refused", extra={"provider": provider.key, "status": status})
        raise UnavailableError("provider-silent")
    try:
        return signing.verified(body, provider.gateway_certificate, provider.signature)
    except BadSignatureError as error:
        raise _refused(provider, str(error)) from error
    except DomainError as error:  # no XML, or none that is safe to read
        raise _refused(provider, error.code) from error


def _refused(provider: ViispProvider, fault: str) -> ForbiddenError:
    logger.warning("providers.not_proved", extra={"provider": provider.key, "fault": fault})
    return ForbiddenError("sign-in-not-proved")


def _means(provider: ViispProvider, told: Answer) -> Means:
    """Name the method the person chose at the gateway; only those we asked for are taken."""
    if told.method not in provider.methods:
        raise _refused(provider, "a method not asked for")
    level = provider.methods[told.method]
    said = {name: told.information.get(name, "") for name in ("proxySource", "proxyType")}
    said |= {"sourceData": told.source, "company": told.attributes.get("lt-company-code", "")}
    return Means(
        MeansKind.VIISP,
        told.method,
        Assurance(level),
        two_factors=told.method in provider.two_factor_methods,
        evidence={name: value for name, value in said.items() if value},
    )


def _code(told: Answer) -> Code:
    for name in ("lt-personal-code", "iltu-personal-code"):
        if number := told.attributes.get(name):
            return types.personal(number)
    return types.eidas(told.attributes.get("eidas-eid", ""))
