"""New UUIDs: version 7, so that keys grow with time and indexes stay warm."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_uuid() -> UUID:
    """A UUIDv7 of this moment."""
    return uuid7()
