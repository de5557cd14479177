"""Sums kept of the whole store must be what they are of (law 6): statements as in services/agreements.py.

They are of no wallet in particular, so they are asked only where the whole store is proved.
"""

from services.agreements import Agreement

_NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid AS wallet_id, NULL::bigint AS number"

_BILLED_MONTHS = Agreement(
    6,
    "all",
    f"""
SELECT {_NOBODY}, format('of %s in %s the sums kept say %s %s, %s; there are %s, %s', to_char(month, 'YYYY-MM'),
    currency, coalesce(kept.number, 0), what, coalesce(kept.total, 0), coalesce(there.number, 0),
    coalesce(there.total, 0)) AS message
FROM (
    SELECT month, currency, what, sum(number) AS number, sum(total) AS total FROM month_changes GROUP BY 1, 2, 3
) AS kept FULL JOIN (
    SELECT i.month, x.currency, i.status AS what, count(*)::numeric AS number, sum(i.total) AS total
    FROM i JOIN tenants x ON x.id = i.wallet_id GROUP BY 1, 2, 3
    UNION ALL SELECT m.month, x.currency, 'CLOSED', count(*), 0
    FROM m JOIN tenants x ON x.id = m.wallet_id GROUP BY 1, 2
    UNION ALL SELECT m.month, x.currency, 'GONE', count(*), 0
    FROM m JOIN tenants x ON x.id = m.wallet_id WHERE x.closed_at IS NOT NULL GROUP BY 1, 2
) AS there USING (month, currency, what)
WHERE $1::uuid IS NULL AND (coalesce(kept.number, 0), coalesce(kept.total, 0))
    <> (coalesce(there.number, 0), coalesce(there.total, 0))
""",
)
_TENANTS = Agreement(
    6,
    "all",
    f"""
SELECT {_NOBODY}, format('the sums kept say that %s tenants in %s and %s begin in %s; they are %s',
    coalesce(kept.number, 0), currency, zone, to_char(month, 'YYYY-MM'), coalesce(there.number, 0)) AS message
FROM (
    SELECT month, currency, zone, sum(number) AS number FROM tenant_changes GROUP BY 1, 2, 3
) AS kept FULL JOIN (
    SELECT tenant_begins(x) AS month, x.currency, x.billing_zone AS zone, count(*)::numeric AS number
    FROM tenants x WHERE x.closed_at IS NULL GROUP BY 1, 2, 3
) AS there USING (month, currency, zone)
WHERE $1::uuid IS NULL AND coalesce(kept.number, 0) <> coalesce(there.number, 0)
""",
)
_CHARGES = Agreement(
    6,
    "all",
    f"""
SELECT {_NOBODY}, format('the sums kept say that %s in %s comes to %s %s; the usage comes to %s', service,
    to_char(month, 'YYYY-MM'), currency, coalesce(kept.charge, 0), coalesce(there.charge, 0)) AS message
FROM (
    SELECT month, currency, service, sum(charge) AS charge FROM charge_changes GROUP BY 1, 2, 3
) AS kept FULL JOIN (
    SELECT u.month, x.currency, u.service, sum(coalesce(usage_charge(p, u.quantity), 0)) AS charge
    FROM u JOIN prices p ON p.wallet_id = u.wallet_id AND p.id = u.price_id JOIN tenants x ON x.id = u.wallet_id
    GROUP BY 1, 2, 3
) AS there USING (month, currency, service)
WHERE $1::uuid IS NULL AND coalesce(kept.charge, 0) <> coalesce(there.charge, 0)
""",
)

_DAYS = Agreement(
    6,
    "all",
    f"""
WITH ended AS MATERIALIZED (
    SELECT currency, day, sum(sum(amount)) OVER (PARTITION BY currency ORDER BY day) AS total FROM (
        SELECT x.currency, (t.created_at AT TIME ZONE 'UTC')::date AS day, t.amount
        FROM t JOIN wallets x ON x.id = t.wallet_id WHERE t.amount <> 0
    ) AS amounts GROUP BY currency, day
)
SELECT {_NOBODY}, format('as %s ended %s %s were held, say the sums kept; the logs say %s', day, d.total, currency,
    coalesce(held.total, 0)) AS message
FROM day_balances d LEFT JOIN LATERAL (
    SELECT e.total FROM ended e WHERE e.currency = d.currency AND e.day <= d.day ORDER BY e.day DESC LIMIT 1
) AS held ON true
WHERE $1::uuid IS NULL AND d.total <> coalesce(held.total, 0)
""",
)

OF_SUMS = (_BILLED_MONTHS, _TENANTS, _CHARGES, _DAYS)
