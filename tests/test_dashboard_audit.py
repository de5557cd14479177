"""What an entry of the audit says: a sentence, and the values that were changed and no others."""

import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.audit_words import ACTIONS, Names, mentioned
from dashboard.format import Currency, manner
from dashboard.places import place
from dashboard.shapes.audit import AuditEntry, Known

TENANT, ADMIN, PRICE = "ten_" + "1" * 32, "usr_" + "2" * 32, "prc_" + "3" * 32
WALLET_DIGITS = "4" * 32
KNOWN: dict[str, Known] = {
    TENANT: {"name": "Morning Star", "currency": Currency("INR", 2)},
    ADMIN: {"name": "Asha Rao", "currency": None},
}
NAMES = Names(KNOWN, manner("en-IN", "Asia/Kolkata"))
ROOT = Path(__file__).parent.parent


def entry(action: str, subject: str, before: dict[str, Any] | None = None, after: Any = None) -> AuditEntry:
    return {
        "id": "aud_1",
        "time": "2025-04-01T00:00:00Z",
        "actor": ADMIN,
        "action": action,
        "subjectId": subject,
        "before": before,
        "after": after,
    }


def sentence(one: AuditEntry, names: Names = NAMES) -> str:
    return f"{names.who(one)} {names.what(one)} {names.subject(one)}".strip()


def told(one: AuditEntry, names: Names = NAMES) -> list[tuple[str, str, str]]:
    return [(change.name, change.before, change.after) for change in names.differences(one)]


PRICED: dict[str, Any] = {
    "tenant": TENANT,
    "service": "EPAPER",
    "unit": "page",
    "model": "PER_UNIT",
    "unitPriceMinor": "200000",
    "flatMinor": None,
    "packageSize": None,
    "tiers": [],
    "minimumMinor": 0,
    "effectiveFrom": "2025-03-31T18:30:00+00:00",
}
TIERS = [
    {"upTo": "1000", "unitPriceMinor": "0.5", "flatMinor": 0},
    {"upTo": None, "unitPriceMinor": "0.25", "flatMinor": 50_000},
]
SIGNED_IN = {"address": "10.0.0.7", "userAgent": "Mozilla/5.0 (iPhone; CPU) AppleWebKit/605 Version/17 Safari/604.1"}

SENTENCES = [
    (entry("updateTenant", TENANT), "Asha Rao changed the tenant Morning Star"),
    (entry("signIn", "ses_" + "5" * 32, after=SIGNED_IN), "Asha Rao signed in with Safari on an iPhone at 10.0.0.7"),
    (entry("changePassword", ADMIN), "Asha Rao changed their password"),
    (entry("endSession", "ses_" + "5" * 32), "Asha Rao ended a session"),
    (entry("cancelPrice", PRICE, before=PRICED), "Asha Rao cancelled the price EPAPER, Morning Star"),
    (
        entry("runBilling", "run_" + "6" * 32, after={"month": "2025-03", "tenants": 4}),
        "Asha Rao ran billing for Mar 2025",
    ),
    (entry("importUsers", "aud_" + "7" * 32, after={"file": "users.json"}), "Asha Rao imported users from users.json"),
    (entry("revokeApiToken", "tok_" + "8" * 32, before={"name": "Printer"}), "Asha Rao revoked the API token Printer"),
    (entry("deleteUser", "usr_" + "9" * 32, before={"name": "Ravi", "phone": "+91"}), "Asha Rao deleted the user Ravi"),
    (entry("eraseDescription", f"txn_{WALLET_DIGITS}_7"), "Asha Rao erased a description of txn_44444444…"),
    (entry("somethingNew", TENANT), "Asha Rao somethingNew Morning Star"),
]


@pytest.mark.parametrize(("one", "said"), SENTENCES, ids=[one["action"] for one, _ in SENTENCES])
def test_an_entry_says_who_did_what_to_what(one: AuditEntry, said: str) -> None:
    assert sentence(one) == said


def test_of_a_change_only_the_values_that_differ_are_told() -> None:
    before, after = {"name": "Star", "graceDays": 2, "active": True}, {"name": "Star", "graceDays": 5, "active": False}
    changed = told(entry("updateTenant", TENANT, before, after))
    assert changed == [("State", "active", "suspended"), ("Grace period", "2 days", "5 days")]


def test_of_what_is_new_only_what_says_something_is_told_and_nothing_before_it() -> None:
    made = {"name": "Star", "currency": "INR", "graceDays": 0, "externalId": None, "billingDelayHours": 1}
    assert told(entry("createTenant", TENANT, after=made)) == [
        ("Name", "", "Star"),
        ("Billing delay", "", "1 hour"),
        ("Currency", "", "INR"),
    ]


def test_a_value_that_is_taken_away_was_something_before() -> None:
    ravi = "usr_" + "9" * 32
    changed = told(entry("updateUser", ravi, {"email": "r@x.in", "role": "MEMBER"}, {"email": None, "role": "SUPPORT"}))
    assert changed == [("Email", "r@x.in", "nothing"), ("Role", "Member", "Support")]


def test_a_price_is_told_in_its_tenants_currency_and_the_viewers_manner() -> None:
    after = {**PRICED, "model": "GRADUATED", "unitPriceMinor": None, "tiers": TIERS, "minimumMinor": 12_345_600}
    changed = told(entry("setPrice", PRICE, PRICED, after))
    assert changed == [
        ("Model", "Per unit", "Graduated tiers"),
        ("Unit price", "₹2,000.00", "nothing"),
        ("Tiers", "nothing", "up to 1,000: ₹0.005 each; beyond: ₹0.0025 each and ₹500.00"),
        ("Minimum", "₹0.00", "₹1,23,456.00"),
    ]
    new = told(entry("setPrice", PRICE, after=PRICED))
    assert ("Effective from", "", "1 Apr 2025, 12:00\u00a0am") in new
    assert told(entry("setPrice", PRICE, after=PRICED), Names({}, manner("en-US", "UTC")))[1] == (
        "Unit price",
        "",
        "200000 minor units",
    )


def test_what_is_an_id_or_a_list_is_told_by_names_and_words() -> None:
    token = {"name": "Printer", "tenant": TENANT, "permissions": ["usage:write", "wallet:read"], "expiresAt": None}
    assert told(entry("createApiToken", "tok_" + "8" * 32, after=token)) == [
        ("Name", "", "Printer"),
        ("Tenant", "", "Morning Star"),
        ("Permissions", "", "Report usage; Read balances, logs and holds"),
    ]
    assert mentioned([entry("createApiToken", "tok_x", after=token)]) == [ADMIN, "tok_x", TENANT]


def test_an_entry_leads_to_the_page_of_what_it_is_about() -> None:
    assert NAMES.href(entry("updateTenant", TENANT)) == f"/tenants/{TENANT}"
    assert NAMES.href(entry("cancelPrice", PRICE, before=PRICED)) == f"/pricing?tenant={TENANT}"
    assert NAMES.href(entry("eraseDescription", f"txn_{WALLET_DIGITS}_7")) == f"/wallet/wal_{WALLET_DIGITS}"
    assert NAMES.href(entry("changePassword", ADMIN)) is None
    assert place("ses_" + "5" * 32) is None


def test_every_action_that_is_written_has_its_words() -> None:
    text = "\n".join(path.read_text() for path in (ROOT / "services").glob("*.py"))
    text = re.sub(r"\s+", " ", text)
    pattern = r"audit\.record(?:_each)?\( ?connection, (?:core\.)?clock, (?:viewer|access\.SYSTEM), \"(\w+)\""
    written = set(re.findall(pattern, text))
    assert len(written) > 15
    assert written <= set(ACTIONS)


def test_a_difference_of_words_that_read_alike_is_none() -> None:
    same = entry("updateTenant", TENANT, {"externalId": None}, {"externalId": ""})
    assert NAMES.differences(same) == []
