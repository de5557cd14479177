"""New UUIDs: version 7, so that keys grow with time and indexes stay warm."""

from hashlib import sha256
from uuid import UUID

from uuid_utils.compat import uuid7


def new_uuid() -> UUID:
    """A UUIDv7 of this moment."""
    return uuid7()


def derived_uuid(of: UUID, name: bytes) -> UUID:
    """A UUIDv7 of the moment of another one, the same for the same name."""
    made = bytearray(of.bytes[:6] + sha256(of.bytes + name).digest()[:10])
    made[6], made[8] = made[6] & 0x0F | 0x70, made[8] & 0x3F | 0x80
    return UUID(bytes=bytes(made))
