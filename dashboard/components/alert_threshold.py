"""The one figure that a condition is measured by, as it is typed and as the API takes it."""

from decimal import Decimal, InvalidOperation

from nicegui import ui

from dashboard.format import Currency, UnreadableError, parse_amount

MEASURES = {
    "AVAILABLE_BELOW": ("thresholdMinor", "Amount"),
    "MONTHS_REMAINING_BELOW": ("thresholdMonths", "Months"),
    "LOCKS_WITHIN_DAYS": ("thresholdDays", "Days"),
    "PRICE_CHANGES_WITHIN_DAYS": ("thresholdDays", "Days"),
}


def threshold_of(field: ui.input, condition: str, currency: Currency | None) -> dict[str, object] | None:
    """As the API takes it; None, with words at the field, while it is no such figure."""
    field.error = None
    if condition not in MEASURES:
        return {}
    name, _ = MEASURES[condition]
    typed = (field.value or "").strip()
    if not typed or (name == "thresholdMinor" and currency is None):
        return None
    try:
        if name == "thresholdMinor":
            assert currency is not None
            return {name: parse_amount(typed, currency)}
        return {name: int(typed) if name == "thresholdDays" else f"{Decimal(typed):f}"}
    except UnreadableError as error:
        field.error = str(error)
    except (ValueError, InvalidOperation):
        field.error = "Type a whole number." if name == "thresholdDays" else "Type a number, such as 2 or 1.5."
    return None
