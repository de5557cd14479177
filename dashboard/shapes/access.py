"""Sessions and tokens, as the documents answer them."""

from typing import TypedDict


class Session(TypedDict):
    """A place that the viewer is signed in at."""

    id: str
    current: bool
    address: str
    userAgent: str
    createdAt: str
    lastSeenAt: str


class TokenTenant(TypedDict):
    """The tenant that a token is bound to."""

    id: str
    name: str


class ApiToken(TypedDict):
    """A program's, as it is listed."""

    id: str
    name: str
    prefix: str
    permissions: list[str]
    tenant: TokenTenant | None
    createdAt: str
    expiresAt: str | None
    lastUsedAt: str | None
    revokedAt: str | None


class PasswordStrength(TypedDict):
    """What a new password would meet; `power` of ten guesses."""

    power: int
    problem: str | None
