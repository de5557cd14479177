"""What the API's enums, locks and refusals mean, in words for a person."""

from collections.abc import Mapping
from typing import Any

from dashboard.format import Currency, Manner
from dashboard.shapes import Lock, LogLine

TYPES = {
    "CREDIT": ("Credit", "positive"),
    "DEBIT": ("Debit", "muted"),
    "HOLD": ("Hold", "info"),
    "RELEASE": ("Release", "info"),
    "DUE": ("Due", "warn"),
    "LOCK": ("Lock", "danger"),
    "UNLOCK": ("Unlock", "positive"),
}
REASONS = {
    "TOP_UP": "Top-up",
    "ADJUSTMENT": "Adjustment",
    "TRANSFER": "Transfer",
    "INVOICE": "Invoice",
    "HOLD": "Hold",
    "HOLD_EXPIRED": "Hold expired",
    "REVERSAL": "Reversal",
    "INSUFFICIENT_FUNDS": "Insufficient funds",
    "MANUAL": "By hand",
    "SETTLED": "Settled",
    "VOID": "Void",
}

# What a line without a description says for itself.
LOCKS = {
    ("LOCK", "INSUFFICIENT_FUNDS"): "Locked: an invoice is not covered",
    ("UNLOCK", "INSUFFICIENT_FUNDS"): "Unlocked: nothing is due any more",
    ("LOCK", "MANUAL"): "Locked by hand",
    ("UNLOCK", "MANUAL"): "Unlocked by hand",
}


def line_title(line: LogLine) -> str:
    """What a line of the log is about."""
    return line["description"] or LOCKS.get((line["type"], line["reason"])) or reason_of(line)


def line_note(line: LogLine, names: Mapping[str, str]) -> str:
    """Why it came about, for which invoice, and who did it."""
    reason = reason_of(line) if reason_of(line) != line_title(line) else ""
    about = [reason, line["invoice"]["number"] if line["invoice"] else "", actor_name(line["actor"], names)]
    return " · ".join(part for part in about if part)


def reason_of(line: LogLine) -> str:
    """The reason of a line, in words."""
    return REASONS.get(line["reason"], line["reason"])


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


def moved(line: LogLine, currency: Currency, manner: Manner) -> tuple[str, str]:
    """What a line of the log moved: the amount with its sign, and of what where it is not the total."""
    if line["amountMinor"]:
        return manner.money(line["amountMinor"], currency, signed=True), ""
    if line["dueAmountMinor"]:
        return manner.money(line["dueAmountMinor"], currency, signed=True), "of what is due"
    if line["lockedAmountMinor"]:
        return manner.money(line["lockedAmountMinor"], currency, signed=True), "of what is locked"
    return "\u2014", ""


def actor_name(actor: str, names: Mapping[str, str]) -> str:
    """Who did it, by name where the name is known."""
    if actor in names:
        return names[actor]
    if actor.startswith("usr_"):
        return "User …" + actor[-6:]
    if actor.startswith("tok_"):
        return "API token …" + actor[-6:]
    return actor[:1].upper() + actor[1:]
