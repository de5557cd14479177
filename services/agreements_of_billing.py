"""What must agree with what in usage and billing, as services/agreements.py has it for money (laws 2, 15, 17, 18)."""

from services.agreements import Agreement

_TOTALS_ARE_THEIR_LINES = Agreement(
    2,
    "inv",
    """
SELECT wallet_id, count AS number, format('its total is %s, and its lines come to %s', i.total, l.amount) AS message
FROM i LEFT JOIN (SELECT wallet_id, count, sum(amount) AS amount FROM l GROUP BY 1, 2) AS l USING (wallet_id, count)
WHERE i.total IS DISTINCT FROM l.amount
""",
)
_COUNTS_HAVE_NO_GAP = Agreement(
    18,
    "inv",
    """
SELECT wallet_id, count AS number, format('count %s is the %sth of its tenant', count, place) AS message
FROM (SELECT wallet_id, count, row_number() OVER (PARTITION BY wallet_id ORDER BY count) AS place FROM i) AS numbered
WHERE count <> place
""",
)
_MONTHS_HAVE_NO_GAP = Agreement(
    18,
    "ten",
    """
SELECT wallet_id, NULL::bigint AS number, format('%s is closed, and before it %s, not the month between',
    to_char(month, 'YYYY-MM'), to_char(before, 'YYYY-MM')) AS message
FROM (SELECT wallet_id, month, lag(month) OVER (PARTITION BY wallet_id ORDER BY month) AS before FROM m) AS closed
WHERE month <> before + interval '1 month'
""",
)
_INVOICES_HAVE_THEIR_MONTHS = Agreement(
    18,
    "inv",
    """
SELECT coalesce(i.wallet_id, m.wallet_id) AS wallet_id, coalesce(i.count, m.invoice) AS number, format(
    'it is for %s, and belongs to the closed month %s', coalesce(to_char(i.month, 'YYYY-MM'), 'nothing'),
    coalesce(to_char(m.month, 'YYYY-MM'), 'none')) AS message
FROM i FULL JOIN (SELECT * FROM m WHERE invoice IS NOT NULL) AS m ON m.wallet_id = i.wallet_id AND m.invoice = i.count
WHERE i.month IS DISTINCT FROM m.month
""",
)
_EVENTS_LIE_IN_THEIR_MONTHS = Agreement(
    18,
    "ten",
    """
SELECT e.wallet_id, NULL::bigint AS number, format(
    'the usage event %s occurred at %s and counts in %s, closed from %s to %s',
    e.key, e.occurred_at, to_char(e.month, 'YYYY-MM'), m.starts_at, m.ends_at) AS message
FROM e JOIN m ON m.wallet_id = e.wallet_id AND m.month = e.month
WHERE e.occurred_at < m.starts_at OR e.occurred_at >= m.ends_at
""",
)
_CORRECTIONS_COUNT_WHERE_THE_CORRECTED_DID = Agreement(
    15,
    "ten",
    """
SELECT c.wallet_id, NULL::bigint AS number, format(
    'the usage event %s corrects %s: together they come to %s%s',
    c.key, e.key, e.quantity + c.quantity, CASE WHEN e.corrects IS NOT NULL OR (c.service, c.month, c.occurred_at)
        IS DISTINCT FROM (e.service, e.month, e.occurred_at) THEN ', and it counts elsewhere' END) AS message
FROM (
    SELECT wallet_id, corrects, min(key) AS key, sum(quantity) AS quantity, service, month, occurred_at
    FROM e WHERE corrects IS NOT NULL GROUP BY wallet_id, corrects, service, month, occurred_at
) AS c JOIN e ON e.wallet_id = c.wallet_id AND e.key = c.corrects
WHERE e.quantity + c.quantity < 0 OR e.corrects IS NOT NULL
    OR (c.service, c.month, c.occurred_at) IS DISTINCT FROM (e.service, e.month, e.occurred_at)
""",
)
_USAGE_IS_COVERED = Agreement(
    17,
    "ten",
    """
SELECT wallet_id, NULL::bigint AS number, format(
    '%s in %s under the price %s: the total says %s in %s events, the events come to %s in %s', service,
    to_char(month, 'YYYY-MM'), coalesce(price_id::text, 'none'), u.quantity, u.events, c.quantity, c.events) AS message
FROM u FULL JOIN (
    SELECT e.wallet_id, e.month, e.service, s.id AS price_id, sum(e.quantity) AS quantity, count(*) AS events
    FROM e LEFT JOIN (
        SELECT *, lead(effective_from, 1, 'infinity') OVER timeline AS until FROM p
        WINDOW timeline AS (PARTITION BY wallet_id, service ORDER BY effective_from)
    ) AS s ON s.wallet_id = e.wallet_id AND s.service = e.service
        AND e.occurred_at >= s.effective_from AND e.occurred_at < s.until
    GROUP BY 1, 2, 3, 4
) AS c USING (wallet_id, month, service, price_id)
WHERE (u.quantity, u.events) IS DISTINCT FROM (c.quantity, c.events)
""",
)

OF_BILLING = (
    _TOTALS_ARE_THEIR_LINES,
    _COUNTS_HAVE_NO_GAP,
    _MONTHS_HAVE_NO_GAP,
    _INVOICES_HAVE_THEIR_MONTHS,
    _EVENTS_LIE_IN_THEIR_MONTHS,
    _CORRECTIONS_COUNT_WHERE_THE_CORRECTED_DID,
    _USAGE_IS_COVERED,
)
