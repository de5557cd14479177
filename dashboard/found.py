"""What the search found, as its list shows it: in groups, each thing with what it is told apart by."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from dashboard.billing_words import STATUS_BADGES
from dashboard.components.data_table import Badge
from dashboard.format import Currency, Manner, month_name
from dashboard.operation_words import kind_words
from dashboard.people import ROLES
from dashboard.places import place
from dashboard.session import Visit

Node = Mapping[str, Any]


class Result(TypedDict):
    """One thing, and where it is shown."""

    id: str
    name: str
    sub: str
    icon: str
    href: str
    badge: NotRequired[Badge]


class Group(TypedDict):
    """Those of a kind."""

    title: str
    results: list[Result]


class Words(TypedDict):
    """What is said of one."""

    name: str
    sub: str
    badge: NotRequired[Badge]


LOCKED: Badge = {"text": "Locked", "tone": "danger"}


def groups(found: Sequence[Node], visit: Visit) -> list[Group]:
    """In the order in which the best of each was found; what no page shows this viewer is left out."""
    grouped: dict[str, list[Result]] = {}
    for node in found:
        title, icon, words = KINDS.get(node["__typename"], ("", "", None))
        href = path(node, visit)
        if words is not None and href is not None:
            said = words(node, visit.manner)
            grouped.setdefault(title, []).append({"id": node["id"], "icon": icon, "href": href, **said})
    return [{"title": title, "results": results} for title, results in grouped.items()]


def path(node: Node, visit: Visit) -> str | None:
    """Where this viewer sees it: a member has a tenant's wallet for the tenant, and no page of users."""
    role = visit.viewer["role"] if visit.viewer else ""
    if role == "MEMBER" and node["__typename"] == "Tenant":
        return f"/wallet/{node['wallet']['id']}"
    if role == "MEMBER" and node["__typename"] == "User":
        return "/access"
    return place(node["id"])


def user_words(node: Node, manner: Manner) -> Words:
    """Phone, and whose they are."""
    home = node["tenant"]["name"] if node["tenant"] else ROLES[node["role"]]
    return {"name": node["name"], "sub": f"{node['phone']} · {home}"}


def tenant_words(node: Node, manner: Manner) -> Words:
    """The client's own name for it."""
    return {"name": node["name"], "sub": " · ".join(filter(None, [node["externalId"], node["currency"]]))}


def wallet_words(node: Node, manner: Manner) -> Words:
    """What is available, and whether it is locked."""
    currency = Currency(node["currency"], node["currencyExponent"])
    sub = f"{manner.money(node['balance']['available'], currency)} available"
    words: Words = {"name": node["owner"]["name"], "sub": sub}
    return {**words, "badge": LOCKED} if node["lock"]["locked"] else words


def invoice_words(node: Node, manner: Manner) -> Words:
    """Whose, for which month, how much."""
    money = manner.money(node["totalMinor"], Currency(node["currency"], node["debtor"]["wallet"]["currencyExponent"]))
    sub = f"{node['debtor']['name']} · {month_name(node['month'])} · {money}"
    return {"name": node["number"], "sub": sub, "badge": STATUS_BADGES[node["status"]]}


def operation_words(node: Node, manner: Manner) -> Words:
    """When it was."""
    return {"name": kind_words(node["kind"]), "sub": manner.moment(node["createdAt"])}


def transaction_words(node: Node, manner: Manner) -> Words:
    """Of which wallet, and when."""
    sub = f"{node['home']['owner']['name']} · {manner.moment(node['createdAt'])}"
    return {"name": node["description"] or f"Transaction {node['id'].rpartition('_')[2]}", "sub": sub}


def named_words(node: Node, manner: Manner) -> Words:
    """By its name alone."""
    return {"name": node["name"], "sub": ""}


KINDS: dict[str, tuple[str, str, Callable[[Node, Manner], Words]]] = {
    "User": ("Users", "user", user_words),
    "Tenant": ("Tenants", "tenant", tenant_words),
    "Wallet": ("Wallets", "wallet", wallet_words),
    "Invoice": ("Invoices", "invoice", invoice_words),
    "Operation": ("Operations", "transfer", operation_words),
    "Transaction": ("Transactions", "transfer", transaction_words),
    "ApiToken": ("API tokens", "key", named_words),
    "AlertRule": ("Alert rules", "bell", named_words),
}
