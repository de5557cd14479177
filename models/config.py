"""How Tortoise reaches the store: two connections, one of them the posting task's own."""

from typing import Any

from tortoise.backends.base.config_generator import expand_db_url

MODULES = [
    f"models.{name}"
    for name in (
        "access",
        "audit",
        "people",
        "wallets",
        "ledger",
        "pricing",
        "usage",
        "billing",
        "alerts",
        "webhooks",
        "sums",
        "forecasts",
    )
]

# Off by default in PostgreSQL; without them one stuck client holds up a wallet for ever.
_LIMITS = {
    "lock_timeout": "5000",
    "statement_timeout": "30000",
    "idle_in_transaction_session_timeout": "30000",
    "timezone": "UTC",
}
# A plan cached while a table was empty would stay a scan of all of it until the next autoanalyze.
# And a wallet that somebody holds must not hold up those who wait behind it for long.
_POSTING = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "lock_timeout": "500"}


def tortoise_config(url: str, *, pool_size: int = 10) -> dict[str, Any]:
    """Of a PostgreSQL URL. `posting` is held by the posting task for its life; a second one serves its restart."""
    return {
        "connections": {
            "default": _connection(url, 1, pool_size, {}),
            "posting": _connection(url, 0, 2, _POSTING),
        },
        "apps": {"models": {"models": [*MODULES, "aerich.models"], "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(url: str, smallest: int, largest: int, settings: dict[str, str]) -> dict[str, Any]:
    config: dict[str, Any] = expand_db_url(url)
    # Hosted databases give libpq's name for it, and asyncpg takes libpq's words.
    if (mode := config["credentials"].pop("sslmode", None)) is not None:
        config["credentials"]["ssl"] = mode
    config["credentials"] |= {
        "minsize": smallest,
        "maxsize": largest,
        "timeout": 5,
        "command_timeout": 40,
        "server_settings": {**_LIMITS, **settings, "application_name": "tijori"},
    }
    return config


# What aerich's own command line reads; it never connects with it, since migrations are written offline.
TORTOISE_ORM = tortoise_config("asyncpg://tijori@localhost/tijori")
