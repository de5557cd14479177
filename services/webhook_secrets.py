"""The secrets of webhooks: made, kept encrypted with the server's own secret, and signed with."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from standardwebhooks import Webhook

from services.core import Core

_SECRET_BYTES = 32
_NONCE_BYTES = 12
_PURPOSE = b"tijori webhook secrets"


class UnreadableSecretError(Exception):
    """It was encrypted with another TIJORI_SECRET."""


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def sealed(core: Core, endpoint_id: UUID, secret: str) -> bytes:
    """Encrypted, to be read for this endpoint only."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(core).encrypt(nonce, secret.encode(), endpoint_id.bytes)


def unsealed(core: Core, endpoint_id: UUID, kept: bytes) -> str:
    """Raises UnreadableSecretError."""
    try:
        return _cipher(core).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], endpoint_id.bytes).decode()
    except InvalidTag:
        raise UnreadableSecretError from None


def signature(with_secrets: Sequence[str], message_id: str, at: datetime, payload: str) -> str:
    """The header's value: one signature for each secret, space-separated."""
    return " ".join(Webhook(secret).sign(message_id, at, payload) for secret in with_secrets)


def _cipher(core: Core) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, _PURPOSE).derive(core.secret))
