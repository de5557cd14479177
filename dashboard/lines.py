"""What a line of the log says: a sentence of what happened, why and by whom, and what moved."""

from collections.abc import Mapping

from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.ledger import LogLine, Reversed

TYPES = {
    "CREDIT": ("Credit", "positive"),
    "DEBIT": ("Debit", "muted"),
    "HOLD": ("Hold", "info"),
    "RELEASE": ("Release", "info"),
    "DUE": ("Due", "warn"),
    "LOCK": ("Lock", "danger"),
    "UNLOCK": ("Unlock", "positive"),
}
SENTENCES = {
    ("CREDIT", "TOP_UP"): "Top-up",
    ("CREDIT", "ADJUSTMENT"): "Adjustment",
    ("DEBIT", "ADJUSTMENT"): "Adjustment",
    ("CREDIT", "TRANSFER"): "Transfer from {party}",
    ("DEBIT", "TRANSFER"): "Transfer to {party}",
    ("DEBIT", "INVOICE"): "{invoice} collected",
    ("CREDIT", "INVOICE"): "{invoice} credited",
    ("HOLD", "INVOICE"): "Held for {invoice}",
    ("DUE", "INVOICE"): "{invoice} is due",
    ("DUE", "SETTLED"): "{invoice} is no longer due",
    ("HOLD", "HOLD"): "Hold placed",
    ("DEBIT", "HOLD"): "Hold captured",
    ("RELEASE", "HOLD"): "Hold released",
    ("RELEASE", "HOLD_EXPIRED"): "Hold expired, released",
    ("RELEASE", "VOID"): "{invoice} voided, its hold released",
    ("DUE", "VOID"): "{invoice} voided, no longer due",
    ("CREDIT", "VOID"): "{invoice} voided, paid back",
    ("DEBIT", "VOID"): "{invoice} voided, its credit taken back",
    ("CREDIT", "REVERSAL"): "Gives back {reversed}",
    ("DEBIT", "REVERSAL"): "Takes back {reversed}",
    ("LOCK", "INSUFFICIENT_FUNDS"): "Locked: an invoice is not covered",
    ("UNLOCK", "INSUFFICIENT_FUNDS"): "Unlocked: nothing is due any more",
    ("LOCK", "MANUAL"): "Locked by hand",
    ("UNLOCK", "MANUAL"): "Unlocked by hand",
}
REST_OF_A_CAPTURE = "Rest of the hold released"
# These are known by what the person who did them wrote; all others by what happened.
IN_OWN_WORDS = ("TOP_UP", "ADJUSTMENT")
REVERSED = {
    "TOP_UP": "the top-up",
    "ADJUSTMENT": "the adjustment",
    "TRANSFER": "the transfer",
    "HOLD": "the captured hold",
    "INVOICE": "the payment",
}


def line_title(line: LogLine, currency: Currency, manner: Manner) -> str:
    """What a line of the log is about."""
    if line["reason"] in IN_OWN_WORDS and line["description"]:
        return line["description"]
    return sentence(line, currency, manner)


def line_note(line: LogLine, names: Mapping[str, str], currency: Currency, manner: Manner) -> str:
    """What it is besides its title, what was written to it, and who did it."""
    happened = sentence(line, currency, manner)
    in_own_words = line["reason"] in IN_OWN_WORDS and line["description"]
    about = [happened if in_own_words else written(line), actor_name(line["actor"], names)]
    return " · ".join(part for part in about if part)


def sentence(line: LogLine, currency: Currency, manner: Manner) -> str:
    """What happened, named by its invoice, hold, counterparty, or what it takes back."""
    if line["reason"] == "REVERSAL" and line["invoice"]:
        return f"The payment of {invoice_name(line)} is taken back"
    is_rest = line["type"] == "RELEASE" and line["hold"] and line["hold"]["status"] == "CAPTURED"
    plain = SENTENCES.get((line["type"], line["reason"])) or TYPES[line["type"]][0]
    words = (REST_OF_A_CAPTURE if is_rest else plain).format(
        party=line["counterparty"]["name"] if line["counterparty"] else "another wallet",
        invoice=invoice_name(line),
        reversed=reversed_name(line, line["reverses"], currency, manner) if line["reverses"] else "an earlier line",
    )
    return (words[:1].upper() + words[1:]) + of_hold(line)


def invoice_name(line: LogLine) -> str:
    """The invoice of a line: "invoice MSP-0007 for Mar 2025"."""
    invoice = line["invoice"]
    return f"invoice {invoice['number']} for {month_name(invoice['month'])}" if invoice else "an invoice"


def reversed_name(line: LogLine, past: Reversed, currency: Currency, manner: Manner) -> str:
    """What a reversal reverses: "the top-up of ₹5,000.00 of 3 Feb 2025", or a part of it."""
    part = "a part of " if abs(line["amountMinor"]) < abs(past["amountMinor"]) else ""
    amount = manner.money(abs(past["amountMinor"]), currency)
    return f"{part}{REVERSED.get(past['reason'], 'the line')} of {amount} on {manner.day(past['createdAt'])}"


def of_hold(line: LogLine) -> str:
    """Which hold a line is about, by what it was placed for."""
    hold = line["hold"]
    if hold is None or not hold["description"] or line["reason"] not in ("HOLD", "HOLD_EXPIRED"):
        return ""
    return f": {hold['description']}"


def written(line: LogLine) -> str:
    """What somebody wrote to it, where the title does not say it already."""
    text = line["description"]
    if line["invoice"]:
        # What the system writes to each line of an invoice; after it stands why it was voided.
        text = text.removeprefix(f"Monthly charge {line['invoice']['month']}").removeprefix(": ")
    is_named = line["hold"] is not None and text == line["hold"]["description"]
    return "" if is_named else text


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
