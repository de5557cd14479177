"""What a token may do, in words, in groups; what nobody has put into words yet goes by its own name."""

from collections.abc import Iterable

GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "Wallets",
        {
            "wallet:read": "Read balances, logs and holds",
            "wallet:topup": "Top up wallets",
            "wallet:adjust": "Adjust balances by hand, erase descriptions",
            "wallet:transfer": "Transfer between wallets",
            "wallet:reverse": "Reverse transactions",
            "wallet:lock": "Lock and unlock wallets",
            "hold:write": "Place, capture and release holds",
        },
    ),
    (
        "Prices and usage",
        {
            "price:read": "Read prices",
            "price:write": "Set and cancel prices",
            "usage:read": "Read usage",
            "usage:write": "Report usage",
        },
    ),
    (
        "Billing",
        {
            "invoice:read": "Read invoices",
            "invoice:write": "Approve and void invoices",
            "billing:run": "Run billing",
        },
    ),
    (
        "Tenants and users",
        {
            "tenant:read": "Read tenants",
            "tenant:write": "Create, edit and delete tenants",
            "user:read": "Read users",
            "user:write": "Create, edit and delete users",
        },
    ),
    (
        "Alerts and webhooks",
        {
            "alert:read": "Read alerts and their rules",
            "alert:write": "Make and change alert rules",
            "webhook:write": "Make and change webhook endpoints",
        },
    ),
    (
        "Access",
        {
            "token:write": "Make and revoke read-only tokens",
            "audit:read": "Read the audit, and prove logs",
        },
    ),
)
WORDS = {name: words for _, group in GROUPS for name, words in group.items()}
OTHERS = "Others"


def in_words(permission: str) -> str:
    """What it allows."""
    return WORDS.get(permission, permission)


def is_reading(permission: str) -> bool:
    """Whether it changes nothing."""
    return permission.endswith(":read")


def grouped(permissions: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Those of each group, in its order; the ones that are in none at the end."""
    given = set(permissions)
    groups = [(title, [name for name in group if name in given]) for title, group in GROUPS]
    return [(title, names) for title, names in [*groups, (OTHERS, sorted(given - set(WORDS)))] if names]


def summary(permissions: Iterable[str]) -> str:
    """How much it is: `Reads 3 kinds of things`, `Reads 2, changes 1`."""
    given = list(permissions)
    reads = sum(is_reading(one) for one in given)
    changes = len(given) - reads
    if not changes:
        return f"Reads {reads} {'kind' if reads == 1 else 'kinds'} of things"
    return f"Reads {reads}, changes {changes}" if reads else f"Changes {changes}, reads nothing"
