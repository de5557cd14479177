"""What an operation would do to both wallets that it touches, side by side."""

from itertools import groupby
from typing import Any

from dashboard.components.preview import balances, consequence, figures, outcome
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.operations import Written
from dashboard.words import lock_advice, lock_title


def both_sides(result: dict[str, Any], currency: Currency, manner: Manner) -> None:
    """Of a dry run's answer: the wallet that was asked first. Where there is no other, its outcome alone."""
    home = result["wallet"]["id"]
    written: list[Written] = result["transactions"]
    sides = {wallet: list(lines) for wallet, lines in groupby(written, lambda line: line["wallet"]["id"])}
    other = next((lines for wallet, lines in sides.items() if wallet != home), None)
    if other is None:
        outcome(result, currency, manner)
    else:
        title(sides.get(home))
        balances(result["wallet"]["balance"], result["after"]["balance"], currency, manner)
        if result["after"]["lock"]["locked"]:
            lock = result["after"]["lock"]
            consequence(f"{lock_title(lock, manner)}. {lock_advice(lock, currency, manner)}", warning=True)
        title(other)
        with box("t-preview__rows", "dl"):
            began, ends = other[0]["balanceAfterMinor"] - other[0]["amountMinor"], other[-1]["balanceAfterMinor"]
            figures("Total", manner.money(began, currency), manner.money(ends, currency))
        for invoice in result["settledInvoices"]:
            settled = manner.money(invoice["totalMinor"], currency)
            consequence(f"Pays invoice {invoice['number']} ({month_name(invoice['month'])}): {settled}")
    for line in written:
        besides(line, home, currency, manner)


def title(lines: list[Written] | None) -> None:
    """Whose wallet it is."""
    if lines:
        Text(lines[0]["wallet"]["owner"]["name"], "t-preview__title", tag="p")


def besides(line: Written, home: str, currency: Currency, manner: Manner) -> None:
    """What a line does that balances do not show."""
    if line["type"] == "DUE" and line["dueAmountMinor"] > 0 and line["invoice"]:
        due = manner.money(line["dueAmountMinor"], currency)
        consequence(f"Invoice {line['invoice']['number']} falls due again: {due}", warning=True)
    elif line["type"] in ("LOCK", "UNLOCK") and line["wallet"]["id"] != home:
        name = line["wallet"]["owner"]["name"]
        consequence(f"{line['type'].capitalize()}s the wallet of {name}", warning=line["type"] == "LOCK")
