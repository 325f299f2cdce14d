"""The operator's SMSC by SMPP 3.4: one session that brings messages and takes answers."""

import hashlib
import logging
import select
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smpplib import consts
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as Lost
from smpplib.exceptions import PDUError
from smpplib.gsm import GSM_CHARACTER_TABLE
from smpplib.smpp import make_pdu

from avaz.desk.services.texting import Arrived
from imas.web.mail import Delivery

_LINK_SECONDS = 30
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_ANSWER_SECONDS = 10.0
_RECEIPT = 0x04
_HEADED = 0x40
_TRANSIENT = frozenset({consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """Where the SMSC is, who we are there, and the short number messages are sent to."""

    host: str
    port: int
    system: str
    password: str
    number: str
    tls: bool = False


class Session:
    """A session that is opened again, after a longer and longer pause, when it breaks.

    One thread uses it: `poll` reads what has come and lets `take` answer it, `send` hands over.
    A message is acknowledged to the SMSC when `take` has kept it; else it comes again.
    """

    def __init__(self, account: Account, take: Callable[[Arrived], None]) -> None:
        self._account, self._take = account, take
        self._client: Any = None
        self._answers: dict[int, int] = {}
        self._pause, self._next_try, self._heard = _FIRST_PAUSE, 0.0, 0.0

    @property
    def is_bound(self) -> bool:
        """Whether messages can come and go."""
        return self._client is not None

    def poll(self, seconds: float) -> None:
        """Wait at most so long for something to come, and do what it asks."""
        if not self._opened():
            time.sleep(min(seconds, 0.2))
            return
        try:
            ready, _out, _err = select.select([self._client._socket], [], [], seconds)  # noqa: SLF001 - the library gives it no name
            if ready:
                self._client.read_once()
                self._heard = time.monotonic()
            elif time.monotonic() - self._heard > _LINK_SECONDS:
                self._keep_alive()
        except (Lost, PDUError, OSError) as error:
            self._close(error)

    def send(self, to: str, text: str, message_id: str) -> Delivery:  # noqa: ARG002 - a port's form
        """Hand an answer over and wait for the SMSC's word on it."""
        if not self._opened():
            return Delivery.LATER
        sequence = 0
        try:
            sequence = self._submit(to, text)
            until = time.monotonic() + _ANSWER_SECONDS
            while sequence not in self._answers and self.is_bound and time.monotonic() < until:
                self.poll(0.5)
        except (Lost, PDUError, OSError) as error:
            self._close(error)
        status = self._answers.pop(sequence, None) if self.is_bound else None
        if status is None or status in _TRANSIENT:
            return Delivery.LATER
        return Delivery.SENT if status == consts.SMPP_ESME_ROK else Delivery.REFUSED

    def close(self) -> None:
        """Say good-bye."""
        if self._client is not None:
            try:
                self._client.unbind()
            except (Lost, PDUError, OSError):
                logger.info("smpp.closed-early")
            self._drop()

    def _submit(self, to: str, text: str) -> int:
        sent = self._client.send_message(
            source_addr_ton=consts.SMPP_TON_UNK,
            source_addr_npi=consts.SMPP_NPI_UNK,
            source_addr=self._account.number,
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=to.removeprefix("+"),
            short_message=text.encode("ascii", "replace"),
            data_coding=consts.SMPP_ENCODING_DEFAULT,
            registered_delivery=False,
        )
        return int(sent.sequence)

    def _opened(self) -> bool:
        if self._client is not None:
            return True
        if time.monotonic() < self._next_try:
            return False
        account = self._account
        context = ssl.create_default_context() if account.tls else None
        client = Client(
            account.host, account.port, ssl_context=context, allow_unknown_opt_params=True
        )
        client.set_message_received_handler(self._received)
        client.set_message_sent_handler(self._answered)
        client.set_error_pdu_handler(self._answered)
        try:
            client.connect()
            client.bind_transceiver(system_id=account.system, password=account.password)
        except (Lost, PDUError, OSError) as error:
            self._client = client
            self._close(error)
            return False
        self._client, self._pause, self._heard = client, _FIRST_PAUSE, time.monotonic()
        logger.info("smpp.bound", extra={"smsc": f"{account.host}:{account.port}"})
        return True

    def _keep_alive(self) -> None:
        self._client.send_pdu(make_pdu("enquire_link", client=self._client))
        self._heard = time.monotonic()

    def _received(self, pdu: Any) -> int:
        """Take a message; delivery receipts and parts of long messages say nothing to us."""
        if int(pdu.esm_class or 0) & (_RECEIPT | _HEADED):
            return int(consts.SMPP_ESME_ROK)
        text = _decoded(bytes(pdu.short_message or b""), int(pdu.data_coding or 0))
        sender = str(_text(pdu.source_addr))
        self._take(Arrived("smpp", _message_id(pdu, sender, text), sender, text))
        return int(consts.SMPP_ESME_ROK)

    def _answered(self, pdu: Any) -> None:
        self._answers[int(pdu.sequence)] = int(pdu.status)

    def _close(self, error: Exception) -> None:
        logger.warning("smpp.lost", extra={"fault": type(error).__name__})
        self._drop()
        self._next_try = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _drop(self) -> None:
        client, self._client = self._client, None
        self._answers.clear()
        if client is not None:
            client.state = consts.SMPP_CLIENT_STATE_OPEN
            client.disconnect()


def _message_id(pdu: Any, sender: str, text: str) -> str:
    """Return what tells a message from another: SMPP gives none of its own.

    The sender's reference where the SMSC passes it on; else what was said by whom in which minute:
    an SMSC that saw no acknowledgement sends the same again. The same number announced again later
    gets its ARN again anyway.
    """
    reference = getattr(pdu, "user_message_reference", None)
    told = f"{sender}|{text}|{int(time.time()) // 60}"
    if reference is not None:
        told = f"{sender}|{reference}|{text}"
    return uuid.UUID(bytes=hashlib.sha256(told.encode()).digest()[:16]).hex


def _decoded(body: bytes, coding: int) -> str:
    """Return the words of a message: UCS-2, Latin-1, or the alphabet of GSM."""
    if coding & 0x0F == consts.SMPP_ENCODING_ISO10646:
        return body.decode("utf-16-be", "replace")
    if coding == consts.SMPP_ENCODING_ISO88591:
        return body.decode("iso-8859-1")
    return "".join(GSM_CHARACTER_TABLE[byte] if byte < 0x80 else "?" for byte in body)


def _text(value: "bytes | str") -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value
