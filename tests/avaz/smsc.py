"""An operator's SMSC as far as SMPP goes: a server made with the codec of smpplib."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from smpplib import consts
from smpplib.smpp import make_pdu, parse_pdu

from tests.running.house import wait_until


class Sequence:
    """Gives PDUs of the server their numbers."""

    def __init__(self) -> None:
        self.sequence = 0

    def next_sequence(self) -> int:
        """Return the next one."""
        self.sequence += 1
        return self.sequence


class Smsc:
    """Takes one session at a time; `answers` are what was submitted: (to, text)."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.answers: list[tuple[str, str]] = []
        self.acknowledged: set[int] = set()
        self.bound: tuple[str, str] | None = None
        self._numbers = Sequence()
        self._session: socket.socket | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def deliver(self, sender: str, text: str, **more: Any) -> int:
        """Hand a message from a phone over; the number of its PDU."""
        wait_until(lambda: self._session is not None and self.bound is not None)
        coding, body = consts.SMPP_ENCODING_DEFAULT, text.encode("ascii", "ignore")
        if not text.isascii():
            coding, body = consts.SMPP_ENCODING_ISO10646, text.encode("utf-16-be")
        pdu = make_pdu(
            "deliver_sm",
            client=self._numbers,
            source_addr_ton=consts.SMPP_TON_INTL,
            source_addr_npi=consts.SMPP_NPI_ISDN,
            source_addr=sender.removeprefix("+"),
            destination_addr="1882",
            short_message=body,
            data_coding=coding,
            **more,
        )
        self._send(pdu)
        return int(pdu.sequence)

    def answer_to(self, phone: str, count: int = 1) -> list[str]:
        """Return what was answered to a phone; wait for so many answers."""
        wait_until(lambda: len(self._to(phone)) >= count)
        return self._to(phone)

    def hang_up(self) -> None:
        """Break the session."""
        if self._session:
            self.bound = None
            with suppress(OSError):
                self._session.shutdown(socket.SHUT_RDWR)
            self._session = None

    def _to(self, phone: str) -> list[str]:
        return [text for to, text in list(self.answers) if to == phone.removeprefix("+")]

    def _serve(self) -> None:
        while True:
            try:
                self._session, _peer = self.listener.accept()
            except OSError:
                return
            with self._session as session:
                while raw := self._read(session):
                    self._heard(parse_pdu(raw, client=Sequence(), allow_unknown_opt_params=True))

    def _read(self, session: socket.socket) -> bytes:
        try:
            head = session.recv(4, socket.MSG_WAITALL)
            if len(head) < 4:
                return b""
            (length,) = struct.unpack(">L", head)
            return head + session.recv(length - 4, socket.MSG_WAITALL)
        except OSError:
            return b""

    def _heard(self, pdu: Any) -> None:
        if pdu.command == "deliver_sm_resp":
            self.acknowledged.add(int(pdu.sequence))
            return
        if pdu.command == "bind_transceiver":
            self._reply("bind_transceiver_resp", pdu)
            self.bound = (_text(pdu.system_id), _text(pdu.password))
        elif pdu.command == "submit_sm":
            self.answers.append((_text(pdu.destination_addr), _text(pdu.short_message)))
            self._reply("submit_sm_resp", pdu)
        elif pdu.command in {"enquire_link", "unbind"}:
            self._reply(f"{pdu.command}_resp", pdu)

    def _reply(self, command: str, pdu: Any) -> None:
        reply = make_pdu(command, client=Sequence(), status=consts.SMPP_ESME_ROK)
        reply.sequence = pdu.sequence
        if command == "submit_sm_resp":
            reply.message_id = f"{pdu.sequence}"
        self._send(reply)

    def _send(self, pdu: Any) -> None:
        if self._session:
            self._session.sendall(pdu.generate())


@contextmanager
def running_smsc() -> Iterator[Smsc]:
    """Yield an SMSC that listens."""
    smsc = Smsc()
    try:
        yield smsc
    finally:
        smsc.listener.close()
        smsc.hang_up()


def _text(value: bytes | str) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else value
