"""Programs of the accountant that speak SOAP over mutual TLS, through an outside client."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from zeep import Client
from zeep.transports import Transport

from demo.mandates import ACCOUNTANT
from tests.make import make_signing_request
from tests.running.house import House

RIGHTS = "isaf.view,isaf.upload,isaf.submit,ivaz.view,ivaz.submit"
UPLOADER = "isaf-uploader/services/uploader"
PROCESSOR = "ivaz-processor/services/sync"


@dataclass(frozen=True)
class TlsHouse:
    """A house, the port on which it serves programs, and the certificate to trust it by."""

    house: House
    port: int
    trusted: Path

    @property
    def address(self) -> str:
        """The address of the uploader."""
        return self.address_of(UPLOADER)

    def address_of(self, service: str) -> str:
        """Return the address of a service."""
        return f"https://localhost:{self.port}/{service}"

    def session(self, folder: Path, code: str) -> requests.Session:
        """Return a connection that shows a new certificate for one taxpayer."""
        private, request = make_signing_request()
        asked, shown = folder / f"{code}.csr", folder / f"{code}.pem"
        asked.write_bytes(request)
        pem = self.house.manage(
            *("issue_certificate", "--login", ACCOUNTANT.name, "--taxpayer", code),
            *("--rights", RIGHTS, "--request", str(asked)),
        )
        shown.write_bytes(pem.encode() + private)
        session = requests.Session()
        # Else a bundle named in the environment counts more than what the session trusts.
        session.trust_env = False
        session.cert, session.verify = str(shown), str(self.trusted)
        return session

    def operations(self, session: requests.Session, service: str = UPLOADER) -> Any:
        """Return the operations as zeep reads them off the description."""
        transport = Transport(session=session)  # type: ignore[no-untyped-call]
        client = Client(f"{self.address_of(service)}?wsdl", transport=transport)  # type: ignore[no-untyped-call]
        return client.service
