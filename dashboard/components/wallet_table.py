"""Wallets as rows: whose, how much, how long it lasts, whether it is locked."""

from dashboard.components.data_table import Badge, Cell, Column, Row
from dashboard.format import Manner, runway
from dashboard.shapes.people import Owner
from dashboard.shapes.wallets import Lock, Wallet, currency_of

COLUMNS: list[Column] = [
    {"name": "owner", "label": "Owner", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "total", "label": "Total", "align": "right"},
    {"name": "locked", "label": "Locked", "align": "right"},
    {"name": "available", "label": "Available", "align": "right"},
    {"name": "runway", "label": "Lasts", "align": "right"},
]


def wallet_row(wallet: Wallet, manner: Manner, turn: int) -> Row:
    """One wallet in words."""
    balance, currency = wallet["balance"], currency_of(wallet)
    return {
        "id": wallet["id"],
        "href": f"/wallet/{wallet['id']}",
        "turn": turn,
        "cells": {
            "owner": {"text": wallet["owner"]["name"], "sub": owner_line(wallet["owner"])},
            "status": {"text": "", "badges": lock_badges(wallet["lock"])},
            "total": {"text": manner.money(balance["total"], currency), "tone": "strong"},
            "locked": amount(balance["locked"], manner.money(balance["locked"], currency)),
            "available": amount(balance["available"], manner.money(balance["available"], currency)),
            "runway": runway_cell(wallet, manner),
        },
    }


def owner_line(owner: Owner) -> str:
    """What kind of owner, and how to recognise it."""
    if owner["__typename"] == "User":
        return f"User · {owner['phone']}"
    return f"Tenant · {owner['externalId']}" if owner.get("externalId") else "Tenant"


def lock_badges(lock: Lock) -> list[Badge]:
    """Both locks, where they are on."""
    badges: list[Badge] = []
    if "INSUFFICIENT_FUNDS" in lock["reasons"]:
        badges.append({"text": "Locked", "tone": "danger", "icon": "lock"})
    if "MANUAL" in lock["reasons"]:
        badges.append({"text": "Locked by hand", "tone": "danger", "icon": "lock"})
    if lock["amountDue"] and not badges:
        badges.append({"text": "Due", "tone": "warn"})
    return badges or [{"text": "Open", "tone": "positive"}]


def amount(minor: int, text: str) -> Cell:
    """An amount, quieter where it is nothing."""
    return {"text": text} if minor else {"text": text, "tone": "muted"}


def runway_cell(wallet: Wallet, manner: Manner) -> Cell:
    """How many months the money lasts, and what a month costs."""
    if wallet["monthsRemaining"] is None:
        return {"text": runway(None), "tone": "muted"}
    monthly = f"{manner.money(wallet['monthlyCharge'], currency_of(wallet))} / month"
    return {"text": runway(wallet["monthsRemaining"]), "sub": monthly}
