"""Fields of forms and dialogs: labelled, heard when typing pauses, the browser's own pickers for dates."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from nicegui import ui
from nicegui.elements.mixins.value_element import ValueElement

from dashboard.format import Manner

PAUSE_MILLISECONDS = 300
Heard = Callable[..., Any]
Field = TypeVar("Field", bound=ValueElement[Any])


def text_field(label: str, heard: Heard | None = None, *, value: str = "", props: str = "") -> ui.input:
    """A line of text."""
    field = ui.input(label, value=value).props(f"outlined debounce={PAUSE_MILLISECONDS} autocomplete=off {props}")
    return _finish(field, heard)


def amount_field(label: str, sign: str, heard: Heard | None = None, *, value: str = "", props: str = "") -> ui.input:
    """An amount in major units, of the currency with that sign; `format.parse_amount` reads it."""
    field = text_field(label, heard, value=value, props=f"inputmode=decimal {props}")
    field.props["prefix"] = sign
    return field


def day_field(label: str, heard: Heard | None = None, *, value: str = "", props: str = "") -> ui.input:
    """A calendar day, as "2025-04-01" or "" while there is none."""
    return text_field(label, heard, value=value, props=f"type=date stack-label {props}")


def moment_field(label: str, heard: Heard | None = None, *, value: str = "", props: str = "") -> ui.input:
    """A day and minute of the viewer's own zone; `instant_of` reads it."""
    return text_field(label, heard, value=value, props=f"type=datetime-local stack-label {props}")


def choice_field(
    label: str, options: Mapping[str, str], heard: Heard | None = None, *, value: str | None = None
) -> ui.select:
    """One of a few: what it is called by what it stands for."""
    field = ui.select(dict(options), label=label, value=value if value is not None else next(iter(options)))
    field.props("outlined options-dense behavior=menu")
    return _finish(field, heard)


def check_field(label: str, heard: Heard | None = None, *, value: bool = False) -> ui.checkbox:
    """Yes or no."""
    field = ui.checkbox(label, value=value).props("dense").classes("t-check")
    if heard is not None:
        field.on_value_change(heard)
    return field


def instant_of(typed: str | None, manner: Manner) -> str | None:
    """The RFC 3339 instant of what a moment field holds, in the viewer's zone; None while it holds none."""
    try:
        return datetime.fromisoformat(typed or "").replace(tzinfo=manner.zone).isoformat()
    except ValueError:
        return None


def _finish(field: Field, heard: Heard | None) -> Field:
    field.classes("t-field")
    if heard is not None:
        field.on_value_change(heard)
    return field
