"""Entries of the audit: who did what to what, and what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from nicegui.element import Element

from dashboard.audit_words import Names
from dashboard.places import place
from dashboard.shapes.audit import AuditEntry
from dashboard.theme import ASSETS


class AuditList(Element, component="audit_list.js"):
    """Plain data; all text is escaped by Vue."""

    def __init__(self) -> None:
        super().__init__()
        self._props["rows"] = []
        self._props["sheet"] = f"{ASSETS}/icons.svg"

    def show(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Puts other entries in."""
        if rows != self._props["rows"]:
            self._props["rows"] = list(rows)
            self.update()


def audit_rows(entries: Sequence[AuditEntry], names: Names, turns: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each as the list shows it; the first of a day begins with the day."""
    rows, heading = [], ""
    for entry in entries:
        day = names.manner.day(entry["time"])
        rows.append({**row(entry, names), "heading": day if day != heading else "", "turn": turns.get(entry["id"], 0)})
        heading = day
    return rows


def row(entry: AuditEntry, names: Names) -> dict[str, Any]:
    """One."""
    subject = names.subject(entry)
    return {
        "id": entry["id"],
        "instant": entry["time"],
        "time": names.manner.minute(entry["time"]),
        "who": names.who(entry),
        "whoHref": place(entry["actor"]),
        "what": names.what(entry),
        "subject": subject,
        "href": names.href(entry),
        "history": f"/audit?subject={quote(entry['subjectId'])}" if subject else None,
        "both": bool(entry["before"] and entry["after"]),
        "changes": [asdict(one) for one in names.differences(entry)],
    }
