"""Users as the documents answer them."""

from typing import NotRequired, TypedDict

from dashboard.shapes.wallets import Wallet


class Home(TypedDict):
    """The tenant that a user belongs to."""

    id: str
    name: str


class Vehicle(TypedDict):
    """What a user drives."""

    id: str
    registration: str
    name: str


class User(TypedDict):
    """A user; permissions, vehicles and all of the wallet only on the page of one."""

    id: str
    name: str
    phone: str
    email: str | None
    role: str
    active: bool
    createdAt: str
    closedAt: str | None
    tenant: Home | None
    wallet: Wallet | None
    permissions: NotRequired[list[str]]
    vehicles: NotRequired[list[Vehicle]]
