"""Faults of access, as faults.py has the others: the table must notice each."""

from tests.mutants.faults import Fault

_TABLE = "tests/test_access_table.py"
_WHOLE = f"{_TABLE} -m not(timing)"
"""All rows of it: only some are asked for in the short suite."""


def _fault(name: str, file: str, text: str, instead: str, tests: str = _TABLE) -> Fault:
    return Fault(name, 23, file, text, instead, tests)


OF_ACCESS = [
    _fault(
        "a user's wallet is shown to whoever sees the user", "resolvers/edges.py",
        "shown = uuid is not None and access.sees_balance(self.viewer, uuid)", "shown = uuid is not None", _WHOLE,
    ),
    _fault(
        "a person is found by phone from any tenant", "services/people_queries.py",
        "access.sees_user(viewer, row.id, row.tenant_id)", "True",
    ),
    _fault(
        "the other side of a transfer is shown", "resolvers/wallet_edges.py",
        "if uuid and access.sees_balance(self.viewer, uuid) else None", "if uuid else None", _WHOLE,
    ),
    _fault(
        "both sides of an operation are shown", "resolvers/shapes.py",
        "sides = [side for side in record.sides if access.sees(viewer, side.wallet_id)]", "sides = list(record.sides)",
    ),
    _fault(
        "a foreign name is missing in other words", "services/tenant_names.py",
        'if access.sees(viewer, row["id"]):', 'if row["id"]:',
    ),
    _fault(
        "who does not see a user waits for their lock", "services/people_rows.py",
        "if seen is None or not access.may_know(viewer, seen.id, seen.tenant_id):", "if seen is None:",
    ),
    _fault(
        "a token of one tenant makes others", "services/people.py",
        'access.require_everywhere(viewer, "tenant:write")', 'access.require(viewer, "tenant:write")',
    ),
    _fault(
        "a tenant reports its own usage", "domain/access.py",
        "return viewer.permissions & READ_ONLY", "return viewer.permissions", "tests/test_access_rules.py",
    ),
    _fault(
        "the audit is read within a tenant", "domain/access.py",
        'return holds_everywhere(viewer, "audit:read")', 'return holds(viewer, "audit:read")',
    ),
    _fault("an edge has no row", "tests/access/edges.txt", "Hold.invoice  tenant's  ", "Hold.wallet  tenant's  "),
]  # fmt: skip
