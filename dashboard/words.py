"""What locks and refusals mean, in words for a person."""

from collections.abc import Mapping
from typing import Any

from dashboard.format import Currency, Manner
from dashboard.shapes.wallets import Lock

UNANSWERED = "The server did not answer, so this may or may not have been done."


def lock_title(lock: Lock, manner: Manner) -> str:
    """In a few words, whether and since when."""
    if not lock["locked"]:
        return "Open"
    kinds = {"INSUFFICIENT_FUNDS": "for money", "MANUAL": "by hand"}
    kind = " and ".join(words for reason, words in kinds.items() if reason in lock["reasons"])
    since = f" since {manner.day(lock['since'])}" if lock["since"] else ""
    return f"Locked {kind}{since}"


def lock_advice(lock: Lock, currency: Currency, manner: Manner) -> str:
    """What is due and what unlocks it."""
    for_money = "INSUFFICIENT_FUNDS" in lock["reasons"]
    missing = manner.money(lock["unlockAmount"], currency)
    due = manner.money(lock["amountDue"], currency)
    if for_money and lock["topUpUnlocks"]:
        return f"{due} is due. {missing} more unlocks it."
    if for_money:
        return f"{missing} more pays the {due} due, but it is also locked by hand: paying alone does not unlock it."
    if lock["locked"]:
        return "Money does not unlock it: someone has to unlock it by hand."
    if lock["amountDue"] and lock["locksAt"]:
        return f"{due} is due. It locks on {manner.moment(lock['locksAt'])} unless {missing} comes in."
    return "Nothing is due." if not lock["amountDue"] else f"{due} is due. {missing} more pays it."


def refusal(result: Mapping[str, Any], currency: Currency, manner: Manner) -> str:
    """Why something was refused, with its figures, and what to do."""
    kind = result["__typename"]
    if kind == "InsufficientFunds":
        available = manner.money(result["availableMinor"], currency)
        short = manner.money(result["shortfallMinor"], currency)
        return f"Only {available} is available: {short} short. Take less, or top up first."
    if kind == "WalletLocked":
        advice = lock_advice(result["lock"], currency, manner)
        return f"The wallet is locked, so nothing can be taken out by hand. {advice}"
    if kind == "VersionConflict":
        return "The wallet has changed meanwhile. The preview is new now: check it, then confirm."
    if kind == "IdempotencyConflict":
        return "This was carried out already, with other figures. Close this and look at the log first."
    return str(result["message"])
