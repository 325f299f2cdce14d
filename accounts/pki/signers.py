"""Where the authority's private key is: in a file, or in a device that never lets it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CURVE = ec.SECP384R1
DIGEST = hashes.SHA384


@contextmanager
def signer() -> Iterator[ec.EllipticCurvePrivateKey]:
    """Yield the private key the settings name; a key of another kind: `ImproperlyConfigured`."""
    if settings.CA_PKCS11_MODULE:
        # Its library is of use only to whoever has a device.
        from accounts.pki.device import device_key  # noqa: PLC0415

        with device_key() as key:
            yield key
    else:
        yield _from_file(Path(settings.CA_KEY))


def _from_file(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ImproperlyConfigured("CA_KEY must be a key of an elliptic curve.")
    return key
