"""A private key in a PKCS #11 device, for an authority whose settings name one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NoReturn

import pkcs11
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature


@contextmanager
def device_key() -> Iterator["DeviceKey"]:
    """Open the device and yield its key; it is closed afterwards."""
    library = pkcs11.lib(settings.CA_PKCS11_MODULE)
    token = library.get_token(token_label=settings.CA_PKCS11_TOKEN)
    with token.open(user_pin=settings.CA_PKCS11_PIN) as session:
        yield DeviceKey(session)


class DeviceKey(ec.EllipticCurvePrivateKey):
    """A private key that stays in a PKCS #11 device: it signs and does nothing else."""

    def __init__(self, session: Any) -> None:
        name = settings.CA_PKCS11_KEY
        self._private = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=name)
        self._stored = session.get_key(pkcs11.ObjectClass.PUBLIC_KEY, label=name)

    @cached_property
    def _public(self) -> ec.EllipticCurvePublicKey:
        key = serialization.load_der_public_key(encode_ec_public_key(self._stored))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise ImproperlyConfigured("CA_PKCS11_KEY must be a key of an elliptic curve.")
        return key

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the other half."""
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        """The curve of the key."""
        return self._public.curve

    @property
    def key_size(self) -> int:
        """Bits."""
        return self._public.key_size

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign inside the device; the digest is computed here."""
        algorithm = signature_algorithm.algorithm
        if not isinstance(algorithm, hashes.HashAlgorithm):
            raise NotImplementedError
        digest = hashes.Hash(algorithm)
        digest.update(bytes(data))
        raw = self._private.sign(digest.finalize(), mechanism=pkcs11.Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(raw))

    def exchange(self, *_: Any) -> NoReturn:
        """The device is asked to sign only."""
        raise NotImplementedError

    def private_numbers(self) -> NoReturn:
        """The private half does not leave the device."""
        raise NotImplementedError

    def private_bytes(self, *_: Any) -> NoReturn:
        """The private half does not leave the device."""
        raise NotImplementedError

    def __copy__(self) -> "DeviceKey":
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> "DeviceKey":
        return self
