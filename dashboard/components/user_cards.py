"""The cards of a user's report: who they are and what they may, their wallet, their vehicles, what moved last."""

from collections.abc import Awaitable, Callable, Mapping

from dashboard.components.buttons import action
from dashboard.components.compact_table import CompactTable
from dashboard.components.data_table import Act, Column
from dashboard.components.lock_callout import LockCallout
from dashboard.components.log_table import COLUMNS as LOG_COLUMNS
from dashboard.components.log_table import log_row
from dashboard.components.text import Text, box
from dashboard.format import Manner
from dashboard.people import MEANINGS, ROLES
from dashboard.permissions import in_words
from dashboard.session import Visit
from dashboard.shapes.lists import goes_on, nodes
from dashboard.shapes.users import User, Vehicle
from dashboard.shapes.wallets import Wallet, currency_of

VEHICLES: list[Column] = [
    {"name": "registration", "label": "Registration", "wide": True},
    {"name": "acts", "label": "", "align": "right"},
]


class Facts:
    """Pairs of a word and what it is."""

    def __init__(self, title: str) -> None:
        with box("t-card", "section") as card:
            card.props["aria-label"] = title
            with box("t-card__head"):
                Text(title, "t-h2", tag="h2")
            self.body = box("t-facts", "dl")
        self.shown: object = None

    def show(self, facts: Mapping[str, str], *, links: Mapping[str, str] | None = None) -> None:
        """Puts these in, where they are other ones; what `links` names leads to a page."""
        if (facts, links) == self.shown:
            return
        self.shown = (facts, links)
        self.body.clear()
        with self.body:
            for word, text in facts.items():
                Text(word, tag="dt")
                with box("", "dd"):
                    if path := (links or {}).get(word):
                        with box("t-link", "a").props(f"href={path}"):
                            Text(text)
                    else:
                        Text(text)


def account_facts(user: User, manner: Manner, viewer_role: str) -> tuple[dict[str, str], dict[str, str]]:
    """Who they are, and where the tenant's page is."""
    tenant = user["tenant"]
    facts = {
        "Phone": user["phone"],
        "E-mail": user["email"] or "\u2014",
        "Role": f"{ROLES[user['role']]}. {MEANINGS[user['role']]}",
        "Tenant": tenant["name"] if tenant else "None: a person of their own",
        "Created": manner.moment(user["createdAt"]),
    }
    links = {"Tenant": f"/tenants/{tenant['id']}"} if tenant and viewer_role != "MEMBER" else {}
    return facts, links


class Permissions:
    """What the role allows, in words, as a folded list."""

    def __init__(self) -> None:
        with box("t-card", "section").props('aria-label="Permissions"'):
            with box("t-card__head"):
                Text("Permissions", "t-h2", tag="h2")
                self.count = Text("", "t-sub")
            self.list = box("t-permitted", "ul")
        self.shown: list[str] = []

    def show(self, permissions: list[str]) -> None:
        """Each in words."""
        if permissions == self.shown:
            return
        self.shown = permissions
        self.count.show(f"{len(permissions)}, by the role")
        self.list.clear()
        with self.list:
            for name in permissions:
                with box("", "li"):
                    Text(in_words(name))
                    Text(name, "t-mono t-sub")


class OwnWallet:
    """The balance as it changes, and the way to the wallet; or these words where there is none to be seen."""

    def __init__(self, visit: Visit, words: str, create: Callable[[], object] | None) -> None:
        self.visit = visit
        with box("t-card", "section").props('aria-label="Wallet"'):
            with box("t-card__head"):
                Text("Wallet", "t-h2", tag="h2")
                self.link = box("t-link", "a")
                with self.link:
                    Text("Open the wallet")
            self.figures = box("t-facts", "dl")
            self.none = box("t-card__nothing")
            with self.none:
                Text(words, tag="p")
                if create is not None:
                    action("Create wallet", "plus", create)
        self.lock = LockCallout()

    def show(self, wallet: Wallet | None) -> None:
        """The three balances."""
        for element in (self.link, self.figures):
            element.set_visibility(wallet is not None)
        self.none.set_visibility(wallet is None)
        if wallet is None:
            return
        self.link.props(f"href=/wallet/{wallet['id']}")
        self.lock.show(wallet, self.visit.manner)
        self.figures.clear()
        with self.figures:
            for word, name in (("Total", "total"), ("Locked", "locked"), ("Available", "available")):
                amount = wallet["balance"][name]  # type: ignore[literal-required]  # the three names above
                Text(word, tag="dt")
                with box("", "dd"):
                    Text(self.visit.manner.money(amount, currency_of(wallet)), "t-tone--strong")


class Vehicles(CompactTable, component="data_table.js"):
    """By registration."""

    def __init__(self, may_edit: bool, remove: Callable[[str], Awaitable[None]]) -> None:
        async def act(vehicle_id: str, _: str) -> None:
            await remove(vehicle_id)

        self.may_edit = may_edit
        super().__init__("Vehicles", VEHICLES, "No vehicle is known.")
        self.on_act(act)

    def fill(self, vehicles: list[Vehicle]) -> None:
        """Puts these in."""
        self.put(
            [
                {
                    "id": vehicle["id"],
                    "cells": {
                        "registration": {"text": vehicle["registration"], "sub": vehicle["name"]},
                        "acts": {
                            "text": "",
                            "acts": [removal(vehicle)] if self.may_edit else [],
                        },
                    },
                }
                for vehicle in vehicles
            ]
        )


def removal(vehicle: Vehicle) -> Act:
    """The button that asks whether it should go."""
    return {"name": "remove", "words": "Remove", "label": f"Remove {vehicle['registration']}"}


class LastTransactions(CompactTable, component="data_table.js"):
    """The newest lines of their wallet's log; or these words where there is none."""

    def __init__(self, words: str) -> None:
        columns = [column for column in LOG_COLUMNS if column["name"] != "type"]
        super().__init__("Last transactions", columns, words)

    def fill(self, wallet: Wallet | None, manner: Manner) -> None:
        """Puts these in."""
        page = wallet["transactions"] if wallet else None
        currency = currency_of(wallet) if wallet else None
        rows = [log_row(line, {}, currency, manner, fresh=False) for line in nodes(page)] if currency else []
        self.put(rows, has_more=goes_on(page))
