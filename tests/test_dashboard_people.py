"""Users and tenants in words: what changes, who may change it, and what a month's bars show."""

from decimal import Decimal
from typing import Any

import pytest

from dashboard import people, terms
from dashboard.components.usage_card import bars
from dashboard.format import manner
from dashboard.shapes.people import Viewer
from dashboard.shapes.tenants import Tenant
from dashboard.shapes.users import User


def user(**more: Any) -> User:
    made: Any = {
        "id": "usr_1",
        "name": "Ravi",
        "phone": "+911",
        "email": None,
        "role": "MEMBER",
        "active": True,
        "createdAt": "2025-01-01T00:00:00Z",
        "closedAt": None,
        "tenant": {"id": "ten_1", "name": "Dairy"},
        "wallet": None,
    }
    made |= more
    whole: User = made
    return whole


def tenant(**more: Any) -> Tenant:
    made: Any = {"name": "Dairy", "billingZone": "UTC", "graceDays": 0, "finalizationDays": 0, "billingDelayHours": 1}
    made |= more
    whole: Tenant = made
    return whole


def viewer(role: str) -> Viewer:
    known: Any = {"id": "usr_9", "name": "Asha", "phone": "+912", "role": role, "tenant": None, "wallet": None}
    whole: Viewer = known
    return whole


def test_what_changes_of_a_user_is_said() -> None:
    after = user(name="Ravi K", phone="+913", email="r@x.in", role="TENANT_ADMIN", tenant=None)
    assert people.changes(user(), after) == [
        "Signs in with +913 instead of +911.",
        "Is called Ravi K instead of Ravi.",
        "E-mail: r@x.in instead of none.",
        "Becomes tenant admin: sees their tenant and manages its members.",
        "Belongs to no tenant instead of Dairy.",
    ]
    assert people.changes(user(), user()) == []


@pytest.mark.parametrize(
    ("role", "whom", "may"),
    [
        ("SUPER_ADMIN", user(role="SUPPORT", tenant=None), True),
        ("SUPER_ADMIN", user(closedAt="2025-02-01T00:00:00Z"), False),
        ("SUPPORT", user(), False),
        ("TENANT_ADMIN", user(), True),
        ("TENANT_ADMIN", user(role="TENANT_ADMIN"), False),
        ("MEMBER", user(), False),
    ],
)
def test_only_those_are_offered_to_edit_somebody_whom_the_api_lets(role: str, whom: User, may: bool) -> None:
    assert people.may_edit(viewer(role), whom) is may


def test_a_tenants_administrator_gives_no_role_but_members() -> None:
    assert list(people.roles_to_give(viewer("TENANT_ADMIN"))) == ["MEMBER"]
    assert list(people.roles_to_give(viewer("SUPER_ADMIN"))) == ["MEMBER", "TENANT_ADMIN", "SUPPORT", "SUPER_ADMIN"]


def test_what_changes_of_a_tenants_terms_is_said() -> None:
    assert terms.changes(tenant(), tenant(name="Milk", graceDays=1, finalizationDays=3)) == [
        "Is called Milk instead of Dairy.",
        "Collection: Invoices wait 3 days, their amount held, before they are collected, "
        "instead of: Invoices are collected when they are issued.",
        "Grace: Locks 1 day after an invoice is not covered, instead of: Locks at once when not covered.",
    ]


def test_each_day_of_a_month_has_a_bar_as_high_as_its_share_of_the_highest() -> None:
    days = bars(
        "2025-02",
        {"2025-02-01": Decimal(4), "2025-02-03": Decimal(1), "2025-02-04": Decimal(-2)},
        manner("en-IN", "UTC"),
    )
    assert [day["share"] for day in days] == [100, 0, 25, 0, *[0] * 24]
    assert [day["tick"] for day in days if day["tick"]] == ["1", "5", "10", "15", "20", "25"]
    assert (days[3]["label"], days[3]["text"]) == ("4 Feb 2025", "\u22122")
