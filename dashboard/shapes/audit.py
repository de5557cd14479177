"""Entries of the audit, and what the things in them are called, as the documents answer them."""

from collections.abc import Mapping
from typing import Any, TypedDict

from dashboard.format import Currency

Facts = Mapping[str, Any]


class AuditEntry(TypedDict):
    """A change of state outside the wallets' logs."""

    id: str
    time: str
    actor: str
    action: str
    subjectId: str
    before: Facts | None
    after: Facts | None


class Known(TypedDict):
    """A thing that an entry names: what it is called, and the currency of what is its own."""

    name: str
    currency: Currency | None


def known(node: Mapping[str, Any]) -> Known:
    """Of a node of any kind; one without a name of its own goes by what it is of."""
    match node["__typename"]:
        case "Wallet":
            return {"name": node["owner"]["name"], "currency": Currency(node["code"], node["exponent"])}
        case "Tenant":
            code = Currency(node["currency"], node["wallet"]["currencyExponent"])
            return {"name": node["name"], "currency": code}
        case "Price":
            return {"name": f"{node['service']}, {node['tenant']['name']}", "currency": None}
        case "WebhookEndpoint":
            return {"name": node["url"], "currency": None}
        case _:
            return {"name": str(node.get("name", "")), "currency": None}
