"""Certificate signing requests as they are handed in: read, and refused when they are weak.

Nothing of a request is taken over but its public key: whom the certificate names and what it is
good for is decided here.
"""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from imas.kernel.errors import UnprocessableError

MAX_BYTES = 16 * 1024
"""A request with an RSA key of 8 192 bits is under 4 KB."""

_RSA_BITS = range(2048, 8192 + 1)
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_STRONG_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)

ClientKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


def public_key_of(request: bytes) -> ClientKey:
    """Return the public key of a request (PKCS #10, PEM or DER) whose sender has the private one.

    `UnprocessableError`: csr-too-large, csr-unreadable, csr-signature, csr-key-weak.
    """
    if len(request) > MAX_BYTES:
        raise UnprocessableError("csr-too-large", kilobytes=str(MAX_BYTES // 1024))
    try:
        csr = _read(request)
        key, is_signed = csr.public_key(), csr.is_signature_valid
        digest = csr.signature_hash_algorithm
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise UnprocessableError("csr-unreadable") from error
    if not is_signed:
        raise UnprocessableError("csr-signature")
    if not isinstance(key, ClientKey) or not _is_strong(key, digest):
        raise UnprocessableError("csr-key-weak")
    return key


def encoded(key: ClientKey) -> bytes:
    """Return a public key as DER, the same for the same key."""
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _read(request: bytes) -> x509.CertificateSigningRequest:
    if (text := request.lstrip()).startswith(b"-----BEGIN"):
        return x509.load_pem_x509_csr(text)
    return x509.load_der_x509_csr(request)


def _is_strong(key: ClientKey, digest: hashes.HashAlgorithm | None) -> bool:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return True
    if not isinstance(digest, _STRONG_HASHES):
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size in _RSA_BITS
    return isinstance(key.curve, _CURVES)
