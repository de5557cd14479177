"""Tenants by the day on which they will be locked, and the exact top-up that carries each to a chosen day."""

import asyncio
from collections.abc import Callable, Set
from datetime import datetime, timedelta
from typing import Any

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.data_table import Badge, Cell, Column, Row
from dashboard.components.fields import day_field
from dashboard.components.listing import Listing
from dashboard.components.money_dialog import TopUp
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import lock_badges
from dashboard.days import ends
from dashboard.format import Currency, Manner, runway
from dashboard.overview_words import SOON_DAYS, days_until, in_days
from dashboard.session import Visit
from dashboard.shapes.overview import LockRisk
from dashboard.shapes.wallets import Wallet

PAGE_SIZE = 6
AHEAD = timedelta(days=30)
PAY = "pay"
COLUMNS: list[Column] = [
    {"name": "tenant", "label": "Tenant", "wide": True},
    {"name": "locks", "label": "Locks on"},
    {"name": "available", "label": "Available", "align": "right"},
    {"name": "charge", "label": "This month", "align": "right"},
    {"name": "lasts", "label": "Lasts", "align": "right"},
    {"name": "top_up", "label": "Exact top-up", "align": "right"},
]
ACTS: Column = {"name": "acts", "label": "Pay", "align": "right"}
OUT_OF_REACH = "Choose a day to come, within two years."


class RiskBoard:
    """Of one currency. While a top-up is open its rows keep still."""

    def __init__(self, visit: Visit, currency: Callable[[], Currency], tell: Callable[[ApiError], None]) -> None:
        self.visit = visit
        self.currency = currency
        self.tell = tell
        self.began: datetime | None = None
        self.now: datetime | None = None
        self.asked_day: str | None = None
        self.opening = False
        self.dialog: TopUp | None = None
        self.paid: Wallet | None = None
        self.is_behind = False
        with box("t-card t-board", "section").props('aria-label="Lock risk"') as self.card:
            with box("t-card__head t-board__head"):
                with box("t-board__words"):
                    Text("Lock risk", "t-h2", tag="h2")
                    Text("When each tenant locks if nothing is paid in and usage goes on as it was.", "t-sub", tag="p")
                self.day = day_field("Carry each through", self.choose)
            self.list: Listing[LockRisk] = Listing(
                "tenants",
                [*COLUMNS, ACTS] if visit.may_move_money else COLUMNS,
                ask=self.ask,
                row=self.row,
                empty=self.explain_emptiness,
                expire=visit.expire,
                page_size=PAGE_SIZE,
                act=self.act,
            )

    async def refresh(self) -> None:
        """The page that is shown, anew; later, while a top-up is open. May raise ApiError."""
        if self.opening or self.is_paying:
            self.is_behind = True
            return
        await self.look_at_the_clock()
        await self.load()

    async def load(self) -> None:
        """A day out of reach is said at its field, and what is shown stays. May raise ApiError for other reasons."""
        try:
            await self.list.load()
        except ApiError as error:
            if error.code != "BAD_USER_INPUT":
                raise

    async def look_at_the_clock(self) -> None:
        """The browser's, which is asked once."""
        elapsed = timedelta(seconds=asyncio.get_running_loop().time())
        if self.began is None and (now := await self.visit.now()) is not None:
            self.began = now - elapsed
            self.day.set_value((now + AHEAD).astimezone(self.visit.manner.zone).date().isoformat())
        self.now = self.began + elapsed if self.began is not None else None

    async def start_over(self) -> None:
        """Of another currency."""
        await self.list.start_over()

    async def choose(self) -> None:
        """Another day to be carried to. The amounts change, the order does not."""
        if self.day.value == self.asked_day:
            return
        try:
            await self.load()
        except ApiError as error:
            self.tell(error)

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of tenants that are at risk; pages of such as are no more are passed over."""
        self.asked_day = day = self.day.value
        asked = {"currency": self.currency().code, "until": ends(day or "", self.visit.manner)}
        while True:
            try:
                found = (await self.visit.api.send("LockRisks", **asked, first=first, after=after))["lockRisks"]
            except ApiError as error:
                self.mark(day, OUT_OF_REACH if error.code == "BAD_USER_INPUT" else None)
                raise
            if found["edges"] or not found["pageInfo"]["hasNextPage"]:
                self.mark(day, None)
                return found
            after = found["pageInfo"]["endCursor"]

    def mark(self, day: str | None, words: str | None) -> None:
        """What is wrong with a day, at its field; nothing where another one was chosen meanwhile."""
        if self.day.value == day:
            self.day.error = words

    def row(self, risk: LockRisk) -> Row:
        """A tenant."""
        wallet, money = risk["wallet"], self.money
        return {
            "id": wallet["id"],
            "href": f"/wallet/{wallet['id']}?tab=forecast",
            "cells": {
                "tenant": {"text": risk["tenant"]["name"], "sub": risk["tenant"]["externalId"] or ""},
                "locks": locks_cell(risk, self.now, self.visit.manner),
                "available": {"text": money(wallet["balance"]["available"])},
                "charge": {"text": money(risk["chargeThisMonthMinor"]), "sub": "projected"},
                "lasts": {"text": runway(risk["monthsRemaining"])},
                "top_up": self.top_up_cell(risk),
                "acts": self.acts_cell(risk),
            },
        }

    def top_up_cell(self, risk: LockRisk) -> Cell:
        """What carries it to the day."""
        if risk["topUpMinor"] is None:
            return {"text": "Too much", "sub": "for any wallet", "tone": "muted"}
        if not risk["topUpMinor"]:
            return {"text": "None needed", "tone": "muted"}
        return {"text": self.money(risk["topUpMinor"]), "tone": "strong"}

    def acts_cell(self, risk: LockRisk) -> Cell:
        """The button that pays it in."""
        minor = risk["topUpMinor"]
        if not minor:
            return {"text": ""}
        label = f"Top up {self.money(minor)}: {risk['tenant']['name']}"
        return {"text": "", "acts": [{"name": PAY, "words": "Top up", "label": label}]}

    def money(self, minor: int) -> str:
        """An amount of this currency."""
        return self.visit.manner.money(minor, self.currency())

    def explain_emptiness(self) -> None:
        """Nobody is at risk."""
        states.empty("Nobody is going to lock", "Within two years nobody's money runs out, as far as can be foreseen.")

    @property
    def is_paying(self) -> bool:
        """Whether a top-up is open."""
        return self.dialog is not None and self.dialog.dialog.is_open

    async def act(self, wallet_id: str, name: str) -> None:
        """Opens the top-up of a row, with the row's amount in it."""
        risk = next((one for one in self.list.items if one["wallet"]["id"] == wallet_id), None)
        if risk is None or not risk["topUpMinor"] or self.opening or self.is_paying:
            return
        self.opening = True
        try:
            self.paid = (await self.visit.api.send("WalletToPay", id=wallet_id))["wallet"]
        except ApiError as error:
            self.tell(error)
        else:
            await self.open(risk["topUpMinor"])
        finally:
            self.opening = False

    async def open(self, minor: int) -> None:
        """The dialog. It stands beside the rows, so that they can change without it."""
        if self.paid is None:
            return
        with self.card:
            self.dialog = TopUp(self.visit, self.to_pay, minor)
        self.dialog.dialog.after = self.catch_up
        await self.dialog.ask()

    def to_pay(self) -> Wallet:
        """The wallet whose top-up is open."""
        assert self.paid is not None
        return self.paid

    async def catch_up(self) -> None:
        """The top-up is closed: what changed meanwhile is shown."""
        if self.is_behind:
            self.is_behind = False
            await self.refresh()

    async def moved(self, wallet_ids: Set[str]) -> None:
        """These wallets have changed: what an open top-up says of one is asked again."""
        if not self.is_paying or self.paid is None or self.paid["id"] not in wallet_ids:
            return
        try:
            self.paid = (await self.visit.api.send("WalletToPay", id=self.paid["id"]))["wallet"] or self.paid
        except ApiError as error:
            self.tell(error)
            return
        if self.dialog is not None:
            await self.dialog.moved()


def locks_cell(risk: LockRisk, now: datetime | None, manner: Manner) -> Cell:
    """On which day, and how far away that is; since when, where it is locked for money."""
    badges: list[Badge] = [one for one in lock_badges(risk["wallet"]["lock"]) if one["tone"] == "danger"]
    away = days_until(risk["locksAt"], now, manner) if now else None
    if "INSUFFICIENT_FUNDS" in risk["wallet"]["lock"]["reasons"]:
        return {"text": "", "badges": badges, "sub": f"since {manner.day(risk['locksAt'])}"}
    cell: Cell = {"text": manner.day(risk["locksAt"]), "sub": in_days(away) if away is not None else ""}
    if away is not None and away <= SOON_DAYS:
        cell["tone"] = "danger"
    return {**cell, "badges": badges} if badges else cell
