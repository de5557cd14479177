"""The cards of a tenant's page."""

from collections.abc import Awaitable
from typing import Any, Protocol

from dashboard.components import states
from dashboard.components.buttons import action, link
from dashboard.components.compact_table import CompactTable
from dashboard.components.crumbs import crumbs
from dashboard.components.data_table import Column, Row
from dashboard.components.frame import initials
from dashboard.components.listing import Listing
from dashboard.components.lock_callout import LockCallout
from dashboard.components.menu import Entry, Menu
from dashboard.components.open_months import OpenMonths
from dashboard.components.tenant_actions import ActivateTenant, DeleteTenant, EditTenant, SuspendTenant
from dashboard.components.text import Text, box
from dashboard.components.usage_by_month import UsageByMonth
from dashboard.components.usage_card import UsageByDay
from dashboard.components.user_cards import Facts
from dashboard.format import Manner, runway
from dashboard.people import ROLES, may_create
from dashboard.people import status as user_status
from dashboard.session import Visit
from dashboard.shapes.access import ApiToken
from dashboard.shapes.lists import goes_on, nodes
from dashboard.shapes.tenants import DailyUsage, Tenant
from dashboard.shapes.users import User
from dashboard.shapes.wallets import Wallet, currency_of
from dashboard.terms import status, terms

TOKENS: list[Column] = [{"name": "name", "label": "Name", "wide": True}, {"name": "status", "label": "Status"}]
MEMBERS: list[Column] = [
    {"name": "name", "label": "Name", "wide": True},
    {"name": "role", "label": "Role"},
    {"name": "status", "label": "Status"},
]


class Acts(Protocol):
    """What the cards ask of the page."""

    async def open(self, kind: type[EditTenant | SuspendTenant | ActivateTenant | DeleteTenant]) -> None:
        """To open a dialog about this tenant."""

    def days(self, month: str) -> Awaitable[list[DailyUsage]]:
        """What was used in a month, day by day."""

    def members(self, first: int, after: str | None) -> Awaitable[Any]:
        """A page of its people."""


class TenantReport:
    """Built once; shown anew after each change."""

    def __init__(self, visit: Visit, tenant: Tenant, acts: Acts) -> None:
        self.visit = visit
        self.acts = acts
        self.may_edit = visit.is_super_admin and not tenant["closedAt"]
        self.head(tenant)
        self.lock = LockCallout()
        with box("t-columns"):
            with box("t-stack"):
                self.by_day = UsageByDay(visit.manner, acts.days)
                self.by_month = UsageByMonth()
                self.members_card(tenant)
            with box("t-stack"):
                self.wallet = Facts("Wallet")
                self.open_months = OpenMonths()
                self.terms = Facts("Terms")
                self.tokens = Tokens()

    def head(self, tenant: Tenant) -> None:
        """Which tenant, and what can be done."""
        if self.visit.sees_all:
            crumbs(("Tenants", "/tenants"), here=tenant["name"])
        with box("t-title"):
            Text(initials(tenant["name"]), "t-avatar t-avatar--large").props("aria-hidden=true")
            with box("t-title__words"):
                self.name = Text(tenant["name"], "t-h1", tag="h1")
                with box("t-sub t-identity", "p"):
                    self.about = Text("")
                    self.badge = Text("", "t-badge")
            with box("t-actions t-actions--few"):
                link("Wallet", f"/wallet/{tenant['wallet']['id']}", "wallet")
                link("Pricing", f"/pricing?tenant={tenant['id']}", "price")
                if self.may_edit:
                    action("Settings", "edit", lambda: self.acts.open(EditTenant))
                    self.menu = Menu("More", [])

    def members_card(self, tenant: Tenant) -> None:
        """Its people, and the way to one more."""
        with box("t-card", "section").props("aria-label=Members"):
            with box("t-card__head"):
                Text("Members", "t-h2", tag="h2")
                if may_create(self.visit.viewer) and not tenant["closedAt"]:
                    with box("t-link", "a").props(f"href=/users/create?tenant={tenant['id']}"):
                        Text("Add a member")
            self.members: Listing[User] = Listing(
                "members", MEMBERS, ask=self.acts.members, row=member_row, empty=nobody, expire=self.visit.expire
            )

    async def show(self, tenant: Tenant, tokens: list[ApiToken]) -> None:
        """Puts in what was answered."""
        manner, wallet = self.visit.manner, tenant["wallet"]
        currency = currency_of(wallet)
        badge = status(tenant)
        self.name.show(tenant["name"])
        self.about.show(" · ".join(filter(None, (tenant["externalId"], f"since {manner.day(tenant['createdAt'])}"))))
        self.badge.show(badge["text"])
        self.badge.classes(replace=f"t-badge t-badge--{badge['tone']}")
        self.lock.show(wallet, manner)
        self.wallet.show(wallet_facts(wallet, manner))
        self.terms.show(terms(tenant))
        self.open_months.fill(tenant.get("unbilledMonths", []), currency, manner)
        self.tokens.fill(tokens, manner)
        usage = tenant.get("usage")
        self.by_month.fill(nodes(usage), currency, manner, has_more=goes_on(usage))
        if self.may_edit:
            self.offer(tenant)
        await self.by_day.fill(nodes(usage))
        await self.members.load()

    def offer(self, tenant: Tenant) -> None:
        """Suspending or letting in again, and deleting."""
        turn = (
            Entry("Suspend", "lock", lambda: self.acts.open(SuspendTenant))
            if tenant["active"]
            else Entry("Activate", "unlock", lambda: self.acts.open(ActivateTenant))
        )
        self.menu.show([turn, Entry("Delete", "trash", lambda: self.acts.open(DeleteTenant), danger=True)])


def wallet_facts(wallet: Wallet, manner: Manner) -> dict[str, str]:
    """Balances, what a month costs, and how long it lasts."""
    currency, balance = currency_of(wallet), wallet["balance"]
    return {
        "Available": manner.money(balance["available"], currency),
        "Locked": manner.money(balance["locked"], currency),
        "Total": manner.money(balance["total"], currency),
        "A month": manner.money(wallet["monthlyCharge"], currency),
        "Lasts": runway(wallet["monthsRemaining"]),
    }


class Tokens(CompactTable, component="data_table.js"):
    """What programs of this tenant enter with."""

    def __init__(self) -> None:
        super().__init__("API tokens", TOKENS, "No token is bound to this tenant.")

    def fill(self, tokens: list[ApiToken], manner: Manner) -> None:
        """Those that work first."""
        self.put([token_row(token, manner) for token in sorted(tokens, key=lambda one: bool(one["revokedAt"]))])


def token_row(token: ApiToken, manner: Manner) -> Row:
    """What it is recognised by."""
    used = f"last used {manner.day(token['lastUsedAt'])}" if token["lastUsedAt"] else "never used"
    is_revoked = token["revokedAt"] is not None
    return {
        "id": token["id"],
        "href": "/access",
        "cells": {
            "name": {"text": token["name"], "sub": f"{token['prefix']}… · {used}"},
            "status": {
                "text": "",
                "badges": [
                    {"text": "Revoked", "tone": "muted"} if is_revoked else {"text": "Works", "tone": "positive"}
                ],
            },
        },
    }


def member_row(user: User) -> Row:
    """One of its people."""
    return {
        "id": user["id"],
        "href": f"/users/{user['id']}",
        "cells": {
            "name": {"text": user["name"], "sub": user["phone"]},
            "role": {"text": ROLES[user["role"]]},
            "status": {"text": "", "badges": [user_status(user)]},
        },
    }


def nobody() -> None:
    """It has no people yet."""
    states.empty("No members yet", "Its people see its wallet, prices, usage, invoices and alerts, and nothing else.")
