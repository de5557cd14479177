"""What must agree with the log, wallet by wallet: statements that find whatever does not (laws 6, 7, 8, 11 and 19).

Each answers wallet_id, number and message of what is broken; a whole store has none. `OF` goes before each: the tables
under short names, for one wallet or for all.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain import ids

_TABLES = {
    "o": "operations",
    "t": "wallet_transactions",
    "h": "holds",
    "i": "invoices",
    "l": "invoice_lines",
    "m": "billing_months",
    "p": "prices",
    "u": "usage_totals",
    "e": "usage_events",
    "sums": "log_sums",
}
OF = "WITH w AS NOT MATERIALIZED (SELECT * FROM wallets WHERE $1::uuid IS NULL OR id = $1), " + ", ".join(
    f"{short} AS NOT MATERIALIZED (SELECT * FROM {table} WHERE $1::uuid IS NULL OR wallet_id = $1)"
    for short, table in _TABLES.items()
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """`kind` is what its rows' numbers count: transactions, holds, invoices; or a wallet, a tenant without numbers, or
    nothing less than the store."""

    law: int
    kind: Literal["txn", "hld", "inv", "wal", "ten", "all"]
    sql: str

    def name(self, wallet_id: UUID, number: int | None) -> str:
        """The id of a row that it found."""
        if self.kind == "all":
            return "all"
        if self.kind == "wal" or self.kind == "ten":
            return ids.make(self.kind, wallet_id)
        return ids.make_numbered(self.kind, wallet_id, number or 0)


_WALLET_IS_ITS_LAST_ROW = Agreement(
    6,
    "wal",
    """
SELECT w.id AS wallet_id, NULL::bigint AS number, format(
    'the wallet says version %s, total %s, locked %s, due %s; its log ends with version %s, %s, %s, %s%s',
    w.version, w.total, w.locked, w.due,
    coalesce(t.version, 0), coalesce(t.total_after, 0), coalesce(t.locked_after, 0), coalesce(t.due_after, 0),
    CASE WHEN (w.version, w.total, w.locked, w.due) IS NOT DISTINCT FROM
        (t.version, t.total_after, t.locked_after, t.due_after) THEN ': its hash, locks or time differ' END
) AS message
FROM w LEFT JOIN LATERAL (
    SELECT * FROM wallet_transactions x WHERE x.wallet_id = w.id ORDER BY x.version DESC LIMIT 1
) AS t ON true
WHERE (w.version, w.total, w.locked, w.due, w.hash, w.funds_locked_at, w.manual_locked_at, w.locks_at)
    IS DISTINCT FROM (coalesce(t.version, 0), coalesce(t.total_after, 0), coalesce(t.locked_after, 0),
        coalesce(t.due_after, 0), coalesce(t.hash, decode(repeat('00', 32), 'hex')), t.funds_locked_at,
        t.manual_locked_at, t.locks_at)
    OR w.updated_at <> t.created_at
""",
)
_OPERATIONS_COVER_THEIR_ROWS = Agreement(
    7,
    "txn",
    """
SELECT wallet_id, coalesce(o.first_version, t.first_version) AS number, format(
    'operation %s has the versions %s to %s, and the log has %s of it, from %s to %s', id,
    coalesce(o.first_version::text, 'none'), o.last_version, coalesce(t.lines, 0), t.first_version, t.last_version
) AS message
FROM o FULL JOIN (
    SELECT wallet_id, operation_id AS id, min(version) AS first_version, max(version) AS last_version, count(*) AS lines
    FROM t GROUP BY 1, 2
) AS t USING (wallet_id, id)
WHERE (o.first_version, o.last_version, o.last_version - o.first_version + 1)
    IS DISTINCT FROM (t.first_version, t.last_version, t.lines)
""",
)
# Of an operation over two wallets one is its home: it has the key, and the other one's rows name it.
_OPERATIONS_HAVE_ONE_HOME = Agreement(
    7,
    "txn",
    """
SELECT coalesce(o.wallet_id, t.wallet_id) AS wallet_id, coalesce(o.first_version, t.version) AS number, format(
    'operation %s: its home is %s; %s of its rows say %s%s', coalesce(o.id, t.id),
    coalesce(home.wallet_id::text, 'missing'), coalesce(t.lines, 0), t.operation_home,
    CASE WHEN o.idempotency_key IS NOT NULL THEN '; and it has a key of its own' END) AS message
FROM (SELECT * FROM o WHERE home IS NOT NULL) AS o FULL JOIN (
    SELECT wallet_id, operation_id AS id, operation_home, min(version) AS version, count(*) AS lines
    FROM t WHERE operation_home IS NOT NULL GROUP BY 1, 2, 3
) AS t ON t.wallet_id = o.wallet_id AND t.id = o.id
LEFT JOIN operations AS home ON home.wallet_id = o.home AND home.id = o.id AND home.home IS NULL
WHERE home.id IS NULL OR o.idempotency_key IS NOT NULL
    OR (o.home, o.last_version - o.first_version + 1) IS DISTINCT FROM (t.operation_home, t.lines)
""",
)
_TRANSFERS_HAVE_TWO_SIDES = Agreement(
    7,
    "txn",
    """
SELECT t.wallet_id, t.version AS number, format(
    '%s here; on the other side, wallet %s, operation %s has %s opposite to it', t.amount, t.counterparty,
    t.operation_id, other.sides) AS message
FROM t CROSS JOIN LATERAL (
    SELECT count(*) AS sides FROM operations AS o JOIN wallet_transactions AS x
        ON x.wallet_id = o.wallet_id AND x.version BETWEEN o.first_version AND o.last_version
    WHERE o.wallet_id = t.counterparty AND o.id = t.operation_id AND x.counterparty = t.wallet_id
        AND x.amount = -t.amount AND coalesce(o.home, o.wallet_id) = coalesce(t.operation_home, t.wallet_id)
) AS other
WHERE t.counterparty IS NOT NULL AND other.sides <> 1
""",
)
_REVERSALS_NEVER_EXCEED = Agreement(
    8,
    "txn",
    """
SELECT wallet_id, version AS number, format('it is %s %s of %s, and reversals of it come to %s',
    coalesce(t.type, 'no'), coalesce(t.reason, 'transaction'), coalesce(t.amount, 0), back.amount) AS message
FROM (
    SELECT wallet_id, reverses AS version, sum(amount) AS amount FROM t WHERE reverses IS NOT NULL GROUP BY 1, 2
) AS back LEFT JOIN t USING (wallet_id, version)
WHERE t.amount IS NULL OR t.reason NOT IN ('TOP_UP', 'ADJUSTMENT', 'TRANSFER', 'HOLD', 'INVOICE')
    OR sign(back.amount) <> -sign(t.amount) OR abs(back.amount) > abs(t.amount)
""",
)
_HOLDS_AGREE_WITH_THE_LOG = Agreement(
    11,
    "hld",
    """
SELECT wallet_id, number, format('it is %s: %s placed, %s captured; the log says %s: %s placed, %s captured, %s held',
    coalesce(h.status, 'missing'), h.amount, h.captured, coalesce(t.status, 'nothing'), t.placed, t.captured, t.held
) AS message
FROM h FULL JOIN (
    SELECT wallet_id, coalesce(hold, version) AS number, sum(locked_amount) AS held,
        max(locked_amount) FILTER (WHERE type = 'HOLD' AND version = hold) AS placed,
        -coalesce(sum(locked_amount) FILTER (WHERE type = 'DEBIT'), 0) AS captured,
        CASE WHEN sum(locked_amount) > 0 THEN 'ACTIVE' WHEN bool_or(type = 'DEBIT') THEN 'CAPTURED'
            WHEN bool_or(reason = 'HOLD_EXPIRED') THEN 'EXPIRED' ELSE 'RELEASED' END AS status
    FROM t WHERE locked_amount <> 0 GROUP BY 1, 2
) AS t USING (wallet_id, number)
WHERE (h.amount, h.captured, h.status, CASE h.status WHEN 'ACTIVE' THEN h.amount ELSE 0 END)
    IS DISTINCT FROM (t.placed, t.captured, t.status, t.held)
""",
)
_INVOICES_AGREE_WITH_THE_LOG = Agreement(
    19,
    "inv",
    """
SELECT wallet_id, count AS number, format(
    'it is %s with a total of %s; the log collected %s for it, has %s held and %s due',
    coalesce(i.status, 'missing'), coalesce(i.total, 0), coalesce(t.collected, 0), coalesce(t.held, 0),
    coalesce(t.due, 0)
) AS message
FROM i FULL JOIN (
    SELECT wallet_id, invoice AS count, -sum(amount) AS collected, sum(locked_amount) AS held, sum(due_amount) AS due
    FROM t WHERE invoice IS NOT NULL GROUP BY 1, 2
) AS t USING (wallet_id, count)
WHERE i.status IS NULL OR (
    CASE i.status WHEN 'PAID' THEN i.total ELSE 0 END,
    CASE i.status WHEN 'PENDING' THEN i.total ELSE 0 END,
    CASE i.status WHEN 'DUE' THEN i.total ELSE 0 END
) IS DISTINCT FROM (coalesce(t.collected, 0), coalesce(t.held, 0), coalesce(t.due, 0))
""",
)
_PENDING_INVOICES_HAVE_THEIR_HOLDS = Agreement(
    19,
    "inv",
    """
SELECT coalesce(i.wallet_id, h.wallet_id) AS wallet_id, coalesce(i.count, h.invoice) AS number, format(
    'it is%s PENDING: hold %s of %s; the open hold for it is %s of %s',
    CASE WHEN i.count IS NULL THEN ' not' END, i.hold, i.total, h.number, h.amount) AS message
FROM (SELECT * FROM i WHERE status = 'PENDING') AS i
FULL JOIN (SELECT * FROM h WHERE status = 'ACTIVE' AND invoice IS NOT NULL) AS h
    ON h.wallet_id = i.wallet_id AND h.invoice = i.count
WHERE (i.hold, i.total) IS DISTINCT FROM (h.number, h.amount)
""",
)
_OPEN_THINGS_ADD_UP = Agreement(
    6,
    "wal",
    """
SELECT w.id AS wallet_id, NULL::bigint AS number, format(
    'locked is %s and open holds are %s; due is %s and DUE invoices are %s; locked for money since %s, graces end %s '
    'and the wallet says %s; the clock decides something at %s and the wallet says %s',
    w.locked, coalesce(h.held, 0), w.due, coalesce(i.owed, 0), coalesce(w.funds_locked_at::text, 'never'),
    coalesce(i.locks_at::text, 'never'), coalesce(w.locks_at::text, 'never'),
    coalesce(least(h.expires_at, i.finalizes_at, w.locks_at)::text, 'never'), coalesce(w.next_instant::text, 'never')
) AS message
FROM w LEFT JOIN (
    SELECT wallet_id, sum(amount) AS held, min(expires_at) AS expires_at FROM h WHERE status = 'ACTIVE' GROUP BY 1
) AS h ON h.wallet_id = w.id LEFT JOIN (
    SELECT wallet_id, sum(total) FILTER (WHERE status = 'DUE') AS owed,
        min(locks_at) FILTER (WHERE status = 'DUE') AS locks_at,
        min(finalizes_at) FILTER (WHERE status = 'PENDING') AS finalizes_at
    FROM i WHERE status IN ('DUE', 'PENDING') GROUP BY 1
) AS i ON i.wallet_id = w.id
WHERE w.locked <> coalesce(h.held, 0) OR w.due <> coalesce(i.owed, 0)
    OR (w.funds_locked_at IS NOT NULL AND w.due = 0)
    OR w.locks_at IS DISTINCT FROM CASE WHEN w.funds_locked_at IS NULL THEN i.locks_at END
    OR w.next_instant IS DISTINCT FROM least(h.expires_at, i.finalizes_at, w.locks_at)
""",
)

_KEPT_SUMS_ARE_OF_THEIR_LINES = Agreement(
    6,
    "txn",
    """
SELECT wallet_id, version AS number, format(
    'the sums kept of the lines up to it are of %s, and come to total %s, locked %s, due %s', kept.transactions,
    kept.amount, kept.locked, kept.due) AS message
FROM (
    SELECT wallet_id, version, sum(transactions) AS transactions, sum(amount) AS amount, sum(locked_amount) AS locked,
        sum(due_amount) AS due FROM sums GROUP BY 1, 2
) AS kept LEFT JOIN t USING (wallet_id, version)
WHERE (kept.transactions, kept.amount, kept.locked, kept.due)
    IS DISTINCT FROM (t.version, t.total_after, t.locked_after, t.due_after)
""",
)

OF_MONEY = (
    _WALLET_IS_ITS_LAST_ROW,
    _OPERATIONS_COVER_THEIR_ROWS,
    _OPERATIONS_HAVE_ONE_HOME,
    _TRANSFERS_HAVE_TWO_SIDES,
    _REVERSALS_NEVER_EXCEED,
    _HOLDS_AGREE_WITH_THE_LOG,
    _INVOICES_AGREE_WITH_THE_LOG,
    _PENDING_INVOICES_HAVE_THEIR_HOLDS,
    _OPEN_THINGS_ADD_UP,
    _KEPT_SUMS_ARE_OF_THEIR_LINES,
)
"""In the order in which they are proved, once every log holds: later ones rest on the earlier."""
